"""The arrangement that even quotas over gender, age and ethnicity are allocated by."""

import itertools
from collections import Counter

import pytest

from avatar_creator.casts.arrangement import ARRANGED, arranged
from avatar_creator.casts.axes import AXES

SEEDS = [0, 1, 7, 2**31]


def allocated(seed: int, people: int) -> dict[str, list[int]]:
    return {axis: list(itertools.islice(arranged(axis, seed), people)) for axis in ARRANGED}


def test_the_decks_are_of_the_first_axes_and_their_usual_values() -> None:
    assert list(AXES)[: len(ARRANGED)] == list(ARRANGED)
    for axis in ARRANGED:
        assert set(itertools.islice(arranged(axis, 1), 72)) == set(range(len(AXES[axis].values)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("axes", "people", "each"),
    [
        (("gender", "age"), 9, 1),
        (("gender", "ethnicity"), 24, 1),
        (("age", "ethnicity"), 24, 1),
        (("gender", "age", "ethnicity"), 72, 1),
        (("gender", "age", "ethnicity"), 144, 2),
    ],
)
def test_each_combination_comes_as_often_as_any_other(seed: int, axes: tuple[str, ...], people: int, each: int) -> None:
    columns = allocated(seed, people)
    counts = Counter(zip(*(columns[axis] for axis in axes), strict=True))
    cells = people // each
    assert set(counts.values()) == {each}
    assert len(counts) == cells


@pytest.mark.parametrize("seed", SEEDS)
def test_no_combination_comes_twice_among_72(seed: int) -> None:
    people = list(zip(*allocated(seed, 72).values(), strict=True))
    assert len(set(people)) == 72


@pytest.mark.parametrize("seed", SEEDS)
def test_each_value_comes_once_among_as_many_people_as_there_are_values(seed: int) -> None:
    for axis, places in allocated(seed, 24 * 12).items():
        size = len(AXES[axis].values)
        assert all(len(set(places[at : at + size])) == size for at in range(0, len(places), size))


@pytest.mark.parametrize("seed", SEEDS)
def test_two_genders_are_even_with_ages_and_ethnicities(seed: int) -> None:
    columns = allocated(seed, 144)
    two = list(itertools.islice(arranged("gender", seed, values=2), 144))
    assert all(two[at] != two[at + 1] for at in range(0, 144, 2))
    for axis, people in (("age", 6), ("ethnicity", 16)):
        assert set(Counter(zip(two[:people], columns[axis], strict=False)).values()) == {1}
        assert len(set(Counter(zip(two, columns[axis], strict=True)).values())) == 1


def test_seeds_give_other_orders() -> None:
    orders = {tuple(zip(*allocated(seed, 24).values(), strict=True)) for seed in range(50)}
    assert len(orders) == 50
