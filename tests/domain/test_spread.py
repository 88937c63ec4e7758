"""How people are spread over values and pairs of values."""

from collections.abc import Sequence

import pytest
from counted_people import GENDER, HAIR, counted

from avatar_creator.domain.quotas import Quota
from avatar_creator.domain.spread import People, PeopleCount, Value, Wanted, cover, even_over_seen


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


HAIR_STYLE = Quota(("hair_style",), {("bald",): 0.25, ("bob",): 0.75})
HAIR_COLOR = Quota(("hair_color",), {("red",): 1 / 3, ("black",): 2 / 3})
BALD_AND_NOT = (("male", "bald", None, 5), ("male", "bob", "red", 5), ("female", "bob", "black", 10))


def test_who_can_have_no_value_counts_neither_as_wanted_nor_as_one_who_says_nothing() -> None:
    people = counted("gender hair_style hair_color", *BALD_AND_NOT)
    found = told(people, Wanted(20, [GENDER, HAIR_STYLE, HAIR_COLOR]))
    assert found["hair color"] == {"red": (5, 5), "black": (10, 10)}
    assert found["hair style x hair color"] == {"bob red": (5, 5), "bob black": (10, 10)}
    assert found["gender x hair color"]["female black"] == (5, 10)
    colors = next(each for each in cover(people, [Wanted(20, [HAIR_COLOR])]) if each.axes == ("hair_color",))
    assert (colors.not_said, colors.other) == (0, 0)


def test_the_style_of_hair_decides_who_can_have_a_color_where_nobody_balances_it() -> None:
    (colors,) = cover(
        _colors_alone(("Shaved bald", "red", 3), ("bob", "red", 5), ("bob", None, 2)), [Wanted(10, [HAIR_COLOR])]
    )
    assert [(cell.values, round(cell.target, 2), cell.got) for cell in colors.cells] == [
        (("red",), 2.33, 5),
        (("black",), 4.67, 0),
    ]
    assert colors.not_said == 2


def test_of_those_who_are_not_made_a_share_can_have_no_value() -> None:
    people = counted("hair_style hair_color", ("bald", None, 2), ("bob", "red", 2))
    found = told(people, Wanted(20, [HAIR_STYLE, HAIR_COLOR]))
    assert found["hair color"] == {"red": (4.67, 2), "black": (9.33, 0)}  # of 20 - 2 - 16 / 4


def test_people_who_are_of_no_cast_leave_targets_for_those_who_are() -> None:
    people = counted("hair_color hair_style", (None, "bald", 30), ("red", "bob", 10))
    assert told(people, Wanted(8, [HAIR_COLOR]))["hair color"] == {"red": (0.67, 10), "black": (1.33, 0)}


def test_a_table_says_who_can_have_no_value() -> None:
    joint = Quota(("gender", "hair_style"), {("male", "bald"): 0.5, ("female", "bob"): 0.5})
    people = counted("gender hair_style hair_color", ("male", "bald", None, 5), ("female", "bob", "red", 5))
    found = told(people, Wanted(10, [joint, HAIR_COLOR]))
    assert found["gender x hair color"] == {"female red": (1.67, 5), "female black": (3.33, 0)}


def test_even_targets_leave_out_what_nobody_can_have() -> None:
    people = counted("hair_style hair_color", ("bald", None, 4), ("bob", "red", 3), ("bob", "black", 1))
    found = told(people, *even_over_seen(people))
    assert found["hair color"] == {"black": (2, 1), "red": (2, 3)}
    assert found["hair style x hair color"] == {"bob black": (2, 1), "bob red": (2, 3)}


def _colors_alone(*counts: tuple[str, str | None, int]) -> People:
    def count(names: Sequence[str]) -> list[PeopleCount]:
        assert tuple(names) == ("hair_color", "hair_style")
        return [PeopleCount((color, style), number) for style, color, number in counts]

    return People(["hair_color"], count)


def test_values_that_say_the_same_are_one() -> None:
    people = counted("gender hair_color", ("female", "gray", 2), ("weiblich", "grey", 3), ("Mann", "blond", 1))
    hair = Quota(("hair_color",), {("gray",): 0.5, ("blonde",): 0.5})
    assert told(people, Wanted(6, [GENDER, hair]))["gender"] == {"female": (3, 5), "male": (3, 1)}
    assert told(people, Wanted(6, [hair]))["hair color"] == {"gray": (3, 5), "blonde": (3, 1)}
    assert told(people, *even_over_seen(people))["gender"] == {"Mann": (3, 1), "weiblich": (3, 5)}


def test_values_that_quotas_tell_apart_are_two() -> None:
    people = counted("hair_color", ("red", 2), ("ginger", 3))
    both = Quota(("hair_color",), {("red",): 0.5, ("ginger",): 0.5})
    assert told(people, Wanted(5, [both]))["hair color"] == {"red": (2.5, 2), "ginger": (2.5, 3)}
