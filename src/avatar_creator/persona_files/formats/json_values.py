"""JSON as values of Python, with limits."""

import json
import re
from collections.abc import Iterable
from typing import Any

from avatar_creator.domain.text import shown
from avatar_creator.persona_files.formats.base import CELLS_MOST, BadRecord, Record

DEPTH_MOST = 64
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # a half of a character: two of them are an emoji
_NOTED_MOST = 3


class NoRecord(ValueError):
    """The message goes on from "row 7 "; ``at`` is the place in the text."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


class JsonReader:
    """Reads JSON texts; ``unit`` is what their numbers count."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._doubled: list[str] = []
        self._number = 0
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_constant)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return which keys stood twice in an object."""
        if not self._doubled:
            return ()
        some = ", ".join(self._doubled[:_NOTED_MOST]) + (" and more" if len(self._doubled) > _NOTED_MOST else "")
        return (f"where an object has a key twice the last is read: {some}",)

    def value(self, number: int, text: str, start: int = 0) -> tuple[Any, int]:
        """Return the value that begins at ``start``, and where it ends. Raises NoRecord."""
        self._number = number
        try:
            value, end = self._decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise NoRecord(f"is broken JSON: {error.msg}", error.pos) from error
        except RecursionError as error:
            raise NoRecord("is nested too deeply", start) from error
        except ValueError as error:  # a whole number of more digits than Python reads
            raise NoRecord("has a number that is too long", start) from error
        part = text if not start and end == len(text) else text[start:end]
        if part.count("{") + part.count("[") > DEPTH_MOST:
            check_depth(value)
        if _SURROGATE.search(part):
            _check_characters(value)
        return value, end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) != len(pairs) and len(self._doubled) <= _NOTED_MOST:
            names = [name for name, _ in pairs]
            double = next(name for name in names if names.count(name) > 1)
            self._doubled.append(f"{shown(double)} in {self._unit} {self._number}")
        return values


def as_record(number: int, value: object) -> Record:
    """Return an object as a record. Raises NoRecord for other values."""
    if isinstance(value, dict):
        if len(value) > CELLS_MOST:
            raise NoRecord(f"has {len(value)} keys, at most {CELLS_MOST} are read")
        return Record(number, value)
    kind = {list: "a list", str: "a text", type(None): "null", bool: "true or false"}.get(type(value), "a number")
    raise NoRecord(f"is {kind}, not an object with names and values")


def columns_of(records: Iterable[Record | BadRecord]) -> tuple[str, ...]:
    """Return the names in some records, in the order in which they come."""
    return tuple(dict.fromkeys(name for each in records if isinstance(each, Record) for name in each.values))


def check_depth(value: object) -> None:
    """Raise NoRecord for values in values in values, more than DEPTH_MOST."""
    level = [value]
    for _ in range(DEPTH_MOST):
        within = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [value for values in within for value in values]
        if not level:
            return
    raise NoRecord(f"is nested more than {DEPTH_MOST} deep")


def _check_characters(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NoRecord("has half of a character, a surrogate without its other half") from error


def _constant(name: str) -> float | None:
    """Return what Python writes though JSON has none; NaN is what pandas writes for no value."""
    return None if name == "NaN" else float(name)
