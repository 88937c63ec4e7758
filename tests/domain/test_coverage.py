"""What a report of coverage says in sentences."""

import pytest
from counted_people import GENDER, HAIR, counted

from avatar_creator.domain.coverage import CastProgress, Coverage, Spread
from avatar_creator.domain.quotas import Quota
from avatar_creator.domain.spread import Wanted, cover


def report(*spreads: Spread, casts: tuple[CastProgress, ...] = ()) -> Coverage:
    return Coverage("Team", "prj_1", 10, "given", casts, spreads)


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
    thirds = Quota(("gender",), {(name,): 1 / 3 for name in ("a", "b", "c")})
    found = report(*cover(counted("gender", ("a", 4), ("b", 3), ("c", 3)), [Wanted(10, [thirds])]))
    assert (found.is_within(1), found.is_within(0.5), found.empty) == (True, False, 0)


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (CastProgress(7, 48, 48), "planned 48, made 48"),
        (CastProgress(7, 48, 46, failed=2), "planned 48, made 46, 2 failed"),
        (CastProgress(7, 48, 40, waiting=3, cancelled=1), "planned 48, made 40, 3 waiting, 1 cancelled, 4 not begun"),
        (CastProgress(7, 24, 48, avatars=48), "planned 24, made 48"),
        (CastProgress(7, 24, 24, avatars=48), "planned 24, made 24 as 48 avatars"),
    ],
)
def test_a_cast_says_what_became_of_its_people(progress: CastProgress, said: str) -> None:
    assert str(progress) == said
