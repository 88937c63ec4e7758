"""Which pictures look alike: those whose perceptual hashes differ in few bits, directly or by way of others."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from avatar_creator.domain.records import Avatar

BITS = 1536
# What saving a picture again changes mostly stays below, and of 1,000 people drawn in one style no two are as near.
# Different photographs are 256 apart and more: among them a crop of 1 % is found, too.
DRAWN_MOST, OTHERS_MOST = 24, 100
DISTANCE_MOST = 400
_BYTES = BITS // 8
_PART_LEAST = 4  # bytes: shorter parts are equal by chance too often
_STRIDE = 29  # between neighbours: of those tried, it leaves fewest drawings with an equal part
_FEW = 500  # which are compared with each other sooner


class Hashed(NamedTuple):
    """What is compared of a picture. ``hash`` is None where its pixels cannot be decoded."""

    id: str
    sha256: str
    hash: int | None
    is_drawn: bool


class Twin(NamedTuple):
    """A picture that looks like others: those of one ``group``, whose first one was asked for first.

    ``distance`` says in how many bits it differs from that, ``is_same_file`` whether both have the same bytes.
    """

    group: int
    avatar: Avatar
    distance: int | None
    is_first: bool
    is_same_file: bool

    @property
    def id(self) -> str:
        return self.avatar.id

    def as_json(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "id": self.id,
            "name": self.avatar.name,
            "project_name": self.avatar.project_name,
            "distance": self.distance,
            "is_first": self.is_first,
            "is_same_file": self.is_same_file,
            "image_path": str(self.avatar.image_path),
        }


def grouped(pictures: Sequence[Hashed], most: int | None = None) -> list[list[Hashed]]:
    """Return the pictures that are like another one, in groups: each is like one at least of its group.

    Two are alike that have the same bytes, or whose hashes differ in at most ``most`` bits; without it, in as many as
    are usual for drawings, and for others. Those of the same bytes come first, then those that differ least.
    """
    sets = _Sets(len(pictures))
    places: dict[object, int] = {}
    unique: list[int] = []
    for place, picture in enumerate(pictures):
        sets.join(places.setdefault(picture.sha256, place), place)
        if picture.hash is not None:
            first = places.setdefault(picture.hash, place)
            sets.join(first, place)
            if first == place:
                unique.append(place)
    for some, limit in _compared(pictures, unique, most):
        for one, other in near([pictures[place].hash or 0 for place in some], limit):
            sets.join(some[one], some[other])
    groups = [[pictures[place] for place in group] for group in sets.groups()]
    return sorted(groups, key=_nearness)


def distance(one: Hashed, other: Hashed) -> int | None:
    """Return in how many bits the hashes of two pictures differ; None where one has none."""
    return None if one.hash is None or other.hash is None else (one.hash ^ other.hash).bit_count()


def near(hashes: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Yield the places of all hashes that differ in at most ``most`` bits, in pairs; some of them several times.

    Hashes are cut into one part more than bits may differ: then one of the parts is the same in both. Where that would
    make very short parts, or hashes are few, each is compared with each.
    """
    parts = most + 1
    if len(hashes) < _FEW or _BYTES // parts < _PART_LEAST:
        yield from _alike(hashes, range(len(hashes)), most)
        return
    mixed = [_mixed(each) for each in hashes]
    for part in range(parts):
        first, end = part * _BYTES // parts, (part + 1) * _BYTES // parts
        by_part: dict[bytes, list[int]] = {}
        for place, code in enumerate(mixed):
            by_part.setdefault(code[first:end], []).append(place)
        for places in by_part.values():
            yield from _alike(hashes, places, most)


def _mixed(hash_: int) -> bytes:
    """Return the bits of a hash in another order: bits of one region are the same in very many drawings."""
    digits = f"{hash_:0{BITS}b}"
    return int("".join([digits[first::_STRIDE] for first in range(_STRIDE)]), 2).to_bytes(_BYTES)


def _alike(hashes: Sequence[int], places: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    for one, other in combinations(places, 2):
        if (hashes[one] ^ hashes[other]).bit_count() <= most:
            yield one, other


def _compared(pictures: Sequence[Hashed], places: list[int], most: int | None) -> Iterator[tuple[list[int], int]]:
    """Yield which are compared with each other, and in how many bits they may differ."""
    if most is not None:
        yield places, most
        return
    yield places, DRAWN_MOST
    yield [place for place in places if not pictures[place].is_drawn], OTHERS_MOST


def _nearness(group: Sequence[Hashed]) -> tuple[bool, int]:
    has_same_file = len({picture.sha256 for picture in group}) < len(group)
    distances = (distance(group[0], other) for other in group[1:])
    return not has_same_file, min((each for each in distances if each is not None), default=0)


class _Sets:
    """Disjoint sets of places, each known by its first."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self._first(one), self._first(other)))
        self._above[second] = first

    def groups(self) -> list[list[int]]:
        """Return those of several places, in their order."""
        groups: dict[int, list[int]] = {}
        for place in range(len(self._above)):
            groups.setdefault(self._first(place), []).append(place)
        return [group for group in groups.values() if len(group) > 1]

    def _first(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = place = self._above[self._above[place]]
        return place
