"""Personas."""

from avatar_creator.domain.license import CC_BY
from avatar_creator.engines.offline.art.style import ArtStyle, Definition, Part


def _without_face_shine(definition: Definition) -> Definition:
    """Leave out a highlight meant as an overlay: inside its mask it is plain white, and turns dark skin gray."""
    elements = [element for element in definition["canvas"]["elements"] if element["name"] not in {"mask", "g"}]
    return {**definition, "canvas": {**definition["canvas"], "elements": elements}}


PERSONAS = ArtStyle(
    name="personas",
    terms=CC_BY,
    extend=_without_face_shine,
    hair_component="hair",
    hair={
        "bald": "bald",
        "balding": "balding",
        "bobBangs": "f medium straight bob fringe",
        "bobCut": "f medium straight bob",
        "bunUndercut": "bun undercut",
        "buzzcut": "m short buzz",
        "curly": "f n medium curly afro coily",
        "curlyBun": "f bun curly coily",
        "curlyHighTop": "m n short curly coily",
        "extraLong": "f long straight",
        "fade": "m n short straight undercut quiff F",
        "long": "f n long medium straight",
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
            },
        ),
        Part("expression", "eyes", {"": "open", "laugh": "happy", "wink": "wink", "asleep": "sleep"}),
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
    colors={"skin": "skin", "hair": "hair", "facialHair": "beard", "clothing": "clothes"},
)
