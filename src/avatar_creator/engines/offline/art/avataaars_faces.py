"""What makes the faces of Avataaars differ: jaws, noses, eyes, lashes, brows, mouths and marks.

Each is a component of its own, so that chance decides about each alone. "spacing" holds the two eyes.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from avatar_creator.engines.offline.art.elements import (
    Element,
    add_drawings,
    circle,
    color,
    component,
    element,
    group,
    line,
)
from avatar_creator.engines.offline.art.style import Definition, Part

_Points = tuple[float, ...]

_MIDDLE = 140  # of the canvas, from left to right
_INK = "#2a1a14"


class _Eye(NamedTuple):
    """An eye and its lid around the origin, its outer corner on the right; the iris is round its middle."""

    white: str
    lid: str
    iris: float
    fold: str = ""
    corner: tuple[float, float] = (13, 1.5)


# The right half of a jaw as points of Bézier curves, (across from the middle, down), from the temple to the chin.
_JAWS: Mapping[str, _Points] = {
    "oval": (56, 160.9, 30.9, 186, 0, 186),
    "square": (56, 162, 42, 187, 12, 187, 8, 187.4, 4, 187.5, 0, 187.5),
    "round": (56, 165, 33, 184.5, 0, 184.5),
    "tapered": (56, 148, 29, 186, 0, 186),
    "heart": (56, 151, 38, 168, 20, 180, 13, 185, 7, 187.5, 0, 187.5),
    "angular": (55, 143, 53, 150, 48, 157, 42, 166, 34, 174, 26, 181, 19, 186.5, 10, 188.5, 0, 188.5),
    "long": (56, 156, 31, 191, 0, 191),
    "soft": (56, 168, 39, 188, 0, 188),
    "child": (56, 164, 35, 184, 0, 184),
    "childOval": (56, 158, 32, 185, 0, 185),
}
FACES = (
    Part(
        "age",
        "head",
        {"": "oval oval square round tapered heart angular long soft", "child": "child childOval oval"},
    ),
    Part("body type", "head", {"curvy": "oval round soft", "heavy": "soft soft round"}),
    Part("head", "stubble", {name: name for name in _JAWS}),
    Part("face", "nose", {"": "default narrow wide button pointed winged bridged tall"}),
    Part("face", "eye", {"": "almond almond round narrow upturned downturned hooded folded"}),
    Part("face", "spacing", {"": "close even wide"}),
    Part("face", "lashes", {"": "- - - - winged winged full"}),
    Part(
        "face",
        "marks",
        {"": "- - - - - - - freckles moleByMouth moleOnCheek moleByEye dimples dimples blush blush"},
    ),
)
# The upper edge of stubble from the left to the right, and round the mouth.
_STUBBLE = (
    "L84.5 124C85.2 130 87 142.5 94 148.2C97.3 150.6 103.2 154.6 107.5 153.4C110.4 152.7 110.7 144.3 114.5 141.1"
    "A22.4 22.4 0 0 1 129.8 136.2C132.2 136.3 137 136.3 140 138.1C143 136.3 147.8 136.3 150.2 136.2"
    "A22.4 22.4 0 0 1 165.5 141.1C169.3 144.3 169.6 152.7 172.5 153.4C176.8 154.6 182.7 150.6 186 148.2"
    "C193 142.5 194.8 130 195.5 124Z"
    "M157.4 170.2c-2.5 2.3-5.2 3.3-8.6 2.6-.6-.1-2.9-4.5-8.8-4.5s-8.3 4.4-8.9 4.5c-3.4.7-6.1-.3-8.6-2.6"
    "-4.7-4.3-8.6-10.3-6.3-16.7 1.2-3.4 3.2-7.1 6.9-8.2 3.9-1.2 9.3 0 13.3-.8a8.6 8.6 0 0 0 3.6-1.5"
    " 9 9 0 0 0 3.6 1.5c3.9.8 9.4-.4 13.3.8 3.6 1.1 5.6 4.8 6.9 8.2 2.4 6.5-1.6 12.4-6.3 16.7Z"
)
# Half the shade under a nose, (across, down) from its middle; then, for some, a shade beside its bridge.
_NOSES: Mapping[str, tuple[str, ...]] = {
    "default": ("M-12 0C-12 4.42-6.63 8 0 8S12 4.42 12 0Z",),
    "narrow": ("M-8-1C-8 4-4.5 7.5 0 7.5S8 4 8-1C5 .5-5 .5-8-1Z",),
    "wide": ("M-16-.5C-15 5-7 7.5 0 7.5S15 5 16-.5C10 1.5-10 1.5-16-.5Z",),
    "button": ("M-8-4C-10 3-5 7 0 7S10 3 8-4C6 1-6 1-8-4Z",),
    "pointed": ("M-11 0C-7 1-3 8.5 0 8.5S7 1 11 0C6-2.5-6-2.5-11 0Z",),
    "winged": (
        "M-13-2C-15 4-10 6.5-6.5 4.5-4 8 4 8 6.5 4.5 10 6.5 15 4 13-2 11 1.5 8 1 5.5 1 3 3-3 3-5.5 1-8 1-11 1.5-13-2Z",
    ),
    "bridged": (
        "M-11 0C-10 4.5-5 7.5 0 7.5S10 4.5 11 0C5 1.5-5 1.5-11 0Z",
        "M3-25C3-14 6-8 11 0C7 1 4 1 2 1C1-8 1-17 3-25Z",
    ),
    "tall": (
        "M-9 1C-8 5.5-4 8.5 0 8.5S8 5.5 9 1C4 2.5-4 2.5-9 1Z",
        "M-3-26C-3.5-14-6-7-9 1C-6 2-3 2-1.5 1.5C-.5-8-1-17-3-26Z",
    ),
}
_EYES: Mapping[str, _Eye] = {
    "almond": _Eye("M-13 1.5C-9-8.5 9-8.5 13 1.5C8 8.5-8 8.5-13 1.5Z", "M-13.5 1.8C-9-9 9-9 13.5 1.8", 6.4),
    "round": _Eye(
        "M-12 1C-9.5-11 9.5-11 12 1C9 9.5-9 9.5-12 1Z",
        "M-12.5 1.5C-9.5-11.5 9.5-11.5 12.5 1.5",
        6.8,
        "",
        (12, 1),
    ),
    "narrow": _Eye("M-13.5 1C-8-6.5 8-6.5 13.5 1C8 6.8-8 6.8-13.5 1Z", "M-14 1.3C-8-7 8-7 14 1.3", 5.2),
    "upturned": _Eye(
        "M-12.5 3C-9-8 6-9.5 13.5-1.5C10 7-5 9.5-12.5 3Z",
        "M-13 3.5C-9-8.5 6-10 14-1.7",
        6,
        "",
        (13.5, -1.5),
    ),
    "downturned": _Eye("M-13-.5C-6-9 9-8 13 3C7 8.5-9 8-13-.5Z", "M-13.5 0C-6-9.5 9-8.5 13.5 3.5", 6, "", (13, 3)),
    "hooded": _Eye(
        "M-13 1C-10-6 9-6.5 13 1.5C8 8-8 8-13 1Z",
        "M-13.5 1C-10-6.5 9-7 13.5 1.5",
        5.8,
        "M-13-4.5C-8-11.5 8-12 14-3",
    ),
    "folded": _Eye(
        "M-13 1.5C-9-8.5 9-8.5 13 1.5C8 8.5-8 8.5-13 1.5Z",
        "M-13.5 1.8C-9-9 9-9 13.5 1.8",
        6.2,
        "M-11-6.5C-6-12 6-12.5 12.5-5.5",
    ),
}
_SPACINGS = {"close": -1.8, "even": 0.0, "wide": 1.8}
# A brow: (inner end, highest point, outer end) as x and y from the middle of the face, then how thick it is.
_BROWS: Mapping[str, _Points] = {
    "straight": (14, 11.5, 30, 7.5, 44, 12.5, 4.4),
    "arched": (14, 13, 33, -1, 45, 14, 3.6),
    "angled": (14, 11.5, 36, 1, 45, 13, 4),
    "thick": (13, 12, 28, 3, 45, 15, 7),
    "thin": (15, 12.5, 30, 2, 44.5, 14.5, 2.6),
    "short": (17, 11, 29, 4, 41, 12.5, 5),
    "low": (13, 15, 30, 9, 45, 16, 5.4),
}
_STROKE = {"stroke": "black", "stroke-linecap": "round"}
_LINE = {**_STROKE, "stroke-opacity": ".62", "stroke-width": "3.4"}
_DARK, _WHITE, _LIP = (
    {"fill": "black", "fill-opacity": ".68"},
    {"fill": "white"},
    {"fill": "black", "fill-opacity": ".14"},
)
_MOUTHS: Mapping[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "soft": (("M31 11.5C39 19.5 53 19.5 61 11.5", _LINE),),
    "slight": (("M36 13.5C41 17.5 51 17.5 56 13.5", _LINE),),
    "half": (("M34 14.5C42 18 53 17 59.5 10.5", _LINE),),
    "lips": (
        ("M33 12.5Q46 18.5 59 12.5", {**_LINE, "stroke-width": "2.8"}),
        ("M37 16Q46 25.5 55 16Q46 18.5 37 16Z", _LIP),
    ),
    "grin": (
        (
            "M28.5 9C28.5 18 36 24.5 46 24.5S63.5 18 63.5 9C63.5 7.5 62.5 7 61.5 7H30.5C29.5 7 28.5 7.5 28.5 9Z",
            _DARK,
        ),
        ("M31.5 9.5H60.5C59.5 16 53.5 20.5 46 20.5S32.5 16 31.5 9.5Z", _WHITE),
    ),
    "open": (
        (
            "M29.5 9.5C31 17 37.5 21.5 46 21.5S61 17 62.5 9.5Q46 11.5 29.5 9.5Z",
            _DARK,
        ),
        ("M32.5 10.2Q46 13 59.5 10.2C58 14 53 16.5 46 16.5S34 14 32.5 10.2Z", _WHITE),
    ),
    "flat": (("M34.5 14.5H57.5", _LINE),),
    "pressed": (
        ("M34 15Q46 11.5 58 15", {**_LINE, "stroke-width": "3"}),
        ("M39 19Q46 24 53 19Q46 20.5 39 19Z", _LIP),
    ),
}
# The first lines of an age: beside nose and mouth, and under the eyes.
_THIRTIES = (
    "M121.5 138.5C119.5 141 118 143.5 117.3 146.5M158.5 138.5C160.5 141 162 143.5 162.7 146.5",
    "M106 124.8C110 127 117 127.2 121 125M159 125C163 127.2 170 127 174 124.8",
)
_FRECKLES = (
    (-33, 126),
    (-27, 131),
    (-25, 124.5),
    (-20, 128.5),
    (-6, 124),
    (1, 121.5),
    (6, 125),
    (20, 127),
    (24, 132),
    (28, 125.5),
    (33, 129),
)
_MOLES = {"moleByMouth": (20, 148), "moleOnCheek": (-27, 141), "moleByEye": (35, 126)}
_DIMPLES = "M113 150C111.3 152 111.3 155 113 157M167 150C168.7 152 168.7 155 167 157"


def add_faces(definition: Definition) -> None:
    """Put the additions into the definition."""
    add = partial(add_drawings, definition)
    add("head", {name: _head(points) for name, points in _JAWS.items()})
    add("stubble", {name: _stubble(points) for name, points in _JAWS.items()})
    to_jaw = component("stubble", "translate(-81 -98)")
    trimmed = definition["components"]["facialHair"]["variants"]["beardLight"]["elements"]
    add("facialHair", {"stubble": [element("g", {"opacity": ".4"}, [to_jaw])], "beardLight": [to_jaw, *trimmed]})
    add("nose", {name: _nose(*paths) for name, paths in _NOSES.items()})
    add("eye", {name: _eye(eye) for name, eye in _EYES.items()})
    add(
        "lashes",
        {
            "winged": [line("M-1 0C1 0 2.5-.8 3.5-2.5", stroke=_INK, width=1.8)],
            "full": [line("M-1 0C1 0 2.5-.8 3.5-2.5M-3.5-3L-1.5-5.5", stroke=_INK, width=1.5)],
        },
    )
    add("spacing", {name: _eyes(out) for name, out in _SPACINGS.items()})
    wink = definition["components"]["eyes"]["variants"]["wink"]["elements"][1]
    open_eye = group("translate(16 14) scale(-1 1)", [component("eye")])
    add("eyes", {"iris": [component("spacing", "translate(42 14)")], "irisWink": [open_eye, wink]})
    add("eyebrows", {name: _brows(points) for name, points in _BROWS.items()})
    add("mouth", {name: [element("path", {"d": d, **paint}) for d, paint in paths] for name, paths in _MOUTHS.items()})
    add("marks", _marks())
    faint = element("g", {"opacity": ".5"}, (line(d, stroke=color("shade"), width=1.5) for d in _THIRTIES))
    add("contours", {"thirties": [faint]})
    definition["colors"]["shade"] = {"values": ["#c98f63"]}


def _jaw(right: _Points) -> str:
    """Return a jaw as a path from the right temple over the chin to the left one."""
    points = list(zip(right[::2], right[1::2], strict=True))
    left = [(-x, y) for x, y in reversed([(56.0, 128.0), *points])][1:]
    return "M196 128C" + " ".join(f"{_MIDDLE + x:g} {y:g}" for x, y in [*points, *left])


def _head(right: _Points) -> list[Element]:
    ears = "M86 98A12 12 0 0 0 74 110V124A12 12 0 0 0 86 136ZM194 98A12 12 0 0 1 206 110V124A12 12 0 0 1 194 136Z"
    outline = f"{_jaw(right)}V92A56 56 0 0 1 196 92Z"
    return [element("path", {"d": d, "fill": color("skin")}) for d in (ears, outline)]


def _stubble(right: _Points) -> list[Element]:
    paint = {"fill": color("facialHair"), "fill-rule": "evenodd"}
    return [element("path", {"d": _jaw(right) + _STUBBLE, **paint})]


def _nose(shade: str, bridge: str = "") -> list[Element]:
    shades = [element("path", {"d": shade, "fill": color("shade")})]
    if bridge:
        shades.append(element("path", {"d": bridge, "fill": color("shade"), "fill-opacity": ".45"}))
    return [group("translate(12 0)", shades)]


def _eye(eye: _Eye) -> Iterable[Element]:
    yield element("path", {"d": eye.white, "fill": "#ffffff"})
    yield circle(0, 0, eye.iris, {"fill": color("eyes")})
    yield circle(0, 0, eye.iris * 0.47, {"fill": "#120c0a"})
    yield line(eye.lid, stroke=_INK, width=2.4)
    if eye.fold:
        yield line(eye.fold, stroke=color("shade"), width=1.8)
    yield component("lashes", "translate({:g} {:g})".format(*eye.corner))


def _eyes(out: float) -> Iterable[Element]:
    x = 26 + out
    yield group(f"translate({-x:g} 0) scale(-1 1)", [component("eye")])
    yield component("eye", f"translate({x:g} 0)")
    for side in (-x, x):  # light falls on both from the same side
        yield circle(side + 2.1, -2.1, 1.6, {"fill": "#ffffff"})


def _brows(points: _Points) -> list[Element]:
    x, y, high_x, high_y, out_x, out_y, thick = points
    half = thick / 2
    d = (
        f"M{x:g} {y - half:g}Q{high_x:g} {high_y - half:g} {out_x:g} {out_y:g}"
        f"Q{high_x:g} {high_y + thick:g} {x + 0.5:g} {y + half:g}A{half:g} {half:g} 0 0 1 {x:g} {y - half:g}Z"
    )
    brow = element("path", {"d": d, "fill": color("brows"), "fill-opacity": ".85"})
    return [group("translate(48.14 0)", [brow]), group("translate(48.14 0) scale(-1 1)", [brow])]


def _marks() -> Mapping[str, list[Element]]:
    freckle = {"fill": color("ageLines"), "fill-opacity": ".5"}
    mole = {"fill": color("ageLines"), "fill-opacity": ".9"}
    blush = {"fill": "#e2503f", "fill-opacity": ".1"}
    return {
        "freckles": [circle(_MIDDLE + x, y, 1.2, freckle) for x, y in _FRECKLES],
        **{name: [circle(_MIDDLE + x, y, 1.7, mole)] for name, (x, y) in _MOLES.items()},
        "dimples": [line(_DIMPLES, stroke=color("shade"), width=2.2)],
        "blush": [
            element("ellipse", {"cx": f"{x}", "cy": "137", "rx": "11", "ry": "7.5", **blush}) for x in (105, 175)
        ],
    }
