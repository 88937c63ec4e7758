"""Art styles: their tables against the definitions, and what each draws."""

import csv
import json
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from dicebear import Avatar, Style
from PIL import Image, ImageChops, ImageColor, ImageStat

from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.engines.offline.art import ART_STYLES, DEFAULT_ART_STYLE, licenses_of
from avatar_creator.engines.offline.art.style import ArtStyle
from avatar_creator.engines.offline.palette import HAIR
from avatar_creator.engines.offline.render import render
from avatar_creator.engines.offline.request_reader import read_request
from avatar_creator.engines.offline.svg import compose_svg, definition_of
from avatar_creator.engines.offline.variants import nearest
from avatar_creator.engines.offline.words.tables import PHRASES
from avatar_creator.engines.offline.words.topics import Topic
from engines.offline.drawings import ENGINE, Quiet, asked, notices, planned

pytestmark = pytest.mark.no_cover  # thousands of drawings on the same lines, which other tests measure

STYLES = list(ART_STYLES.values())
NAMES = list(ART_STYLES)
NEVER = {
    "vomit",
    "xDizzy",
    "hearts",
    "cry",
    "pacifier",
    "monster",
    "cyclops",
    "bear",
    "lovingGrin1",
    "skull",
    "screamOpen",
}
AVATAAARS = definition_of(ART_STYLES["avataaars"])
WORDS = {
    "attire": {*PHRASES[Topic.DRESS], *PHRASES[Topic.GARMENT]},
    "expression": set(PHRASES[Topic.EXPRESSION]),
    "facial hair": set(PHRASES[Topic.BEARD]),
    "glasses": set(PHRASES[Topic.GLASSES]),
    "headwear": set(PHRASES[Topic.HEADWEAR]),
    "earrings": set(PHRASES[Topic.EARRINGS]),
    "body type": set(PHRASES[Topic.BODY]),
    "age lines": {"thirties", "forties", "fifties", "seventies"},
    "face": set(),
    "age": {"child", "teenager"},
    **{name: set(AVATAAARS["components"][name]["variants"]) for name in ("top", "head")},  # drawn with these
}


def flat(svg: str) -> Image.Image:
    return Image.open(BytesIO(render(svg, PictureFormat.PNG, jpeg_quality=95).data)).convert("RGB")


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_tables_name_only_what_the_definition_holds(style: ArtStyle) -> None:
    components = definition_of(style)["components"]

    def check(component: str, drawings: str) -> None:
        for drawing in drawings.split():
            for name, one in zip(component.split("/"), drawing.split("/"), strict=True):
                assert one == "-" or one in components[name]["variants"], (name, one)
                assert one not in NEVER or name == "clothesGraphic"

    for drawing in style.hair:
        check(style.hair_component, drawing)
    for part in style.parts:
        assert set(part.drawings) <= WORDS[part.name] | {""}, part.name
        for drawings in part.drawings.values():
            check(part.component, " ".join(name.rpartition(":")[2] for name in drawings.split()))
    assert set(style.colors) <= set(definition_of(style)["colors"])
    features = {feature for line in style.hair.values() for feature in line.split()}
    assert features <= {*PHRASES[Topic.HAIR], "f", "m", "n", "F", "M", "N"}


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_dicebear_draws_the_same_picture(style: ArtStyle) -> None:
    """Our drawing of a definition is held against DiceBear's own, which also validates what we add to it."""
    definition = json.loads(json.dumps(definition_of(style)))
    theirs = Style(definition)
    side = definition["canvas"]["width"]
    for seed in range(1, 9):
        sent = planned(seed=seed, age=20 + 6 * seed, options={"art_style": style.name}).sent
        options = {f"{name}Color": color for name, color in sent["colors"].items()}
        for name in definition["components"]:
            options[f"{name}Probability"] = 100 if name in sent["drawings"] else 0
        options |= {f"{name}Variant": drawing for name, drawing in sent["drawings"].items()}
        inner = Avatar(theirs, {"seed": "x", "size": 256, **options}).to_string()
        colors = dict(sent["colors"])
        ours = compose_svg(
            definition, sent["drawings"], colors, background=colors.pop("background"), width_px=256, height_px=256
        )
        difference = ImageChops.difference(flat(ours.text), flat(inner))
        assert max(ImageStat.Stat(difference).mean) < 0.1, (seed, side)


@pytest.mark.parametrize("name", NAMES)
def test_every_style_draws_people_of_all_kinds_and_credits_its_artist(name: str) -> None:
    for gender in ("female", "male", "non-binary"):
        request = asked(gender=gender, age=66, size=(96, 96), options={"art_style": name})
        picture = ENGINE.generate(request, Quiet())
        assert picture.model == f"dicebear/{name}"
        assert picture.credit is not None
        assert picture.credit.license_name in picture.credit.text
        Image.open(BytesIO(picture.data)).load()


DRESSED = [style for style in STYLES if "clothes" in definition_of(style)["components"]]
# What people write of clothes, from public lists of prompts, and what they write of having none.
ATTIRE = """
Bohemian Dress; Business Casual Dress; Business Professional Dress; Gothic Dress; Party Dress; Undone sarashi;
athletic wear; backless dress; beachwear; bikini; blazer dress; bra; casual wear; chanchanko; cocktail dress; corset;
denim jeans; dirndl; dress shirt; dress uniform; dungarees; evening gown; fundoshi; furisode; graduation gown; hakama;
hanbok; hanfu; haute couture; henley; intimates; jumpsuit; kimono; latex dress; leggings; lingerie; loungewear;
maternity wear; miko; minidress; muumuu; naked; negligee; nightgown; no clothes; no shirt; nothing; nude;
off-shoulder dress; overalls; red dress; sari; sarashi; see-through dress; shirtless; shorts; skirt; sleeveless shirt;
smock; strapless dress; sundress; swim trunks; swimsuit; swimwear; tank top; topless; torn overalls; towel;
tracksuit; trench coat; tube dress; underwear; unclothed; uniform; vest; wedding dress; without clothes; workwear;
wrap dress; yukata; yellow apron
"""
PHRASES_OF_ATTIRE = sorted(
    {" ".join(phrase.split()) for phrase in ATTIRE.split(";")}
    | {
        phrase
        for topic in (Topic.DRESS, Topic.GARMENT)
        for meaning, others in PHRASES[topic].items()
        for phrase in (meaning, *others.split(", "))
        if phrase
    }
)


@cache
def asked_for_attire(gender: str) -> list[dict[str, Any]]:
    """Return fields with all of these phrases but those that are read as one before: what is read decides a drawing."""
    read: dict[str, dict[str, Any]] = {}
    for phrase in PHRASES_OF_ATTIRE:
        each: tuple[dict[str, Any], ...] = ({"style": phrase}, {"base": f"portrait in {phrase}"})
        for fields in each:
            found = vars(read_request(asked(gender=gender, **fields)))
            decides = [value for name, value in found.items() if name not in {"texts", "notices"}]
            read.setdefault(repr(decides), fields)
    return list(read.values())


@pytest.mark.parametrize("style", DRESSED, ids=[style.name for style in DRESSED])
@pytest.mark.parametrize("gender", ["female", "male"])
def test_whatever_is_asked_for_nobody_is_drawn_without_clothes(style: ArtStyle, gender: str) -> None:
    options = {"art_style": style.name}
    definition = definition_of(style)
    for fields in asked_for_attire(gender):
        sent = planned(gender=gender, options=options, **fields).sent
        drawn, colors = sent["drawings"], sent["colors"]
        svg = compose_svg(definition, drawn, colors, background="#ffffff", width_px=64, height_px=64).text
        outline = definition["components"]["clothes"]["variants"][drawn["clothes"]]["elements"][0]
        assert outline["attributes"]["d"] in svg, fields
        assert drawn["clothes"] != "overall", fields  # it leaves the shoulders bare


WORN = sorted({name for part in ART_STYLES["avataaars"].parts for name in " ".join(part.drawings.values()).split()})


@pytest.mark.parametrize("clothes", [one.rpartition(":")[2] for one in WORN])
def test_every_garment_of_avataaars_covers_the_shoulders(clothes: str) -> None:
    style = ART_STYLES["avataaars"]
    if clothes not in definition_of(style)["components"]["clothes"]["variants"]:
        return
    sent = planned(hair_style="bald", gender="male", base="no beard", skin_tone="#00ff00", age=30).sent
    drawings, colors = {**sent["drawings"], "clothes": clothes}, {**sent["colors"], "clothes": "#c0463f"}
    svg = compose_svg(definition_of(style), drawings, colors, background="#0000ff", width_px=100, height_px=100)
    image = flat(svg.text)
    bottom = [image.getpixel((x, y)) for y in range(92, 100) for x in range(100)]
    assert (0, 255, 0) not in bottom
    assert sum(pixel != (0, 0, 255) for pixel in bottom) > 400


@pytest.mark.parametrize("style", DRESSED, ids=[style.name for style in DRESSED])
@pytest.mark.parametrize("dress", ["business", "formal", "casual", "sporty", "creative"])
@pytest.mark.parametrize("garment", ["blazer", "tie", "hoodie", "t-shirt", "suit"])
def test_a_garment_that_is_refused_is_not_drawn_or_said(style: ArtStyle, dress: str, garment: str) -> None:
    refused = {drawing for component, drawing in names_drawn(style, "attire", garment) if component == "clothes"}
    refused |= {drawing for drawing, shows in style.garments.items() if garment in shows.split()}
    for seed in range(1, 7):
        plan = planned(style=f"{dress}, no {garment}", seed=seed, gender="male", options={"art_style": style.name})
        said = any("than the one that was refused" in notice for notice in plan.notices)
        assert (plan.sent["drawings"]["clothes"] in refused) == said, (seed, plan.sent["drawings"])


def test_every_garment_leads_to_one_that_every_style_with_a_body_draws() -> None:
    for meaning in (*PHRASES[Topic.DRESS], *PHRASES[Topic.GARMENT]):
        assert nearest(meaning, frozenset({"casual"})) == "casual"
    for style in DRESSED:
        assert any(part.component == "clothes" and "casual" in part.drawings for part in style.parts)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("body type", {"body_type": "athletic"}),
        ("children", {"age": 7}),
        ("eye color", {"eye_color": "green"}),
        ("style of dress", {"style": "formal"}),
        ("facial hair", {"base": "a full beard"}),
        ("glasses", {"base": "glasses"}),
        ("headwear", {"base": "a hat"}),
        ("earrings", {"base": "earrings"}),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_what_a_style_cannot_express_is_known_beforehand_and_said(name: str, said: str, fields: dict[str, Any]) -> None:
    said_now = notices(options={"art_style": name}, hair_style="long", **fields)
    if said in ART_STYLES[name].cannot:
        assert any(name in notice for notice in said_now)
    elif said != "headwear":
        assert not any(" shows no " in notice or " cannot draw " in notice for notice in said_now)


def test_avataaars_can_express_everything() -> None:
    assert ART_STYLES["avataaars"].cannot == ()


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_the_licence_of_a_style_is_what_its_definition_says(style: ArtStyle) -> None:
    stated = definition_of(style)["meta"]["license"]
    assert style.license[:3] == (f"dicebear/{style.name}", stated["name"], stated["url"])


def test_the_licence_of_the_style_that_is_chosen_is_known_without_the_engine() -> None:
    assert licenses_of({}) == (ART_STYLES[DEFAULT_ART_STYLE].license,)
    assert licenses_of({"art_style": "micah"}) == (ART_STYLES["micah"].license,)


@pytest.mark.parametrize("name", ["notionists"])
def test_what_a_style_tints_has_the_color_asked_for_and_lines_of_ink(name: str) -> None:
    asked_for = {"skin_tone": "light", "hair_color": "platinum", "style": "navy sweater, beard", "gender": "male"}
    sent = planned(options={"art_style": name}, **asked_for).sent
    svg = compose_svg(
        definition_of(ART_STYLES[name]), sent["drawings"], sent["colors"], background="#fff", width_px=1, height_px=1
    )
    assert {"skin", "hair", "beard", "clothes", "ink"} <= svg.colors
    assert not notices(options={"art_style": name}, **asked_for)


PARTS = {
    Topic.BEARD: "facial hair",
    Topic.GLASSES: "glasses",
    Topic.HEADWEAR: "headwear",
    Topic.EARRINGS: "earrings",
    Topic.DRESS: "attire",
    Topic.GARMENT: "attire",
    Topic.EXPRESSION: "expression",
}


def names_drawn(style: ArtStyle, part: str, word: str) -> set[tuple[str, str]]:
    """Return the drawings, each with its component, that show a word."""
    return {
        pair
        for one in style.parts
        if one.name == part
        for drawing in one.drawings.get(word, "").split()
        for pair in zip(one.component.split("/"), drawing.rpartition(":")[2].split("/"), strict=True)
    }


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
@pytest.mark.parametrize("topic", PARTS)
@pytest.mark.parametrize("gender", ["female", "male", "non-binary"])
def test_whatever_is_asked_for_is_drawn_or_said(style: ArtStyle, topic: Topic, gender: str) -> None:
    for word in PHRASES[topic].keys() - {"none"}:
        plan = planned(gender=gender, style=word, options={"art_style": style.name})
        shown = plan.sent["drawings"].items() & names_drawn(style, PARTS[topic], word)
        said = [notice for notice in plan.notices if f"'{word.replace('-', ' ')}'" in notice]
        assert bool(shown) != bool(said), (word, plan.sent["drawings"], plan.notices)


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
@pytest.mark.parametrize("gender", ["female", "male", "non-binary"])
def test_every_hair_style_is_drawn_or_said(style: ArtStyle, gender: str) -> None:
    for word in PHRASES[Topic.HAIR]:
        plan = planned(gender=gender, hair_style=word, options={"art_style": style.name})
        drawn = "/".join(plan.sent["drawings"].get(name, "-") for name in style.hair_component.split("/"))
        said = [notice for notice in plan.notices if f"'{word}'" in notice]
        assert (word in style.hair[drawn].split()) != bool(said), (word, drawn, plan.notices)


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
@pytest.mark.parametrize("gender", ["female", "male", "non-binary"])
@pytest.mark.parametrize("ethnicity", ["east-asian", "african", "white"])
def test_long_hair_is_long_on_everybody(style: ArtStyle, gender: str, ethnicity: str) -> None:
    for seed in range(1, 9):
        fields = {"gender": gender, "ethnicity": ethnicity, "hair_style": "long", "seed": seed}
        plan = planned(options={"art_style": style.name}, **fields)
        drawn = "/".join(plan.sent["drawings"].get(name, "-") for name in style.hair_component.split("/"))
        features = style.hair[drawn].split()
        assert "long" in features
        assert not {"bun", "dreadlocks", "braids", "ponytail"} & set(features)
        assert not plan.notices


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_nobody_has_dreadlocks_or_braids_by_chance(style: ArtStyle) -> None:
    for seed in range(1, 60):
        for fields in ({}, {"hair_style": "coily"}, {"hair_style": "short"}):
            plan = planned(ethnicity="african", seed=seed, options={"art_style": style.name}, **fields)
            drawn = "/".join(plan.sent["drawings"].get(name, "-") for name in style.hair_component.split("/"))
            assert not {"dreadlocks", "braids"} & set(style.hair.get(drawn, "").split())


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
@pytest.mark.parametrize(
    ("attribute", "texts"),
    [
        ("hair_color", ("teal", "blonde")),
        ("eye_color", ("green", "violet")),
        ("skin_tone", ("light", "dark")),
        ("style", ("turquoise sweater", "orange sweater")),
        ("style", ("turquoise hijab", "orange hijab")),
        ("style", ("turquoise turban", "orange turban")),
        ("style", ("turquoise beanie", "orange beanie")),
        ("style", ("turquoise glasses", "orange glasses")),
        ("style", ("turquoise earrings", "orange earrings")),
        ("style", ("gray beard", "red beard")),
    ],
)
def test_every_color_asked_for_is_drawn_or_said(style: ArtStyle, attribute: str, texts: tuple[str, str]) -> None:
    """What is drawn depends on the color, or a notice says that none is shown."""
    for seed in range(1, 13):
        plans = [
            planned(gender="male", seed=seed, options={"art_style": style.name}, **{attribute: text}) for text in texts
        ]
        first, second = (
            compose_svg(
                definition_of(style),
                plan.sent["drawings"],
                plan.sent["colors"],
                background="#fff",
                width_px=1,
                height_px=1,
            ).text
            for plan in plans
        )
        said = [notice for notice in plans[0].notices if " shows no " in notice]
        assert (first != second) != bool(said), (seed, plans[0].notices)


@pytest.mark.parametrize("name", ["notionists", "open-peeps", "lorelei"])
@pytest.mark.parametrize("hair_color", ["white", "platinum", "blonde"])
def test_light_hair_has_a_line_around_it(name: str, hair_color: str) -> None:
    """Ink is beside the hair wherever skin or background of nearly the same color would be."""
    style = ART_STYLES[name]
    sent = planned(
        gender="female", hair_style="long", hair_color=hair_color, skin_tone="very light", options={"art_style": name}
    ).sent
    colors = sent["colors"] | {key: "#ff0000" for key, role in style.colors.items() if role == "hair"}
    del colors["background"]
    svg = compose_svg(
        definition_of(style), sent["drawings"], colors, background="#ffffff", width_px=400, height_px=400
    ).text
    picture = flat(svg)
    touching = [
        1
        for x in range(1, 399)
        for y in range(1, 399)
        if picture.getpixel((x, y)) == (255, 0, 0) and picture.getpixel((x + 1, y)) == (255, 255, 255)
    ]
    assert not touching


@pytest.mark.parametrize(("name", "most"), [("avataaars", 0), ("notionists", 2), ("open-peeps", 4)])
def test_how_much_of_twelve_personas_is_not_drawn(name: str, most: int) -> None:
    """The documentation says so, and why the default is the default."""
    with (Path(__file__).parents[3] / "examples" / "twelve.csv").open(encoding="utf-8", newline="") as rows:
        people = list(csv.DictReader(rows))
    said = [
        notice
        for seed, person in enumerate(people, start=1)
        for notice in notices(
            seed=seed,
            persona=Persona(person["name"], int(person["age"])),
            options={"art_style": name},
            **{field: text for field, text in person.items() if text and field not in {"name", "age"}},
        )
    ]
    assert len(people) == 12
    assert len(said) == most, said


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("color", ["black", "white", "pink"])
@pytest.mark.parametrize("hair_style", ["long", "curly", "short", "bun", "bald"])
def test_hair_and_beards_have_the_very_color_asked_for(name: str, color: str, hair_style: str) -> None:
    fields = {"gender": "male", "hair_style": hair_style, "hair_color": color}
    fields["style"] = "beard" if hair_style == "bald" else "no beard"
    sent = planned(options={"art_style": name}, **fields).sent
    svg = compose_svg(
        definition_of(ART_STYLES[name]),
        sent["drawings"],
        sent["colors"],
        background="#00ff00",
        width_px=200,
        height_px=200,
    )
    asked_for = ImageColor.getrgb(HAIR[color])
    area = sum(count for count, pixel in flat(svg.text).getcolors(200 * 200) or () if pixel == asked_for)
    assert area > 500
