"""How often each look is drawn, where neither the user nor a quota decides it.

Only three colors follow from an ethnicity, of skin, hair and eyes, and each has several values for every ethnicity. The
weights are estimates, near to those of the offline engine (engines/offline/ancestry.py, which has its sources).
"""

from collections.abc import Mapping
from typing import NamedTuple

FEMALE, MALE, NON_BINARY = "female", "male", "non-binary"

GENDERS = {FEMALE: 49, MALE: 49, NON_BINARY: 2}
SIDES = (FEMALE, MALE)  # whose names and hair styles are told apart; everybody else has those of both
TRANS_GENDERS = {"trans woman": FEMALE, "trans women": FEMALE, "trans man": MALE, "trans men": MALE}


class Colors(NamedTuple):
    """Weights of colors; those of hair are without gray and white, which come with the years."""

    skin: Mapping[str, int]
    hair: Mapping[str, int]
    eyes: Mapping[str, int]


_DARK_HAIR = {"black": 600, "dark-brown": 330, "light-brown": 40, "auburn": 20, "red": 3, "blonde": 7}
_BROWN_HAIR = {"black": 350, "dark-brown": 450, "light-brown": 130, "auburn": 40, "red": 10, "blonde": 20}
_ALL_HAIR = {"black": 90, "dark-brown": 320, "light-brown": 260, "auburn": 80, "red": 50, "blonde": 200}
_BROWN_EYES = {"brown": 880, "hazel": 60, "amber": 40, "green": 10, "gray": 5, "blue": 5}
_MOSTLY_BROWN_EYES = {"brown": 740, "hazel": 130, "amber": 50, "green": 50, "gray": 10, "blue": 20}
_ALL_EYES = {"brown": 380, "hazel": 170, "amber": 30, "green": 110, "gray": 40, "blue": 270}

COLORS = {
    "black": Colors({"medium": 12, "medium-dark": 30, "dark": 36, "deep": 22}, _DARK_HAIR, _BROWN_EYES),
    "east-asian": Colors({"very-light": 14, "light": 40, "light-medium": 34, "medium": 12}, _DARK_HAIR, _BROWN_EYES),
    "hispanic": Colors(
        {"very-light": 4, "light": 22, "light-medium": 32, "medium": 28, "medium-dark": 11, "dark": 3},
        _BROWN_HAIR,
        _MOSTLY_BROWN_EYES,
    ),
    "indigenous": Colors(
        {"light": 8, "light-medium": 27, "medium": 40, "medium-dark": 20, "dark": 5}, _DARK_HAIR, _BROWN_EYES
    ),
    "middle-eastern": Colors(
        {"very-light": 4, "light": 26, "light-medium": 38, "medium": 24, "medium-dark": 8},
        _BROWN_HAIR,
        _MOSTLY_BROWN_EYES,
    ),
    "pacific-islander": Colors(
        {"light-medium": 12, "medium": 36, "medium-dark": 34, "dark": 18}, _DARK_HAIR, _BROWN_EYES
    ),
    "south-asian": Colors(
        {"light": 8, "light-medium": 24, "medium": 32, "medium-dark": 24, "dark": 12}, _DARK_HAIR, _BROWN_EYES
    ),
    "southeast-asian": Colors(
        {"light": 20, "light-medium": 36, "medium": 32, "medium-dark": 12}, _DARK_HAIR, _BROWN_EYES
    ),
    "white": Colors(
        {"very-light": 26, "light": 42, "light-medium": 28, "medium": 4}, _ALL_HAIR, _ALL_EYES
    ),
}  # fmt: skip
# Of an ethnicity that is not in the table, "mixed" among them, nothing follows.
ANY_COLORS = Colors(
    {"very-light": 10, "light": 20, "light-medium": 22, "medium": 20, "medium-dark": 14, "dark": 9, "deep": 5},
    _BROWN_HAIR,
    _MOSTLY_BROWN_EYES,
)
SAME_COLORS = {
    "african": "black",
    "african-american": "black",
    "asian": "east-asian",
    "caucasian": "white",
    "european": "white",
    "latina": "hispanic",
    "latino": "hispanic",
    "latinx": "hispanic",
    "hispanic-or-latino": "hispanic",
    "black-or-african-american": "black",
    "native-american": "indigenous",
    "native-hawaiian-or-pacific-islander": "pacific-islander",
}

# From which age on how many of 100 have gray hair, and of those white hair.
GRAY = ((75, 90, 55), (65, 75, 40), (58, 55, 25), (50, 32, 10), (42, 12, 0))

BODY_TYPES = {
    FEMALE: {"slim": 22, "average": 36, "athletic": 15, "curvy": 14, "heavy": 13},
    MALE: {"slim": 22, "average": 38, "athletic": 22, "heavy": 18},
    NON_BINARY: {"slim": 22, "average": 38, "athletic": 18, "curvy": 7, "heavy": 15},
}
HAIR_STYLES = {
    FEMALE: {
        "short": 10, "bob": 15, "long straight": 20, "wavy": 18, "curly": 12, "afro": 2, "braids": 5, "dreadlocks": 1,
        "bun": 8, "ponytail": 9,
    },
    MALE: {
        "short": 60, "bob": 1, "long straight": 3, "wavy": 13, "curly": 13, "afro": 2, "braids": 1, "dreadlocks": 2,
        "bun": 3, "ponytail": 2,
    },
    NON_BINARY: {
        "short": 36, "bob": 13, "long straight": 8, "wavy": 16, "curly": 13, "afro": 2, "braids": 3, "dreadlocks": 2,
        "bun": 4, "ponytail": 3,
    },
}  # fmt: skip
# From which age on how many men of 100 are bald.
BALD = ((60, 16), (50, 11), (40, 6), (30, 3))

GROWN_UP = 18  # who is younger goes neither in a suit nor in workwear
STYLES_OF_CHILDREN = {"casual": 64, "smart-casual": 14, "sporty": 14, "creative": 8}
# Traditional dress is drawn for nobody who was not asked to wear it, and workwear and sportswear seldom.
STYLES = {
    "casual": 34, "smart-casual": 28, "business": 16, "creative": 8, "sporty": 7, "workwear": 4, "formal": 3
}  # fmt: skip
