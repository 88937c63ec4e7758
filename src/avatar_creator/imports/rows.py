"""Rows that somebody wrote as those of this library: each value of the kind that its column holds, each text clean."""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from avatar_creator.documents.json_values import BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.text import clean_line, shown
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.exchange import HOME_ONLY, Column, Row, Tables
from avatar_creator.storage.ids import is_id

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
WHOLE_MOST = 2**53  # of what is counted; more would overflow a sum
_SEED_MOST = 2**63 - 1  # what SQLite stores
_TEXT_LONGEST = 2**20  # characters: of a recipe, or the quotas of a cast
_LINE_LONGEST = 1000  # of a name, or what else is one line; what was allowed when it was made is not refused now
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHA256_COLUMNS = frozenset({"sha256", "original_sha256"})
_ONE_LINE = frozenset(
    (
        *("name", "description", "category", "persona_name", "persona_id", "persona_background", "alt_text", "preset"),
        *("app", "action", "reference", "engine", "model", "source_type", "format"),
        *("recipe_hash", "details_hash", "perceptual_hash"),
        *(attribute.name for attribute in ATTRIBUTES),
    )
)

_READER = JsonReader("text")


def clean_row(tables: Tables, table: str, value: object) -> Row:
    """Return a row with all columns of a table, and no others. Raises InvalidInput."""
    if not isinstance(value, dict):
        raise InvalidInput(f"A row of {table} is no object.")
    return {
        name: None if each is None and not column.is_required else _clean(name, column, each)
        for name, column in tables[table].items()
        for each in (value.get(name, column.default),)
    }


def clean_json(name: str, text: str, kind: type) -> Any:
    """Return what a text holds, of the kind it has to be. Raises InvalidInput."""
    try:
        value, end = _READER.value(1, text)
    except BrokenJson as error:
        raise InvalidInput(f"{name} {error}.") from error
    if isinstance(value, TooMuch):
        raise InvalidInput(f"{name} {value}.")
    if not isinstance(value, kind) or text[end:].strip():
        raise InvalidInput(f"{name} is no JSON {'object' if kind is dict else 'list'}.")
    return value


def _clean(name: str, column: Column, value: object) -> object:
    if name in HOME_ONLY:
        return None
    if value is None:
        if column.is_required:
            raise InvalidInput(f"{name} is missing.")
        return None
    if column.kind is str:
        return _clean_text(name, value)
    return _clean_number(name, column, value)


def _clean_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{name} is no text.")
    if len(value) > _TEXT_LONGEST:
        raise InvalidInput(f"{name} has {len(value)} characters, at most {_TEXT_LONGEST} are taken.")
    if name in _ONE_LINE:
        return _clean_line(name, value)
    if not (value.isascii() and value.isprintable()) and ("\0" in value or _SURROGATE.search(value)):
        raise InvalidInput(f"{name} holds what is no character.")
    if (name.endswith("_at") and not _TIME.fullmatch(value)) or (
        name in _SHA256_COLUMNS and not SHA256.fullmatch(value)
    ):
        raise InvalidInput(f"{name} is {shown(value)}, which avatar writes otherwise.")
    return value


@lru_cache(1000)  # most rows have the same attributes, engine and model
def _clean_line(name: str, value: str) -> str:
    return clean_line(name, value, longest=_LINE_LONGEST)


def _clean_number(name: str, column: Column, value: object) -> int | float:
    kinds = (int,) if column.kind is int else (int, float)
    if type(value) not in kinds:  # a bool is no number
        raise InvalidInput(f"{name} is no {'whole ' if column.kind is int else ''}number.")
    assert isinstance(value, int | float)  # noqa: S101 - as just checked
    most = _SEED_MOST if name == "seed" else WHOLE_MOST
    if not math.isfinite(value) or not 0 <= value <= most:
        raise InvalidInput(f"{name} is {shown(value)}, outside 0 to {most}.")
    return value


def expect_id(value: object, prefix: str) -> None:
    """Raise InvalidInput for what is no id of its kind."""
    if not is_id(value, prefix):
        raise InvalidInput(f"{shown(value)} is no id.")


def find_sha256(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 that the record of a version has. Raises InvalidInput."""
    sha256 = record.get("sha256")
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise InvalidInput("A version has no SHA-256.")
    return sha256
