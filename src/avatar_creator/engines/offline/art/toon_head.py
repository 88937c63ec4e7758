"""Toon Head."""

from avatar_creator.domain.license import CC_BY
from avatar_creator.engines.offline.art.style import ArtStyle, Part

TOON_HEAD = ArtStyle(
    name="toon-head",
    terms=CC_BY,
    hair_component="hair/rearHair",
    hair={
        "bun/-": "f n bun",
        "sideComed/-": "m n short straight side-part F",
        "sideComed/longStraight": "f long straight",
        "sideComed/longWavy": "f long wavy",
        "sideComed/neckHigh": "f n medium straight bob",
        "sideComed/shoulderHigh": "f n medium wavy",
        "spiky/-": "m n short spiky shaggy",
        "undercut/-": "m short undercut quiff",
    },
    parts=(
        Part(
            "attire",
            "clothes",
            {
                "casual": "tShirt",
                "smart-casual": "shirt turtleNeck",
                "formal": "shirt",
                "t-shirt": "tShirt",
                "shirt": "shirt",
                "suit": "shirt",
                "jacket": "openJacket",
                "turtleneck": "turtleNeck",
                "dress": "dress",
                "tank top": "dress",
            },
        ),
        Part(
            "expression",
            "mouth",
            {"": "smile", "laugh": "laugh", "sad": "sad", "angry": "angry", "surprised": "agape", "serious": "sad"},
        ),
        Part("expression", "eyes", {"": "happy", "wink": "wink", "asleep": "humble", "laugh": "bow"}),
        Part(
            "expression",
            "eyebrows",
            {"": "neutral happy raised", "smile": "happy", "sad": "sad", "angry": "angry", "serious": "neutral"},
        ),
        Part(
            "facial hair",
            "beard",
            {
                "beard": "fullBeard",
                "full beard": "fullBeard",
                "long beard": "longBeard",
                "moustache": "moustacheTwirl",
                "handlebar": "moustacheTwirl",
                "goatee": "chin chinMoustache",
            },
        ),
    ),
    colors={"skin": "skin", "hair": "hair", "clothes": "clothes"},
    fixed={"body": "body", "head": "head"},
)
