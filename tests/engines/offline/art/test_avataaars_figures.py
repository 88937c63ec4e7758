"""The people of Avataaars: ages and bodies differ, and garments fit all of them."""

from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageStat

from avatar_creator.domain.picture import PictureFormat
from engines.offline.drawings import ENGINE, Quiet, asked, drawn, notices, planned

SKY = (0, 255, 0)


def person(**fields: object) -> Image.Image:
    request = asked(size=(140, 140), format_=PictureFormat.PNG, base="a #00ff00 background", **fields)  # type: ignore[arg-type]
    return Image.open(BytesIO(ENGINE.generate(request, Quiet()).data)).convert("RGB")


def width(picture: Image.Image, y: int) -> int:
    """Return how much of a row is a person."""
    return sum(picture.getpixel((x, y)) != SKY for x in range(picture.width))


def height(picture: Image.Image) -> int:
    return sum(width(picture, y) > 0 for y in range(picture.height))


def test_a_child_is_smaller_than_a_teenager_and_that_one_than_an_adult() -> None:
    child, teenager, adult = (person(age=age, hair_style="bald", gender="male") for age in (10, 15, 25))
    assert height(child) < height(teenager) < height(adult)
    assert width(child, 135) < width(teenager, 135) < width(adult, 135)


@pytest.mark.parametrize("skin", ["very light", "medium", "deep"])
def test_people_of_all_ages_differ(skin: str) -> None:
    ages = [
        person(age=age, skin_tone=skin, hair_style="short", gender="female") for age in (10, 15, 25, 35, 45, 55, 75)
    ]
    for one, other in combinations(ages, 2):
        face = ImageChops.difference(one, other).crop((42, 40, 98, 95))
        assert max(high for _, high in ImageStat.Stat(face).extrema) > 8


@pytest.mark.parametrize(
    ("age", "figure"), [(1, "child"), (12, "child"), (13, "teen"), (17, "teen"), (18, "adult"), (99, "adult")]
)
def test_up_to_17_a_young_person_is_drawn(age: int, figure: str) -> None:
    assert drawn(age=age)["figure"] == figure
    assert notices(age=age) == ()


@pytest.mark.parametrize("style", ["suit", "hoodie", "t-shirt", "v-neck", "sweater", "overalls", "blouse"])
def test_bodies_differ_in_every_garment(style: str) -> None:
    slim, average, athletic, heavy = (
        person(body_type=body, style=style, hair_style="bald", gender="male", age=30)
        for body in ("slim", "average", "athletic", "heavy")
    )
    for y in (115, 125, 135):
        assert width(slim, y) < width(average, y) < width(athletic, y) < width(heavy, y)
    for picture in (slim, average, athletic, heavy):  # no gap between neck, clothes and edge
        for y in range(96, 139):
            assert sum(picture.getpixel((x, y)) == SKY for x in range(62, 78)) == 0


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("average", "average"),
        ("Medium build", "average"),
        ("normal", "average"),
        ("petite", "slim"),
        ("lean and thin", "slim"),
        ("muscular", "athletic"),
        ("well-built", "athletic"),
        ("plus-size", "heavy"),
        ("a bit overweight", "heavy"),
        ("chubby", "heavy"),
        ("stocky", "heavy"),
        ("full-figured", "curvy"),
        ("pregnant", "curvy"),
    ],
)
def test_words_for_bodies_are_known(text: str, body: str) -> None:
    assert drawn(body_type=text)["body"] == body


@pytest.mark.parametrize("art_style", ["avataaars", "micah", "lorelei"])
@pytest.mark.parametrize("text", ["average", "medium", "normal", "Average build", "average body type"])
def test_an_average_body_is_no_reason_to_warn(text: str, art_style: str) -> None:
    assert notices(body_type=text, options={"art_style": art_style}) == ()


def test_a_heavy_face_has_a_softer_jaw() -> None:
    assert {drawn(body_type="heavy", seed=seed)["head"] for seed in range(1, 40)} == {"soft", "round"}


def test_a_body_that_was_asked_for_is_said_where_it_is_drawn() -> None:
    assert (planned(body_type="chubby").drawn or {})["body_type"] == "heavy"
    assert "body_type" not in (planned().drawn or {})
    assert "body_type" not in (planned(body_type="chubby", options={"art_style": "micah"}).drawn or {})
