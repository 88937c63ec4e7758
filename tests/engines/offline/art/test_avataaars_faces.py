"""The faces of Avataaars: they differ, nothing of them depends on what was asked, and nothing is left open."""

from io import BytesIO
from itertools import product

import pytest
from PIL import Image, ImageChops

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.engines.offline.art.avataaars import AVATAAARS
from avatar_creator.engines.offline.art.avataaars_faces import FACES
from avatar_creator.engines.offline.art.avataaars_figures import BEHIND
from avatar_creator.engines.offline.palette import SKIN
from avatar_creator.engines.offline.render import render
from avatar_creator.engines.offline.svg import compose_svg, definition_of
from engines.offline.drawings import colored, drawn

DEFINITION = definition_of(AVATAAARS)
JAWS = list(DEFINITION["components"]["head"]["variants"])
AXES = {part.component for part in FACES} - {"stubble"} | {"features", "eyebrows", "mouth"}
FIGURE = {"figure": "adult", "body": "average", "clothes": "shirtCrewNeck", "features": "even", "head": "oval"}
GROUND = (255, 0, 255)
HANGING = {"bunches", "plaits"}  # free of the face
NEAR = 14  # more ground than that beside a head is no gap


def picture(side: int = 140, **drawings: str) -> Image.Image:
    colors = {"skin": "#d08b5b", "hair": "#2c1b18", "hairEdge": "#2c1b18", "facialHair": "#2c1b18", "hat": "#2f7f86"}
    svg = compose_svg(DEFINITION, FIGURE | drawings, colors, background="#ff00ff", width_px=side, height_px=side)
    return Image.open(BytesIO(render(svg.text, PictureFormat.PNG, jpeg_quality=95).data)).convert("RGB")


def faces(**fields: str) -> list[frozenset[tuple[str, str]]]:
    everybody = (drawn(seed=seed, **fields) for seed in range(1, 201))
    return [frozenset(pair for pair in drawings.items() if pair[0] in AXES) for drawings in everybody]


def test_people_of_one_description_have_faces_of_their_own() -> None:
    same = {"gender": "female", "ethnicity": "asian", "hair_style": "long straight", "style": "business, no glasses"}
    assert len(set(faces(**same))) >= 195


def test_a_face_is_the_same_whatever_was_asked_beside_it() -> None:
    everybody = faces()
    for asked in (
        {"ethnicity": "black"},
        {"ethnicity": "asian"},
        {"skin_tone": "deep"},
        {"gender": "male"},
        {"base": "a full beard, sunglasses, a hijab"},
    ):
        for face, beside in zip(everybody, faces(**asked), strict=True):
            assert beside <= face
            assert {name for name, _ in face - beside} <= {"eye", "lashes", "spacing"}  # behind the sunglasses


def test_an_expression_decides_about_mouth_and_brows_alone() -> None:
    decided = {"mouth", "eyebrows"}
    for plain, serious in zip(faces(), faces(base="a serious look"), strict=True):
        assert {name for name, _ in plain ^ serious} <= decided


def luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("skin", SKIN)
def test_a_nose_is_seen_on_every_skin(skin: str) -> None:
    colors = colored(skin_tone=skin)
    assert (luminance(colors["skin"]) + 0.05) / (luminance(colors["shade"]) + 0.05) >= 1.3


def gap(person: Image.Image, y: int, side: int) -> int:
    """Return how much ground there is in a row between a head and the hair beside it."""
    row = [person.getpixel((x, y)) == GROUND for x in (range(140, 280) if side > 0 else range(140, 0, -1))]
    edge = row.index(True) if True in row else len(row)
    return row[edge:].index(False) if False in row[edge:] else 0


@pytest.mark.parametrize("top", sorted({*AVATAAARS.hair} - {"-", *HANGING} | {"hijab", "turban"}))
def test_no_ground_is_seen_between_hair_and_jaw(top: str) -> None:
    """Where the hair lies against the first of the jaws, it does so against the others, and beside a slim neck."""
    rows = [(y, side) for y in range(110, 186, 5) for side in (-1, 1)]
    first = picture(280, top=top)
    touched = [(y, side) for y, side in rows if gap(first, y, side) == 0 or gap(first, y, side) > NEAR]
    for jaw, body in product(("tapered", "heart", "angular", "childOval"), ("average", "slim")):
        behind = {"behind": BEHIND.drawings[top]} if top in BEHIND.drawings else {}
        person = picture(280, top=top, head=jaw, body=body, **behind)
        assert [at for at in touched if 0 < gap(person, *at) <= NEAR] == [], (jaw, body)


@pytest.mark.parametrize("jaw", JAWS)
def test_stubble_ends_at_the_jaw(jaw: str) -> None:
    shaven, unshaven = picture(head=jaw), picture(head=jaw, facialHair="stubble", stubble=jaw)
    for y, x in product(range(140), range(140)):
        if shaven.getpixel((x, y)) == GROUND:
            assert unshaven.getpixel((x, y)) == GROUND
    assert ImageChops.difference(shaven, unshaven).getbbox() is not None
