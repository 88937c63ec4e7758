"""Personas."""

from avatar_creator.domain.license import CC_BY
from avatar_creator.engines.offline.art.elements import Element, color, drawing, path
from avatar_creator.engines.offline.art.style import ArtStyle, Definition, Part

_PLAIN = {  # colors of the art that belong to a role
    "#F55D81": "hair",  # hairbands and ties, which nobody asked for
    "#5A45FF": "hair",
    "#E15C66": "headwear",
    "#F29C65": "headwear",
}
_SCALPS, _HATS = {"bald", "balding"}, {"beanie", "cap"}
_FRAMES = 2  # of what stands in the place of eyes with glasses
_SHADE = {"fill": "black", "opacity": ".16"}


def _in_plain_colors(definition: Definition) -> Definition:
    """Return the definition without what lightens or darkens the colors asked for, and with more roles.

    Highlights are meant as overlays: inside of a mask they are plain white, and turn dark skin and black hair gray.
    """
    definition["colors"] |= {"headwear": {"values": ["#e15c66"]}, "frames": {"values": ["#1b0640"]}}
    canvas, components = definition["canvas"], definition["components"]
    canvas["elements"] = [one for one in canvas["elements"] if one["name"] not in {"mask", "g"}]
    hair = components["hair"]["variants"]
    for name in hair.keys() - _HATS - _SCALPS:
        hair[name] = _shaded(hair[name], "hair")
    for name in _HATS:
        hair[name] = drawing(*(_colored(element, "headwear") for element in hair[name]["elements"]))
    buzzed = hair["buzzcut"]["elements"][0]["attributes"]["d"]
    hair["buzzcut"] = drawing(path(buzzed, fill=color("hair"), opacity=".6"))
    beards = components["facialHair"]["variants"]
    beards["beardMustache"] = _shaded(beards["beardMustache"], "facialHair")
    for name in ("glasses", "sunglasses"):
        components["eyes"]["variants"][name]["elements"][_FRAMES]["attributes"]["fill"] = color("frames")
    return definition


def _shaded(one: Element, role: str) -> Element:
    """Return a drawing in which what was lightened has the color of ``role``, and the rest a shade of it."""
    first, *others = colored = [_colored(element, role) for element in one["elements"]]
    if colored == one["elements"]:
        return one
    return drawing(first, {**first, "attributes": {**first["attributes"], **_SHADE}}, *others)


def _colored(one: Element, role: str) -> Element:
    if "children" in one:
        return {**one, "children": [_colored(child, role) for child in one["children"]]}
    attributes = one.get("attributes", {})
    if attributes.get("fill") == "white" and "style" in attributes:
        return path(attributes["d"], fill=color(role))
    plain = _PLAIN.get(str(attributes.get("fill")))
    return {**one, "attributes": {**attributes, "fill": color(plain)}} if plain else one


PERSONAS = ArtStyle(
    name="personas",
    terms=CC_BY,
    extend=_in_plain_colors,
    hair_component="hair",
    hair={
        "bald": "bald",
        "balding": "balding",
        "bobBangs": "f medium straight bob fringe",
        "bobCut": "f medium straight bob",
        "bunUndercut": "bun undercut",
        "buzzcut": "m short buzz",
        "curly": "f n medium curly coily",
        "curlyBun": "f bun curly coily",
        "curlyHighTop": "m n short curly coily",
        "extraLong": "f n long straight M",
        "fade": "m n short straight undercut quiff F fade",
        "long": "f n long medium straight M",
        "mohawk": "mohawk",
        "pigtails": "pigtails",
        "shortCombover": "m n short straight side-part F",
        "shortComboverChops": "m short straight side-part",
        "sideShave": "n medium wavy undercut",
        "straightBun": "f bun straight",
    },
    parts=(
        Part(
            "attire",
            "clothes",
            {"casual": "rounded squared", "t-shirt": "rounded squared", "checkered shirt": "checkered"},
        ),
        Part(
            "expression",
            "mouth",
            {
                "": "smile smile smirk",
                "smile": "smile bigSmile",
                "laugh": "bigSmile",
                "calm": "smirk",
                "sad": "frown",
                "surprised": "surprise",
                "smirk": "smirk",
                "proud": "smirk",
                "excited": "bigSmile",
                "angry": "frown",
                "disgusted": "frown",
                "serious": "smirk",
                "neutral": "smirk",
            },
        ),
        Part(
            "expression", "eyes", {"": "open", "laugh": "happy", "wink": "wink", "asleep": "sleep", "excited": "happy"}
        ),
        Part("glasses", "eyes", {"glasses": "glasses", "thick glasses": "glasses", "sunglasses": "sunglasses"}),
        Part("face", "nose", {"": "mediumRound smallRound"}),
        Part("age lines", "nose", {"fifties": "wrinkles", "seventies": "wrinkles"}),
        Part(
            "facial hair",
            "facialHair",
            {
                "stubble": "shadow",
                "beard": "beardMustache",
                "full beard": "beardMustache",
                "moustache": "walrus",
                "handlebar": "pyramid",
                "goatee": "goatee soulPatch",
            },
        ),
        Part("headwear", "hair", {"beanie": "beanie", "cap": "cap"}),
    ),
    colors={
        "skin": "skin",
        "hair": "hair",
        "facialHair": "beard",
        "headwear": "headwear",
        "frames": "frames",
        "clothing": "clothes",
    },
)
