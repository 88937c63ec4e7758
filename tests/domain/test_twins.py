"""Groups of pictures that look alike: the same as comparing each with each would find."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.twins import BITS, DRAWN_MOST, OTHERS_MOST, Hashed, distance, grouped, near


def picture(id_: str, hash_: int | None, *, sha256: str | None = None, is_drawn: bool = True) -> Hashed:
    return Hashed(id_, sha256 or id_, hash_, is_drawn)


def spoilt(hash_: int, bits: int, seed: int = 1) -> int:
    """Return a hash that differs in so many bits."""
    for bit in random.Random(seed).sample(range(BITS), bits):
        hash_ ^= 1 << bit
    return hash_


def ids(groups: list[list[Hashed]]) -> list[list[str]]:
    return [[each.id for each in group] for group in groups]


@st.composite
def libraries(draw: st.DrawFn) -> list[Hashed]:
    """Draw pictures of a few motifs, each some bits from its motif."""
    motifs = [random.Random(seed).getrandbits(BITS) for seed in range(3)]
    made = st.tuples(st.sampled_from([*motifs, 0, None]), st.integers(0, 130), st.integers(0, 3), st.booleans())
    pictures = []
    for number, (motif, bits, seed, is_drawn) in enumerate(draw(st.lists(made, max_size=25))):
        hash_ = None if motif is None else spoilt(motif, bits, seed)
        sha256 = draw(st.sampled_from([f"own {number}", "shared"]))
        pictures.append(picture(f"{number}", hash_, sha256=sha256, is_drawn=is_drawn))
    return pictures


def are_alike(one: Hashed, other: Hashed, most: int | None) -> bool:
    if one.sha256 == other.sha256:
        return True
    bits = distance(one, other)
    limit = most if most is not None else DRAWN_MOST if one.is_drawn or other.is_drawn else OTHERS_MOST
    return bits is not None and bits <= limit


@given(libraries(), st.sampled_from([None, 0, 1, 24, 60, 200]))
def test_groups_are_what_is_connected_by_pairs_that_are_alike(pictures: list[Hashed], most: int | None) -> None:
    groups = {each.id: {each.id} for each in pictures}
    for one, other in combinations(pictures, 2):
        if are_alike(one, other, most):
            joined = groups[one.id] | groups[other.id]
            groups.update(dict.fromkeys(joined, joined))
    expected = {frozenset(group) for group in groups.values() if len(group) > 1}
    found = ids(grouped(pictures, most))
    assert {frozenset(group) for group in found} == expected
    assert len(found) == len(expected)
    assert all(group == sorted(group, key=int) for group in found)


@pytest.mark.parametrize("most", [0, 10, 24, 47, 48])
def test_many_are_found_as_few_are(most: int) -> None:
    """Parts of hashes lead to each pair, however the bits that differ are spread."""
    hashes = [random.Random(seed).getrandbits(BITS) for seed in range(600)]
    spread = [spoilt(each, most, seed) for seed, each in enumerate(hashes[:50])]
    in_a_row = [each ^ ((1 << most) - 1) << 7 * seed for seed, each in enumerate(hashes[50:100])]
    too_far = [spoilt(each, most + 1, seed) for seed, each in enumerate(hashes[100:150])]
    found = set(near([*hashes, *spread, *in_a_row, *too_far], most))
    assert found == {(place, 600 + place) for place in range(100)}


def test_the_same_files_come_first_and_then_what_differs_least() -> None:
    pictures = [
        *(picture("a", 1 << 700), picture("b", spoilt(1 << 700, 20))),
        *(picture("c", (1 << 600) - 1), picture("d", spoilt((1 << 600) - 1, 3))),
        *(picture("e", None, sha256="same"), picture("f", None, sha256="same")),
    ]
    assert ids(grouped(pictures)) == [["e", "f"], ["c", "d"], ["a", "b"]]


def test_one_that_leads_from_one_to_another_joins_their_group() -> None:
    first = random.Random(1).getrandbits(BITS)
    between, last = spoilt(first, 20), spoilt(spoilt(first, 20), 20, seed=2)
    group = [picture("a", first), picture("b", last), picture("c", between)]
    assert distance(*group[:2]) == 40
    assert ids(grouped(group)) == [["a", "b", "c"]]
    assert grouped(group[:2]) == []
