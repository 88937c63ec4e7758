"""The people of a cast."""

import csv
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.casts.axes import AXES
from avatar_creator.casts.people import PEOPLE_MOST, CastSpec, people
from avatar_creator.casts.weighting import even, in_order
from avatar_creator.domain.age_ranges import KNOWN, range_of, read_years, spans_of
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.lint import lint
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.quotas import Quota, Quotas
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import open_persona_file

BALANCED = even(["gender", "age", "ethnicity"])
BOTH_LOCALES = in_order([*BALANCED.parts, *even(["locale"], {"locale": ("en_US", "hi_IN")}).parts])
FOLLOWS = {  # what changes with an axis
    "gender": {"gender", "name", "hair_style", "hair_color", "body_type"},
    "age": {"age", "age_range", "hair_style", "hair_color", "background"},
    "ethnicity": {"ethnicity", "skin_tone", "hair_color", "eye_color"},
    "locale": {"locale", "name"},
    "style": {"style", "background", "prompt"},
    "hair_style": {"hair_style", "hair_color"},
    "hair_color": {"hair_style", "hair_color"},
}
seeds = st.integers(0, 2**32 - 1)
axes = st.lists(st.sampled_from(["gender", "age", "ethnicity", "hair_color", "style", "eye_color"]), unique=True)


def cast(people_: int = 300, quotas: Quotas = BALANCED, seed: int = 7, **more: Any) -> list[PersonaRow]:
    return list(people(CastSpec(seed, people_, quotas, **more)))


def persons(rows: list[PersonaRow]) -> list[Mapping[str, str]]:
    return [row.cells for row in rows]


def weighted(axis: str, weights: Mapping[str, float]) -> Quota:
    return Quota((axis,), {(value,): weight for value, weight in weights.items()})


@settings(deadline=None, max_examples=20)
@given(seeds, axes, st.integers(1, 60), st.integers(1, 60))
def test_people_who_are_added_change_nobody(seed: int, balanced: list[str], few: int, more: int) -> None:
    quotas = even(balanced)
    assert cast(few + more, quotas, seed)[:few] == cast(few, quotas, seed)


@settings(deadline=None, max_examples=40)
@given(seeds, axes, st.sampled_from(sorted(set(AXES) - {"locale"})))
def test_another_axis_changes_nothing_but_what_follows_from_it(seed: int, balanced: list[str], axis: str) -> None:
    """What is allocated before it is allocated as before; what is allocated after it is balanced against it, too."""
    order = list(AXES)
    first = [each for each in balanced if order.index(each) < order.index(axis)]
    before, after = persons(cast(40, even(first), seed)), persons(cast(40, even([*first, axis]), seed))
    changed = {name for one, other in zip(before, after, strict=True) for name in one if one[name] != other[name]}
    assert changed - FOLLOWS.get(axis, {axis}) == set()


def test_a_reweighted_gender_changes_names_and_hair_of_those_who_change_alone() -> None:
    reweighted = in_order([weighted("gender", {"female": 0.5, "male": 0.3, "non-binary": 0.2}), *BALANCED.parts[1:]])
    stayed = 0
    for before, after in zip(persons(cast()), persons(cast(quotas=reweighted)), strict=True):
        changed = {name for name in before if before[name] != after[name]}
        if before["gender"] == after["gender"]:
            stayed += 1
            assert changed == set()
        assert changed <= FOLLOWS["gender"]
    assert stayed > 100


def test_a_locale_more_changes_names_of_those_who_have_it_alone() -> None:
    for before, after in zip(persons(cast()), persons(cast(quotas=BOTH_LOCALES)), strict=True):
        if after["locale"] == "en_US":
            assert after == before
        else:
            assert {name for name in before if before[name] != after[name]} == {"locale", "name"}


def test_a_quota_says_how_often_each_locale_is() -> None:
    quotas = Quotas((weighted("locale", {"de_DE": 0.75, "tr_TR": 0.25}),))
    found = Counter(one["locale"] for one in persons(cast(100, quotas)))
    assert found == {"de_DE": 75, "tr_TR": 25}


def test_each_person_has_an_id_that_says_seed_and_number() -> None:
    rows = cast(12)
    assert [row.persona_id for row in rows] == [f"cast-7-{number}" for number in range(1, 13)]
    assert [row.number for row in rows] == list(range(1, 13))


def test_nobody_lacks_anything_but_hair_color_where_there_is_no_hair() -> None:
    for row in cast(1500):
        missing = {name for name, cell in row.cells.items() if not cell}
        assert missing == ({"hair_color"} if row.attributes.hair_style == "bald" else set())
        assert 2 <= len(row.persona.personality) <= 3


HAIR = in_order(
    [
        Quota(("hair_style",), {("bald",): 0.3, ("short",): 0.3, ("bob",): 0.4}),
        Quota(("hair_color",), {("red",): 0.2, ("black",): 0.5, ("gray",): 0.3}),
    ]
)


@pytest.mark.parametrize(
    "more",
    [
        {"quotas": HAIR},
        {"quotas": even(["hair_style"]), "fixed": {"hair_color": "red"}},
        {"picked": {"hair_style": ("shaved bald", "bob"), "hair_color": ("red", "gray")}},
        {"quotas": even(["hair_style", "hair_color"])},
        {"picked": {"hair_style": ("bald", "bob"), "hair_color": ("red", "gray")}},
        {"picked": {"hair_style": ("bald", "bob")}, "quotas": even(["hair_color"])},
        {"quotas": Quota(("gender", "hair_color"), {("male", "red"): 1.0}), "picked": {"hair_style": ("bald", "bob")}},
    ],
)
def test_nobody_who_is_bald_has_a_color_of_hair(more: dict[str, Any]) -> None:
    if isinstance(more.get("quotas"), Quota):
        more = more | {"quotas": Quotas((more["quotas"],))}
    rows = cast(200, **more)
    assert {bool(row.attributes.hair_color) for row in rows} == {True, False}
    for row in rows:
        assert lint(row.persona, row.attributes, row.prompt) == []
        assert ("bald" in (row.attributes.hair_style or "")) is (row.attributes.hair_color is None)


def test_a_quota_of_hair_colors_is_met_among_those_who_have_hair() -> None:
    rows = cast(300, HAIR)
    styles = Counter(row.attributes.hair_style for row in rows)
    assert styles == {"bald": 90, "short": 90, "bob": 120}
    colors = Counter(row.attributes.hair_color for row in rows if row.attributes.hair_color)
    assert colors == {"red": 42, "black": 105, "gray": 63}


@pytest.mark.parametrize("axis", ["hair_color", "hair_style"])
def test_nobody_is_bald_by_chance_whose_rows_are_crossed_with_hair(axis: str) -> None:
    plain, crossed = cast(300), cast(300, crossed=frozenset({axis}))
    assert any(row.attributes.hair_style == "bald" for row in plain)
    assert all(row.attributes.hair_style != "bald" for row in crossed)
    others = [(one, other) for one, other in zip(plain, crossed, strict=True) if one.attributes.hair_style != "bald"]
    assert all(one == other for one, other in others)


@pytest.mark.parametrize(
    ("quotas", "fixed"),
    [
        (Quotas(), {"hair_style": "bald", "hair_color": "red"}),
        (even(["hair_color"]), {"hair_style": "bald"}),
        (Quotas((Quota(("hair_style", "hair_color"), {("bald", "red"): 0.5, ("bob", "red"): 0.5}),)), {}),
        (Quotas((Quota(("hair_style",), {("bald",): 1.0}), *even(["hair_color"]).parts)), {}),
        (Quotas((Quota(("gender", "hair_style"), {("male", "bald"): 1.0}),)), {"hair_color": "red"}),
    ],
)
def test_only_bald_people_with_colors_are_refused(quotas: Quotas, fixed: Mapping[str, str]) -> None:
    with pytest.raises(InvalidInput, match="bald"):
        cast(10, quotas, fixed=fixed)


def test_colors_of_hair_to_pick_for_bald_people_alone_are_refused() -> None:
    with pytest.raises(InvalidInput, match="All people are bald, and of hair color red, gray"):
        cast(10, fixed={"hair_style": "bald"}, picked={"hair_color": ("red", "gray")})


def test_nothing_in_a_person_contradicts_itself() -> None:
    for row in cast(1500):
        assert lint(row.persona, row.attributes, row.prompt) == []


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("young", 20, 29),
        ("adult", 30, 49),
        ("mature", 50, 75),
        ("Mature", 50, 75),
        ("18-24", 18, 24),
        ("65+", 65, 85),
        ("over 90", 90, 90),
        ("late 30s", 36, 39),
        ("under 3", 1, 2),
        ("42", 42, 42),
        ("30", 30, 30),
    ],
)
def test_ages_lie_in_their_range(asked: str, least: int, most: int) -> None:
    ages = [row.persona.age or 0 for row in cast(600, fixed={"age_range": asked})]
    assert (min(ages), max(ages)) == (least, most)
    for row in cast(50, fixed={"age": asked}):
        years = read_years(row.attributes.age_range or "")
        assert years is not None
        assert years.least <= (row.persona.age or 0) <= years.most
        assert lint(row.persona, row.attributes, row.prompt) == []


@pytest.mark.parametrize(
    "ranges", [("18-25", "25-40", "40-80"), ("18-30", "25-40"), ("mature", "65+"), ("18-80", "30-40"), ("42", "adult")]
)
def test_an_age_that_is_in_several_ranges_counts_for_one(ranges: tuple[str, ...]) -> None:
    everybody = cast(60, even(["age"], {"age": ranges}))
    placed = Counter(range_of(row.persona.age, spans_of(ranges)) for row in everybody)
    assert placed == dict.fromkeys(ranges, 60 // len(ranges))


def test_one_age_is_said_with_the_range_that_is_known() -> None:
    quotas = even(["age"], {"age": ["25", "60", "18-24"]})
    found = {(row.cells["age"], row.attributes.age_range) for row in cast(90, quotas)}
    assert {("25", "young"), ("60", "mature")} < found
    assert {range_ for _, range_ in found} == {"young", "mature", "18-24"}


def test_ages_where_none_are_asked_for_are_of_all_ranges() -> None:
    rows = cast(300, Quotas())
    assert {row.attributes.age_range for row in rows} == set(KNOWN)


def test_what_is_fixed_is_the_same_for_all_and_goes_before_quotas_and_picks() -> None:
    fixed = {"style": "sporty", "gender": "female", "eye_color": "green"}
    rows = cast(60, fixed=fixed, picked={"eye_color": ("blue", "gray")})
    assert {(r.attributes.style, r.attributes.gender, r.attributes.eye_color) for r in rows} == {
        ("sporty", "female", "green")
    }


def test_picks_are_drawn_evenly_where_no_quota_decides() -> None:
    rows = cast(600, picked={"hair_color": ("red", "pink"), "gender": ("male",), "age": ("25", "61")})
    found = Counter(row.attributes.hair_color for row in rows)
    assert set(found) == {"red", "pink"}
    assert abs(found["red"] - 300) < 60
    assert Counter(row.attributes.gender for row in rows) == {"female": 200, "male": 200, "non-binary": 200}
    assert {row.persona.age for row in cast(50, Quotas(), picked={"age": ("25", "61")})} == {25, 61}


def test_a_locale_may_be_picked_and_fixed() -> None:
    assert {row.cells["locale"] for row in cast(40, picked={"locale": ("fr_FR", "ko_KR")})} == {"fr_FR", "ko_KR"}
    assert {row.cells["locale"] for row in cast(9, fixed={"locale": "pl-pl"})} == {"pl_PL"}


def test_rows_are_those_of_a_file_that_says_the_same(tmp_path: Path) -> None:
    locales = ("en_US", "ja_JP", "ar_SA", "hi_IN", "zh_CN", "th_TH")
    rows = cast(60, even(["gender", "locale"], {"locale": locales}))
    path = tmp_path / "cast.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].cells)
        writer.writeheader()
        writer.writerows(row.cells for row in rows)
    with_ids = list(open_persona_file(path).rows())
    assert [row for row in with_ids if not isinstance(row, PersonaRow)] == []
    for one, other in zip(rows, with_ids, strict=True):
        assert isinstance(other, PersonaRow)
        assert (one.persona, one.attributes, one.prompt) == (other.persona, other.attributes, other.prompt)
        assert (one.persona_id, one.cells) == (other.persona_id, other.cells)


def test_people_come_one_after_another() -> None:
    assert len(list(islice(people(CastSpec(7, PEOPLE_MOST)), 3))) == 3


@pytest.mark.parametrize("number", [0, -1, 100_001])
def test_a_cast_has_a_person_and_at_most_a_hundred_thousand(number: int) -> None:
    with pytest.raises(InvalidInput, match="number of people"):
        people(CastSpec(7, number))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"fixed": {"locale": "am_ET"}}, "am_ET"),
        ({"fixed": {"locale": "xx"}}, "'xx'"),
        ({"picked": {"locale": ("en_US", "xx")}}, "'xx'"),
        ({"quotas": Quotas((weighted("age", {"boomer": 1.0}),))}, "'boomer'"),
        ({"fixed": {"age": "nobody knows"}}, "'nobody knows'"),
        ({"fixed": {"age": "0"}}, "outside 1 to 120"),
        ({"fixed": {"age": "130"}}, "outside 1 to 120"),
        ({"fixed": {"shoes": "red"}}, "shoes"),
        ({"fixed": {"eye_color": "N/A"}}, "eye_color"),
        ({"fixed": {"eye_color": "x" * 51}}, "eye color"),
        ({"picked": {"eye_color": ()}}, "eye_color"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 2001}, "prompt"),
    ],
)
def test_what_cannot_be_cast_is_refused_before_the_first_person(more: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        people(CastSpec(7, 3)._replace(**more))


def test_any_text_may_be_the_value_of_an_attribute() -> None:
    fixed = {"gender": "agender", "ethnicity": "Klingon", "style": "red sweater", "hair_style": "mohawk"}
    (row,) = cast(1, Quotas(), fixed=fixed)
    assert row.attributes == Attributes(**{**row.attributes.as_json(), **fixed})
    assert row.attributes.skin_tone
