"""Values that people cannot have beside others: who is bald has no color of hair."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from avatar_creator.domain.synonyms import value_in_english


class _Exclusion(NamedTuple):
    axis: str
    pattern: str


# By axis: another one, with some of whose values nobody has a value of the axis. A bald fade is a haircut.
_EXCLUSIONS = {"hair_color": _Exclusion("hair_style", r"(?i)\b(bald(?![ -]fade)|hairless|no hair|shaved[ -]head)\b")}

EXCLUDED_BY: Mapping[str, str] = MappingProxyType({axis: by.axis for axis, by in _EXCLUSIONS.items()})
"""Axes that some people can have no value of, each with the axis that decides it."""


def excluded(values: Mapping[str, object]) -> list[str]:
    """Return the axes of which somebody who has these values can have none."""
    said = ((axis, by, values.get(by.axis)) for axis, by in _EXCLUSIONS.items())
    return [axis for axis, by, value in said if isinstance(value, str) and _is_meant(by, value)]


@lru_cache(maxsize=1024)
def _is_meant(by: _Exclusion, value: str) -> bool:
    return re.search(by.pattern, value_in_english(by.axis, value) or value) is not None
