"""The people of Avataaars from head to shoulders: their age, their body, and where the parts of a face are.

"figure" holds all of a person in the size of the age, "features" the parts of a face in their places.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from avatar_creator.engines.offline.art.elements import Element, add_drawings, color, component, element, group
from avatar_creator.engines.offline.art.style import Definition, Part

_MIDDLE, _FLOOR = 140, 280  # of the canvas: what is scaled stays there
# How wide shoulders and neck are, and how high.
_BODIES = {
    "average": (1.0, 1.0),
    "slim": (0.86, 0.99),
    "athletic": (1.13, 1.06),
    "curvy": (1.07, 0.98),
    "heavy": (1.2, 1.05),
}
FIGURES = (
    Part("age", "figure", {"": "adult", "teenager": "teen", "child": "child"}),
    Part("body type", "body", {name: name for name in _BODIES}),
    Part(
        "age",
        "features/eyewear",
        {
            "": "even/even high/high low/low longNose/longNose shortNose/shortNose lowBrow/lowBrow highBrow/highBrow",
            "teenager": "teen/teen teenHigh/teenHigh",
            "child": "child/child childHigh/childHigh",
        },
    ),
)
# Hair that lies against the jaw is cut to the first of the jaws: there is more of it behind narrower jaws and necks.
BEHIND = Part(
    "top",
    "behind",
    {
        "bigWaves": "toElbows",
        "bob": "toChin",
        "curly": "toNeck",
        "curvy": "toShoulders",
        "dreads": "toNeck",
        "dreads02": "toCheeks",
        "fro": "toJaw",
        "froBand": "toJaw",
        "longButNotTooLong": "toJaw",
        "miaWallace": "toJaw",
        "shaggyMullet": "toJaw",
        "straight01": "flowing",
        "straight02": "toShoulders",
        "straightAndStrand": "toShoulders",
        "hijab": "scarf",
        "turban": "wrap",
    },
)


# What `_features` takes.
_LAYOUTS: Mapping[str, tuple[float, ...]] = {
    "even": (),
    "high": (-2.5, -2.5, -1, 0),
    "low": (2, 2, 1.5, 1),
    "longNose": (-1, -1, 3, 2),
    "shortNose": (0.5, 0, -3, -2),
    "lowBrow": (0, 2.5, 0, -1),
    "highBrow": (1, -2.5, 0, 1.5),
    "teen": (3.5, 2.5, 2, 1, 1.08, 0.88, 0.92, 0.92),
    "teenHigh": (1.5, 1, 0, 0, 1.08, 0.88, 0.92, 0.92),
    "child": (10, 8, 5, 2.5, 1.2, 0.7, 0.8, 0.8),
    "childHigh": (7.5, 5, 3, 1.5, 1.2, 0.7, 0.8, 0.8),
}
# Of all of a person, and of the shoulders beside it.
_FIGURES = {"adult": (1.0, 1.0), "teen": (0.96, 0.9), "child": (0.9, 0.78)}
_PLACED = frozenset({"clothes", "ageLines", "mouth", "nose", "eyes", "eyebrows", "accessories"})
_TO_NECK = "M84 104V130A56 56 0 0 0 116 180.6V199H164V180.6A56 56 0 0 0 196 130V104Z"
_BEHIND = {
    "toCheeks": ("M84 104V130A56 56 0 0 0 101 170H179A56 56 0 0 0 196 130V104Z", "hair"),
    "toJaw": (_TO_NECK.replace("199", "190"), "hair"),
    "toChin": (_TO_NECK.replace("199", "194"), "hair"),
    "toNeck": (_TO_NECK, "hair"),
    "toShoulders": ("M84 104V150L76 214V226H206V214L196 150V104Z", "hair"),
    "toElbows": ("M84 104V199H112A72 72 0 0 0 40 271V280H240V271A72 72 0 0 0 168 199H196V104Z", "hair"),
    "flowing": (
        "M84 104V130L100 222H196L236 262L231 236A72 72 0 0 0 168 199L164 180.6A56 56 0 0 0 196 130V104Z",
        "hair",
    ),
    "scarf": (_TO_NECK, "hat"),
    "wrap": ("M84 104V130A56 56 0 0 0 87 147H193A56 56 0 0 0 196 130V104Z", "hat"),
}


def add_figures(definition: Definition) -> None:
    """Put figures, bodies and places of features into the definition, in the place of its canvas."""
    add = partial(add_drawings, definition)
    add("features", {name: _features(*layout) for name, layout in _LAYOUTS.items()})
    add("eyewear", {name: [_accessories(*layout)] for name, layout in _LAYOUTS.items()})
    add("body", {name: _body(*size) for name, size in _BODIES.items()})
    add("behind", {name: _behind(*paint) for name, paint in _BEHIND.items()})
    canvas = definition["canvas"]
    front = [part for part in canvas["elements"] if part["type"] == "component" and part["name"] not in _PLACED]
    add("figure", {name: _figure(front, *size) for name, size in _FIGURES.items()})
    canvas["elements"] = [component("figure")]


def _features(
    eyes: float = 0,
    brows: float = 0,
    nose: float = 0,
    mouth: float = 0,
    eye_size: float = 1,
    nose_size: float = 1,
    mouth_size: float = 1,
    brow_size: float = 1,
) -> Iterable[Element]:
    """Yield the parts of a face so far down as is said, each scaled about its own middle."""
    yield component("marks", f"translate(0 {nose:g})")
    yield component("contours")
    yield component("ageLines")
    yield component("mouth", f"translate(140 {154 + mouth:g}) scale({mouth_size:g}) translate(-46 -14)")
    yield component("nose", f"translate(140 {132 + nose:g}) scale({nose_size:g}) translate(-12 -2)")
    yield component("eyes", f"translate(140 {112 + eyes:g}) scale({eye_size:g}) translate(-42 -14)")
    yield component("eyebrows", f"translate(140 {94 + brows:g}) scale({brow_size:g}) translate(-48.14 -12)")


def _accessories(eyes: float = 0, *_: float) -> Element:
    return component("accessories", f"translate(75.77 {46 + eyes:g})")


def _body(wide: float, high: float) -> list[Element]:
    """Return neck, shoulders and clothes, scaled to the sides and upwards."""
    skin = {
        "d": "M115.5 140V199H112A72 72 0 0 0 40 271V280H240V271A72 72 0 0 0 168 199H164.5V140Z",
        "fill": color("skin"),
    }
    shade = {"d": "M116 160V188.6A56 56 0 0 0 164 188.6V160Z", "fill": "black", "fill-opacity": ".1"}
    return [
        group(_scaled(wide, high), [element("path", skin)]),
        group(_scaled(wide, 1), [element("path", shade)]),  # under the chin, which stays where it is
        group(_scaled(wide, high), [component("clothes", "translate(40 184.7)")]),
    ]


def _behind(d: str, fill: str) -> list[Element]:
    return [
        element("path", {"d": d, "fill": color(fill)}),
        element("path", {"d": d, "fill": "black", "fill-opacity": ".27"}),
    ]


def _figure(front: Iterable[Element], size: float, shoulders: float) -> list[Element]:
    """Return all of a person; ``front`` is what is drawn over the face."""
    body = group(_scaled(shoulders, 1), [component("body")])
    parts = [component("behind"), body, component("head"), component("features"), *front, component("eyewear")]
    return [group(_scaled(size, size), parts)]


def _scaled(x: float, y: float) -> str:
    """Return the transform that scales about the middle of the lower edge."""
    return f"translate({_MIDDLE} {_FLOOR}) scale({x:g} {y:g}) translate({-_MIDDLE} {-_FLOOR})"
