"""Rows with other values than their own: each once for every combination of some, or with one that it draws."""

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.exclusions import EXCLUDED_BY, excluded
from avatar_creator.domain.fields import Fields, Part
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import BadRow, PersonaRow, PersonaRows
from avatar_creator.domain.row_key import crossed_id, drawn_of, row_key
from avatar_creator.domain.text import expect, fold, shown
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.cells import as_text
from avatar_creator.persona_files.values import constants_of, field_called

Given = str | float | Sequence[object]  # values of one field
COMBINATIONS_MOST = 10_000
PICTURES_MOST = 100_000  # of all rows, each for every combination
_AGES = ("persona_age", "age_range")  # an age that is said in one way takes the place of that said in the other
_AS_OF = date(1, 1, 1)  # no axis is a date of birth
_SHOWN_MOST = 6  # values of an axis in a sentence


class Value(NamedTuple):
    """What an axis may be: as a text, and by field."""

    text: str
    fields: Mapping[str, Any]


class CrossedAxis(NamedTuple):
    """A field, and the values that rows get for it."""

    name: str
    values: tuple[Value, ...]

    def __str__(self) -> str:
        texts = [value.text for value in self.values]
        more = f" and {len(texts) - _SHOWN_MOST} more" if len(texts) > _SHOWN_MOST else ""
        return f"{self.name} {', '.join(texts[:_SHOWN_MOST])}{more}"


class Crossing(NamedTuple):
    """What rows are crossed with: ``each`` combination of values, and one value of those to ``pick`` from."""

    each: tuple[CrossedAxis, ...] = ()
    pick: tuple[CrossedAxis, ...] = ()

    @classmethod
    def read(
        cls,
        each: Mapping[str, Given],
        pick: Mapping[str, Given],
        *,
        fields: Fields,
        axes: Collection[str],
    ) -> "Crossing":
        """Return axes by field in any spelling; their values are a list, or a text with commas between them.

        Where there is a semicolon, values stand between these. ``axes`` are the fields that may be crossed. Raises
        InvalidInput.
        """
        crossing = cls(
            tuple(_axis("each", name, values, fields, axes) for name, values in each.items()),
            tuple(_axis("pick", name, values, fields, axes) for name, values in pick.items()),
        )
        names = ["age" if axis.name in _AGES else axis.name for axis in (*crossing.each, *crossing.pick)]
        for name in names:
            if names.count(name) > 1:
                raise InvalidInput(f"The values of {name} are given twice.", hint="Leave out one of the two.")
        if crossing.combinations > COMBINATIONS_MOST:
            raise InvalidInput(
                f"each asks for {crossing.combinations:,} combinations of values, more than {COMBINATIONS_MOST:,}.",
                hint="Name fewer values, or have one of them drawn for each picture: --pick FIELD=A,B,C",
            )
        return crossing

    @property
    def combinations(self) -> int:
        """How often each row is made."""
        return math.prod(len(axis.values) for axis in self.each)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that rows get other values for."""
        names = (name for axis in (*self.each, *self.pick) for value in axis.values for name in value.fields)
        return tuple(dict.fromkeys(names))


class CrossedRows:
    """Rows that are crossed: to add one, or a value, changes nothing of the others, and those of one have its seed."""

    def __init__(self, rows: PersonaRows, crossing: Crossing, *, seed: int, fields: Fields) -> None:
        self._rows = rows
        self._crossing = crossing
        self._seed = seed
        self._fields = fields
        self._without: Counter[str] = Counter()  # rows that can have no value of an axis
        self._names = frozenset(crossing.names)
        self._excludable = [axis for axis, by in EXCLUDED_BY.items() if not self._names.isdisjoint((axis, by))]
        self._combinations = [_combined(values) for values in itertools.product(*(a.values for a in crossing.each))]

    @property
    def columns(self) -> Sequence[str]:
        return tuple(dict.fromkeys((*self._rows.columns, *(self._column(name) for name in self._axes))))

    @property
    def remarks(self) -> Sequence[str]:
        each, pick = (", ".join(map(str, axes)) for axes in (self._crossing.each, self._crossing.pick))
        count = self._crossing.combinations
        said = [f"Each {'once' if count == 1 else f'{count:,} times'}: {each}."] if each else []
        said += [f"Drawn for each: {pick}."] if pick else []
        for axis, rows in self._without.items():
            whose = "One row has" if rows == 1 else f"{rows:,} rows have"
            said.append(f"{whose} no {axis}, because of the {EXCLUDED_BY[axis]}.")
        return (*self._rows.remarks, *said)

    def field_of(self, column: str) -> str | None:
        own = {self._column(name): name for name in self._axes}
        return own.get(column) or self._rows.field_of(column)

    def introduced(self, rows: int) -> str:
        return self._rows.introduced(rows)

    def rows(self) -> Iterator[PersonaRow | BadRow]:
        """Yield each row once for every combination, in their order; a bad one once.

        Combinations are one where they differ in what somebody can have no value of: who is bald is made for no color.
        """
        self._without.clear()
        columns = {name: self._column(name) for name in (*self._axes, *self._excludable, "persona_id", *_AGES)}
        pictures = 0
        for row in self._rows.rows():
            if isinstance(row, BadRow):
                yield row
                continue
            pictures += len(self._combinations) * (row.choices.get("count") or 1)
            if self._crossing.each and pictures > PICTURES_MOST:
                raise InvalidInput(
                    f"each asks for more than {PICTURES_MOST:,} pictures: {len(self._combinations):,} for each row.",
                    hint="Name fewer values, or fewer people.",
                )
            drawn = self._drawn(row)
            lacking: set[str] = set()
            for copy, combination in enumerate(self._combinations):
                without = self._excluded(row, combination, drawn)
                lacking.update(without)
                if all(axis.values[0] in combination.values for axis in self._crossing.each if axis.name in without):
                    yield self._crossed(row, copy, combination, drawn, columns, without)
            self._without.update(lacking)

    @property
    def _axes(self) -> Iterator[str]:
        return (axis.name for axis in (*self._crossing.each, *self._crossing.pick))

    def _column(self, field: str) -> str:
        """Return the column whose cells a field's values stand in."""
        return next((column for column in self._rows.columns if self._rows.field_of(column) == field), field)

    def _drawn(self, row: PersonaRow) -> list[tuple[str, Value]]:
        if not self._crossing.pick:
            return []
        id_ = (row.base or row).persona_id or row_key(row, {})
        drawn = []
        for axis in self._crossing.pick:
            place = drawn_of([value.text for value in axis.values], seed=self._seed, axis=axis.name, row_id=id_)
            drawn.append((axis.name, axis.values[place]))
        return drawn

    def _excluded(
        self, row: PersonaRow, combination: "_Combination", drawn: Sequence[tuple[str, Value]]
    ) -> Sequence[str]:
        """Return the fields of which a row can have no value, with these of others."""
        if not self._excludable:
            return ()
        values: dict[str, object] = {**row.attributes.as_json(), **combination.fields}
        for _, value in drawn:
            values |= value.fields
        return [axis for axis in excluded(values) if axis in self._excludable]

    def _crossed(
        self,
        row: PersonaRow,
        copy: int,
        combination: "_Combination",
        drawn: Sequence[tuple[str, Value]],
        columns: Mapping[str, str],
        without: Sequence[str],
    ) -> PersonaRow:
        values = dict(combination.fields)
        for _, value in drawn:
            values |= value.fields
        values |= dict.fromkeys(without)
        pairs = zip(self._crossing.each, combination.values, strict=True)
        said = {axis.name: value.text for axis, value in pairs if axis.name not in without}
        cells = dict(row.cells)
        if not values.keys().isdisjoint(_AGES):
            cells |= {columns[name]: "" for name in _AGES if columns[name] in cells}
        cells |= {columns[name]: text for name, text in said.items()}
        cells |= {columns[name]: value.text for name, value in drawn}
        cells |= {columns[name]: "" for name in without if columns[name] in cells or name in self._names}
        id_ = row.persona_id
        if id_ is not None and said:
            id_ = crossed_id(id_, said)
            cells[columns["persona_id"]] = id_
        crossed = with_values(row, values, self._fields)
        return crossed._replace(
            cells=cells, persona_id=id_, base=row.base or row, copy=row.copy * len(self._combinations) + copy
        )


class _Combination(NamedTuple):
    values: tuple[Value, ...]
    fields: Mapping[str, Any]


def _combined(values: tuple[Value, ...]) -> _Combination:
    fields: dict[str, Any] = {}
    for value in values:
        fields |= value.fields
    return _Combination(values, fields)


def with_values(row: PersonaRow, values: Mapping[str, Any], fields: Fields) -> PersonaRow:
    """Return a row that says these values, by field, in place of its own."""
    persona, choices, prompt = row.persona, dict(row.choices), row.prompt
    attributes: list[tuple[str, str | None]] = []
    name, age, traits = persona.name, persona.age, persona.personality
    for field, value in values.items():
        match fields[field].part:
            case Part.ATTRIBUTES:
                attributes.append((field, value))
                age = None if field in _AGES else age
            case Part.PROMPT:
                prompt = value
            case Part.PERSONA:
                name = value if field == "persona_name" else name
                traits = value if field == "personality" else traits
                if field == "persona_age":
                    age = value
                    attributes.append(("age_range", None))
            case _:
                choices[fields[field].argument] = value
    return row._replace(
        persona=Persona.stored(name, age, traits, persona.background),
        attributes=_replaced(row.attributes, tuple(attributes)),
        prompt=prompt,
        choices=choices,
    )


@lru_cache(maxsize=4096)  # many rows look alike
def _replaced(attributes: Attributes, values: tuple[tuple[str, str | None], ...]) -> Attributes:
    given: dict[str, Any] = dict(values)
    return replace(attributes, **given)


def texts_of(name: str, given: Given) -> list[str]:
    """Return values as texts: of a list, of a text with commas, or with semicolons, between them, or of a number.

    Raises InvalidInput for anything else, and for no value.
    """
    if isinstance(given, str):
        return given.split(";" if ";" in given else ",")
    if isinstance(given, int | float):
        return [as_text(given)]
    expect(f"the value of {name}", given, Sequence, "a text, or a list of values")
    if not given:
        raise InvalidInput(f"No values are given for {name}.", hint="Name at least one, or leave it out.")
    return [as_text(each) for each in given]


def _axis(option: str, said: str, given: Given, fields: Fields, axes: Collection[str]) -> CrossedAxis:
    name = field_called(said, fields)
    if name not in axes:
        raise InvalidInput(
            f"{option} names {name}, which decides no picture.", hint=f"Fields that do: {', '.join(axes)}."
        )
    values: dict[str, Value] = {}
    for text in texts_of(name, given):
        read = constants_of({name: text}, fields, _AS_OF)
        if set(read.values()) <= {None, ()}:
            empty = not text.strip()
            why = "which ends in a comma, or has two" if empty and isinstance(given, str) else "which says nothing"
            raise InvalidInput(
                f"{option} {name} is {shown(given if empty and isinstance(given, str) else text)}, {why}.",
                hint=f"Such as: --{option} hair-color=black,red",
            )
        shortest = as_text(list(each) if isinstance(each := next(iter(read.values())), tuple) else each)
        values.setdefault(fold(shortest), Value(shortest, read))
    return CrossedAxis(name, tuple(values.values()))
