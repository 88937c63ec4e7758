"""Checks that what a provider sent is a whole picture, and turns it into the size and format asked for."""

from dataclasses import dataclass

from avatar_creator.decoding import Asked, Damaged, TooMuch, isolated
from avatar_creator.domain.picture import SIDE_MOST_PX, PictureRequest

_ENLARGED_MOST = 2.1  # a side may grow: Replicate's largest sizes need 2.08
_REDUCED_MOST = 2.1  # sides of what comes may be so many times those asked for
_PIXELS_ALWAYS = SIDE_MOST_PX**2  # are accepted: services have a least size


class UnusableImage(Exception):
    """The bytes are no picture that can be used. The message completes "The answer of PROVIDER ".

    ``is_retryable``: the same request may well bring a good one.
    """

    def __init__(self, what: str, *, is_retryable: bool) -> None:
        super().__init__(what)
        self.what = what
        self.is_retryable = is_retryable


@dataclass(frozen=True, slots=True)
class NormalizedImage:
    """A picture in the size and format asked for; ``made_px`` are the sides that the provider made."""

    data: bytes
    made_px: tuple[int, int]
    blank: bool
    thumbnail: bytes | None = None


def normalize(data: bytes, request: PictureRequest) -> NormalizedImage:
    """Return a JPEG, PNG or WebP in the size and format asked for, with the same bytes if it has them already.

    It is decoded in another process. Raises UnusableImage, and StorageError if no process can be started.
    """
    asked_px = request.width_px, request.height_px
    most = max(_PIXELS_ALWAYS, int(_REDUCED_MOST**2 * asked_px[0] * asked_px[1]))
    try:
        made = isolated.normalize(data, Asked(*asked_px, request.format.name, request.jpeg_quality, most))
    except TooMuch as error:
        raise UnusableImage(str(error), is_retryable=False) from error
    except Damaged as error:
        raise UnusableImage(str(error), is_retryable=True) from error
    _check_size(made.made_px, asked_px)
    return NormalizedImage(made.data or data, made.made_px, made.data is None, made.thumbnail)


def _check_size(made_px: tuple[int, int], asked_px: tuple[int, int]) -> None:
    enlarged = max(asked / made for asked, made in zip(asked_px, made_px, strict=True))
    if enlarged > _ENLARGED_MOST:
        raise UnusableImage(f"is {_sides(made_px)} instead of {_sides(asked_px)}", is_retryable=False)


def _sides(sides: tuple[int, int]) -> str:
    return "{}x{} px".format(*sides)
