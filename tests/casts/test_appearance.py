"""What people of a cast look like."""

from collections import Counter

import pytest

from avatar_creator.casts.axes import AXES
from avatar_creator.casts.people import CastSpec, people
from avatar_creator.casts.tables import appearance
from avatar_creator.casts.tables.ages import AGES
from avatar_creator.casts.weighting import even
from avatar_creator.domain.age_ranges import KNOWN
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.quotas import Quotas

ETHNICITIES = [value for attribute in ATTRIBUTES if attribute.name == "ethnicity" for value in attribute.known]
NONE = Quotas()
COLORS = ("skin", "hair", "eyes")


def seen(people_: int, quotas: Quotas = NONE, **fixed: str) -> list[tuple[int, Attributes]]:
    spec = CastSpec(3, people_, quotas, fixed=fixed)
    return [(row.persona.age or 0, row.attributes) for row in people(spec)]


def test_ages_of_ranges_lie_in_what_the_prompt_calls_so_and_do_not_overlap() -> None:
    assert set(AGES) == set(KNOWN) == set(AXES["age"].values)
    for name, years in AGES.items():
        assert KNOWN[name].least <= years.least <= years.most <= KNOWN[name].most
    ends = [years.most for years in AGES.values()]
    assert all(end < years.least for end, years in zip(ends, list(AGES.values())[1:], strict=False))


def test_all_tables_have_values_that_axes_know() -> None:
    tables = {
        "skin_tone": [colors.skin for colors in (*appearance.COLORS.values(), appearance.ANY_COLORS)],
        "hair_color": [colors.hair for colors in (*appearance.COLORS.values(), appearance.ANY_COLORS)],
        "eye_color": [colors.eyes for colors in (*appearance.COLORS.values(), appearance.ANY_COLORS)],
        "hair_style": appearance.HAIR_STYLES.values(),
        "body_type": appearance.BODY_TYPES.values(),
        "style": [appearance.STYLES, appearance.STYLES_OF_CHILDREN],
        "gender": [appearance.GENDERS],
    }
    for axis, weights in tables.items():
        for each in weights:
            assert set(each) <= set(AXES[axis].values), axis
            assert min(each.values()) > 0


@pytest.mark.parametrize("color", COLORS)
def test_no_color_is_of_one_ethnicity_alone_and_no_ethnicity_has_one_color(color: str) -> None:
    weights = {name: getattr(colors, color) for name, colors in appearance.COLORS.items()}
    for name, each in weights.items():
        assert len(each) >= 4, name
        assert max(each.values()) < 0.9 * sum(each.values()), name
    of_any = Counter(value for each in [*weights.values(), getattr(appearance.ANY_COLORS, color)] for value in each)
    assert min(of_any.values()) >= 2


def test_nothing_but_colors_follows_from_an_ethnicity() -> None:
    rows = {name: list(people(CastSpec(3, 200, fixed={"ethnicity": name}))) for name in ETHNICITIES}
    first, *others = rows.values()
    colored = {"ethnicity", "skin_tone", "hair_color", "eye_color"}
    for other in others:
        for one, same in zip(first, other, strict=True):
            assert {name for name in one.cells if one.cells[name] != same.cells[name]} <= colored


def test_every_ethnicity_of_the_axis_has_weights_of_its_own() -> None:
    assert set(AXES["ethnicity"].values) <= set(appearance.COLORS)
    assert set(appearance.SAME_COLORS.values()) <= set(appearance.COLORS)


def test_people_are_bald_if_they_are_men_of_an_age_or_were_asked_to_be() -> None:
    for age, looks in seen(3000):
        assert looks.hair_style != "bald" or (looks.gender == "male" and age >= 30)
    old = [looks.hair_style for _, looks in seen(1000, gender="male", age="60-80")]
    assert 100 < old.count("bald") < 250
    assert {looks.hair_style for _, looks in seen(9, gender="female", hair_style="bald")} == {"bald"}


def test_nobody_with_a_color_of_hair_that_was_asked_for_is_bald() -> None:
    assert "bald" not in {looks.hair_style for _, looks in seen(500, gender="male", age="60-80", hair_color="red")}
    assert {looks.hair_color for _, looks in seen(20, hair_style="bald")} == {None}


def test_hair_turns_gray_with_the_years() -> None:
    shares = []
    for age in ("20-41", "42-49", "50-57", "58-64", "65-74", "75-85"):
        hair = [looks.hair_color for _, looks in seen(500, age=age, gender="female")]
        shares.append(sum(color in {"gray", "white"} for color in hair) / 500)
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] > 0.8


def test_hair_styles_and_builds_are_broad_for_all_genders() -> None:
    for gender in AXES["gender"].values:
        drawn = [looks for _, looks in seen(2000, gender=gender)]
        assert len({looks.hair_style for looks in drawn}) >= 10
        assert len({looks.body_type for looks in drawn}) >= 4


def test_traditional_dress_is_worn_where_it_is_asked_for() -> None:
    assert "traditional" not in {looks.style for _, looks in seen(2000)}
    assert Counter(looks.style for _, looks in seen(80, even(["style"])))["traditional"] == 10


def test_children_wear_no_suits() -> None:
    styles = {looks.style for _, looks in seen(500, age="5-17")}
    assert styles == {"casual", "smart-casual", "sporty", "creative"}


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("woman", "female"),
        ("women", "female"),
        ("Frauen", "female"),
        ("Женщина", "female"),
        ("trans woman", "female"),
        ("Man", "male"),
        ("men", "male"),
        ("hombres", "male"),
        ("男性", "male"),
        ("trans men", "male"),
        ("agender", "non-binary"),
    ],
)
def test_other_words_for_a_gender_have_its_names_and_hair(word: str, same: str) -> None:
    words, others = (list(people(CastSpec(3, 100, fixed={"gender": gender}))) for gender in (word, same))
    assert [one.persona.name for one in words] == [one.persona.name for one in others]
    assert [one.attributes.hair_style for one in words] == [one.attributes.hair_style for one in others]
