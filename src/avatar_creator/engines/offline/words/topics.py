"""What words can be about."""

from enum import StrEnum


class Topic(StrEnum):
    """What a word can be about; spelled as messages say it."""

    GENDER = "gender"
    ETHNICITY = "ethnicity"
    BODY = "body type"
    HAIR = "hair style"
    HAIR_COLOR = "hair color"
    EYE_COLOR = "eye color"
    SKIN = "skin tone"
    DRESS = "style"
    GARMENT = "garment"
    FABRIC = "color of dress"
    BEARD = "facial hair"
    GLASSES = "glasses"
    HEADWEAR = "headwear"
    EARRINGS = "earrings"
    EXPRESSION = "expression"
    TRAIT = "personality"
