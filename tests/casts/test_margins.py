"""No value is ever a person away from its share, whichever is chosen of those that may come."""

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.casts.margins import Margins, whole

WEIGHTS = st.one_of(
    st.lists(st.integers(1, 60), min_size=1, max_size=40),
    st.lists(st.floats(1e-6, 1, allow_subnormal=False), min_size=1, max_size=12),
    st.lists(st.sampled_from([1e-300, 1e-9, 4e-7, 50.0, 331_000_000.0]), min_size=1, max_size=6),
    st.integers(1, 40).map(lambda count: [1.0] * count),
)


def chosen(weights: Sequence[float], people: int, seed: int) -> list[int]:
    rng = random.Random(seed)
    margins = Margins(weights, [bytes([value]) for value in range(len(weights))])
    return [margins.choose(rng.choice) for _ in range(people)]


@settings(max_examples=150, deadline=None)
@given(weights=WEIGHTS, seed=st.integers(0, 2**32))
def test_every_margin_is_within_one_at_every_number(weights: list[float], seed: int) -> None:
    total = sum(weights)
    counts = [0] * len(weights)
    for number, value in enumerate(chosen(weights, 300, seed), start=1):
        counts[value] += 1
        worst = max(abs(count - number * weight / total) for count, weight in zip(counts, weights, strict=True))
        assert worst < 1 + 1e-6


@pytest.mark.parametrize("choice", [min, max])
def test_whoever_chooses_badly_cannot_break_it(choice: Callable[[Sequence[int]], int]) -> None:
    weights = [50, 48, 2, 0.5, 0.25, 0.01]
    margins = Margins(weights, [bytes([value]) for value in range(6)])
    counts = [0] * 6
    for number in range(1, 2000):
        counts[margins.choose(choice)] += 1
        assert all(abs(c - number * w / sum(weights)) < 1 + 1e-9 for c, w in zip(counts, weights, strict=True))


def test_shares_that_come_out_whole_are_met_exactly() -> None:
    values = chosen([51, 49], 100, 3)
    assert values.count(0) == 51
    thirds = chosen([1 / 3, 1 / 3, 1 / 3], 3, 3)
    assert sorted(thirds) == [0, 1, 2]


def test_a_value_that_hardly_anybody_has_is_dealt_with_common_ones() -> None:
    assert whole([1e-300, 1]) == [1, 10**9]
    assert set(chosen([200_000_000, 50], 300, 3)) <= {0, 1}


def test_weights_are_whole_numbers() -> None:
    assert whole([1 / 3, 1 / 3, 1 / 3]) == [1, 1, 1]
    assert whole([0.5, 0.25, 0.25]) == [2, 1, 1]
    assert whole([18.6, 81.4]) == [93, 407]
