"""Chance that is the same on every machine and in every version of Python."""

import hashlib
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeVar

_Value = TypeVar("_Value")
_ONE = 2**53  # as many as there are floats of equal distance


def digest(seed: int, *of: object) -> bytes:
    """Return what the order of things is drawn by."""
    return hashlib.sha256("|".join(map(str, (seed, *of))).encode()).digest()


class Draws(NamedTuple):
    """What chance gives one person of a cast: one draw for each name, none of which knows of another."""

    seed: int
    number: int

    def share(self, of: str) -> float:
        """Return a number of at least 0 and less than 1."""
        drawn = hashlib.sha256(f"{self.seed}|{self.number}|{of}".encode()).digest()
        return (int.from_bytes(drawn[:8]) >> 11) / _ONE

    def integer(self, of: str, least: int, most: int) -> int:
        """Return a whole number from least to most."""
        return least + int(self.share(of) * (most - least + 1))

    def pick(self, of: str, values: Sequence[_Value]) -> _Value:
        return values[int(self.share(of) * len(values))]

    def weighted(self, of: str, weights: Mapping[str, int]) -> str:
        """Return one of the values, each as likely as its weight says."""
        ends = tuple(accumulate(weights.values()))
        return tuple(weights)[bisect(ends, self.share(of) * ends[-1])]
