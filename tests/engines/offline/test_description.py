"""What a drawing shows, in words: all of it is in the picture."""

from typing import Any

import pytest

from avatar_creator.domain.picture import BY_CHANCE
from avatar_creator.engines.offline import palette
from avatar_creator.engines.offline.art import ART_STYLES
from avatar_creator.engines.offline.description import color_name, hair_words
from engines.offline.drawings import ENGINE, Quiet, asked, planned

WHO_WEARS_IT = set("fmnFMN")
GLASSES = "glasses"


def described(**fields: Any) -> dict[str, str]:
    drawn = planned(**fields).drawn
    assert drawn is not None
    return dict(drawn)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"gender": "female", "age": 32, "hair_style": "bob", "hair_color": "black", "eye_color": "green"}
            | {"skin_tone": "dark", "style": "navy suit, round glasses", "traits": ("serious",)},
            {"gender": "female", "age": "32", "hair": "bob", "hair_color": "black", "eyes": "green", "skin": "dark"}
            | {"clothes_color": "navy", "glasses": "round glasses", "expression": "serious"},
        ),
        (
            {"gender": "male", "hair_style": "bald", "style": "full beard"},
            {"hair": "bald", "facial_hair": "full beard"},
        ),
        ({"hair_style": "dreadlocks", "gender": "male", "ethnicity": "black"}, {"gender": "male"}),
        ({"base": "on a teal background"}, {"background": "teal"}),
        ({"style": "hoodie"}, {"clothes": "hoodie"}),
        ({"style": "blazer", "gender": "female"}, {"clothes": "blazer"}),
        ({"style": "tie"}, {"clothes": "blazer with a tie"}),
        ({"style": "hoop earrings"}, {"earrings": "hoop earrings"}),
        ({"base": "winking"}, {"expression": "winking"}),
        ({"body_type": "heavy"}, {"body_type": "heavy"}),
        ({"body_type": "plus size"}, {"body_type": "heavy"}),
        ({"age": 9, "gender": "female"}, {"age": "9", "gender": "female"}),
        ({"base": "eyes closed"}, {"expression": "eyes closed"}),
        ({"style": "red beanie"}, {"headwear": "beanie"}),
        ({"hair_color": "#6a4a38", "gender": "female", "hair_style": "bob"}, {"hair_color": "brown"}),
    ],
)
def test_what_is_asked_for_is_said_without_chance(fields: dict[str, Any], said: dict[str, str]) -> None:
    drawn = described(**fields)
    assert {name: drawn.get(name) for name in said} == said


@pytest.mark.parametrize("style", ART_STYLES)
def test_an_expression_by_chance_is_a_plain_one(style: str) -> None:
    """Whoever was asked for nothing is not drawn proud or surprised, and so it is not said."""
    plain = {f"{said}{BY_CHANCE}" for said in ("smiling", "laughing", "calm", "serious", "neutral")}
    said = {described(seed=seed, options={"art_style": style}).get("expression") for seed in range(1, 80)}
    assert said <= {None, *plain}


def test_chance_is_said_of_all_that_nobody_asked_for() -> None:
    drawn = described()
    assert all(words.endswith(BY_CHANCE) for words in drawn.values()), drawn
    assert drawn["gender"] in {f"female{BY_CHANCE}", f"male{BY_CHANCE}"}


@pytest.mark.parametrize(
    ("fields", "hidden"),
    [
        ({"style": "sunglasses", "eye_color": "green"}, {"eyes"}),
        ({"base": "eyes closed", "eye_color": "green"}, {"eyes"}),
        (
            {"style": "hijab, hoop earrings", "hair_color": "red", "hair_style": "bob"},
            {"hair", "hair_color", "earrings"},
        ),
        ({"style": "turban", "hair_style": "bald"}, {"hair"}),
        ({"hair_style": "bald", "hair_color": "red", "gender": "female"}, {"hair_color"}),
        ({"style": "no glasses", "gender": "female"}, {"glasses", "glasses_color", "facial_hair", "facial_hair_color"}),
    ],
)
def test_what_is_hidden_is_not_said(fields: dict[str, Any], hidden: set[str]) -> None:
    for seed in range(1, 30):
        assert hidden.isdisjoint(described(seed=seed, **fields)), seed


@pytest.mark.parametrize("style", ART_STYLES)
def test_no_style_says_what_it_cannot_express(style: str) -> None:
    cannot = ART_STYLES[style].cannot
    parts = {"eye color": "eyes", "glasses": "glasses", "facial hair": "facial_hair", "earrings": "earrings"}
    parts |= {"style of dress": "clothes", "headwear": "headwear"}
    for seed in range(1, 20):
        drawn = described(seed=seed, options={"art_style": style}, style="glasses, beard, hoop earrings, suit, beanie")
        assert {part for said, part in parts.items() if said in cannot}.isdisjoint(drawn)


def test_a_record_lists_no_drawing_and_no_color_that_is_not_in_the_picture() -> None:
    for seed in range(1, 60):
        sent = planned(seed=seed).sent
        assert ("clothesGraphic" in sent["drawings"]) == (sent["drawings"]["clothes"] == "graphicShirt")
        assert ("accessories" in sent["colors"]) == ("accessories" in sent["drawings"])
    assert "eyes" not in planned(style="sunglasses").sent["colors"]


def test_a_color_is_only_missed_where_one_was_asked_for() -> None:
    assert planned(base="flowers in her hair").notices == ()
    assert planned(style="sunglasses", eye_color="green").notices == (
        "The avataaars art style shows no eye color in this drawing.",
    )


def test_what_is_drawn_is_what_was_planned() -> None:
    picture = ENGINE.generate(asked(style="teal hijab, beard"), Quiet())
    plan = planned(style="teal hijab, beard")
    assert (picture.drawn, picture.notices) == (plan.drawn, plan.notices)


@pytest.mark.parametrize("style", ART_STYLES)
def test_every_feature_of_hair_has_a_word(style: str) -> None:
    features = {feature for features in ART_STYLES[style].hair.values() for feature in features.split()}
    wordless = {one for one in features - WHO_WEARS_IT if hair_words(frozenset({one}), (one,)) is None}
    assert wordless == set(), "add them to description.py"


@pytest.mark.parametrize("style", ART_STYLES)
def test_everybody_has_hair_and_clothes_where_both_are_drawn(style: str) -> None:
    has_clothes = any(part.name == "attire" for part in ART_STYLES[style].parts)
    for seed in range(1, 60):
        drawn = described(seed=seed, options={"art_style": style})
        assert "hair" in drawn
        assert ("clothes" in drawn) == has_clothes, drawn


@pytest.mark.parametrize(
    ("features", "asked_for", "words"),
    [
        ("f medium straight bob", (), "bob"),
        ("f long straight", (), "long straight"),
        ("f long wavy", ("curly",), "long wavy"),
        ("m n short curly coily F", (), "short curly"),
        ("m n short wavy quiff F", (), "short wavy"),
        ("m n short wavy quiff F", ("quiff",), "quiff"),
        ("short dreadlocks coily", (), "short dreadlocks"),
        ("f n medium straight fringe", ("fringe",), "medium-length straight hair with a fringe"),
        ("f medium straight bob fringe", ("bob", "fringe"), "bob with a fringe"),
        ("f medium straight bob fringe", ("bob",), "bob"),
        ("f n medium mullet shaggy", (), "mullet"),
        ("balding", (), "balding"),
        ("m short straight buzz side-part", ("side-part",), "buzz cut with a side parting"),
    ],
)
def test_hair(features: str, asked_for: tuple[str, ...], words: str) -> None:
    assert hair_words(frozenset(features.split()), asked_for) == words


@pytest.mark.parametrize(
    ("role", "colors"),
    [
        ("skin", palette.SKIN),
        ("hair", palette.HAIR),
        ("beard", palette.HAIR),
        ("eyes", palette.EYES),
        ("clothes", palette.FABRIC),
        ("headwear", palette.FABRIC),
        ("background", palette.FABRIC),
    ],
)
def test_a_color_with_a_name_has_that_name(role: str, colors: dict[str, str]) -> None:
    assert {color_name(color, role): color for color in colors.values()} == dict(colors)


@pytest.mark.parametrize(
    ("role", "color", "name"),
    [
        ("hair", palette.mix(palette.HAIR["dark brown"], palette.GRAYED, 0.9), "silver"),
        ("hair", "#000000", "black"),
        ("hair", "#ffffff", "white"),
        ("hair", "#ff0000", "red"),
        ("hair", palette.mix(palette.HAIR["red"], "#000000", 0.35), "dark red"),
        ("background", palette.mix(palette.FABRIC["teal"], "#ffffff", 0.35), "light teal"),
        ("clothes", "#b5c94a", "chartreuse"),
        ("clothes", "#00ff00", "green"),
        ("clothes", "#111111", "black"),
        ("background", "#ffffff", "white"),
        ("jewellery", palette.JEWELLERY["gold"], "gold"),
        ("jewellery", palette.JEWELLERY["silver"], "silver"),
    ],
)
def test_another_color_has_the_name_of_the_nearest(role: str, color: str, name: str) -> None:
    assert color_name(color, role) == name


def test_every_background_by_chance_has_a_name_of_its_own() -> None:
    backgrounds = palette.PASTELS | palette.DUSTY
    assert {color_name(color, "background"): color for color in backgrounds.values()} == backgrounds
