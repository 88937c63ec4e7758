"""A picture that an engine made, ready to be saved: no file and no row is touched."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from avatar_creator import quality
from avatar_creator._version import __version__
from avatar_creator.domain import alt_text
from avatar_creator.domain.check import Check, Examined, Fault
from avatar_creator.domain.picture import DigitalSourceType, Picture
from avatar_creator.domain.recipe import Recipe
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.table import draws
from avatar_creator.storage.pictures import preparation
from avatar_creator.storage.pictures.marks import Marks
from avatar_creator.storage.pictures.preparation import PreparedPicture


class Made(NamedTuple):
    """A picture whose files only have to be written, and what its avatar's row says of it.

    ``faults`` is what its check has found.
    """

    picture: PreparedPicture
    model: str
    seed: int
    recipe: Mapping[str, Any]
    credit: str | None
    alt_text: str | None
    provider: str | None
    not_shown: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


def prepare(request: GenerationRequest, seed: int, picture: Picture) -> Made:
    """Return what is to be saved of a picture of ``request``, checked unless it is a drawing.

    Raises StorageError when it is damaged, NotConfigured where what checks it is not installed.
    """
    found = _checked(request, picture)
    recipe = Recipe.of(request.picture(seed), picture, engine=request.engine)._replace(fallback=_fallback(request))
    alt = _alt_text(request, picture)
    marks = Marks(picture.source, f"avatar-creator {__version__}", request.name, recipe, picture.credit, alt)
    return Made(
        preparation.prepare(picture.data, request.format, marks, request.embed, found.thumbnail or picture.thumbnail),
        picture.model,
        recipe.seed,
        recipe.as_json(),
        picture.credit.text if picture.credit else None,
        alt,
        picture.provider,
        (*map(_said, request.fell_back), *picture.notices),
        found.faults,
    )


def _checked(request: GenerationRequest, picture: Picture) -> Examined:
    if request.check is Check.NONE or draws(request.engine):
        return Examined()
    asked_px = request.width_px, request.height_px
    return quality.checking.examine(picture.data, request.check, asked_px=asked_px)


def _fallback(request: GenerationRequest) -> Mapping[str, Any] | None:
    """Return which engine was asked first, and how it failed; what it said may concern its user's account."""
    for failed in request.fell_back:
        return {"engine": failed["engine"], "model": failed["model"], "error": failed["code"]}
    return None


def _said(failed: Mapping[str, Any]) -> str:
    return f"Made by another engine than {failed['engine']}, which failed: {failed['message']}"


def _alt_text(request: GenerationRequest, picture: Picture) -> str | None:
    """Return the alt text of a picture; None of one that nobody can say anything of."""
    if picture.drawn is not None:
        return alt_text.of_drawing(picture.drawn)
    if picture.source is DigitalSourceType.TRAINED:
        return alt_text.of_photograph(request.persona.name, request.prompt.full)
    return None
