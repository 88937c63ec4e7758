"""How gender, age and ethnicity are allocated where nothing else is asked for: by an arrangement of 72 people.

It comes again and again. The seed says who of two neighbors comes first, for each 72, and for each 144 which value each
number of it stands for.
"""

import itertools
from collections.abc import Iterator, Sequence

from avatar_creator.casts.draws import digest

# Found by search. Each value comes once among as many people as there are values; each gender with each age once among
# the first 9 people; gender and age each with each ethnicity once among the first 24; and all three together once among
# 72.
_ARRANGEMENTS = {
    "gender": (3, "012" * 24),
    "age": (3, "210102021102021210021210201120012102102210021021102210102021210120012201"),
    "ethnicity": (8, "037412565603241724350176473215607140326551026734731642054172360503415267"),
}
# Of two genders each comes once among 2 people, with each age among 6, with each ethnicity among 16. The second 72
# people have the other one each, so that all comes out even at 144.
_OF_TWO = "011001011010011001100101010101011001010101101010101001011001011010101001"
_SIZE = 72
ARRANGED = tuple(_ARRANGEMENTS)


def arranged(axis: str, seed: int, values: int | None = None) -> Iterator[int]:
    """Yield the places of an axis' values for person 1, 2, 3 ...; of two values, where ``values`` is 2."""
    size, places = (2, _OF_TWO) if values == 2 else _ARRANGEMENTS[axis]  # noqa: PLR2004
    for round_ in itertools.count():
        draws = [digest(seed, axis, round_ // 2, place) for place in range(size)]
        stands_for = sorted(range(size), key=draws.__getitem__)
        if size == 2 and round_ % 2:  # noqa: PLR2004
            stands_for.reverse()
        for person in _shuffled(seed, round_):
            yield stands_for[int(places[person])]


def _neighbors() -> Sequence[int]:
    """Return who may change places with the next: in no axis does a block of values end between them."""
    blocks = [[(at // 2, at // 3, at // 8) for at in (person, person + 1)] for person in range(_SIZE)]
    return [person for person, (one, other) in enumerate(blocks) if one == other]


_NEIGHBORS = _neighbors()


def _shuffled(seed: int, round_: int) -> Sequence[int]:
    people = list(range(_SIZE))
    bits = int.from_bytes(digest(seed, "order", round_))
    for nth, person in enumerate(_NEIGHBORS):
        if bits >> nth & 1:
            people[person], people[person + 1] = people[person + 1], people[person]
    return people
