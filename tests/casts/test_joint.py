"""Joint tables: the values of each axis, and cells, are met at every number of people."""

import itertools
import random
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.casts.allocation import allocate
from avatar_creator.casts.weighting import even, in_order, weighted
from avatar_creator.domain.quotas import Quota, Quotas

AXES = ("gender", "age", "style", "body_type")


def farthest(part: Quota, people: int, seed: int, others: Quotas | None = None) -> tuple[float, float]:
    """Return by how much a value, and a cell, is away from its share at any number up to ``people``."""
    shares: Counter[tuple[int, str]] = Counter()
    for cell, share in part.cells.items():
        shares.update(dict.fromkeys(enumerate(cell), share))
    counts: Counter[object] = Counter()
    of_values = of_cells = 0.0
    made = itertools.islice(allocate(in_order([part, *(others.parts if others else ())]), seed), people)
    for number, person in enumerate(made, start=1):
        cell = tuple(person[axis] for axis in part.axes)
        counts.update([cell, *enumerate(cell)])
        of_values = max(of_values, *(abs(counts[each] - number * share) for each, share in shares.items()))
        of_cells = max(of_cells, *(abs(counts[each] - number * share) for each, share in part.cells.items()))
    return of_values, of_cells


@st.composite
def joint_tables(draw: st.DrawFn) -> Quota:
    sizes = draw(st.lists(st.integers(2, 4), min_size=2, max_size=3))
    cells = list(itertools.product(*([f"{axis}-{place}" for place in range(size)] for axis, size in enumerate(sizes))))
    weights = draw(st.lists(st.integers(0, 40), min_size=len(cells), max_size=len(cells)).filter(any))
    return weighted(AXES[: len(sizes)], dict(zip(cells, weights, strict=True)))


@settings(max_examples=60, deadline=None)
@given(part=joint_tables(), seed=st.integers(0, 2**63), balanced=st.booleans())
def test_the_values_of_each_axis_are_within_one_at_every_number(part: Quota, seed: int, balanced: bool) -> None:
    others = even(["ethnicity"]) if balanced else None
    of_values, of_cells = farthest(part, 120, seed, others)
    assert of_values < 1 + 1e-6
    assert of_cells < 1.5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sizes", [(2, 6), (6, 8), (3, 6, 8), (3, 6, 8, 5)])
def test_values_and_cells_of_a_census_are_within_one(sizes: tuple[int, ...], seed: int) -> None:
    rng = random.Random(seed)
    cells = itertools.product(*([f"{axis}-{place}" for place in range(size)] for axis, size in enumerate(sizes)))
    part = weighted(AXES[: len(sizes)], {cell: rng.randint(1, 30) for cell in cells})
    of_values, of_cells = farthest(part, 200, seed)
    assert of_values <= 1 + 1e-9
    assert of_cells < 1.2


@pytest.mark.parametrize("sizes", [(2, 2, 2), (2, 4)])
def test_combinations_that_nobody_is_to_have_leave_values_within_one(sizes: tuple[int, ...]) -> None:
    cells = itertools.product(*([f"{axis}-{place}" for place in range(size)] for axis, size in enumerate(sizes)))
    odd: Mapping[tuple[str, ...], float] = {cell: 1 for cell in cells if sum(int(value[-1]) for value in cell) % 2}
    assert farthest(weighted(AXES[: len(sizes)], odd), 200, 1)[0] <= 1 + 1e-9


def test_a_table_of_many_cells_meets_its_values() -> None:
    rng = random.Random(4)
    cells = itertools.product(*([f"{axis}-{place}" for place in range(8)] for axis in range(4)))
    part = weighted(AXES, {cell: rng.expovariate(1) ** 2 + 1e-3 for cell in cells})
    assert len(part.cells) == 4096
    assert farthest(part, 48, 1)[0] <= 1 + 1e-9


def test_seeds_give_other_people() -> None:
    part = weighted(["gender", "age"], {("female", "18-24"): 3, ("female", "65+"): 5, ("male", "18-24"): 4})
    found = {
        tuple(tuple(each.values()) for each in itertools.islice(allocate(in_order([part]), seed), 24))
        for seed in range(10)
    }
    assert len(found) > 5
