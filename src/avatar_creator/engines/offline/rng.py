"""Seeded random numbers: one stream for each part of a face."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib

# `hashlib` loads OpenSSL, for 3 ms that a plan need not pay. The module `random` does the same.
try:
    _module = import_module("_sha2" if sys.version_info >= (3, 12) else "_sha256")
except ImportError:  # an interpreter may be built with OpenSSL's alone
    _module = import_module("hashlib")

sha256: "Callable[[bytes], hashlib._Hash]" = _module.sha256


class SeededRng:
    """Random values that depend on the seed, the persona's name and the part alone.

    No value depends on another, so a face keeps its eyes when its hair is asked for differently.
    """

    def __init__(self, seed: int, name: str | None) -> None:
        self._key = f"{seed}|{name or ''}"

    def integer(self, part: str, least: int, most: int) -> int:
        """Return a whole number from ``least`` to ``most``."""
        return least + self._number(part) % (most - least + 1)

    def chance(self, part: str, percent: int) -> bool:
        """Return True in ``percent`` of 100 cases; what is true stays true when ``percent`` grows."""
        return self._number(part) % 100 < percent

    def pick(self, part: str, weights: Mapping[str, int]) -> str:
        """Return one of ``weights``, a heavier one more often.

        Each one gets as many random numbers as it weighs, and the highest number of all wins. So one that wins among
        some also wins among fewer of them.
        """

        def highest(one: str) -> int:
            return max(self._number(f"{part}|{one}|{index}") for index in range(weights[one]))

        return max(weights, key=highest)

    def _number(self, stream: str) -> int:
        return int.from_bytes(sha256(f"{self._key}|{stream}".encode()).digest()[:8])
