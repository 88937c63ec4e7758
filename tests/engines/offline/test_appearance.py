"""Looks: what follows from what, and what never does."""

from collections import Counter
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.engines.offline.ancestry import ANCESTRIES
from avatar_creator.engines.offline.appearance import Appearance, decide_appearance
from avatar_creator.engines.offline.art import ART_STYLES
from avatar_creator.engines.offline.art.style import COVERED
from avatar_creator.engines.offline.palette import EYES, FABRIC, HAIR, SKIN, distance
from avatar_creator.engines.offline.request_reader import read_request
from avatar_creator.engines.offline.rng import SeededRng
from avatar_creator.engines.offline.variants import choose_variants
from avatar_creator.engines.offline.words.topics import Topic
from engines.offline.drawings import ENGINE, Quiet, asked, colored, drawn, notices, planned

KNOWN = {attribute.name: attribute.known for attribute in ATTRIBUTES}
# What may change in a drawing when an attribute does; everything else has to stay.
FOLLOWS = {
    "gender": {"top", "behind", "facialHair", "stubble", "earrings"},
    "age_range": {
        *("top", "behind", "hair", "facialHair", "ageLines", "contours", "brows", "earrings", "background", "hairEdge"),
        *("figure", "head", "stubble", "features", "eyewear"),
    },
    "ethnicity": {
        *("top", "behind", "skin", "hair", "hairEdge", "facialHair", "brows", "ageLines", "shade"),
        *("accessories", "eyes", "background"),
    },
    "body_type": {"body", "head", "stubble"},
    "hair_style": {"top", "behind"},
    "hair_color": {"hair", "facialHair", "brows", "background", "hairEdge"},
    "eye_color": {"eyes"},
    "skin_tone": {"skin", "ageLines", "shade", "accessories", "brows", "hairEdge"},
    "style": {"clothes", "clothesGraphic", "accent"},
}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the names of drawings that differ, and of colors that differ and are seen in both pictures."""
    drawings = {name for name, _ in before["drawings"].items() ^ after["drawings"].items()}
    shared = before["colors"].keys() & after["colors"].keys()
    return drawings | {name for name in shared if before["colors"][name] != after["colors"][name]}


def decided(**fields: Any) -> Appearance:
    request = asked(**fields)
    return decide_appearance(read_request(request), SeededRng(request.seed, request.persona.name))


def test_what_follows_is_said_of_each_attribute() -> None:
    assert FOLLOWS.keys() == KNOWN.keys(), "add to FOLLOWS which parts of a drawing the attribute may change"


@pytest.mark.parametrize("attribute", FOLLOWS)
def test_one_attribute_leaves_the_rest_of_the_face_alone(attribute: str) -> None:
    for seed in range(1, 11):
        before = dict(planned(seed=seed).sent)
        for value in KNOWN[attribute]:
            after = dict(planned(seed=seed, **{attribute: value}).sent)
            assert changed(before, after) <= FOLLOWS[attribute], (seed, value)


@pytest.mark.parametrize(("attribute", "value"), [(a.name, v) for a in ATTRIBUTES for v in a.known])
def test_every_value_that_help_offers_is_known(attribute: str, value: str) -> None:
    assert [notice for notice in notices(**{attribute: value}) if " does not know " in notice] == []


@pytest.mark.parametrize(("attribute", "value"), [(a.name, v) for a in ATTRIBUTES for v in a.known])
def test_every_known_value_is_expressed_or_noticed(attribute: str, value: str) -> None:
    plan = planned(**{attribute: value})
    if plan.notices or (attribute, value) == ("body_type", "average"):
        return
    others = [other for other in KNOWN[attribute] if other != value]
    assert any(
        planned(seed=seed, **{attribute: value}).sent != planned(seed=seed, **{attribute: other}).sent
        for seed in range(1, 6)
        for other in others
    )


@pytest.mark.parametrize("age_range", ["young", "adult", "mature", "30-40", "teen", "senior", "elderly", "50+"])
def test_age_ranges_are_understood(age_range: str) -> None:
    assert notices(age_range=age_range) == ()


def test_an_exact_age_counts_more_than_an_age_range() -> None:
    assert drawn(age=72, age_range="young")["ageLines"] == "seventies"


@pytest.mark.parametrize(
    ("age", "lines"),
    [(24, None), (35, None), (39, None), (40, "forties"), (58, "fifties"), (64, "fifties"), (72, "seventies")],
)
def test_lines_come_with_age(age: int, lines: str | None) -> None:
    assert drawn(age=age).get("ageLines") == lines


@pytest.mark.parametrize(("age", "contours"), [(29, None), (30, "thirties"), (39, "thirties"), (40, None)])
def test_a_face_of_thirty_has_contours_and_no_lines_yet(age: int, contours: str | None) -> None:
    assert drawn(age=age).get("contours") == contours


@pytest.mark.parametrize("skin", SKIN)
def test_ages_look_different_on_every_skin(skin: str) -> None:
    def face(age: int) -> Image.Image:
        request = asked(
            age=age, skin_tone=skin, hair_style="short", gender="female", size=(120, 120), format_=PictureFormat.PNG
        )
        return Image.open(BytesIO(ENGINE.generate(request, Quiet()).data)).convert("RGB")

    faces = [face(age) for age in (24, 42, 58, 72)]
    for younger, older in pairwise(faces):
        middle = ImageChops.difference(younger, older).crop((30, 30, 90, 80))  # without the hair
        assert max(high for _, high in ImageStat.Stat(middle).extrema) > 24


def test_hair_grays_with_age_unless_a_color_was_asked_for() -> None:
    def lightest(age: int) -> int:
        return sum(int(colored(age=age, ethnicity="asian", seed=seed)["hair"][1:3], 16) for seed in range(1, 20))

    assert lightest(24) < lightest(42) < lightest(58) < lightest(72)
    assert colored(age=72, hair_color="black")["hair"] == HAIR["black"]


def test_only_grown_men_have_beards_unasked() -> None:
    bearded = Counter(
        gender
        for seed in range(1, 101)
        for gender, age in (("female", 40), ("male", 40), ("boy", 15))
        if "facialHair" in drawn(gender=gender, age=age, seed=seed)
    )
    assert set(bearded) == {"male"}
    assert 15 < bearded["male"] < 45
    assert drawn(gender="female", base="a long beard")["facialHair"] == "beardMajestic"


def test_old_men_may_go_bald_and_others_do_not() -> None:
    tops = Counter(drawn(gender="male", age=70, seed=seed)["top"] for seed in range(1, 101))
    assert 20 < tops["sides"] < 50
    assert all(drawn(gender="female", age=70, seed=seed)["top"] != "sides" for seed in range(1, 51))
    assert all(drawn(gender="male", age=70, hair_style="short", seed=seed)["top"] != "sides" for seed in range(1, 51))


@pytest.mark.parametrize("style", ART_STYLES)
@pytest.mark.parametrize("gender", ["female", "male", "non-binary"])
@pytest.mark.parametrize("ethnicity", ["white", "black", "mixed"])
def test_long_hair_is_long_and_no_bun(style: str, gender: str, ethnicity: str) -> None:
    art = ART_STYLES[style]
    for seed in range(1, 13):
        sent = drawn(
            gender=gender, ethnicity=ethnicity, hair_style="long", seed=seed, age=30, options={"art_style": style}
        )
        hair = "/".join(sent.get(component, "-") for component in art.hair_component.split("/"))
        features = set(art.hair[hair].split())
        assert "long" in features
        assert features.isdisjoint({"bun", "buns"})


def test_ties_are_worn_by_men_or_whoever_asks() -> None:
    for seed in range(1, 31):
        for style in ("business", "formal", "suit"):
            assert "Tie" not in drawn(gender="female", style=style, seed=seed)["clothes"]
        assert "Tie" in drawn(gender="female", style="a tie", seed=seed)["clothes"]
    assert any("Tie" in drawn(gender="male", style="business", seed=seed)["clothes"] for seed in range(1, 31))


@pytest.mark.parametrize("base", ["a black suit and a red tie", "a suit and tie", "a tie and a blazer"])
def test_a_suit_and_a_tie_are_both_seen(base: str) -> None:
    assert {drawn(base=base, seed=seed)["clothes"] for seed in range(1, 9)} == {"blazerAndTie"}


def test_a_lab_coat_is_white_unless_a_color_was_asked_for() -> None:
    assert {colored(style="lab coat", seed=seed)["clothes"] for seed in range(1, 21)} == {FABRIC["white"]}
    assert colored(style="blue lab coat")["clothes"] == FABRIC["blue"]


@pytest.mark.parametrize("clothes", FABRIC)
def test_a_tie_is_seen_on_every_shirt(clothes: str) -> None:
    for seed in range(1, 13):
        colors = colored(style=f"{clothes} shirt and tie", seed=seed)
        assert distance(colors["accent"], colors["clothes"]) > 15


def test_headwear_is_drawn_only_when_asked_for() -> None:
    for ethnicity in KNOWN["ethnicity"]:
        for seed in range(1, 31):
            drawings = drawn(ethnicity=ethnicity, seed=seed)
            assert "headwear" not in drawings
            assert drawings.get("top") not in {"hat", "hijab", "turban", "frida", "froBand", "winterHat1"}


@pytest.mark.parametrize("headwear", ["hat", "cap", "beanie", "hard hat", "headband", "flowers in the hair"])
@pytest.mark.parametrize("hair_style", ["bald", "short", "afro", "bob", "long straight", "curly", "bun"])
def test_headwear_changes_nothing_but_the_head_it_is_on(headwear: str, hair_style: str) -> None:
    for seed in range(1, 9):
        bare = drawn(hair_style=hair_style, seed=seed)
        worn = drawn(hair_style=hair_style, seed=seed, base=f"wearing a {headwear}")
        assert worn.pop("headwear")
        hair = worn.get("top", "").removesuffix(COVERED)
        assert {**worn, "top": hair} == {**bare, "top": bare.get("top", "")}


@pytest.mark.parametrize(
    ("hair_style", "said"), [("bun", True), ("short", True), ("long wavy", False), ("afro", False), ("bald", False)]
)
def test_hair_that_is_not_seen_under_headwear_is_said(hair_style: str, *, said: bool) -> None:
    hidden = [one for one in notices(hair_style=hair_style, base="wearing a beanie") if " hides " in one]
    assert bool(hidden) == said


@pytest.mark.parametrize("ethnicity", KNOWN["ethnicity"])
def test_an_ethnicity_decides_skin_and_hair_from_its_pools_alone(ethnicity: str) -> None:
    origin = ANCESTRIES[ethnicity.replace("-", " ")]
    skins = {colored(ethnicity=ethnicity, seed=seed)["skin"] for seed in range(1, 80)}
    hairs = {colored(ethnicity=ethnicity, seed=seed, age=25)["hair"] for seed in range(1, 80)}
    assert skins <= {SKIN[name] for name in origin.skin}
    assert hairs <= {HAIR[name] for name in origin.hair}
    assert len(skins) > 1


@pytest.mark.parametrize("ethnicity", ["asian", "east-asian", "southeast-asian", "african", "pacific-islander"])
def test_eyes_are_brown_where_nearly_all_eyes_are(ethnicity: str) -> None:
    eyes = {decided(ethnicity=ethnicity, seed=seed).colors["eyes"] for seed in range(1, 201)}
    assert eyes == {EYES["brown"], EYES["dark brown"]}


def test_eyes_of_europeans_have_the_colors_that_surveys_find() -> None:
    eyes = Counter(decided(ethnicity="caucasian", seed=seed).colors["eyes"] for seed in range(1, 601))
    share = {name: eyes[EYES[name]] / 600 for name in ("brown", "dark brown", "blue", "hazel", "green", "gray")}
    assert 0.25 < share["blue"] < 0.38
    assert 0.27 < share["brown"] + share["dark brown"] < 0.45
    assert 0.12 < share["hazel"] < 0.25
    assert 0.08 < share["green"] < 0.2
    assert 0 < share["gray"] < 0.08


def refusing(refused: dict[Topic, set[str]], **fields: Any) -> Appearance:
    request = asked(**fields)
    requested = read_request(request)
    requested.refused = refused
    return decide_appearance(requested, SeededRng(request.seed, request.persona.name))


@pytest.mark.parametrize(
    ("topic", "meanings", "never"),
    [
        (Topic.HAIR_COLOR, {HAIR["blonde"]}, {"blonde", "dark blonde", "strawberry blonde"}),
        (Topic.HAIR_COLOR, {HAIR["brown"]}, {"brown", "dark brown", "light brown"}),
        (Topic.HAIR_COLOR, {HAIR["black"]}, {"black"}),
        (Topic.EYE_COLOR, {EYES["blue"]}, {"blue"}),
        (Topic.EYE_COLOR, {EYES["brown"]}, {"brown", "dark brown"}),
        (Topic.SKIN, {SKIN["light"]}, {"light"}),
        (Topic.FABRIC, {FABRIC["red"], FABRIC["navy"]}, {"red", "navy"}),
    ],
)
def test_a_color_that_is_refused_is_never_drawn_by_chance(topic: Topic, meanings: set[str], never: set[str]) -> None:
    role, names = {
        Topic.HAIR_COLOR: ("hair", HAIR),
        Topic.EYE_COLOR: ("eyes", EYES),
        Topic.SKIN: ("skin", SKIN),
        Topic.FABRIC: ("clothes", FABRIC),
    }[topic]
    free = {refusing({}, ethnicity="white", seed=seed).colors[role] for seed in range(1, 101)}
    drawn_ = {refusing({topic: meanings}, ethnicity="white", seed=seed).colors[role] for seed in range(1, 101)}
    assert free & {names[name] for name in never}
    assert drawn_.isdisjoint(names[name] for name in never)


@pytest.mark.parametrize(
    ("topic", "meaning", "role", "names", "never"),
    [
        (Topic.EYE_COLOR, "brown", "eyes", EYES, {"brown", "dark brown", "light brown"}),
        (Topic.SKIN, "dark", "skin", SKIN, {"medium dark", "dark", "deep"}),
    ],
)
def test_a_color_that_is_refused_is_drawn_of_no_origin(
    topic: Topic, meaning: str, role: str, names: dict[str, str], never: set[str]
) -> None:
    seeds = range(1, 31)
    drawn_ = {refusing({topic: {names[meaning]}}, ethnicity="African", seed=seed).colors[role] for seed in seeds}
    assert not drawn_ & {names[name] for name in never}


@pytest.mark.parametrize("gray", ["gray", "white", "silver", "salt and pepper"])
def test_hair_that_is_not_to_be_gray_does_not_gray(gray: str) -> None:
    for seed in range(1, 31):
        assert refusing({Topic.HAIR_COLOR: {HAIR[gray]}}, age=80, seed=seed).colors["hair"] in HAIR.values()


def test_what_else_is_refused_is_never_drawn_by_chance() -> None:
    for seed in range(1, 61):
        assert refusing({Topic.GENDER: {"male"}}, seed=seed).gender == "female"
        assert refusing({Topic.HAIR: {"balding"}}, seed=seed, gender="male", age=70).hair == ()
        assert refusing({Topic.ETHNICITY: {"black"}}, seed=seed).colors["skin"] != SKIN["deep"]
        features = set(hair_drawn(refusing({Topic.HAIR: {"long", "curly"}}, seed=seed), seed))
        assert features.isdisjoint({"long", "curly"})


def hair_drawn(appearance: Appearance, seed: int) -> list[str]:
    """Return what the hair that avataaars draws is like."""
    drawing = choose_variants(ART_STYLES["avataaars"], appearance, SeededRng(seed, None)).by_component["top"]
    return ART_STYLES["avataaars"].hair[drawing or "-"].split()


@pytest.mark.parametrize("gender", ["female", "male", "non-binary"])
@pytest.mark.parametrize("ethnicity", ["black", "african", "mixed"])
def test_nobody_gets_dreadlocks_or_a_mullet_who_did_not_ask(gender: str, ethnicity: str) -> None:
    for style in (None, "long", "short", "curly", "coily", "layered", "messy"):
        for seed in range(1, 41):
            fields = {"gender": gender, "ethnicity": ethnicity, "age": 30} | ({"hair_style": style} if style else {})
            assert not {"dreadlocks", "mullet"} & set(hair_drawn(decided(seed=seed, **fields), seed)), (style, seed)
    asked_for = hair_drawn(decided(gender=gender, ethnicity=ethnicity, hair_style="dreadlocks"), 7)
    assert "dreadlocks" in asked_for


def test_braids_are_rows_for_men_and_plaits_for_others() -> None:
    for seed in range(1, 21):
        assert drawn(gender="male", hair_style="braids", seed=seed)["top"] == "cornrows"
        assert drawn(gender="female", hair_style="braids", seed=seed)["top"] == "plaits"


def test_a_color_belongs_to_the_thing_beside_it() -> None:
    request = asked(hair_color="black", gender="male", base="a beard, a beanie, glasses, earrings")
    requested = read_request(request)
    requested.colors |= {"beard": "#999999", "headwear": "#ff0000", "frames": "#00ff00", "jewellery": "#0000ff"}
    colors = decide_appearance(requested, SeededRng(7, None)).colors
    assert (colors["hair"], colors["beard"]) == (HAIR["black"], "#999999")
    assert (colors["headwear"], colors["frames"], colors["jewellery"]) == ("#ff0000", "#00ff00", "#0000ff")


def test_two_ethnicities_share_their_pools() -> None:
    skins = {colored(ethnicity="black and white", seed=seed)["skin"] for seed in range(1, 80)}
    assert {SKIN["dark"], SKIN["light"]} <= skins


def test_brows_and_beard_follow_the_hair() -> None:
    dark, light = (colored(hair_color=color, gender="male", base="a beard", seed=2) for color in ("black", "platinum"))
    assert dark["facialHair"] == HAIR["black"]
    assert light["facialHair"] == HAIR["platinum"]
    assert dark["brows"] < light["brows"]


def test_a_cast_is_mixed() -> None:
    women = sum("facialHair" not in drawn(seed=seed, age=40) for seed in range(1, 101))
    assert 70 < women < 100
    assert len({drawn(seed=seed)["top"] for seed in range(1, 101)}) > 15


def test_what_chance_decided_is_known() -> None:
    assert {"gender", "age", "hair style", "hair", "skin", "glasses", "clothes"} <= decided().by_chance
    described = decided(gender="female", age=34, hair_style="bob", hair_color="red", base="glasses, a blue shirt")
    assert described.by_chance.isdisjoint({"gender", "age", "hair style", "hair", "glasses", "attire"})
    assert {"skin", "eyes", "background"} <= described.by_chance
    assert described.age == 34
    assert decided(age_range="elderly").by_chance.isdisjoint({"age", "age lines"})
