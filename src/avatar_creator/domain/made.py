"""How a picture came to be, in words."""

from enum import StrEnum


class Made(StrEnum):
    """As alt texts say it."""

    DRAWN = "drawn"
    BY_MODEL = "AI-made"
    UPLOADED = "uploaded"
