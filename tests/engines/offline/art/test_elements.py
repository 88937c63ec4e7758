"""What art styles do to elements of a definition."""

from avatar_creator.engines.offline.art.elements import (
    color,
    drawing,
    framed,
    lit,
    outlined,
    path,
    recolored,
    tinted_ink,
)

HAIR = path("M0 0h9v9z", fill=color("hair"))
INK = path("M0 0h9v9z", fill=color("ink"))


def test_colors_get_other_names_wherever_they_are() -> None:
    group = {"type": "element", "name": "g", "attributes": {}, "children": [INK, HAIR]}
    (renamed,) = recolored([group], {"ink": "skin"})
    assert [child["attributes"]["fill"]["name"] for child in renamed["children"]] == ["skin", "hair"]
    assert INK["attributes"]["fill"]["name"] == "ink"


def test_only_what_has_the_color_gets_a_line_around_it() -> None:
    lined, plain = outlined([HAIR, INK], ("hair",), "ink", "12")
    assert lined["attributes"]["stroke"] == color("ink")
    assert plain == INK


def test_the_inside_of_ink_is_painted_and_its_edge_is_not() -> None:
    shape, mask, tint = tinted_ink([INK], "hair", "id", 5)
    assert shape == INK
    assert mask["attributes"]["id"] == "id"
    assert mask["children"][0]["attributes"]["stroke-width"] == "10"
    assert tint["children"][0]["attributes"]["fill"] == color("hair")
    assert list(tinted_ink([HAIR], "hair", "id", 5)) == [HAIR]
    assert list(tinted_ink([INK], "ink", "id", 5)) == [INK]


def test_light_is_drawn_below_ink() -> None:
    component = {"variants": {"nose": drawing(INK)}}
    lit(component, "9")
    light, ink = component["variants"]["nose"]["elements"]
    assert light["attributes"]["stroke"] == color("highlight")
    assert ink == INK


def test_a_frame_is_the_whole_canvas() -> None:
    canvas = framed({"canvas": {"width": 9, "height": 9, "elements": [INK]}}, 2, -1, 5)["canvas"]
    assert (canvas["width"], canvas["height"]) == (5, 5)
    (moved,) = canvas["elements"]
    assert moved["attributes"]["transform"] == "translate(-2 1)"
    assert moved["children"] == [INK]
