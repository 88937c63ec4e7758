"""Which name each person of a cast has."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.casts.names import names_of
from avatar_creator.casts.naming import Naming

GENDERS = ("female", "male", "non-binary")
who = st.lists(st.sampled_from(GENDERS), min_size=1, max_size=400)


def named(seed: int, locale: str, genders: Sequence[str]) -> list[str]:
    naming = Naming(seed)
    return [naming.name(number, locale, gender) for number, gender in enumerate(genders, start=1)]


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["en_US", "vi_VN", "en_NG", "ja_JP", "zh_CN", "gu_IN", "cs_CZ"]), st.integers(0, 99), who)
def test_nobody_is_called_like_somebody_else(locale: str, seed: int, genders: list[str]) -> None:
    assert len(set(named(seed, locale, genders))) == len(genders)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["en_US", "hi_IN", "ja_JP"]), st.integers(0, 99), who, who)
def test_a_name_does_not_depend_on_who_else_there_is(
    locale: str, seed: int, genders: list[str], others: list[str]
) -> None:
    mixed = [*genders[:1], *others[: len(genders) - 1], *genders[1 + len(others) :]]
    before, after = named(seed, locale, genders), named(seed, locale, mixed)
    same = [at for at, gender in enumerate(mixed) if genders[at] == gender]
    assert [after[at] for at in same] == [before[at] for at in same]


@pytest.mark.parametrize("locale", ["en_US", "en_NG", "ja_JP"])
def test_a_hundred_thousand_people_have_as_many_names(locale: str) -> None:
    names = named(7, locale, [GENDERS[number % 3] for number in range(100_000)])
    assert len(set(names)) == 100_000
    assert max(map(len, names)) < 100


def test_locales_that_share_names_give_none_twice() -> None:
    naming = Naming(7)
    locales = ("en_US", "en_GB", "en_IE", "en_NZ", "en")
    names = [naming.name(number, locales[number % 5], "female") for number in range(1, 30_001)]
    assert len(set(names)) == 30_000


def test_names_fit_gender_and_locale() -> None:
    lists = names_of("hi_IN")
    for gender in ("female", "male"):
        for name in named(3, "hi_IN", [gender] * 500):
            given_name, _, _ = name.partition(" ")
            assert any(each.startswith(given_name) for each in lists.given[gender])


def test_given_names_and_family_names_come_back_as_late_as_they_can() -> None:
    names = [name.split(" ", 1) for name in named(7, "en_US", ["female"] * 300)]
    assert len({given_name for given_name, _ in names}) == 300
    assert len({family for _, family in names}) > 250


def test_another_seed_gives_other_names() -> None:
    assert len(set(named(1, "en_US", GENDERS * 20)) & set(named(2, "en_US", GENDERS * 20))) < 5


def test_when_all_names_are_dealt_people_have_two_given_names() -> None:
    lists = names_of("vi_VN")
    names = named(7, "vi_VN", ["female"] * 400)
    assert len(names[0].split()) == 2
    more = [name for name in names if len(name.split()) > 2]
    assert more
    assert all(len(set(name.split()[:-1])) == len(name.split()) - 1 for name in more)
    assert all(set(name.split()[:-1]) <= set(" ".join(lists.given["female"]).split()) for name in more)
