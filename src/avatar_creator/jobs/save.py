"""Saving a picture that is prepared: its files, and the avatar for its row."""

from collections.abc import Callable
from typing import NamedTuple

from avatar_creator.domain.records import SourceType
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.row_key import details_hash
from avatar_creator.jobs.prepare import Made
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.responses import ResponseStore
from avatar_creator.storage.rows import NewAvatar


class Stores(NamedTuple):
    """Where files go: pictures for good, responses of services until their picture is safe.

    ``check_home`` raises HomeGone if the home was deleted or replaced.
    """

    pictures: PictureStore
    responses: ResponseStore
    check_home: Callable[[], None]


def save(request: GenerationRequest, lease: Lease, made: Made, pictures: PictureStore) -> NewAvatar:
    """Write the picture's files and return its avatar. Raises StorageError."""
    return NewAvatar(
        id=lease.avatar_id,
        project_id=lease.project_id,
        generation_id=lease.id,
        name=request.name,
        persona=request.persona,
        attributes=request.attributes,
        source_type=SourceType.TEXT_TO_IMAGE if request.preset is None else SourceType.FROM_PRESET,
        picture=pictures.save(lease.file_name, made.picture),
        engine=lease.engine,
        model=made.model,
        prompt=request.prompt.base,
        full_prompt=request.prompt.full,
        negative_prompt=request.prompt.negative,
        seed=made.seed,
        recipe=made.recipe,
        credit=made.credit,
        alt_text=made.alt_text,
        details_hash=details_hash(request.name, request.persona.background),
        preset=request.preset,
    )


def paths_of(avatar: NewAvatar) -> tuple[str, str]:
    """Return where its files are, as the store calls them."""
    assert avatar.picture is not None  # noqa: S101 - it was saved
    return avatar.picture.image_path, avatar.picture.thumbnail_path
