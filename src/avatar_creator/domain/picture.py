"""Pictures as values: what is asked of an engine, and what it gives back."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.made import Made
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.prompt import Prompt
from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput

SIDE_LEAST_PX, SIDE_MOST_PX = 64, 2048
SEED_LEAST, SEED_MOST = 1, 2**31 - 1  # 0 means "random" to some providers, so it is never a seed here
COUNT_MOST = 10_000
BY_CHANCE = " (by chance)"  # stands behind what is drawn and nobody asked for
AT_ONCE_MOST = 1000  # each has a thread, and systems let a user have some thousands of them


class PictureFormat(StrEnum):
    """The formats a picture can be stored in."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"

    @classmethod
    def _missing_(cls, value: object) -> "PictureFormat | None":
        """Return the format of a name in any case, or of the other name that JPEG has."""
        name = str(value).lower()
        return cls.JPEG if name == "jpg" else next((each for each in cls if each.value == name), None)

    @property
    def extension(self) -> str:
        return "jpg" if self is PictureFormat.JPEG else self.value

    @classmethod
    def of_name(cls, field: str, name: str) -> "PictureFormat | None":
        """Return the format that a file's suffix promises, None without one. Raises InvalidInput for any other."""
        suffix = PurePath(name).suffix
        if suffix and suffix.lower() not in SUFFIXES:
            raise InvalidInput(
                f"{field} is {shown(name)}; {visible(suffix)} is no format that can be written.",
                hint=f"Suffixes: {', '.join(SUFFIXES)}; or a name without one.",
            )
        return SUFFIXES[suffix.lower()] if suffix else None


class Shape(StrEnum):
    """What a picture is cut to."""

    SQUARE = "square"
    CIRCLE = "circle"  # in a square with transparent corners


SUFFIXES = {
    ".jpg": PictureFormat.JPEG,
    ".jpeg": PictureFormat.JPEG,
    ".png": PictureFormat.PNG,
    ".webp": PictureFormat.WEBP,
}


class DigitalSourceType(StrEnum):
    """How a picture came to be: the IPTC codes this tool writes (cv.iptc.org/newscodes/digitalsourcetype)."""

    ALGORITHMIC = "algorithmicMedia"  # by an algorithm, from no training data
    TRAINED = "trainedAlgorithmicMedia"  # by a trained model

    @classmethod
    def of(cls, made: Made) -> "DigitalSourceType | None":
        """Return that of an avatar's picture; None of one that somebody brought along."""
        return {Made.DRAWN: cls.ALGORITHMIC, Made.BY_MODEL: cls.TRAINED}.get(made)

    @property
    def uri(self) -> str:
        return f"http://cv.iptc.org/newscodes/digitalsourcetype/{self.value}"


class Embed(StrEnum):
    """How much a picture's file says of itself."""

    MARK = "mark"  # how it came to be and whose art it is: nothing about the persona
    RECIPE = "recipe"  # that, and all that is needed to make it again
    NONE = "none"


class PictureRequest(NamedTuple):
    """Everything that decides one picture, as a `GenerationRequest` has checked it.

    ``options`` are the engine's own (``art_style`` of the offline engine), checked by the engine.
    """

    persona: Persona
    attributes: Attributes
    prompt: Prompt
    seed: int
    width_px: int = 1024
    height_px: int = 1024
    format: PictureFormat = PictureFormat.JPEG
    jpeg_quality: int = 95
    options: Mapping[str, Any] = MappingProxyType({})


class Credit(NamedTuple):
    """Whose art a drawing is made of."""

    creator: str
    license_name: str
    license_url: str | None
    text: str  # one sentence, ready to be shown


class Picture(NamedTuple):
    """What an engine made: the file's bytes as it gave them, and what is true of them.

    ``recipe`` names all that decided the pixels beyond the request (versions, resolved options), as JSON.
    ``seed`` is the one that made it, where that is not the request's; ``provider`` is who ran the model;
    ``notices`` say what it lacks, a sentence each: those of its plan, too. ``drawn`` says in words what is seen of each
    part, with BY_CHANCE behind what nobody asked for; None where nobody knows. ``options`` are the engine's own, every
    default filled in, without what is nobody's who gets the picture. ``thumbnail`` is a JPEG of it, of whoever has its
    pixels at hand; else it is made of the file.
    """

    data: bytes
    format: PictureFormat
    width_px: int
    height_px: int
    model: str
    source: DigitalSourceType
    recipe: Mapping[str, Any]
    credit: Credit | None = None
    provider: str | None = None
    seed: int | None = None
    notices: tuple[str, ...] = ()
    drawn: Mapping[str, str] | None = None
    thumbnail: bytes | None = None
    options: Mapping[str, Any] = MappingProxyType({})
