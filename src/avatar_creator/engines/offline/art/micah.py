"""Micah."""

from avatar_creator.domain.license import CC_BY
from avatar_creator.engines.offline.art.style import ArtStyle, Part

MICAH = ArtStyle(
    name="micah",
    terms=CC_BY,
    hair_component="hair",
    hair={
        "dannyPhantom": "m f n medium straight fringe",
        "dougFunny": "balding",
        "fonze": "m n short wavy quiff side-part F",
        "full": "f long wavy",
        "mrClean": "bald",
        "mrT": "mohawk",
        "pixie": "f n medium straight bob",
    },
    parts=(
        Part("attire", "clothes", {"casual": "crew open", "shirt": "collared", "t-shirt": "open", "v-neck": "open"}),
        Part(
            "expression",
            "mouth",
            {
                "": "smile smile smirk",
                "smile": "smile",
                "laugh": "laughing",
                "calm": "smirk",
                "serious": "smirk",
                "sad": "sad",
                "angry": "frown",
                "surprised": "surprised",
            },
        ),
        Part("expression", "eyes", {"": "eyes round"}),
        Part("expression", "eyebrows", {"": "up", "serious": "down", "angry": "down"}),
        Part("face", "nose", {"": "curve pointed tound"}),
        Part("face", "ears", {"": "attached detached"}),
        Part("facial hair", "facialHair", {"stubble": "scruff", "beard": "beard", "full beard": "beard"}),
        Part(
            "glasses", "glasses", {"glasses": "round square", "round glasses": "round", "rectangular glasses": "square"}
        ),
        Part("earrings", "earrings", {"stud": "stud", "hoop": "hoop"}),
    ),
    colors={
        "base": "skin",
        "hair": "hair",
        "facialHair": "beard",
        "eyes": "bare eyes",
        "eyebrows": "brows",
        "shirt": "clothes",
        "glasses": "frames",
        "earring": "jewellery",
    },
    fixed={"head": "standard"},
)
