"""A row of a persona file, read and checked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona


class PersonaRow(NamedTuple):
    """What one row asks for.

    ``number`` is what people who look at the file call it: that of a spreadsheet, where the names of the columns are
    row 1; records that have no such row are counted from 1. ``cells`` are all columns of the file as texts, in their
    order, used or not. ``choices`` is what the row says beside persona, attributes and prompt, by the names of
    `Library.request`: ``seed``, ``count``, ``width_px``, options of engines. ``persona_id`` is the id in its id column.
    """

    number: int
    cells: Mapping[str, str]
    persona: Persona
    attributes: Attributes
    prompt: str | None = None
    choices: Mapping[str, Any] = MappingProxyType({})
    persona_id: str | None = None


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
