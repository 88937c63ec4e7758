"""Open Peeps."""

from avatar_creator.domain.license import CC0
from avatar_creator.engines.offline.art.elements import drawing, recolored, tinted_ink
from avatar_creator.engines.offline.art.style import ArtStyle, Definition, Part

_HAIR = "headContrast"
_HEADWEAR = {  # what its clothing and ink are
    "bun": {"clothing": "headwear"},
    "hatBeanie": {"clothing": "headwear"},
    "hatHip": {"ink": "headwear"},
    "hijab": {"clothing": "lining", "ink": "headwear"},
    "turban": {"clothing": "headwear", "ink": "ink"},
}
_BARE = ("noHair1", "noHair2")
_NEW_COLORS = {"beard": "#000000", "headwear": "#ffffff", "lining": "#ffffff"}
_HAIR_EDGE, _BEARD_EDGE = 10, 5


def _tinted(definition: Definition) -> Definition:
    """Return the definition with hair, beards and headwear of ink in colors."""
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
    return definition


OPEN_PEEPS = ArtStyle(
    name="open-peeps",
    terms=CC0,
    hair_component="head",
    hair={
        "afro": "medium afro coily F M",
        "bangs": "f medium straight fringe bob",
        "bangs2": "f medium straight fringe bob",
        "bantuKnots": "buns F",
        "bun2": "f n bun ponytail curly coily M",
        "buns": "buns F",
        "cornrows": "braids ponytail F",
        "cornrows2": "long braids ponytail F",
        "dreads1": "medium dreadlocks coily",
        "dreads2": "short dreadlocks coily",
        "flatTop": "m short undercut coily",
        "flatTopLong": "short afro undercut",
        "grayBun": "f bun",
        "grayMedium": "f medium straight",
        "grayShort": "m n short straight side-part",
        "long": "f n long wavy M",
        "longAfro": "long afro",
        "longBangs": "f long wavy fringe",
        "longCurly": "f n long curly coily",
        "medium1": "f n short straight bob pixie",
        "medium2": "f medium wavy",
        "medium3": "f n medium straight long M",
        "mediumBangs": "f medium straight fringe bob",
        "mediumBangs2": "f medium curly wavy fringe ponytail",
        "mediumBangs3": "f n medium shaggy fringe",
        "mediumStraight": "f medium straight bob",
        "mohawk": "mohawk",
        "mohawk2": "mohawk spiky",
        "noHair1": "bald",
        "noHair2": "balding",
        "noHair3": "balding",
        "pomp": "m short quiff",
        "shaved1": "m short undercut",
        "shaved2": "m n short undercut spiky",
        "shaved3": "n medium undercut spiky mullet shaggy",
        "short1": "m short straight side-part",
        "short2": "m short straight buzz",
        "short3": "m n short wavy curly",
        "short4": "m n short wavy quiff",
        "short5": "m n short shaggy fringe F",
        "twists": "m n short coily",
        "twists2": "m short curly coily",
    },
    parts=(
        Part("expression", "expression", {"": "smile smile smile calm cute"}),
        Part("age lines", "expression", {"seventies": "old"}),
        Part(
            "expression",
            "expression",
            {
                "smile": "smile",
                "laugh": "smileBig",
                "calm": "calm",
                "serious": "serious driven",
                "sad": "concerned",
                "angry": "veryAngry",
                "surprised": "awe",
                "asleep": "eyesClosed",
            },
        ),
        Part(
            "facial hair",
            "facialHair",
            {
                "beard": "chin full",
                "full beard": "full2 full4",
                "long beard": "full3",
                "moustache": "moustache5 moustache6 moustache7 moustache9",
                "handlebar": "moustache3 moustache4",
                "goatee": "goatee1 goatee2",
            },
        ),
        Part(
            "glasses",
            "accessories",
            {
                "glasses": "glasses glasses2 glasses5",
                "round glasses": "glasses2",
                "thick glasses": "glasses3",
                "sunglasses": "sunglasses sunglasses2",
                "eyepatch": "eyepatch",
            },
        ),
        Part(
            "headwear",
            "head",
            {
                "hat": "hatHip",
                "beanie": "hatBeanie",
                "hijab": "hijab",
                "turban": "turban",
                "headband": "bun",
            },
        ),
    ),
    colors={
        "skin": "skin",
        _HAIR: "hair",
        "beard": "beard",
        "headwear": "headwear",
        "clothing": "clothes",
    },
    extend=_tinted,
)
