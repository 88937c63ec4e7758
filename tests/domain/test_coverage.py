"""How balanced people are, told from counts of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest

from avatar_creator.domain.coverage import (
    CastStand,
    Coverage,
    People,
    PeopleCount,
    Spread,
    Value,
    Wanted,
    cover,
    even_over_seen,
)


class Part(NamedTuple):
    axes: tuple[str, ...]
    cells: Mapping[tuple[str, ...], float]


GENDER = Part(("gender",), {("female",): 0.5, ("male",): 0.5})
HAIR = Part(("hair",), {("black",): 0.75, ("red",): 0.25})


def counted(axes: str, *counts: tuple[Value, ...], tables: Sequence[tuple[str, ...]] = ()) -> People:
    """Each count is the values, and at the end how many people have them."""
    people = [PeopleCount(values, number) for *values, number in counts]  # type: ignore[arg-type]
    return People(axes.split(), [PeopleCount(tuple(each.values), each.people) for each in people], tables)


def told(people: People, *wanted: Wanted) -> dict[str, dict[str, tuple[float, int]]]:
    found = cover(people, wanted)
    return {
        each.name: {" ".join(cell.values): (round(cell.target, 2), cell.got) for cell in each.cells} for each in found
    }


def report(*spreads: Spread, casts: tuple[CastStand, ...] = ()) -> Coverage:
    return Coverage("Team", "prj_1", 10, "given", casts, spreads)


def test_targets_are_quotas_times_people() -> None:
    people = counted("gender hair", ("female", "black", 3), ("male", "black", 2), ("male", "red", 3))
    assert told(people, Wanted(8, [GENDER, HAIR])) == {
        "gender": {"female": (4, 3), "male": (4, 5)},
        "hair": {"black": (6, 5), "red": (2, 3)},
        "gender x hair": {
            "female black": (3, 3),
            "female red": (1, 0),
            "male black": (3, 2),
            "male red": (1, 3),
        },
    }


def test_several_casts_add_up() -> None:
    women = Part(("gender",), {("female",): 1.0})
    people = counted("gender", ("female", 8), ("male", 2))
    assert told(people, Wanted(4, [GENDER]), Wanted(6, [women])) == {"gender": {"female": (8, 8), "male": (2, 2)}}


def test_an_axis_that_one_of_the_casts_balances_is_wanted_of_all_people() -> None:
    people = counted("gender hair", ("female", "black", 12))
    found = told(people, Wanted(4, [GENDER, HAIR]), Wanted(8, [GENDER]))
    assert found["hair"] == {"black": (9, 12), "red": (3, 0)}
    assert found["gender"]["female"] == (6, 12)


def test_a_joint_table_says_its_pairs_and_cells() -> None:
    joint = Part(
        ("gender", "hair", "style"),
        {("female", "red", "formal"): 0.5, ("male", "red", "formal"): 0.25, ("male", "black", "formal"): 0.25},
    )
    axes = ("gender", "hair", "style")
    people = counted(
        "gender hair style", ("female", "red", "formal", 2), ("female", "black", "formal", 1), tables=[axes]
    )
    found = told(people, Wanted(4, [joint]))
    assert found["gender"] == {"female": (2, 3), "male": (2, 0)}
    assert found["gender x hair"] == {
        "female red": (2, 2),
        "male red": (1, 0),
        "male black": (1, 0),
        "female black": (0, 1),
    }
    assert found["gender x hair x style"]["male black formal"] == (1, 0)


def test_values_are_the_same_in_any_case_and_with_any_hyphens() -> None:
    part = Part(("ethnicity",), {("east-asian",): 0.5, ("équipe",): 0.5})
    people = counted("ethnicity", ("East Asian", 1), ("EAST-ASIAN", 2), ("ÉQUIPE", 3))
    assert told(people, Wanted(6, [part])) == {"ethnicity": {"east-asian": (3, 3), "équipe": (3, 3)}}


def test_who_says_nothing_and_who_says_something_else_are_counted_apart() -> None:
    people = counted("gender hair", ("female", "black", 2), (None, "black", 3), ("Robot", None, 4), ("robot", "red", 5))
    gender, hair, both = cover(people, [Wanted(14, [GENDER, HAIR])])
    assert (gender.not_said, gender.other) == (3, 9)
    assert [(cell.values, cell.target, cell.got) for cell in gender.others] == [(("robot",), 0, 9)]
    assert (hair.not_said, hair.other) == (4, 0)
    assert (both.not_said, both.other) == (7, 5)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (29, "young"),
        (30, "adult"),
        (49, "adult"),
        (50, "mature"),
        (0, "young"),
        ("adult", "adult"),
        ("Mature", "mature"),
        ("late 20s", "young"),
        ("35-44", "adult"),
        ("70+", "mature"),
    ],
)
def test_an_age_lies_in_a_range(said: Value, value: str) -> None:
    ranges = Part(("age",), {(name,): 1 / 3 for name in ("young", "adult", "mature")})
    found = told(counted("age", (said, 1)), Wanted(1, [ranges]))["age"]
    assert {name for name, (_, got) in found.items() if got} == {value}


@pytest.mark.parametrize(
    ("said", "value"),
    [(18, "18-24"), (24, "18-24"), (25, "25-64"), (90, "65+"), (17, None), ("adult", "25-64"), ("20-30", None)],
)
def test_the_spans_of_a_quota_are_its_age_ranges(said: Value, value: str | None) -> None:
    spans = Part(("age",), {("18-24",): 0.2, ("25-64",): 0.6, ("65+",): 0.2})
    (age,) = cover(counted("age", (said, 1)), [Wanted(10, [spans])])
    assert [cell.values[0] for cell in age.cells if cell.got] == [value] * (value is not None)
    assert age.other == (value is None)


def test_age_ranges_are_in_the_order_of_their_years() -> None:
    spans = Part(("age",), {("65+",): 0.2, ("18-24",): 0.2, ("9-17",): 0.6})
    (age,) = cover(counted("age", (18, 1)), [Wanted(10, [spans])])
    assert [cell.values[0] for cell in age.cells] == ["9-17", "18-24", "65+"]


def test_without_quotas_people_are_compared_with_as_many_of_each_value_there_is() -> None:
    people = counted("gender age", ("female", 20, 6), ("Female", 70, 1), ("male", 34, 1), (None, None, 9))
    found = told(people, *even_over_seen(people))
    assert found["gender"] == {"female": (4, 7), "male": (4, 1)}
    assert list(found["age"]) == ["young", "adult", "mature"]
    assert found["gender x age"]["male young"] == (1.33, 0)


def test_free_texts_are_no_more_values_than_a_report_can_hold() -> None:
    people = counted("gender hair", *((f"g{n}", f"h{n}", 1) for n in range(3000)))
    gender, hair, both = cover(people, even_over_seen(people))
    assert (len(gender.cells), gender.other, len(gender.others)) == (100, 2900, 20)
    assert len(hair.cells) * len(gender.cells) == len(both.cells) == 10_000


def test_a_pair_of_too_many_cells_is_left_out() -> None:
    first, second = (Part((axis,), {(str(n),): 1 / 200 for n in range(200)}) for axis in ("a", "b"))
    assert [spread.axes for spread in cover(counted("a b", ("1", "2", 1)), [Wanted(1, [first, second])])] == [
        ("a",),
        ("b",),
    ]


# -- the summary


def test_the_summary_says_how_far_off_and_what_is_empty() -> None:
    people = counted("gender hair", ("female", "black", 4), ("male", "black", 4), ("male", "red", 2))
    assert report(*cover(people, [Wanted(10, [GENDER, HAIR])])).summary() == [
        "Every margin is within 1.",
        "1 of 4 pairs gender x hair empty: female red.",
    ]
    people = counted(
        "gender hair", ("female", "black", 4), ("female", "red", 4), ("male", "black", 2), ("male", "red", 1)
    )
    assert report(*cover(people, [Wanted(11, [GENDER, HAIR])])).summary() == [
        "The margin that is farthest from its target: gender female, 2.5 more.",
        "No value and no pair is empty.",
    ]


def test_pairs_that_lack_a_value_are_named_by_it() -> None:
    found = report(*cover(counted("gender hair", ("female", "black", 4)), [Wanted(4, [GENDER, HAIR])]))
    assert found.emptiness() == [
        "1 of 2 values of gender empty: male.",
        "1 of 2 values of hair empty: red.",
        "3 of 4 pairs gender x hair empty: all red, all male.",
    ]


def test_a_margin_of_a_fraction_is_within_one() -> None:
    thirds = Part(("gender",), {(name,): 1 / 3 for name in ("a", "b", "c")})
    found = report(*cover(counted("gender", ("a", 4), ("b", 3), ("c", 3)), [Wanted(10, [thirds])]))
    assert (found.is_within(1), found.is_within(0.5), found.empty) == (True, False, 0)


@pytest.mark.parametrize(
    ("stand", "said"),
    [
        (CastStand(7, 48, 48), "planned 48, made 48"),
        (CastStand(7, 48, 46, failed=2), "planned 48, made 46, 2 failed"),
        (CastStand(7, 48, 40, waiting=3, cancelled=1), "planned 48, made 40, 3 waiting, 1 cancelled, 4 not begun"),
        (CastStand(7, 24, 48, avatars=48), "planned 24, made 48"),
        (CastStand(7, 24, 24, avatars=48), "planned 24, made 24 as 48 avatars"),
    ],
)
def test_a_cast_says_what_became_of_its_people(stand: CastStand, said: str) -> None:
    assert str(stand) == said
