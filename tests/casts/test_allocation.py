"""Who has which value: margins at every number, and what a change leaves as it was."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.casts.allocation import allocate
from avatar_creator.casts.axes import AXES
from avatar_creator.casts.weighting import even, in_order
from avatar_creator.domain.quotas import Quota, Quotas

People = list[Mapping[str, str]]
AXIS_NAMES = ["gender", "age", "ethnicity", "body_type", "hair_color"]
CENSUS = {
    "gender": {"female": 51, "male": 49},
    "age": {"18-24": 12, "25-44": 35, "45-64": 33, "65+": 20},
    "ethnicity": {"white": 58, "hispanic": 19, "black": 13, "east-asian": 6, "south-asian": 2, "indigenous": 2},
}


def cast(quotas: Quotas, people: int, seed: int = 7) -> People:
    return list(itertools.islice(allocate(quotas, seed), people))


def weighted(axis: str, weights: Mapping[str, float]) -> Quota:
    total = sum(weights.values())
    return Quota((axis,), {(value,): weight / total for value, weight in weights.items()})


def census(**others: Mapping[str, float]) -> Quotas:
    return in_order([weighted(axis, weights) for axis, weights in {**CENSUS, **others}.items()])


def values_of(people: People, axis: str) -> list[str]:
    return [person[axis] for person in people]


def assert_within_one(people: People, axes: Sequence[str], cells: Mapping[tuple[str, ...], float]) -> None:
    counts: Counter[tuple[str, ...]] = Counter()
    for number, person in enumerate(people, start=1):
        counts[tuple(person[axis] for axis in axes)] += 1
        assert set(counts) <= set(cells)
        assert max(abs(counts[cell] - number * share) for cell, share in cells.items()) < 1 + 1e-6


@st.composite
def any_quotas(draw: st.DrawFn) -> Quotas:
    parts: list[Quota] = []
    for axis in draw(st.lists(st.sampled_from(AXIS_NAMES), min_size=1, max_size=4, unique=True)):
        usual = AXES[axis].values
        if draw(st.booleans()):
            parts += even([axis]).parts
        else:
            values = draw(st.lists(st.sampled_from([*usual, "other", "another"]), min_size=1, unique=True))
            parts.append(weighted(axis, {value: draw(st.integers(1, 99)) for value in values}))
    return in_order(parts)


@settings(max_examples=60, deadline=None)
@given(quotas=any_quotas(), seed=st.integers(0, 2**63))
def test_every_margin_is_within_one_at_every_number(quotas: Quotas, seed: int) -> None:
    people = cast(quotas, 150, seed)
    for part in quotas.parts:
        assert_within_one(people, part.axes, part.cells)


@settings(max_examples=30, deadline=None)
@given(
    weights=st.lists(st.integers(0, 40), min_size=12, max_size=12).filter(any),
    others=any_quotas(),
    seed=st.integers(0, 99),
)
def test_the_cells_of_a_joint_table_are_within_one(weights: list[int], others: Quotas, seed: int) -> None:
    table = itertools.product(["female", "male"], ["young", "adult", "mature"], ["slim", "heavy"])
    shares = zip(table, weights, strict=True)
    cells: dict[tuple[str, ...], float] = {cell: weight / sum(weights) for cell, weight in shares if weight}
    joint = Quota(("gender", "age", "body_type"), cells)
    rest = [part for part in others.parts if not {*part.axes} & {*joint.axes}]
    people = cast(in_order([*rest, joint]), 120, seed)
    assert_within_one(people, joint.axes, joint.cells)


@settings(max_examples=30, deadline=None)
@given(quotas=any_quotas(), seed=st.integers(0, 99), people=st.integers(1, 60))
def test_the_first_people_are_the_same_in_a_larger_cast(quotas: Quotas, seed: int, people: int) -> None:
    assert cast(quotas, people + 30, seed)[:people] == cast(quotas, people, seed)


@settings(max_examples=30, deadline=None)
@given(quotas=any_quotas(), seed=st.integers(0, 99))
def test_an_axis_more_or_less_changes_no_other(quotas: Quotas, seed: int) -> None:
    with_all = cast(quotas, 80, seed)
    for part in quotas.parts:
        fewer = Quotas(tuple(each for each in quotas.parts if each != part))
        assert cast(fewer, 80, seed) == [{axis: person[axis] for axis in fewer.axes} for person in with_all]


@settings(max_examples=30, deadline=None)
@given(quotas=any_quotas(), seed=st.integers(0, 99), weights=st.lists(st.integers(1, 9), min_size=2, max_size=3))
def test_an_axis_with_other_weights_changes_no_other_axis(quotas: Quotas, seed: int, weights: list[int]) -> None:
    before = cast(quotas, 80, seed)
    for place, part in enumerate(quotas.parts):
        (axis,) = part.axes
        changed = weighted(axis, dict(zip(AXES[axis].values, weights, strict=False)))
        after = cast(Quotas((*quotas.parts[:place], changed, *quotas.parts[place + 1 :])), 80, seed)
        for other in set(quotas.axes) - {axis}:
            assert values_of(after, other) == values_of(before, other)


def test_the_order_in_which_axes_are_named_changes_nobody() -> None:
    one = cast(even(["gender", "age", "ethnicity"]), 48)
    assert cast(even(["ethnicity", "gender", "age"]), 48) == one
    assert cast(Quotas(even(["gender", "age", "ethnicity"]).parts[::-1]), 48) == one


def test_the_order_of_even_values_changes_nobody() -> None:
    turned = even(["gender", "age"], {"gender": ["non-binary", "male", "female"]})
    assert cast(turned, 48) == cast(even(["gender", "age"]), 48)


def test_locales_are_balanced_with_genders_ages_and_ethnicities() -> None:
    locales = {"locale": ["de_DE", "ja_JP", "es_MX", "sw"]}
    quotas = even(["gender", "age", "ethnicity", "locale"], locales)
    made = cast(quotas, 1000)
    for axis in ("gender", "age", "ethnicity"):
        pairs = Counter((person[axis], person["locale"]) for person in made)
        expected = 1000 / 4 / len(AXES[axis].values)
        assert max(abs(pairs[a, b] - expected) for a in AXES[axis].values for b in locales["locale"]) < 4
    one = cast(even(["gender", "locale"], {"locale": ["de_DE"]}), 50)
    assert values_of(one, "gender") == values_of(made, "gender")[:50]
    assert set(values_of(one, "locale")) == {"de_DE"}


def test_seeds_give_other_orders() -> None:
    for quotas in (even(["gender", "age", "ethnicity"]), census(), even(["hair_color"])):
        orders = {tuple(tuple(person.items()) for person in cast(quotas, 24, seed)) for seed in range(20)}
        assert len(orders) == 20


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("people", "cells"), [(24, 24), (48, 48), (72, 72), (96, 72), (1000, 72)])
def test_even_quotas_cover_pairs_and_cells_as_soon_as_can_be(seed: int, people: int, cells: int) -> None:
    made = cast(even(["gender", "age", "ethnicity"]), people, seed)
    for one, other in itertools.combinations(["gender", "age", "ethnicity"], 2):
        pairs = Counter((person[one], person[other]) for person in made)
        assert len(pairs) == len(AXES[one].values) * len(AXES[other].values)
        assert max(pairs.values()) - min(pairs.values()) <= 2
    assert len({tuple(person.values()) for person in made}) == cells


@pytest.mark.parametrize("seed", range(5))
def test_two_genders_are_met_with_all_others(seed: int) -> None:
    made = cast(even(["gender", "age", "ethnicity"], {"gender": ["female", "male"]}), 96, seed)
    assert len({(person["gender"], person["ethnicity"]) for person in made[:16]}) == 16
    assert len({tuple(person.values()) for person in made}) == 48


@pytest.mark.parametrize("seed", range(5))
def test_more_axes_are_balanced_in_pairs(seed: int) -> None:
    made = cast(even(["gender", "age", "ethnicity", "hair_color", "style"]), 1000, seed)
    for one, other in itertools.combinations(made[0], 2):
        pairs = Counter((person[one], person[other]) for person in made)
        expected = 1000 / len(AXES[one].values) / len(AXES[other].values)
        assert len(pairs) == len(AXES[one].values) * len(AXES[other].values)
        assert max(abs(count - expected) for count in pairs.values()) < 4


@pytest.mark.parametrize("seed", range(5))
def test_weights_of_their_own_are_closer_to_independent_than_dice_are(seed: int) -> None:
    """Dice would be off by some 15 in the worst pair of 1 000 people."""
    made = cast(census(), 1000, seed)
    worst = 0.0
    for one, other in itertools.combinations(CENSUS, 2):
        pairs = Counter((person[one], person[other]) for person in made)
        shares = itertools.product(CENSUS[one].items(), CENSUS[other].items())
        worst = max(worst, *(abs(pairs[a, b] - 1000 * x * y / 10_000) for (a, x), (b, y) in shares))
    assert worst < 18


def test_few_people_change_when_the_weights_of_their_axis_do() -> None:
    even_ages = values_of(cast(even(["age"]), 300), "age")
    other = values_of(cast(Quotas((weighted("age", {"young": 36, "adult": 33, "mature": 31}),)), 300), "age")
    assert sum(a != b for a, b in zip(even_ages, other, strict=True)) < 100
