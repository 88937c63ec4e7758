"""Rows that ask for pictures: those of a persona file, read and checked, or people who are computed."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.place import Place


class Replaced(NamedTuple):
    """An avatar whose picture, by ``engine``, is replaced by that of a row; ``place`` is where its copy is, if any."""

    avatar_id: str
    persona_id: str | None = None
    place: Place | None = None
    engine: str | None = None


PRESET_OPTIONS = "options of the preset"  # among the choices of a row: pairs, of which each engine takes its own


class PlannedPicture(NamedTuple):
    """A picture of a row whose plan is made, and is carried out elsewhere: `Wanted` says what the others are.

    ``avatar_id`` is that of its avatar, which is there already, or comes into being with this picture.
    """

    n: int
    seed: int
    recipe: str
    persona_id: str | None
    avatar_id: str


class PersonaRow(NamedTuple):
    """What one row asks for.

    ``number`` is what people who look at the file call it: that of a spreadsheet, where the names of the columns are
    row 1; records that have no such row are counted from 1. ``cells`` are all columns of the file as texts, in their
    order, used or not. ``choices`` is what the row says beside persona, attributes and prompt, by the names of
    `Library.request`: ``seed``, ``count``, ``width_px``, options of engines. ``persona_id`` is the id in its id column.

    ``base`` is the row that this one says the same as, but for values that the user crosses: it has that one's seed.
    ``copy`` counts such rows of one base from 0.
    One that ``replaces`` is no row of a file: it asks for another picture of an avatar. One that is ``planned`` asks
    for that picture alone.
    """

    number: int
    cells: Mapping[str, str]
    persona: Persona
    attributes: Attributes
    prompt: str | None = None
    choices: Mapping[str, Any] = MappingProxyType({})
    persona_id: str | None = None
    base: "PersonaRow | None" = None
    copy: int = 0
    replaces: Replaced | None = None
    planned: PlannedPicture | None = None


class Problem(NamedTuple):
    """Why a cell cannot be used. ``column`` is None where it is the whole row, ``value`` where there is none."""

    column: str | None
    value: str | None
    message: str


class BadRow(NamedTuple):
    """A row that cannot be made."""

    number: int
    cells: Mapping[str, str]
    problems: tuple[Problem, ...]


class PersonaRows(Protocol):
    """What a batch is made of: rows that can be read several times, and what is said of them."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns of their cells, as far as they are known."""

    @property
    def remarks(self) -> Sequence[str]:
        """What to say before anything is made, in sentences; with numbers, once all rows were read."""

    def field_of(self, column: str) -> str | None:
        """Return the field whose value is that of the column alone, if there is one."""

    def introduced(self, rows: int) -> str:
        """Return a sentence that says what they are, of so many rows."""

    def rows(self) -> Iterator[PersonaRow | BadRow]:
        """Yield them, each time the same."""


class ListedRows:
    """Rows that are in memory, such as the one that a command line describes."""

    def __init__(self, said: str, rows: Sequence[PersonaRow]) -> None:
        """``said`` is the sentence that says what they are."""
        self._said = said
        self._rows = [row._replace(cells=cells_of(row)) for row in rows]
        self.columns: Sequence[str] = tuple(dict.fromkeys(name for row in self._rows for name in row.cells))
        self.remarks: Sequence[str] = ()

    def field_of(self, column: str) -> str | None:
        return column if column in self.columns else None

    def introduced(self, rows: int) -> str:  # noqa: ARG002 - it is said already
        return self._said

    def rows(self) -> Iterator[PersonaRow | BadRow]:
        yield from self._rows


def cells_of(row: PersonaRow) -> dict[str, str]:
    """Return what a row says of whom it is about as the cells of a file, by field, empty where it says nothing."""
    persona = row.persona
    said: dict[str, object] = {
        "persona_id": row.persona_id,
        "persona_name": persona.name,
        "persona_age": persona.age,
        "personality": "; ".join(persona.personality),
        "background": persona.background,
        **row.attributes.as_json(),
        "prompt": row.prompt,
    }
    return {name: "" if value is None else str(value) for name, value in said.items()}
