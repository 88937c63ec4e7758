"""How people are spread over values and pairs of values."""

import pytest
from counted_people import GENDER, HAIR, counted

from avatar_creator.domain.quotas import Quota
from avatar_creator.domain.spread import People, Value, Wanted, cover, even_over_seen


def told(people: People, *wanted: Wanted) -> dict[str, dict[str, tuple[float, int]]]:
    found = cover(people, wanted)
    return {
        each.name: {" ".join(cell.values): (round(cell.target, 2), cell.got) for cell in each.cells} for each in found
    }


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
    women = Quota(("gender",), {("female",): 1.0})
    people = counted("gender", ("female", 8), ("male", 2))
    assert told(people, Wanted(4, [GENDER]), Wanted(6, [women])) == {"gender": {"female": (8, 8), "male": (2, 2)}}


def test_an_axis_that_one_of_the_casts_balances_is_wanted_of_all_people() -> None:
    people = counted("gender hair", ("female", "black", 12))
    found = told(people, Wanted(4, [GENDER, HAIR]), Wanted(8, [GENDER]))
    assert found["hair"] == {"black": (9, 12), "red": (3, 0)}
    assert found["gender"]["female"] == (6, 12)


def test_a_joint_table_says_its_pairs_and_cells() -> None:
    joint = Quota(
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
    part = Quota(("ethnicity",), {("east-asian",): 0.5, ("équipe",): 0.5})
    people = counted("ethnicity", ("East Asian", 1), ("EAST-ASIAN", 2), ("ÉQUIPE", 3))
    assert told(people, Wanted(6, [part])) == {"ethnicity": {"east-asian": (3, 3), "équipe": (3, 3)}}


def test_who_says_nothing_and_who_says_something_else_are_counted_apart() -> None:
    people = counted("gender hair", ("female", "black", 2), (None, "black", 3), ("Robot", None, 4), ("robot", "red", 5))
    gender, hair, both = cover(people, [Wanted(14, [GENDER, HAIR])])
    assert (gender.not_said, gender.other) == (3, 9)
    assert [(cell.values, cell.target, cell.got) for cell in gender.others] == [(("robot",), 0, 9)]
    assert (hair.not_said, hair.other) == (4, 0)
    assert (both.not_said, both.other) == (7, 5)


def test_ages_that_nobody_asked_for_are_told_as_the_quotas_tell_ages() -> None:
    counts = counted("age", (61, 2), (72, 1), (30, 1))
    for value, others in (("young", [("mature", 3), ("adult", 1)]), ("18-24", [("61", 2), ("72", 1), ("30", 1)])):
        (age,) = cover(counts, [Wanted(4, [Quota(("age",), {(value,): 1.0})])])
        assert [(cell.values[0], cell.got) for cell in age.others] == others


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
    ranges = Quota(("age",), {(name,): 1 / 3 for name in ("young", "adult", "mature")})
    found = told(counted("age", (said, 1)), Wanted(1, [ranges]))["age"]
    assert {name for name, (_, got) in found.items() if got} == {value}


@pytest.mark.parametrize(
    ("said", "value"),
    [(18, "18-24"), (24, "18-24"), (25, "25-64"), (90, "65+"), (17, None), ("adult", "25-64"), ("20-30", None)],
)
def test_the_spans_of_a_quota_are_its_age_ranges(said: Value, value: str | None) -> None:
    spans = Quota(("age",), {("18-24",): 0.2, ("25-64",): 0.6, ("65+",): 0.2})
    (age,) = cover(counted("age", (said, 1)), [Wanted(10, [spans])])
    assert [cell.values[0] for cell in age.cells if cell.got] == [value] * (value is not None)
    assert age.other == (value is None)


def test_age_ranges_are_in_the_order_of_their_years() -> None:
    spans = Quota(("age",), {("65+",): 0.2, ("18-24",): 0.2, ("9-17",): 0.6})
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
    first, second = (Quota((axis,), {(str(n),): 1 / 200 for n in range(200)}) for axis in ("a", "b"))
    assert [spread.axes for spread in cover(counted("a b", ("1", "2", 1)), [Wanted(1, [first, second])])] == [
        ("a",),
        ("b",),
    ]
