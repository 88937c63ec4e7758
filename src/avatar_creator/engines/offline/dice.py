"""Chance that repeats: one stream for each part of a face."""

from collections.abc import Mapping

from avatar_creator.engines.offline.hashing import sha256


class Dice:
    """Draws that depend on the seed, the persona's name and the part alone.

    No draw touches another, so a face keeps its eyes when its hair is asked for differently.
    """

    def __init__(self, seed: int, name: str | None) -> None:
        self._key = f"{seed}|{name or ''}"

    def number(self, part: str, least: int, most: int) -> int:
        """Return a whole number from ``least`` to ``most``."""
        return least + self._draw(part) % (most - least + 1)

    def chance(self, part: str, percent: int) -> bool:
        """Return True in ``percent`` of 100 cases; what is true stays true when ``percent`` grows."""
        return self._draw(part) % 100 < percent

    def pick(self, part: str, weights: Mapping[str, int]) -> str:
        """Return one of ``weights``, a heavier one more often.

        Each one draws as many lots as it weighs and the highest lot wins: one that wins in a pool also wins
        in every smaller pool that holds it.
        """

        def highest(one: str) -> int:
            return max(self._draw(f"{part}|{one}|{lot}") for lot in range(weights[one]))

        return max(weights, key=highest)

    def _draw(self, stream: str) -> int:
        return int.from_bytes(sha256(f"{self._key}|{stream}".encode()).digest()[:8])
