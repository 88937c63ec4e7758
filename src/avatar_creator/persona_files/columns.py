"""Which column of a file means which field."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from shlex import quote
from typing import NamedTuple

from avatar_creator.domain.fields import Fields, squashed
from avatar_creator.domain.synonyms import GENDERS
from avatar_creator.domain.text import nearest, shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import cells
from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source, the_value
from avatar_creator.persona_files.slips import slip_of
from avatar_creator.persona_files.words import (
    BIRTH_DATE,
    COLUMNS,
    FIRST_NAME,
    LAST_NAME,
    MIDDLE_NAME,
    OCCUPATION,
)

# What columns may mean that is no field, and the field that it becomes.
MADE_INTO = {
    FIRST_NAME: "persona_name",
    MIDDLE_NAME: "persona_name",
    LAST_NAME: "persona_name",
    BIRTH_DATE: "persona_age",
    OCCUPATION: "background",
}
_NAME_PARTS = (FIRST_NAME, MIDDLE_NAME, LAST_NAME)
JOINED = ("personality", "prompt")  # several columns make one value
_ABSENT = "\0"  # no column is called so
_NAMED_MOST = 12  # columns in a message


class Meaning(NamedTuple):
    """What the columns mean. ``sources`` are those of each field, in the order in which they count.

    ``used`` says which field a column is for. ``unused`` are the others; ``set_aside`` those of them that the
    user leaves out, or that mean a field which the user gives in another way.
    """

    sources: Mapping[str, Sequence[Source]]
    used: Mapping[str, str]
    unused: tuple[str, ...]
    set_aside: frozenset[str]

    def field_of(self, column: str) -> str | None:
        """Return the field whose value is that of the column alone: part of a name is none, nor a date of birth."""
        field = self.used.get(column)
        sources = self.sources[field] if field is not None else ()
        is_alone = columns_of(sources) == (column,) and sources[0].field == field
        return field if is_alone else None


class Columns:
    """What is known before the columns are: the kind of the file, and what the user says of it."""

    def __init__(
        self, fields: Fields, kind: Kind, sample: Sample, *, mapped: Mapping[str, str], given: Collection[str]
    ) -> None:
        self._fields = fields
        self._kind = kind
        self._sample = sample
        self._given = frozenset(given)
        self._mapped = dict(_resolved(mapped, sample.columns, fields))

    def meaning(self, columns: Sequence[str]) -> Meaning:
        """Return what these columns mean. Raises InvalidInput where two mean one field, or a name has a slip."""
        free = [column for column in columns if column not in self._mapped]
        by_user = list(_mapped_sources(self._mapped))
        sources_of_kind = self._kind.sources(self._sample._replace(columns=tuple(columns)))
        by_kind = [source for source in _present(sources_of_kind, free) if self._is_known(source)]
        of_kind = set(columns_of(by_kind))
        rest = [column for column in free if column not in of_kind and not self._kind.has(column)]
        by_name = list(self._by_name(rest))
        words = self._words(rest, {*columns_of(by_name)})
        decided = self._given | {source.field for source in by_user}
        found = [source for source in (*_with_first_names(by_name, words), *by_kind) if source.field not in decided]
        by_word = _by_word(words, decided, {source.field for source in found})
        sources = _by_field([*by_user, *found, *by_word])
        if "gender" in sources:
            sources["gender"] = [self._with_letters(source) for source in sources["gender"]]
        used: dict[str, str] = {}
        for field, each in sources.items():
            for column in columns_of(each):
                used.setdefault(column, field)
        left_out = [column for column, target in self._mapped.items() if not target]
        said_twice = [column for meaning, column in words.items() if MADE_INTO.get(meaning, meaning) in decided]
        aside = {*columns_of([*by_name, *by_kind]), *said_twice, *left_out}.difference(used)
        self._check_slips(column for column in rest if column not in used and column not in aside)
        unused = tuple(column for column in columns if column not in used)
        return Meaning(sources, used, unused, frozenset(aside))

    def may_mean(self, column: str) -> bool:
        """Return whether a column is more than one of those that are not used."""
        return (
            self._fields.normalised(column) is not None
            or squashed(column) in COLUMNS
            or any(column in source.columns for source in self._kind.sources(self._sample))
            or self._slip(column) is not None
        )

    def _is_known(self, source: Source) -> bool:
        return source.field in self._fields or source.field in MADE_INTO

    def _by_name(self, columns: Iterable[str]) -> Iterator[Source]:
        """Yield a source for each field that columns are named after."""
        named: dict[str, list[str]] = {}
        for column in columns:
            field = self._fields.normalised(column)
            if field is not None:
                named.setdefault(field, []).append(column)
        if "width" not in named and squashed(named.get("height", [""])[0]) == "height":
            del named["height"]  # how tall somebody is
        for field, several in named.items():
            if len(several) > 1 and field not in JOINED and field not in {*self._given, *self._mapped.values()}:
                raise InvalidInput(
                    f"Columns {shown(several[0])} and {shown(several[1])} both mean {field}.",
                    hint=f"Leave one out: --map {quoted(several[1] + '=')}",
                )
            yield Source(field, tuple(several), together if len(several) > 1 else the_value)

    def _words(self, columns: Iterable[str], named: Collection[str]) -> Mapping[str, str]:
        """Return the column for each meaning that another word says; of several words, the best."""
        best: dict[str, tuple[int, str]] = {}
        for column in columns:
            meaning, place = COLUMNS.get(squashed(column), ("", 0))
            if meaning and column not in named and self._fits(meaning, column):
                best[meaning] = min(best.get(meaning, (place, column)), (place, column))
        return {meaning: column for meaning, (_, column) in best.items()}

    def _fits(self, meaning: str, column: str) -> bool:
        """Return whether what stands in a column can be what its name may mean: "genre" is of books, too."""
        texts = [cells.as_text(record.get(column)) for record in self._sample.records]
        texts = [text for text in texts if text.strip()]
        if meaning == "gender":
            return not texts or any(cells.gender(text) in GENDERS.values() for text in texts)
        if meaning == BIRTH_DATE:
            return not texts or any(map(cells.is_date, texts))
        return True

    def _with_letters(self, source: Source) -> Source:
        """Return a source of genders that reads M as a file means it: beside H for hombre, it is mujer."""
        values = {cells.as_text(record.get(source.columns[0])).strip().upper() for record in self._sample.records}
        is_spanish = {"H", "M"} <= values and "F" not in values
        return source._replace(combine=cells.spanish_gender) if is_spanish and len(source.columns) == 1 else source

    def _check_slips(self, columns: Iterable[str]) -> None:
        slips = [(column, field) for column in columns if (field := self._slip(column))]
        if slips:
            said = "; ".join(f"{shown(column)}: did you mean {field}?" for column, field in slips)
            column, field = slips[0]
            raise InvalidInput(
                f"{'A column is' if len(slips) == 1 else 'Columns are'} no field. {said}",
                hint=f"Rename it, or say what it is: --map {quoted(f'{column}={field}')} "
                f"(or --map {quoted(f'{column}=')} to leave it out)",
            )

    def _slip(self, column: str) -> str | None:
        """Return the field that a column was meant for; none for what is nested, or is a word of its own."""
        if "." in column or squashed(column) in COLUMNS or self._fields.normalised(column):
            return None
        return slip_of(column, self._fields)


def together(*values: object) -> object:
    """Return the values of several columns as one text; a single one as it is, as if the others were no columns."""
    given = [value for value in values if value is not None]
    if len(given) == 1:
        return given[0]
    texts = map(cells.as_text, given)
    return "; ".join(text for text in texts if text.strip())


def _mapped_sources(mapped: Mapping[str, str]) -> Iterator[Source]:
    """Yield a source for each field that the user says columns are for."""
    several: dict[str, list[str]] = {}
    for column, target in mapped.items():
        if target:
            several.setdefault(target, []).append(column)
    parts = [several.pop(part, [_ABSENT])[0] for part in _NAME_PARTS]
    if any(part != _ABSENT for part in parts):
        yield Source("persona_name", tuple(parts), cells.full_name)
    for field, columns in several.items():
        if len(columns) > 1 and field not in JOINED:
            raise InvalidInput(
                f"Columns {shown(columns[0])} and {shown(columns[1])} are both mapped to {field}.",
                hint="Leave one --map out.",
            )
        yield Source(field, tuple(columns), together if len(columns) > 1 else the_value)


def _with_first_names(sources: Iterable[Source], words: Mapping[str, str]) -> Iterator[Source]:
    """Yield the sources; beside a first name, and without a last one, a name is the last one, as in "Name;Vorname"."""
    first = words.get(FIRST_NAME)
    for source in sources:
        if source.field == "persona_name" and first and LAST_NAME not in words:
            yield Source("persona_name", (first, *source.columns), cells.full_name)
        else:
            yield source


def _by_word(words: Mapping[str, str], decided: Collection[str], found: Collection[str]) -> Iterator[Source]:
    """Yield a source for each field without one, of which there are words."""
    parts = [words.get(part, _ABSENT) for part in _NAME_PARTS]
    for meaning, column in words.items():
        field = MADE_INTO.get(meaning, meaning)
        # A date of birth counts in the rows that have no age.
        if field in decided or (field in found and meaning != BIRTH_DATE) or meaning in _NAME_PARTS:
            continue
        if meaning != OCCUPATION or "background" not in words:
            yield from _with_first_names([Source(meaning, (column,))], words)
    if any(part != _ABSENT for part in parts) and "persona_name" not in {*decided, *found, *words}:
        yield Source("persona_name", tuple(parts), cells.full_name)


def _by_field(sources: Iterable[Source]) -> dict[str, list[Source]]:
    grouped: dict[str, list[Source]] = {}
    for source in sources:
        field = MADE_INTO.get(source.field, source.field)
        grouped.setdefault(field, []).append(source if source.field == BIRTH_DATE else source._replace(field=field))
    return grouped


def _present(sources: Iterable[Source], columns: Collection[str]) -> Iterator[Source]:
    """Yield the sources of which a column is there, without the other columns."""
    there = set(columns)
    for source in sources:
        if there.intersection(source.columns):
            yield source._replace(columns=tuple(each if each in there else _ABSENT for each in source.columns))


def columns_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return the columns that sources take their values from."""
    return tuple(column for source in sources for column in source.columns if column != _ABSENT)


def _resolved(mapped: Mapping[str, str], columns: Sequence[str], fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield each column that the user names, and the field that it is for, empty to leave it out."""
    for said, target in mapped.items():
        column = _column(said, columns)
        field = fields.normalised(target) or COLUMNS.get(squashed(target), ("",))[0]
        if target.strip() and not field:
            near = fields.nearest(target)
            raise InvalidInput(
                f"There is no field {shown(target)} for the column {shown(column)}.",
                hint=f"Did you mean {near}?" if near else f"Fields: {', '.join(field.name for field in fields)}.",
            )
        yield column, field


def _column(said: str, columns: Sequence[str]) -> str:
    if said in columns:
        return said
    alike = [column for column in columns if squashed(column) == squashed(said)]
    if len(alike) == 1:
        return alike[0]
    if said.isdecimal() and 1 <= int(said) <= len(columns):
        return columns[int(said) - 1]
    near = nearest(said, columns)
    raise InvalidInput(
        f"There is no column {shown(said)}.",
        hint=f"Did you mean {visible(near)}?" if near else f"Columns: {listed(columns)}.",
    )


def listed(names: Sequence[str]) -> str:
    """Return names as a message says them, not all of very many."""
    said = ", ".join(visible(name) for name in names[:_NAMED_MOST])
    return f"{said} and {len(names) - _NAMED_MOST} more" if len(names) > _NAMED_MOST else said


def quoted(text: str) -> str:
    """Return a word as a shell takes it."""
    return quote(visible(text))
