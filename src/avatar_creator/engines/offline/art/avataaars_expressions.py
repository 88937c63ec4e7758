"""Expressions of Avataaars: which mouth, eyes and brows show which mood, and those that it lacks."""

from functools import partial

from avatar_creator.engines.offline.art.elements import (
    Element,
    add_drawings,
    color,
    component,
    element,
    group,
    line,
    path,
)
from avatar_creator.engines.offline.art.style import Definition, Part

EXPRESSIONS = (
    Part(
        "expression",
        "mouth",
        {
            "": "twinkle twinkle soft soft slight half lips lips smile open grin",
            "smile": "smile smile grin open twinkle soft",
            "laugh": "smile grin",
            "excited": "smile grin open",
            "silly": "tongue",
            "calm": "twinkle soft slight lips",
            "proud": "soft lips",
            "smirk": "smirk",
            "curious": "slight half",
            "tired": "drooping",
            "serious": "serious flat pressed",
            "neutral": "flat serious",
            "disgusted": "curled",
            "sad": "sad frown",
            "worried": "frown",
            "confused": "wavering",
            "angry": "serious pressed",
            "surprised": "oh",
        },
    ),
    Part("expression", "eyes", {"": "iris", "wink": "irisWink", "asleep": "closed", "tired": "irisTired"}),
    Part(
        "expression",
        "eyebrows",
        {
            "": "defaultNatural default straight arched angled thick thin short low",
            "excited": "raisedExcitedNatural",
            "proud": "raisedExcitedNatural arched",
            "curious": "upDown",
            "smirk": "upDown",
            "serious": "straight low",
            "neutral": "defaultNatural default straight short",
            "tired": "defaultNatural default thin",
            "disgusted": "angryNatural",
            "sad": "sadConcernedNatural",
            "worried": "sadConcerned sadConcernedNatural",
            "confused": "upDown",
            "angry": "angryNatural",
            "surprised": "raisedExcited",
        },
    ),
)
_MOUTHS = {
    "smirk": "M36 15.5C44 18.5 54 16.5 60 9M62.5 6.5C63.5 8 63.8 9.5 63.4 11",
    "drooping": "M37 16.5C42 14.5 50 14.5 55 16.5",
    "frown": "M34.5 19C40 13 52 13 57.5 19",
    "wavering": "M33.5 16.5C37.5 12.5 42 12.5 46 15.5S54.5 18.5 58.5 14.5",
    "curled": "M33.5 12.5C39 10.5 43 17 47.5 15.5S56 12.5 59.5 18.5",
}
_LID, _LID_EDGE = "M-15 1.5C-11-11.5 11-11.5 15 1.5L14 2C8-.5-8-.5-14 2Z", "M-13.5 1.5C-8-.8 8-.8 13.5 1.5"
_UNDER_EYE = "M-9 10.5C-5 13 5 13 9 10.5"


def add_expressions(definition: Definition) -> None:
    """Add mouths and tired eyes; the eyes have the shape of the face."""
    add = partial(add_drawings, definition)
    add("mouth", {name: [_lips(d)] for name, d in _MOUTHS.items()})
    open_lips = {"cx": "46", "cy": "17", "rx": "6.5", "ry": "8", "fill": "#000000", "fill-opacity": ".68"}
    add("mouth", {"oh": [element("ellipse", open_lips)]})
    lids = [group(f"translate({x} 14)", _lid()) for x in (16, 68)]
    add("eyes", {"irisTired": [component("spacing", "translate(42 14)"), *lids]})


def _lips(d: str) -> Element:
    return path(d, stroke="#000000", stroke_opacity=".62", stroke_width="3.4", stroke_linecap="round")


def _lid() -> list[Element]:
    return [
        path(_LID, fill=color("skin")),
        line(_LID_EDGE, stroke="#2a1a14", width=2.2),
        line(_UNDER_EYE, stroke=color("shade"), width=1.6),
    ]
