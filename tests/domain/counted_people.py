"""Counts of people, and quotas to compare them with."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from avatar_creator.domain.spread import People, PeopleCount, Value


class Part(NamedTuple):
    axes: tuple[str, ...]
    cells: Mapping[tuple[str, ...], float]


GENDER = Part(("gender",), {("female",): 0.5, ("male",): 0.5})
HAIR = Part(("hair",), {("black",): 0.75, ("red",): 0.25})


def counted(axes: str, *counts: tuple[Value, ...], tables: Sequence[tuple[str, ...]] = ()) -> People:
    """Each count is the values, and at the end how many people have them."""
    people = [PeopleCount(values, number) for *values, number in counts]  # type: ignore[arg-type]
    return People(axes.split(), [PeopleCount(tuple(each.values), each.people) for each in people], tables)
