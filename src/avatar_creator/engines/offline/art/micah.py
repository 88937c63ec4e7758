"""Micah."""

from avatar_creator.domain.license import CC_BY
from avatar_creator.engines.offline.art.elements import recolored
from avatar_creator.engines.offline.art.style import ArtStyle, Definition, Part


def _with_turban(definition: Definition) -> Definition:
    """Return the definition with a color of its own for the turban."""
    hair = definition["components"]["hair"]["variants"]
    hair["turban"] = recolored(hair["turban"], {"hair": "headwear"})
    definition["colors"]["headwear"] = definition["colors"]["shirt"]
    return definition


MICAH = ArtStyle(
    name="micah",
    terms=CC_BY,
    hair_component="hair",
    hair={
        "dannyPhantom": "m f n medium straight fringe bowl",
        "dougFunny": "balding",
        "fonze": "m n short wavy quiff side-part F",
        "full": "f n long wavy M",
        "mrClean": "bald",
        "mrT": "mohawk",
        "pixie": "f n medium straight bob",
    },
    parts=(
        Part(
            "attire",
            "clothes",
            {
                "casual": "crew open",
                "smart-casual": "collared",
                "business-casual": "collared",
                "shirt": "collared",
                "t-shirt": "open",
                "v-neck": "open",
            },
        ),
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
                "smirk": "smirk",
                "proud": "smirk",
                "worried": "nervous",
                "disgusted": "nervous",
                "excited": "laughing",
            },
        ),
        Part("expression", "eyes", {"": "eyes round", "laugh": "smiling", "asleep": "smiling", "excited": "smiling"}),
        Part("expression", "eyebrows", {"": "up", "serious": "down", "angry": "down", "disgusted": "down"}),
        Part("face", "nose", {"": "curve pointed tound"}),
        Part("face", "ears", {"": "attached detached"}),
        Part("facial hair", "facialHair", {"stubble": "scruff", "beard": "beard", "full beard": "beard"}),
        Part(
            "glasses", "glasses", {"glasses": "round square", "round glasses": "round", "rectangular glasses": "square"}
        ),
        Part("headwear", "hair", {"turban": "turban"}),
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
        "headwear": "headwear",
    },
    fixed={"head": "standard"},
    garments={"crew": "t-shirt"},
    extend=_with_turban,
)
