"""Headwear over the hair of Avataaars: hair is seen below it, and stays what it was."""

from avatar_creator.engines.offline.art.elements import Element, color, drawing, element, line, path
from avatar_creator.engines.offline.art.style import COVERED, Definition

# All is drawn where `top` is, whose middle is at 132.
_PLACE = {"transform": "translate(8)"}
# What is seen of hair below a brim: it comes out at the sides of the head and widens downwards.
_BELOW = "M72 74C58 82 36 94 22 126C10 152 -4 180 -4 220V288H268V220C268 180 254 152 242 126C228 94 206 82 192 74Z"
_DOME = "M73 80C71 44 92 20 132 20s61 24 59 60z"
_CUFF = (
    "M70 70c17-9 38-13 62-13s45 4 62 13c3 1.6 4 4 4 7v8c0 4-3.5 6-7.5 4.5C174 83.5 154 80 132 80s-42 3.5-58.5 9.5"
    "C69.5 91 66 89 66 85v-8c0-3 1-5.4 4-7z"
)
_RIBS = (
    "M82 67l-2 18M95 62.5l-1.5 18M109 59.5l-1 18M123.5 58l-.5 18"
    "M140.5 58l.5 18M155 59.5l1 18M169 62.5l1.5 18M182 67l2 18"
)
_KNIT = "M104 27c-7 8-11 19-12 31M132 20.5V57M160 27c7 8 11 19 12 31"
_PEAK = "M70 80c18-14 106-14 124 0 4 6 1 11-5 9-34-8-80-8-114 0-6 2-9-3-5-9z"
_SEAMS = "M132 26V70M108 30c-8 9-12 24-13 41M156 30c8 9 12 24 13 41"
_RIDGE = "M123 20.5c6-.7 12-.7 18 0l3 52h-24z"
_SHELL = "M100 28c-7 10-10 24-11 40M164 28c7 10 10 24 11 40"
_RIM = "M62 76c20-13 120-13 140 0 5 4 4 10-2 10-40-7-96-7-136 0-6 0-7-6-2-10z"
_CROWN = "M82 74c-1-18 1-34 9-46 5-7 14-8 22-5 7 3 12 5 19 5s12-2 19-5c8-3 17-2 22 5 8 12 10 28 9 46-30 8-70 8-100 0z"
_RIBBON = "M82 74c-.3-5-.2-9 .3-13.5 28 8 71 8 99.4 0 .5 4.5.6 8.5.3 13.5-30 8-70 8-100 0z"
_BRIM = "M30 84c0-6 20-9 52-17 15 8 85 8 100 0 32 8 52 11 52 17 0 3-6 6-16 6-26 0-54-9-86-9s-60 9-86 9c-10 0-16-3-16-6z"
_BERET = "M70 76c-12-26 14-52 60-54 46-2 82 16 78 38-2 13-26 12-58 10-30-2-52 2-80 6z"
_BERET_BAND = "M70 76c26-6 52-9 80-6 20 1.5 36 2 46 0-2 5-8 8-16 9-30-5-70-5-104 3-4-1-5-3-6-6z"
_STALK = "M130 22c0-4 1-7 4-9"
_SKULLCAP = "M79 66c2-28 26-44 53-44s51 16 53 44c-30-12-76-12-106 0z"
_SKULLCAP_EDGE = "M79 66c30-12 76-12 106 0l-.5-7c-32-11-73-11-105 0z"
_FOLD = "M78 96C80 68 102 49 131.5 49S184 68 186 96C182 72 160 54 131.5 54S82 72 78 96z"


def add_headwear(definition: Definition) -> None:
    """Add the component `headwear`, and a drawing of each hair that is seen below it."""
    components = definition["components"]
    tops = components["top"]["variants"]
    for name, hair in list(tops.items()):
        tops[f"{name}{COVERED}"] = _covered(hair)
    whole = {"width": components["top"]["width"], "height": components["top"]["height"]}
    components["headwear"] = {**whole, "variants": _headwear(tops["frida"]["elements"], tops["froBand"]["elements"][1])}
    canvas = definition["canvas"]["elements"]
    above_hair = [one["name"] for one in canvas].index("top") + 1
    canvas.insert(above_hair, {"type": "component", "name": "headwear", "attributes": _PLACE})


def _covered(hair: Element) -> Element:
    clip = element("clipPath", {"id": "below"}, [path(_BELOW)])
    return drawing(clip, element("g", {"clip-path": "url(#below)"}, hair["elements"]))


def _headwear(frida: list[Element], band: Element) -> dict[str, Element]:
    hat = color("hat")
    return {
        "beanie": drawing(
            path(_DOME, fill=hat), _line(_KNIT, 0.1), path(_CUFF, fill=hat), _shade(_CUFF, 0.14), _line(_RIBS, 0.14)
        ),
        "cap": drawing(path(_DOME, fill=hat), _line(_SEAMS, 0.14), path(_PEAK, fill=hat), _shade(_PEAK, 0.25)),
        "hat": drawing(path(_CROWN, fill=hat), _shade(_RIBBON, 0.35), path(_BRIM, fill=hat), _shade(_BRIM, 0.12)),
        "hardHat": drawing(
            path(_DOME, fill=hat),
            _shade(_RIDGE, 0.12),
            _line(_SHELL, 0.14),
            path(_RIM, fill=hat),
            _shade(_RIM, 0.14),
        ),
        "beret": drawing(path(_BERET, fill=hat), _shade(_BERET_BAND, 0.25), line(_STALK, stroke=hat, width=4)),
        "skullcap": drawing(path(_SKULLCAP, fill=hat), _shade(_SKULLCAP_EDGE, 0.2)),
        "headband": drawing(path(band["attributes"]["d"], fill=hat), _shade(_FOLD, 0.12)),
        "flowers": drawing(*frida[2:-2]),
    }


def _shade(d: str, opacity: float) -> Element:
    return path(d, fill="#000000", fill_opacity=f"{opacity}")


def _line(d: str, opacity: float) -> Element:
    return path(d, stroke="#000000", stroke_opacity=f"{opacity}", stroke_width="2.2", stroke_linecap="round")
