"""What is kept of a picture that an engine made: its files, and the avatar that its row will be."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from avatar_creator._version import __version__
from avatar_creator.domain.picture import Picture, PictureFormat
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.pictures.marks import Marks
from avatar_creator.storage.rows import NewAvatar


def keep(request: GenerationRequest, running: Lease, picture: Picture, pictures: PictureStore) -> NewAvatar:
    """Write the picture's files and return its avatar. Raises StorageError."""
    asked = request.picture(running.seed)._replace(options=picture.options)  # as the engine wants them recorded
    marks = Marks.of(asked, picture, engine=running.engine, creator_tool=f"avatar-creator {__version__}")
    marks = replace(marks, title=request.name)
    return NewAvatar(
        id=running.avatar_id,
        project_id=running.project_id,
        generation_id=running.id,
        name=request.name,
        persona=request.persona,
        attributes=request.attributes,
        source_type=SourceType.TEXT_TO_IMAGE,
        picture=pictures.keep(running.file_name, picture.data, request.format, marks, request.embed, picture.thumbnail),
        engine=running.engine,
        model=picture.model,
        prompt=request.prompt.base,
        full_prompt=request.prompt.full,
        negative_prompt=request.prompt.negative,
        seed=marks.seed,
        recipe=_recipe(request, running, picture),
        credit=picture.credit.text if picture.credit else None,
    )


def paths_of(avatar: NewAvatar) -> tuple[str, str]:
    """Return where its files are, as the store calls them."""
    assert avatar.picture is not None  # noqa: S101 - it was kept
    return avatar.picture.image_path, avatar.picture.thumbnail_path


def _recipe(request: GenerationRequest, running: Lease, picture: Picture) -> Mapping[str, Any]:
    """Everything that decides the pixels: the same recipe with the same versions gives the same picture."""
    return {
        "persona": replace(request.persona, background=None).as_json(),  # it has no part in the picture
        "attributes": request.attributes.as_json(),
        "prompt": request.prompt.base,
        "engine": running.engine,
        "model": picture.model,
        "seed": running.seed if picture.seed is None else picture.seed,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "format": request.format.value,
        "jpeg_quality": None if request.format is PictureFormat.PNG else request.jpeg_quality,
        "full_prompt": request.prompt.full,
        "negative_prompt": request.prompt.negative,
        "options": dict(picture.options),
        "made_with": dict(picture.recipe),
    } | ({} if picture.provider is None else {"provider": picture.provider})
