"""JSON as values of Python, with limits."""

import json
import re
from typing import Any

from avatar_creator.documents.limits import DEPTH_MOST, TooMuch, check_depth
from avatar_creator.domain.text import shown

SPACE = " \t\r\n"
_DOUBLED_MOST = 4
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
        self.doubled: list[str] = []  # which keys stand twice in an object, and where: the first ones
        self._number = 0
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_constant)

    def value(self, number: int, text: str, start: int = 0) -> tuple[Any, int]:
        """Return the value that begins at ``start``, and where it ends: a TooMuch for one beyond the limits.

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
        except TooMuch as error:
            return error, end
        return value, end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) != len(pairs) and len(self.doubled) < _DOUBLED_MOST:
            names = [name for name, _ in pairs]
            double = next(name for name in names if names.count(name) > 1)
            self.doubled.append(f"{shown(double)} in {self._unit} {self._number}")
        return values


def _check(value: object, text: str) -> None:
    if text.count("{") + text.count("[") > DEPTH_MOST:
        check_depth(value)
    if _SURROGATE.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise TooMuch("has half of a character, a surrogate without its other half") from error


def _constant(name: str) -> float | None:
    """Return what Python writes though JSON has none; NaN is what pandas writes for no value."""
    return None if name == "NaN" else float(name)
