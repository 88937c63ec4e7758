"""Counts of people, and quotas to compare them with."""

from collections.abc import Sequence

from avatar_creator.domain.quotas import Quota
from avatar_creator.domain.spread import People, PeopleCount, Value

GENDER = Quota(("gender",), {("female",): 0.5, ("male",): 0.5})
HAIR = Quota(("hair",), {("black",): 0.75, ("red",): 0.25})


def counted(axes: str, *counts: tuple[Value, ...], tables: Sequence[tuple[str, ...]] = ()) -> People:
    """Each count is the values, and at the end how many people have them."""
    people = [PeopleCount(values, number) for *values, number in counts]  # type: ignore[arg-type]
    return People(axes.split(), [PeopleCount(tuple(each.values), each.people) for each in people], tables)
