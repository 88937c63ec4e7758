"""Counts of people, and quotas to compare them with."""

from collections.abc import Iterator, Sequence

from avatar_creator.domain.quotas import Quota
from avatar_creator.domain.spread import People, PeopleCount, Value

GENDER = Quota(("gender",), {("female",): 0.5, ("male",): 0.5})
HAIR = Quota(("hair",), {("black",): 0.75, ("red",): 0.25})


def counted(axes: str, *counts: tuple[Value, ...], tables: Sequence[tuple[str, ...]] = ()) -> People:
    """Each count is the values, and at the end how many people have them."""

    def count(names: Sequence[str]) -> Iterator[PeopleCount]:
        for *values, number in counts:
            said = dict(zip(axes.split(), values, strict=True))
            yield PeopleCount(tuple(said.get(name) for name in names), int(number or 0))

    return People(axes.split(), count, tables)
