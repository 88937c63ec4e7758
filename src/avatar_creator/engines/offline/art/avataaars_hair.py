"""Hair that Avataaars lacks: tails, plaits, knots, a flat top and a fade."""

from avatar_creator.engines.offline.art.elements import Element, circle, color, drawing, element, path
from avatar_creator.engines.offline.art.style import Definition

# All is drawn where `top` is, whose middle is at 132.
_PULLED_BACK = "M150.12 28.28C144 26.8 120 26.8 113.94 28.34"  # with the rest of the bun's outline
_BUN_ENDS = "4.94 10.84"
_WAVES = "M176 46c16 16 20 34 16 56M200 132c-4 22 8 34 20 48 8 10 12 20 10 32M212 104c-4 14 4 26 12 36"
_PONYTAIL = "M150 32c8-14 28-18 44-8 26 17 36 52 34 88-2 40-14 76-38 104 6-30 8-62 6-94-2-34-16-66-46-90z"
_PONYTAIL_STRANDS = "M168 34c30 20 44 62 42 104-1 18-4 36-8 52M186 30c24 22 34 58 32 92"
_TIE = "M146 22c6-2 14 4 16 12 1 4-2 7-6 8-6 0-14-6-16-13 0-4 2-6 6-7z"
_BUNCH = "M188 98c16-10 36 0 40 26 4 30-6 60-26 86-3-8-10-14-14-30-7-26-7-58 0-82z"
_BUNCH_STRANDS = "M198 106c12 20 14 50 6 84M210 108c10 22 9 46 3 66"
_PARTING = "M132 28v28"
_ROWS = (
    "M86 74c1-12 6-22 13-29M97 66c2-10 7-19 13-25M108 62c1-9 4-17 8-23M120 60.5c0-8 1-16 3-23M132 60V36"
    "M178 74c-1-12-6-22-13-29M167 66c-2-10-7-19-13-25M156 62c-1-9-4-17-8-23M144 60.5c0-8-1-16-3-23"
)
_KNOTS = ((86, 54), (105, 36), (132, 28), (159, 36), (178, 54))
_FLAT_TOP = (
    "M75 98c.35 1.49 1.67 1.22 2 0-.46-1.55 3.3-28.75 13-36 3.62-2.52 23-4.77 42.31-4.75 19.1 0 38.11 2.26 "
    "41.69 4.75 9.7 7.25 13.46 34.45 13 36 .33 1.22 1.65 1.49 2 0 .6-9 4-46 2-74-.5-7-4-10.5-11-11.5"
    "-30-4-66-4-96 0-7 1-10.5 4.5-11 11.5-2 28 1.4 65 2 74z"
)
_ABOVE_TEMPLES = "M60 0h144v66H60z"


def add_hair(definition: Definition) -> None:
    """Add drawings to the component `top`."""
    tops = definition["components"]["top"]["variants"]
    hair = color("hair")
    (bun,) = tops["bun"]["elements"]
    pulled_back = path(_PULLED_BACK + bun["attributes"]["d"].partition(_BUN_ENDS)[2], fill=hair)
    (cropped,) = tops["theCaesar"]["elements"]
    shadow, waves, _ = tops["bigHair"]["elements"]
    tops |= {
        "bigWaves": drawing(shadow, waves, *_both(_line(_WAVES))),
        "ponytail": drawing(
            path(_PONYTAIL, fill=hair), _line(_PONYTAIL_STRANDS), pulled_back, path(_TIE, fill=color("accent"))
        ),
        "bunches": drawing(
            pulled_back,
            _line(_PARTING),
            *_both(path(_BUNCH, fill=hair), _line(_BUNCH_STRANDS), circle(189, 104, 6, {"fill": color("accent")})),
        ),
        "spaceBuns": drawing(
            *_both(circle(172, 30, 21, {"fill": hair}), _line("M160 34c2 8 10 12 18 10M166 20c8-4 16 0 18 8")),
            pulled_back,
            _line(_PARTING),
        ),
        "plaits": drawing(pulled_back, _line(_PARTING), *_both(*_plait(193, 116))),
        "cornrows": drawing(cropped, path(_ROWS, stroke=color("skin"), stroke_width="2.4", stroke_linecap="round")),
        "bantuKnots": drawing(cropped, *(one for x, y in _KNOTS for one in _knot(x, y))),
        "flatTop": drawing(path(_FLAT_TOP, fill=hair)),
        "fade": drawing(
            element("clipPath", {"id": "crown"}, [path(_ABOVE_TEMPLES)]),
            element("g", {"opacity": ".45"}, [cropped]),
            element("g", {"clip-path": "url(#crown)"}, [cropped]),
        ),
    }


def _plait(x: float, y: float) -> list[Element]:
    """Return a plait of six turns that hangs down from a point."""
    turns, high, wide = 6, 19, 11
    right = f"q9 9.5 0 {high}" * turns
    left = f"q-9-9.5 0-{high}" * turns
    outline = f"M{x - wide} {y}c0-14 {2 * wide}-14 {2 * wide} 0{right}h-{2 * wide}{left}z"
    end = y + turns * high
    turned = "".join(
        f"M{x - wide - 2} {y + at * high + 4}q{wide} 3 {wide + 2} 12q2-9 {wide + 2}-12" for at in range(turns)
    )
    tuft = f"M{x - 9} {end}h18c3 8 2 16-2 24-4-3-10-3-14 0-4-8-5-16-2-24z"
    return [
        path(tuft, fill=color("hair")),
        path(outline, fill=color("hair")),
        _line(turned),
        path(f"M{x - 10} {end - 3}h20v7h-20z", fill=color("accent")),
    ]


def _knot(x: float, y: float) -> tuple[Element, ...]:
    return circle(x, y, 11.5, {"fill": color("hair")}), _line(f"M{x - 6} {y + 2}c0-8 11-8 11-1 0 5-7 5-7 1")


def _both(*elements: Element) -> tuple[Element, Element]:
    """Return elements of the right side, and mirrored ones of the left."""
    return element("g", {}, elements), element("g", {"transform": "translate(264) scale(-1 1)"}, elements)


def _line(d: str) -> Element:
    return path(d, stroke="#000000", stroke_opacity=".25", stroke_width="2", stroke_linecap="round")
