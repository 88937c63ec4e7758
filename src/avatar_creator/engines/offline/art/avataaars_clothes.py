"""Clothes that Avataaars lacks: collars and ties, dresses, and what people wear at work."""

from avatar_creator.engines.offline.art.elements import Element, color, drawing, element, path
from avatar_creator.engines.offline.art.style import Definition

# In all of these the neck is between 76 and 124, the shoulders end at 0 and 200, the picture at 95.3.
_HIGH_NECK = "M73 5.5c8 8.6 46 8.6 54 0l4 8.9A72 72 0 0 1 200 86.36v8.95H0v-8.95A72 72 0 0 1 69 14.4z"
_COLLAR_LEFT = "M76 6.9c-7 4.2-12 10.6-12.5 18.3L80.5 50 100 39.5c-13-2-24-8-24-17.3z"
_COLLAR_RIGHT = "M124 6.9c7 4.2 12 10.6 12.5 18.3L119.5 50 100 39.5c13-2 24-8 24-17.3z"
_PLACKET = "M95 41.5h10V95.3H95z"
_BUTTONS = "M100 58v.01M100 76v.01M100 92v.01"
_TIE = "M93 41l7-2.5 7 2.5-3.4 10 7 40.5V95.3H89.4V91.5l7-40.5z"
_TIE_KNOT = "M93 41l7-2.5 7 2.5-3.4 10h-7.2z"
_BOW_TIE = "M100 45.5l-17-7.5c-2-1-3.5 0-3.5 2v12c0 2 1.5 3 3.5 2zl17-7.5c2-1 3.5 0 3.5 2v12c0 2-1.5 3-3.5 2z"
_BOW_TIE_KNOT = "M96.5 41.5h7c1 0 1.5.5 1.5 1.5v5c0 1-.5 1.5-1.5 1.5h-7c-1 0-1.5-.5-1.5-1.5v-5c0-1 .5-1.5 1.5-1.5z"
_BOW = (
    "M100 46c-9-10-21-12-26-8-4 4 0 13 8 14 7 1 14-2 18-6zM100 46c9-10 21-12 26-8 4 4 0 13-8 14-7 1-14-2-18-6z"
    "M98 46l-10 34 9-4 5 6 1-36zM102 46l12 30-9-2-5 8-2-36z"
)
_BAND = "M71.5 9.5c10 10.5 47 10.5 57 0l3 9.5c-13 12-50 12-63 0z"
_V_TRIM = "M61.5 15.4a24 24 0 0 0 7.5 12.8l28.3 25.6a4 4 0 0 0 5.4 0L131 28.2a24 24 0 0 0 7.5-12.8"
_POCKET = "M128 66h28v20c0 2.5-1.5 4-4 4h-20c-2.5 0-4-1.5-4-4z"
_POCKET_HEM = "M128 66h28v5h-28z"
_BIB = "M62 46h76l6 49.3H56z"
_STRAPS = "M66 47l3-33M134 47l-3-33"
_WRAP = "M138.5 15.3a24 24 0 0 1-7.5 13L102.7 53.8 54 95.3h92A96 96 0 0 0 166 26.8a72 72 0 0 0-27.5-11.5z"
_SEAMS = "M30 95.3c0-14 3-24 8-32M170 95.3c0-14-3-24-8-32"
_DRAPE = "M126 21C116 52 78 76 22 95.3h178v-8.94A72 72 0 0 0 137 15.1c-6-.6-9.5 1.4-11 5.9z"
_DRAPE_EDGE = "M126 21C116 52 78 76 22 95.3"
_PLEATS = "M134 23C128 56 98 80 62 95M144 23c-2 34-22 58-48 72M156 27c0 30-10 52-28 68M168 34c2 22-2 42-10 61"
_COLLAR_UNDER = "M55 15.9L69 13.5c2 6 5 10.5 10 15L107 53 96 63z"
_COLLAR_OVER = "M145 15.9L131 13.5c-2 6-5 10.5-10 15L56 95.3h26z"
_LINING_UNDER = "M69 13.5l3.5-.4c2 5.4 5 9.7 9.5 13.9L109 51l-2 2L79 28.5c-5-4.5-8-9-10-15z"
_LINING_OVER = "M131 13.5l-3.5-.4c-2 5.4-5 9.7-9.5 13.9L100 44.5 52 95.3h4L121 28.5c5-4.5 8-9 10-15z"
_SASH = "M0 84h200v11.3H0z"
_EPAULETTES = (
    "M57 20.5L30 33c-3 1.5-4 4-2.5 6.5s4.5 3 7 1.5L59 27zM143 20.5L170 33c3 1.5 4 4 2.5 6.5s-4.5 3-7 1.5L141 27z"
)
_CHEST_POCKETS = "M44 62h28v7L58 73.5 44 69zM128 62h28v7l-14 4.5-14-4.5zM46 73v20h24V73M130 73v20h24V73"
_ZIP_FRONT = (
    "M68.8 14.4L69 13.3c-2.96.06-6 1-6 1l-.42.67A72 72 0 0 0 0 86.36v8.95h83C79 80 70 40 68.8 14.4zM117 95.3"
    "c4-15 13-55 14.2-82 2.96.06 5.8 1 5.8 1l.42.67A72 72 0 0 1 200 86.36v8.95z"
)
_ZIP = "M69 14.5C70.5 42 78 75 83 95M131 14.5C129.5 42 122 75 117 95"
_LAPELS = (
    "M69 13.3c-3 0-6 1-6 1L52 32l16 20 8-6c-4-11-6.5-22-7-32.7zM131 13.3c3 0 6 1 6 1L148 32l-16 20-8-6"
    "c4-11 6.5-22 7-32.7z"
)
_VEST = (
    "M62.5 15.5L100 72l37.5-56.5c8 1.5 15 4.5 19.5 7.5-6 24-5 48 2 72.3H41c7-24.3 8-48.3 2-72.3 4.5-3 11.5-6 19.5-7.5z"
)
_VEST_EDGE = "M62.5 15.5L100 72l37.5-56.5M100 72v23.3"
_SLIT = "M100 24v52"
_CHECKS = "M20 0v96M44 0v96M68 0v96M92 0v96M116 0v96M140 0v96M164 0v96M188 0v96M0 34h200M0 58h200M0 82h200"
_STRIPES = "M0 50h200M0 66h200M0 82h200"
_NECK_RIB = "M63.5 15C63.5 31 80 44 100.5 44S137.5 31 137.5 15"
_NECK_RIBS = (
    "M66 24l7-3M71.5 32.5l5.5-5M79.5 39l4-6.5M90 43l2-7M111 43l-2-7M121.5 39l-4-6.5M129.5 32.5l-5.5-5M135 24l-7-3"
)
_WHITE, _PALE = "#f4f4f2", "#dfe3e7"


def add_clothes(definition: Definition) -> None:
    """Add drawings to the component `clothes`."""
    clothes = definition["components"]["clothes"]["variants"]
    round_neck, fold = clothes["shirtCrewNeck"]["elements"]
    (v_neck,) = clothes["shirtVNeck"]["elements"]
    (scoop,) = clothes["shirtScoopNeck"]["elements"]
    collared = clothes["collarAndSweater"]["elements"][0]
    under_blazer, shirt_fold, blazer, lapels, handkerchief = clothes["blazerAndShirt"]["elements"]
    white, _, _, shirt_collar, _ = clothes["blazerAndSweater"]["elements"]
    outline = round_neck["attributes"]["d"]

    own, accent = color("clothes"), color("accent")
    collar = (_fill(_COLLAR_LEFT, own), _fill(_COLLAR_RIGHT, own), _white(_COLLAR_LEFT + _COLLAR_RIGHT, 0.3))
    shirt = (collared, _shade(_PLACKET, 0.08), *collar, _dots(_BUTTONS))
    tie = (_fill(_TIE, accent), _shade(_TIE_KNOT, 0.18))
    suit = (white, blazer, lapels, shirt_collar)
    clothes |= {
        "shirtAndCollar": drawing(*shirt),
        "shirtAndTie": drawing(collared, *tie, *collar),
        "blazerAndTie": drawing(*suit[:1], *tie, *suit[1:], handkerchief),
        "blazerAndBowTie": drawing(*suit, _fill(_BOW_TIE, "#23262e"), _white(_BOW_TIE_KNOT, 0.25), handkerchief),
        "blazerAndBow": drawing(under_blazer, shirt_fold, _fill(_BOW, accent), _line(_BOW, 0.15), blazer, lapels),
        "blouse": drawing(round_neck, fold, _fill(_BOW, own), _white(_BOW, 0.18), _line(_SEAMS, 0.12)),
        "turtleneck": drawing(_fill(_HIGH_NECK, own), _shade(_BAND, 0.12)),
        "sweater": drawing(round_neck, _line(_NECK_RIB, 0.14, 9), _line(_NECK_RIBS, 0.16, 1.6), _line(_SEAMS, 0.1)),
        "scrubs": drawing(v_neck, _line(_V_TRIM, 0.18, 5), _shade(_POCKET, 0.1), _shade(_POCKET_HEM, 0.12)),
        "apron": drawing(
            _fill(outline, _PALE),
            fold,
            _tinted_line(_STRAPS, own, 7),
            _fill(_BIB, own),
            _shade("M80 72h40v23.3H80z", 0.12),
        ),
        "labCoat": drawing(
            _fill(outline, accent),
            fold,
            blazer,
            _shade(lapels["attributes"]["d"], 0.08),
            _line("M134 70h24v20h-24z", 0.14),
        ),
        "dress": drawing(v_neck, _shade(_WRAP, 0.1), _line(_V_TRIM, 0.14, 3), _line(_SEAMS, 0.14)),
        "sari": drawing(
            scoop,
            _shade(scoop["attributes"]["d"], 0.25),
            _fill(_DRAPE, own),
            _line(_PLEATS, 0.12),
            _tinted_line(_DRAPE_EDGE, color("jewellery"), 6),
        ),
        "kimono": drawing(
            v_neck,
            _fill(_COLLAR_UNDER, own),
            _shade(_COLLAR_UNDER, 0.3),
            _fill(_LINING_UNDER, _WHITE),
            _fill(_COLLAR_OVER, own),
            _shade(_COLLAR_OVER, 0.22),
            _fill(_LINING_OVER, _WHITE),
            _fill(_SASH, accent),
            _line(_SEAMS, 0.14),
        ),
        "tunic": drawing(
            _fill(_HIGH_NECK, own),
            _shade(_BAND, 0.14),
            _tinted_line(_SLIT, accent, 9),
            _line(_SLIT, 0.25, 1.6),
            _dots("M100 34v.01M100 48v.01M100 62v.01"),
        ),
        "uniform": drawing(collared, *tie, *collar, _shade(_EPAULETTES, 0.3), _line(_CHEST_POCKETS, 0.2)),
        "zipJacket": drawing(
            _fill(outline, _PALE), fold, _fill(_ZIP_FRONT, own), _line(_ZIP, 0.3, 2), _shade(_LAPELS, 0.15)
        ),
        "waistcoat": drawing(
            white, _fill(_VEST, own), _line(_VEST_EDGE, 0.18), shirt_collar, _dots("M105 80v.01M105 91v.01")
        ),
        "checkeredShirt": drawing(
            collared, _clipped(_CHECKS, collared["attributes"]["d"], "#000000", 0.14, 11), *collar, _dots(_BUTTONS)
        ),
        "stripedShirt": drawing(round_neck, _clipped(_STRIPES, outline, "#ffffff", 0.7, 6), fold),
    }


def _fill(d: str, fill: str | Element) -> Element:
    return path(d, fill=fill)


def _shade(d: str, opacity: float) -> Element:
    return path(d, fill="#000000", fill_opacity=f"{opacity}")


def _white(d: str, opacity: float) -> Element:
    return path(d, fill="#ffffff", fill_opacity=f"{opacity}")


def _line(d: str, opacity: float, width: float = 2) -> Element:
    return path(d, stroke="#000000", stroke_opacity=f"{opacity}", stroke_width=f"{width}", stroke_linejoin="round")


def _tinted_line(d: str, stroke: str | Element, width: float) -> Element:
    return path(d, stroke=stroke, stroke_width=f"{width}")


def _dots(d: str) -> Element:
    return path(d, stroke="#ffffff", stroke_opacity=".75", stroke_width="4", stroke_linecap="round")


def _clipped(d: str, within: str, stroke: str, opacity: float, width: float) -> Element:
    clip = element("clipPath", {"id": "torso"}, [path(within)])
    lines = path(d, stroke=stroke, stroke_opacity=f"{opacity}", stroke_width=f"{width}")
    return element("g", {"clip-path": "url(#torso)"}, [clip, lines])
