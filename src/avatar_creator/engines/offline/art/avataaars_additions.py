"""What is added to Avataaars: lines of age, earrings, an edge of hair, a shirt under overalls."""

from collections.abc import Iterable
from typing import Any

from avatar_creator.engines.offline.art.avataaars_clothes import add_clothes
from avatar_creator.engines.offline.art.avataaars_expressions import add_expressions
from avatar_creator.engines.offline.art.avataaars_faces import add_faces
from avatar_creator.engines.offline.art.avataaars_figures import add_figures
from avatar_creator.engines.offline.art.avataaars_hair import add_hair
from avatar_creator.engines.offline.art.avataaars_headwear import add_headwear
from avatar_creator.engines.offline.art.style import Definition

_Element = dict[str, Any]

_LINES = {
    "forties": (
        ("M119.5 136c-4 4-6.5 9-7 15M160.5 136c4 4 6.5 9 7 15", 2),
        ("M104 124c5 4.2 14 4.2 19 .6M157 124.6c5 3.6 14 3.6 19-.6", 1.8),
    ),
    "fifties": (
        ("M120 136c-4.5 4-7.5 10-8 17M160 136c4.5 4 7.5 10 8 17", 2.4),
        ("M104 124c5 4.6 15 4.6 20 .6M156 124.6c5 4 15 4 20-.6", 2),
        ("M96 108l-6-2.6M95 113h-6.4M96 118l-6 2.6M184 108l6-2.6M185 113h6.4M184 118l6 2.6", 1.8),
    ),
    "seventies": (
        ("M120 135c-5.5 4.5-9.5 12-9.5 21M160 135c5.5 4.5 9.5 12 9.5 21", 2.6),
        ("M103 123.6c5 5.4 16 5.4 21 1M156 124.6c5 4.4 16 4.4 21-1", 2.2),
        ("M105 129c4.5 3 11 3.4 15.5 1M159.5 130c4.5 2.4 11 2 15.5-1", 1.6),
        ("M96 107l-7-3.4M95 113h-7.400M96 119l-7 3.400M184 107l7-3.400M185 113h7.400M184 119l7 3.4", 2),
        ("M116 79c14-4 34-4 48 0M121 71.500c12-3 26-3 38 0", 2),
        ("M114 166c-1 4-.5 7 1 10M166 166c1 4 .5 7-1 10", 1.8),
    ),
}
_EARS = (80, 200)  # x of the lobes
_LOBE = 136
_SHIRT = "#dfe3e7"  # seen under overalls of any color, white ones too
_NEW_COLORS = {
    "brows": "#4a312c",
    "eyes": "#5b3a1e",
    "ageLines": "#8a5a44",
    "jewellery": "#d9b24c",
    "hairEdge": "#a55728",
    "accent": "#2f5d8a",
}


def _color(name: str) -> _Element:
    return {"type": "color", "name": name}


def extended(definition: Definition) -> Definition:
    """Return the definition with the additions; every face that draws none of them stays as it was."""
    components = definition["components"]
    clothes = components["clothes"]["variants"]
    outline, *folds = clothes["shirtCrewNeck"]["elements"]
    shirt = _element("path", {**outline["attributes"], "fill": _SHIRT})
    clothes["overallAndShirt"] = _drawing(shirt, *folds, *clothes["overall"]["elements"])
    ring = {"stroke": _color("jewellery"), "stroke-width": "2.4"}
    earrings = {
        "stud": _drawing(*(_circle(x, _LOBE, 3.4, {"fill": _color("jewellery")}) for x in _EARS)),
        "hoop": _drawing(*(_circle(x, _LOBE + 7, 7, ring) for x in _EARS)),
    }
    lines = {name: _drawing(*(_line(*line) for line in lines)) for name, lines in _LINES.items()}
    whole = {"width": definition["canvas"]["width"], "height": definition["canvas"]["height"]}
    components |= {"earrings": {**whole, "variants": earrings}, "ageLines": {**whole, "variants": lines}}
    for brow in components["eyebrows"]["variants"].values():
        for element in brow["elements"]:
            element["attributes"] |= {"fill": _color("brows"), "fill-opacity": ".85"}
    add_clothes(definition)
    add_hair(definition)
    for top in components["top"]["variants"].values():
        _draw_edges(top["elements"])
    add_headwear(definition)
    canvas = definition["canvas"]["elements"]
    names = [element["name"] for element in canvas]
    canvas.insert(names.index("top") + 1, {"type": "component", "name": "earrings"})
    definition["colors"] |= {name: {"values": [value]} for name, value in _NEW_COLORS.items()}
    add_faces(definition)
    add_expressions(definition)
    add_figures(definition)
    return definition


def _draw_edges(elements: Iterable[_Element]) -> None:
    """Give hair an edge, in a color that is seen where that of the hair is not."""
    for element in elements:
        if element["attributes"].get("fill") == _color("hair"):
            element["attributes"] |= {"stroke": _color("hairEdge"), "stroke-width": "1.6", "stroke-linejoin": "round"}
        _draw_edges(element.get("children", ()))


def _drawing(*elements: _Element) -> _Element:
    return {"elements": list(elements)}


def _line(d: str, width: float) -> _Element:
    stroke = {"stroke": _color("ageLines"), "stroke-width": f"{width}", "stroke-linecap": "round"}
    return _element("path", {"d": d, **stroke})


def _circle(x: float, y: float, r: float, attributes: _Element) -> _Element:
    return _element("circle", {"cx": f"{x}", "cy": f"{y}", "r": f"{r}", **attributes})


def _element(name: str, attributes: _Element, children: Iterable[_Element] = ()) -> _Element:
    return {"type": "element", "name": name, "attributes": attributes, "children": list(children)}
