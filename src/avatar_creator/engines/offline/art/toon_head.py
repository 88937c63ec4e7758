"""Toon Head."""

from avatar_creator.domain.license import CC_BY
from avatar_creator.engines.offline.art.style import ArtStyle, Part

TOON_HEAD = ArtStyle(
    name="toon-head",
    terms=CC_BY,
    hair_component="hair/rearHair",
    hair={
        "-/-": "bald",
        "bun/-": "f n bun M",
        "sideComed/-": "m n short straight wavy side-part F",
        "sideComed/longStraight": "f n long straight M",
        "sideComed/longWavy": "f n long wavy M",
        "sideComed/neckHigh": "f n medium straight bob",
        "sideComed/shoulderHigh": "f n medium wavy M",
        "spiky/-": "n short spiky shaggy F M",
        "undercut/-": "m n short undercut quiff",
        "undercut/neckHigh": "medium undercut mullet",
    },
    parts=(
        Part(
            "attire",
            "clothes",
            {
                "casual": "tShirt",
                "smart-casual": "shirt turtleNeck",
                "business-casual": "shirt",
                "business": "shirt",
                "professional": "shirt",
                "formal": "shirt",
                "t-shirt": "tShirt",
                "shirt": "shirt",
                "jacket": "openJacket",
                "sweater": "turtleNeck shirt",
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
        Part(
            "expression", "eyes", {"": "happy", "wink": "wink", "asleep": "humble", "laugh": "bow", "surprised": "wide"}
        ),
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
