"""What is added to Open Peeps: colors of hair, beards and headwear, and shirts and suits."""

from avatar_creator.engines.offline.art.elements import (
    Element,
    color,
    drawing,
    framed,
    lit,
    path,
    recolored,
    tinted_ink,
)
from avatar_creator.engines.offline.art.style import Definition

_FRAME = (-42, -4, 788)  # the canvas ends where clothes begin
_HAIR = "headContrast"
_HEADWEAR = {  # what its clothing and ink are
    "bun": {"clothing": "headwear"},
    "hatBeanie": {"clothing": "headwear"},
    "hatHip": {"ink": "headwear"},
    "hijab": {"clothing": "white", "ink": "headwear"},
    "turban": {"clothing": "headwear", "ink": "ink"},
}
_BARE = ("noHair1", "noHair2")
_NEW_COLORS = {"beard": "#000000", "headwear": "#ffffff", "white": "#ffffff", "highlight": "#ffffff"}
_HAIR_EDGE, _BEARD_EDGE = 10, 5

_FRONT = "M256 594L332 618L392 690L462 632L502 606L524 640L392 850L254 640Z"
_COLLAR = "M254 590L334 620L392 692L322 742L250 640ZM506 602L464 632L392 692L456 738L530 642Z"
_BUTTONS = "M392 700V900"
_LAPELS = (
    "M250 630C280 700 330 780 384 850M528 640C500 710 450 790 402 850M258 660L216 704L278 732M520 664L562 712L504 738"
)
_TIE, _KNOT = "M376 700L408 700L440 900L344 900Z", "M368 686L416 686L406 722L378 722Z"


def extended(definition: Definition) -> Definition:
    """Return the definition in colors of ours and with clothes, cut to head and shoulders."""
    components = definition["components"]
    heads, beards = components["head"]["variants"], components["facialHair"]["variants"]
    for name, head in heads.items():
        tinted = name in _BARE or _HAIR in repr(head)  # already
        roles = {"ink": "ink" if tinted else _HAIR} | _HEADWEAR.get(name, {})
        elements = recolored(head["elements"], roles | {"ink": "ink"})
        heads[name] = drawing(*tinted_ink(elements, roles["ink"], "open-peeps-head", _HAIR_EDGE))
    for name, beard in beards.items():
        elements = recolored(beard["elements"], {_HAIR: "beard"})
        beards[name] = drawing(*tinted_ink(elements, "beard", "open-peeps-beard", _BEARD_EDGE))
    definition["colors"] |= {name: {"values": [value]} for name, value in _NEW_COLORS.items()}
    lit(components["expression"], "9")
    canvas = definition["canvas"]
    skin, shirt, outline, *others = canvas["elements"]
    whole = {"width": canvas["width"], "height": canvas["height"]}
    components["clothes"] = {**whole, "variants": _clothes(shirt, outline)}
    canvas["elements"] = [skin, {"type": "component", "name": "clothes"}, *others]
    return framed(definition, *_FRAME)


def _clothes(*shirt: Element) -> dict[str, Element]:
    front = path(_FRONT, fill=color("white"))
    jacket = (front, _line(_LAPELS), _filled(_COLLAR, "white"))
    return {
        "tShirt": drawing(*shirt),
        "shirt": drawing(*shirt, path(_FRONT, fill=color("clothing")), _line(_BUTTONS), _filled(_COLLAR, "clothing")),
        "blazer": drawing(*shirt, *jacket),
        "suit": drawing(*shirt, front, _filled(_TIE, "ink"), *jacket[1:], _filled(_KNOT, "ink")),
    }


def _filled(d: str, fill: str) -> Element:
    return path(d, fill=color(fill), stroke=color("ink"), stroke_width="12", stroke_linejoin="round")


def _line(d: str) -> Element:
    return path(d, stroke=color("ink"), stroke_width="12", stroke_linecap="round", stroke_linejoin="round")
