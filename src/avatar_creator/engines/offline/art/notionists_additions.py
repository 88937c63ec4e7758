"""What is added to Notionists: colors, outlined hair, a bald head, plain clothes, suits, stubble and lines of age."""

from copy import deepcopy
from typing import Any

from avatar_creator.engines.offline.art.elements import (
    Element,
    color,
    dotted,
    drawing,
    framed,
    lit,
    outlined,
    path,
    recolored,
)
from avatar_creator.engines.offline.art.style import Definition

_FRAME = (235, 190, 1210)  # the canvas shows half of a body
_ROLES = {
    "head": {"paper": "skin"},
    "hair": {"ink": "hair", "paper": "headwear"},
    "beard": {"ink": "beard"},
    "clothes": {"paper": "clothes"},
}
# Not all that is in the place of hair is hair; below the cap there is some.
_OTHER_ROLES = (
    ({"hair": "ink"}, "variant61"),  # a turban
    ({"hair": "headwear", "headwear": "paper"}, "variant62 variant63"),  # hijabs
    ({"headwear": "skin"}, "variant26 variant32"),  # shaved temples
)
_NEW_COLORS = {
    "skin": "#ffffff",
    "hair": "#000000",
    "beard": "#000000",
    "headwear": "#ffffff",
    "clothes": "#ffffff",
    "frames": "#000000",
    "highlight": "#ffffff",
}
_CLEAR_GLASSES = ("variant03", "variant08", "variant11")

# In the coordinates of hair. The head has no top of its own: all hair hides it.
_SKULL = "M352 480C318 300 400 172 590 166C780 160 856 300 846 450L836 480L378 520Z"
_SKULL_LINE = "M354 470C322 300 400 172 590 166C780 160 856 300 846 450"
_RING_OF_HAIR = (
    "M352 486C330 400 350 300 398 236C428 226 452 250 446 288C432 340 452 392 436 436C420 462 402 470 400 520C398 550"
    " 390 566 380 560C378 530 374 508 352 486ZM846 452C852 400 846 350 828 310C812 330 818 380 832 410C836 430 838 444"
    " 846 452Z"
)
_BARE_SCALP = ("variant51",)  # seen between the spikes
_SHAVED = ("variant26", "variant32", "variant44", "variant60")  # at the temples
_HATCHED = ("variant26", "variant32")  # too fine for an outline

# In the coordinates of clothes.
_NECKLINE = "M500 100C540 180 640 222 722 206S838 140 846 88"
_SHIRT_FRONT = "M553 126s64 24 138 26C732 153 826 122 826 122l8 60-140 40-132-40z"
_COLLAR = "M541 66L690 196 606 262 548 132zM820 60L690 196 790 258 838 128z"
_KNOT = "M664 200L722 200 716 246 672 246z"
_TIE = "M674 246L712 246 762 730 640 730z"

# In the coordinates of beards.
_STUBBLE = (
    "M38 80C88 185 188 225 298 224S412 150 428 84",
    "M74 98C118 175 198 199 298 198S392 146 406 92",
    "M116 118C148 164 208 172 292 174S366 146 378 118",
    "M236 96C262 86 336 86 376 98",
)

# In the coordinates of the canvas.
_AGE_LINES = {
    "forties": ("M884 884C868 898 860 914 858 934",),
    "fifties": (
        "M884 884C866 898 856 918 855 944",
        "M806 806C818 818 838 824 856 820M1020 818C1034 824 1050 822 1060 814",
    ),
    "seventies": (
        "M884 884C864 900 852 922 852 954",
        "M804 806C818 820 840 828 860 822M1018 820C1034 828 1052 824 1062 814",
        "M800 640C850 622 900 622 940 632M985 632C1015 622 1045 624 1075 636",
        "M758 756L728 744M754 782L722 786",
    ),
}


def extended(definition: Definition) -> Definition:
    """Return the definition in colors of ours, with the additions, cut to head and shoulders."""
    components = definition["components"]
    plain = deepcopy(components["clothes"]["variants"])
    for name, names in _ROLES.items():
        components[name] = recolored(components[name], names)
    definition["colors"] |= {name: {"values": [value]} for name, value in _NEW_COLORS.items()}
    _extend_hair(components["hair"]["variants"])
    _extend_clothes(components["clothes"]["variants"], plain)
    components["beard"] = outlined(components["beard"], ("beard",), "ink", "8")
    beards = components["beard"]["variants"]
    beards["stubble"] = drawing(*(dotted(d, "beard", "9") for d in _STUBBLE))
    glasses = components["glasses"]["variants"]
    for name in _CLEAR_GLASSES:
        glasses[name] = recolored(glasses[name], {"ink": "frames"})
    for name in ("eyes", "nose", "mouth"):
        lit(components[name], "12")
    lines = {name: drawing(*(_line(d, "9") for d in paths)) for name, paths in _AGE_LINES.items()}
    whole = {"width": definition["canvas"]["width"], "height": definition["canvas"]["height"]}
    components["ageLines"] = {**whole, "variants": lines}
    canvas = definition["canvas"]["elements"]
    canvas.insert([one["name"] for one in canvas].index("glasses"), {"type": "component", "name": "ageLines"})
    return framed(definition, *_FRAME)


def _extend_hair(hair: dict[str, Any]) -> None:
    hair["balding"] = drawing(path(_RING_OF_HAIR, fill=color("hair")))
    for names, drawings in _OTHER_ROLES:
        hair |= {name: recolored(hair[name], names) for name in drawings.split()}
    for name, one in hair.items():
        hair[name] = outlined(one, ("hair", "headwear"), "ink", "3" if name in _HATCHED else "12")
    skull = path(_SKULL, fill=color("skin"))
    line = _line(_SKULL_LINE, "15")
    for name in _SHAVED:
        hair[name]["elements"].insert(0, skull)
    for name in (*_BARE_SCALP, "balding"):
        hair[name]["elements"][:0] = [skull, line]
    hair["bald"] = drawing(skull, line)


def _extend_clothes(clothes: dict[str, Any], plain: dict[str, Any]) -> None:
    body, _, arms, _ = clothes["variant21"]["elements"]
    outline = path(body["attributes"]["d"], fill=color("clothes"), stroke=color("ink"), stroke_width="15")
    clothes["tShirt"] = drawing(outline, arms, _line(_NECKLINE, "15"))
    *buttoned, _ = clothes["variant25"]["elements"]
    clothes["shirt"] = drawing(*buttoned)
    jacket, front, *lines, _ = plain["variant18"]["elements"]
    blazer = [recolored(jacket, {"paper": "clothes"}), recolored(front, {"ink": "paper"}), *lines]
    collar = [path(_SHIRT_FRONT, fill=color("paper")), _outlined(_COLLAR)]
    clothes["blazer"] = drawing(*blazer)
    clothes["blazerAndShirt"] = drawing(*blazer, *collar)
    clothes["suit"] = drawing(*blazer, collar[0], _outlined(_TIE, "ink"), collar[1], _outlined(_KNOT, "ink"))


def _outlined(d: str, fill: str = "paper") -> Element:
    return path(d, fill=color(fill), stroke=color("ink"), stroke_width="14", stroke_linejoin="round")


def _line(d: str, width: str) -> Element:
    return path(d, stroke=color("ink"), stroke_width=width, stroke_linecap="round")
