"""How many people of each kind there are to be: weights of values, or of combinations of values."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

AGE = "age"  # the axis whose values are ages in years and age ranges


class Quota(NamedTuple):
    """The weights of an axis' values, or of the cells of a joint table over several axes. They add up to 1."""

    axes: tuple[str, ...]
    cells: Mapping[tuple[str, ...], float]


class Quotas(NamedTuple):
    """What people are balanced by: parts that are independent of each other, no axis in two of them."""

    parts: tuple[Quota, ...] = ()

    @property
    def axes(self) -> tuple[str, ...]:
        return tuple(axis for part in self.parts for axis in part.axes)

    def as_json(self) -> str:
        parts = [
            {"axes": part.axes, "cells": [[*cell, weight] for cell, weight in part.cells.items()]}
            for part in self.parts
        ]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        parts: list[dict[str, Any]] = json.loads(text)
        return cls(tuple(Quota(tuple(p["axes"]), {tuple(c[:-1]): c[-1] for c in p["cells"]}) for p in parts))
