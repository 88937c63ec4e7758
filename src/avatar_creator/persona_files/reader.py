"""A persona file: its records as rows that ask for a picture, or that say why they cannot."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.fields import FIELDS, Fields, Part, squashed
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import BadRow, PersonaRow, Problem
from avatar_creator.domain.request import says_who
from avatar_creator.domain.text import counted, shown, without_tokens
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import tally
from avatar_creator.persona_files.cells import as_text, flat
from avatar_creator.persona_files.columns import Columns, Meaning, listed, quoted
from avatar_creator.persona_files.formats import BadRecord, Choices, Record, Table, open_table
from avatar_creator.persona_files.kinds import KINDS, recognised
from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source, the_value
from avatar_creator.persona_files.manifests import ManifestTable
from avatar_creator.persona_files.repeats import Repeats
from avatar_creator.persona_files.values import Shortened, Values, Years, constants_of
from avatar_creator.persona_files.words import COLUMNS

# Ages by dates of birth are those of one day for all time: with today's, the same file would ask for other people
# tomorrow, and pay for them.
AS_OF = date(2026, 1, 1)
_SAMPLE_MOST = 100
_COLUMNS_MOST = 1000  # that later records may add
_DELIMITERS = ",;|\t"
_SHOWN = 40  # characters of a bad cell
_PERSONA = ("persona_name", "persona_age", "personality", "background")
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_ATTRIBUTES_MOST = 20_000  # combinations of values that are remembered
_RENAME = "Call its columns by what they mean, such as name, age, gender and ethnicity, each once."


def open_persona_file(
    path: Path,
    *,
    named: str | None = None,
    mapped: Mapping[str, str] = MappingProxyType({}),
    given: Mapping[str, str] = MappingProxyType({}),
    fields: Fields = FIELDS,
    as_of: date = AS_OF,
    can_map: bool = True,
) -> "PersonaFile":
    """Return a file of personas, with what its columns mean.

    ``named`` is what the user calls it. ``mapped`` says which field a column is for, which goes before what is
    recognised; an empty one leaves the column out. ``given`` are values for all rows, by field. ``fields`` are those
    that a row may have. Raises InvalidInput for what is no table of people, or has columns that cannot be understood;
    unless its user ``can_map`` columns, that does not speak of --map.
    """
    constants = constants_of(given, fields, AS_OF)
    table = open_table(path, named=named, choices=Choices(known=lambda name: _is_known(name, fields), numbered=True))
    sample = _sample(table)
    table = ManifestTable.of(table, sample.columns)
    sample = _sample(table) if isinstance(table, ManifestTable) else sample
    try:
        kind = recognised(sample)
        columns = Columns(fields, kind, sample, mapped=mapped, given=constants)
        meaning = columns.meaning(sample.columns)
        if not meaning.sources:
            raise _unknown(table, sample, fields, named or str(path))
    except InvalidInput as error:
        hint = error.hint if can_map else _RENAME
        raise InvalidInput(f"{named or path}: {error.message}", hint=hint) from error
    return PersonaFile(named or path.name, table, kind, columns, meaning, sample.columns, constants, fields, as_of)


class PersonaFile:
    """A file of personas, that can be read several times."""

    def __init__(
        self,
        called: str,
        table: Table,
        kind: Kind,
        columns: Columns,
        meaning: Meaning,
        names: Sequence[str],
        given: Mapping[str, Any],
        fields: Fields,
        as_of: date,
    ) -> None:
        self.called = called
        self.table = table
        self.kind = kind.name
        self.columns = tuple(names)
        self._known = set(names)
        self._kind = kind
        self._columns = columns
        self._meaning = meaning
        self._given = given
        self._fields = fields
        self._as_of = as_of
        self._tally: tally.Tally | None = None

    @property
    def used(self) -> Mapping[str, str]:
        """The field that each column is for."""
        return self._meaning.used

    def field_of(self, column: str) -> str | None:
        """Return the field whose value is that of the column alone, if there is one."""
        return self._meaning.field_of(column)

    @property
    def unused(self) -> tuple[str, ...]:
        return self._meaning.unused

    @property
    def is_whole(self) -> bool:
        """Whether its rows say all of a picture: then a preset that one names was used, and fills in no more."""
        return self._kind.is_whole and "preset" not in self._given

    @property
    def cleared(self) -> frozenset[str]:
        """The fields that are to say nothing in all rows."""
        return frozenset(field for field, value in self._given.items() if value is None)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to say before anything is made, in sentences; with numbers, once all rows were read."""
        return tuple(tally.remarks(self._kind, self._meaning, self._as_of, self._tally))

    def introduced(self, rows: int) -> str:
        """Return a sentence that says what it is, of so many rows."""
        notes = ", ".join((self.table.format, *self.table.notes))
        return f"{self.called}: {self.kind} ({notes}), {counted(rows, 'row')}."

    def rows(self) -> Iterator[PersonaRow | BadRow]:
        """Yield a row for each record, in their order. Raises InvalidInput when the file changes meanwhile."""
        reading = _Reading(self._meaning, self._given, self._fields, self._as_of)
        repeats = Repeats()
        for record in self.table.records():
            if isinstance(record, BadRecord):
                row: PersonaRow | BadRow | None = BadRow(record.number, {}, (Problem(None, None, record.message),))
            else:
                values = flat(record.values)
                if not values.keys() <= self._known:
                    self._learn(record.number, values, reading)
                row = reading.row(record.number, values)
                if isinstance(row, PersonaRow) and record.seed is not None and "seed" not in self._given:
                    row = row._replace(choices={**row.choices, "seed": record.seed})
            if isinstance(row, PersonaRow) and row.persona_id is not None:
                first = repeats.first(row.persona_id, record.number)
                if first is not None:
                    row = self._repeated(row, first)
            if row is not None:
                yield row
        self._tally = reading.tally

    def _learn(self, number: int, values: Mapping[str, object], reading: "_Reading") -> None:
        """Take up columns that no record had before: those of JSON are not all known at its beginning.

        Raises InvalidInput where one cannot be understood, or has another column mean something else than in the
        records before: these would be other people when the file is read again.
        """
        new = [name for name in values if name not in self._known]
        means = any(map(self._columns.may_mean, new))
        if not means and len(self.columns) + len(new) > _COLUMNS_MOST:
            return  # each record has others, as if they were values: they stay in the cells
        self.columns = (*self.columns, *new)
        self._known.update(new)
        if means:
            before, self._meaning = self._meaning, self._columns.meaning(self.columns)
            changed = _changed(before, self._meaning)
            if changed is not None:
                column, field = changed
                raise InvalidInput(
                    f"Row {number:,} has {listed(new)} as well, beside which {shown(column)} would mean something else"
                    " than in the rows before.",
                    hint=f"Say what it means in all rows: --map {quoted(f'{column}={field}')}",
                )
        else:
            self._meaning = self._meaning._replace(unused=(*self._meaning.unused, *new))
        reading.means(self._meaning)

    def _repeated(self, row: PersonaRow, first: int) -> BadRow:
        column = next((c for c, field in self.used.items() if field == "persona_id"), None)
        message = f"persona id {shown(row.persona_id)} is that of row {first}, too."
        return BadRow(row.number, row.cells, (Problem(column, row.persona_id, message),))


class _Reading:
    """One reading of a file, with what it finds in numbers."""

    def __init__(self, meaning: Meaning, given: Mapping[str, Any], fields: Fields, as_of: date) -> None:
        self.tally = tally.Tally()
        self._values = Values(fields, as_of)
        self._fields = fields
        self._given = given
        self._attributes: dict[tuple[Any, ...], Attributes] = {}
        self._unused: tuple[str, ...] = ()
        self.means(meaning)

    def means(self, meaning: Meaning) -> None:
        """Read by what columns mean, from now on."""
        self._sources = [
            (field, [(source, _only_column(source), self._values.reader(source.field)) for source in sources])
            for field, sources in meaning.sources.items()
        ]
        for column in set(meaning.unused).difference(self._unused):
            self.tally.blank[column] = self.tally.rows
        self._unused = meaning.unused
        parts = {field.name: field for field in self._fields}
        self._choices = [
            (name, parts[name].argument)
            for name in dict.fromkeys((*meaning.sources, *self._given))
            if parts[name].part in {Part.WORDING, Part.CHOICES, Part.OPTIONS}
        ]

    def row(self, number: int, values: Mapping[str, object]) -> PersonaRow | BadRow | None:
        """Return what a record asks for; None where it is blank."""
        texts = _texts(values)
        if not any(texts.values()):
            return None
        found, problems = self._read(values)
        self._count(found, texts)
        self._unwrap(found)
        found.update(self._given)
        if problems:
            return BadRow(number, texts, tuple(problems))
        persona = Persona.stored(
            found.get("persona_name"),
            found.get("persona_age"),
            found.get("personality", ()),
            found.get("background"),
        )
        attributes = self._attributes_of(found)
        prompt = found.get("prompt")
        if not (found.get("preset") or says_who(persona, attributes, prompt)):
            return BadRow(number, texts, (Problem(None, None, "Nothing says who the picture shows."),))
        if persona.name is None:
            self.tally.nameless += 1
        choices = {argument: found[name] for name, argument in self._choices if name in found} or _NOTHING
        return PersonaRow(number, texts, persona, attributes, prompt, choices, found.get("persona_id"))

    def _read(self, values: Mapping[str, object]) -> tuple[dict[str, Any], list[Problem]]:
        """Return the values of fields that a record has, and what is wrong with others."""
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for field, sources in self._sources:
            for source, column, read in sources:
                value = values.get(column) if column is not None else _combined(source, values)
                if value is None or value == "":
                    continue
                said = read(value)
                if type(said) is InvalidInput:
                    problems.append(_problem(source, values, said))
                    break
                if said is not None:
                    found[field] = said
                    break
        return found, problems

    def _count(self, found: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        counts = self.tally
        counts.rows += 1
        for field in found:
            counts.filled[field] += 1
        for column in [column for column in self._unused if not texts.get(column)]:
            counts.blank[column] += 1

    def _unwrap(self, found: dict[str, Any]) -> None:
        """Take values out of what says something of how they were read."""
        for field, value in found.items():
            if type(value) is Shortened:
                found[field] = value.value
                self.tally.shortened[field] += 1
        age = found.get("persona_age")
        if type(age) is Years:
            del found["persona_age"]
            found.setdefault("age_range", age.text)
            self.tally.ranges += 1

    def _attributes_of(self, found: Mapping[str, Any]) -> Attributes:
        values = tuple([found.get(attribute.name) for attribute in ATTRIBUTES])
        attributes = self._attributes.get(values)
        if attributes is None:
            if len(self._attributes) >= _ATTRIBUTES_MOST:
                self._attributes.clear()
            names = (attribute.name for attribute in ATTRIBUTES)
            attributes = self._attributes[values] = Attributes(**dict(zip(names, values, strict=True)))
        return attributes


def _changed(before: Meaning, after: Meaning) -> tuple[str, str] | None:
    """Return a column that means something else than before, and what it meant; None where there is none."""
    known = [*before.used, *before.unused]
    return next(
        (
            (column, before.used.get(column, ""))
            for column in known
            if before.used.get(column) != after.used.get(column)
        ),
        None,
    )


_ONLY_TEXTS = frozenset([str])


def _only_column(source: Source) -> str | None:
    """Return the column of which a source is the value as it is."""
    return source.columns[0] if source.combine is the_value else None


def _combined(source: Source, values: Mapping[str, object]) -> object:
    return source.combine(*map(values.get, source.columns + source.beside))


def _problem(source: Source, values: Mapping[str, object], error: InvalidInput) -> Problem:
    column = next((column for column in source.columns if column in values), None)
    text = without_tokens(as_text(values.get(column))) if column is not None else ""
    short = f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
    return Problem(column, short, error.message)


def _texts(values: Mapping[str, object]) -> Mapping[str, str]:
    if _ONLY_TEXTS.issuperset(map(type, values.values())):
        return values  # type: ignore[return-value]
    return {column: value if type(value) is str else as_text(value) for column, value in values.items()}


def _sample(table: Table) -> Sample:
    records = (record for record in table.records() if isinstance(record, Record))
    first = tuple(flat(record.values) for record in islice(records, _SAMPLE_MOST))
    found = dict.fromkeys(name for record in first for name in record)
    # A column of structs is known by the parts of these.
    structs = {name.partition(".")[0] for name in found}
    own = (name for name in table.columns if name in found or name not in structs)
    return Sample(tuple(dict.fromkeys((*own, *found))), first)


def _is_known(name: str, fields: Fields) -> bool:
    if any(sign in name for sign in _DELIMITERS):  # several names: "persona,age" is no "persona age"
        return False
    return (
        fields.normalised(name) is not None
        or squashed(name) in COLUMNS
        or any(kind.has(name.strip()) for kind in KINDS)
    )


def _unknown(table: Table, sample: Sample, fields: Fields, file: str) -> InvalidInput:
    first = next(filter(None, sample.columns), "1")
    known = ", ".join(field.name for field in fields)
    no_names = "Say"
    if table.format in {"CSV", "TSV", "Excel"}:
        if first == "1":
            no_names = "Add a first row such as: name,age. Or say"
        else:  # names alone do not look like data; who maps the first as a column loses the person in it
            added = _added(table, sample, file)
            no_names = f"If its first row is of a person, add one above it, such as: name. {added}Else say"
    return InvalidInput(
        f"No column is known: {listed(sample.columns) or 'they have no names'}.",
        hint=f"{no_names} what one is: --map {quoted(f'{first}=persona_name')}. Known: {known}.",
    )


def _added(table: Table, sample: Sample, file: str) -> str:
    """Return the command that adds a first row to a list of lines."""
    if len(sample.columns) != 1 or table.format != "CSV":
        return ""
    lines = "cat" if file == "-" else f"cat {shlex.quote(file)}"
    return f"For a list of names: (echo name; {lines}) | avatar batch -; of descriptions: echo prompt. "
