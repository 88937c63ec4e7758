"""JSON as values of Python, with limits."""

import json
import re
from typing import Any

from avatar_creator.domain.text import shown
from avatar_creator.persona_files.formats.items import DEPTH_MOST, NOTED_MOST, NoRecord, check_depth, doubled_keys

SPACE = " \t\r\n"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # a half of a character: two of them are an emoji


class BrokenJson(ValueError):
    """What is no JSON, and where in the text that shows."""

    def __init__(self, message: str, at: int) -> None:
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
        return doubled_keys("an object", self._doubled)

    def value(self, number: int, text: str, start: int = 0) -> tuple[Any, int]:
        """Return the value that begins at ``start``, and where it ends: a NoRecord for one beyond the limits.

        Raises BrokenJson.
        """
        self._number = number
        try:
            value, end = self._decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise BrokenJson(f"is broken JSON: {error.msg}", error.pos) from error
        except RecursionError as error:
            raise BrokenJson("is nested too deeply", start) from error
        except ValueError as error:  # a whole number of more digits than Python reads
            raise BrokenJson("has a number of too many digits", start) from error
        try:
            _check(value, text if not start and end == len(text) else text[start:end])
        except NoRecord as error:
            return error, end
        return value, end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) != len(pairs) and len(self._doubled) <= NOTED_MOST:
            names = [name for name, _ in pairs]
            double = next(name for name in names if names.count(name) > 1)
            self._doubled.append(f"{shown(double)} in {self._unit} {self._number}")
        return values


def _check(value: object, text: str) -> None:
    if text.count("{") + text.count("[") > DEPTH_MOST:
        check_depth(value)
    if _SURROGATE.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise NoRecord("has half of a character, a surrogate without its other half") from error


def _constant(name: str) -> float | None:
    """Return what Python writes though JSON has none; NaN is what pandas writes for no value."""
    return None if name == "NaN" else float(name)
