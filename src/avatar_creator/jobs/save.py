"""Saving a picture that an engine made: its files, and the avatar for its row."""

from collections.abc import Callable
from typing import NamedTuple

from avatar_creator._version import __version__
from avatar_creator.domain import alt_text
from avatar_creator.domain.picture import DigitalSourceType, Picture
from avatar_creator.domain.recipe import Recipe
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.row_key import details_hash
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.pictures.marks import Marks
from avatar_creator.storage.responses import ResponseStore
from avatar_creator.storage.rows import NewAvatar


class Stores(NamedTuple):
    """Where files go: pictures for good, responses of services until their picture is safe.

    ``check_home`` raises HomeGone if the home was deleted or replaced.
    """

    pictures: PictureStore
    responses: ResponseStore
    check_home: Callable[[], None]


def save(request: GenerationRequest, lease: Lease, picture: Picture, pictures: PictureStore) -> NewAvatar:
    """Write the picture's files and return its avatar. Raises StorageError."""
    recipe = Recipe.of(request.picture(lease.seed), picture, engine=lease.engine)
    alt = _alt_text(request, picture)
    marks = Marks(picture.source, f"avatar-creator {__version__}", request.name, recipe, picture.credit, alt)
    return NewAvatar(
        id=lease.avatar_id,
        project_id=lease.project_id,
        generation_id=lease.id,
        name=request.name,
        persona=request.persona,
        attributes=request.attributes,
        source_type=SourceType.TEXT_TO_IMAGE,
        picture=pictures.save(lease.file_name, picture.data, request.format, marks, request.embed, picture.thumbnail),
        engine=lease.engine,
        model=picture.model,
        prompt=request.prompt.base,
        full_prompt=request.prompt.full,
        negative_prompt=request.prompt.negative,
        seed=recipe.seed,
        recipe=recipe.as_json(),
        credit=picture.credit.text if picture.credit else None,
        alt_text=alt,
        details_hash=details_hash(request.name, request.persona.background),
    )


def _alt_text(request: GenerationRequest, picture: Picture) -> str | None:
    """Return the alt text of a picture; None of one that nobody can say anything of."""
    if picture.drawn is not None:
        return alt_text.of_drawing(picture.drawn)
    if picture.source is DigitalSourceType.TRAINED:
        return alt_text.of_photograph(request.persona.name, request.prompt.full)
    return None


def paths_of(avatar: NewAvatar) -> tuple[str, str]:
    """Return where its files are, as the store calls them."""
    assert avatar.picture is not None  # noqa: S101 - it was saved
    return avatar.picture.image_path, avatar.picture.thumbnail_path
