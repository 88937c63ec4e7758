"""What any picture's file says of itself, whoever made it.

All of it is what the file claims: nothing here verifies a signature or looks at the pixels.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from avatar_creator.domain.picture import Credit, PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.pictures import containers, exif, parameters, provenance, xmp
from avatar_creator.storage.pictures.files import read_picture
from avatar_creator.storage.pictures.marks import RECIPE_PROPERTY

_TOOL = "avatar-creator"
_BYTES_MOST = 100 * 2**20  # of any picture, not only of those that may be uploaded


@dataclass(frozen=True, slots=True)
class FileMarks:
    """A picture file's account of itself; None where it says nothing.

    ``recipe`` is this tool's own; ``generator`` names the tool in whose form prompt and seed stand, and
    ``parameters`` is their text in A1111's. ``c2pa`` and ``gps`` tell that a manifest and a position are there.
    """

    format: PictureFormat
    width_px: int  # as displayed
    height_px: int
    made_by_avatar: bool
    digital_source_type: str | None
    digital_source_meaning: str | None
    creator_tool: str | None
    title: str | None
    credit: Credit | None
    generator: str | None
    prompt: str | None
    negative_prompt: str | None
    seed: int | None
    model: str | None
    parameters: str | None
    recipe: dict[str, Any] | None
    c2pa: bool
    gps: bool
    camera_make: str | None
    camera_model: str | None
    camera_serial: str | None
    software: str | None
    xmp: str | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"credit": self.credit._asdict() if self.credit else None}


def inspect_file(path: Path) -> FileMarks:
    """Return what a user's file says. Raises InvalidInput when it is damaged or no picture."""
    data = read_picture(path, bytes_most=_BYTES_MOST)
    try:
        return describe(data)
    except StorageError as error:
        raise InvalidInput(f"'{visible(str(path))}' cannot be read. {error.message}", hint=error.hint) from error


def describe(data: bytes) -> FileMarks:
    """Return what the file says. Raises StorageError when it is damaged or no JPEG, PNG or WebP picture."""
    metadata = containers.read(data)
    width, height = provenance.displayed_sides(metadata)
    source = provenance.source_of(metadata)
    camera = exif.read(metadata.exif)
    stated = xmp.read(metadata.xmp or b"")
    recipe = parameters.json_object(stated.get(RECIPE_PROPERTY, ""))
    found = parameters.read(metadata.text, camera.user_comment)
    made = parameters.of_values(_TOOL, recipe, prompt="full_prompt") if recipe else found
    creator_tool = stated.get("xmp:CreatorTool")
    return FileMarks(
        format=metadata.format,
        width_px=width,
        height_px=height,
        made_by_avatar=bool(recipe) or (creator_tool or "").startswith(f"{_TOOL} "),
        digital_source_type=source,
        digital_source_meaning=provenance.SOURCE_MEANINGS.get(source or ""),
        creator_tool=creator_tool,
        title=stated.get("dc:title"),
        credit=_credit(stated),
        generator=made.generator,
        prompt=made.prompt or stated.get("Iptc4xmpExt:AIPromptInformation"),
        negative_prompt=made.negative_prompt,
        seed=made.seed,
        model=made.model or stated.get("Iptc4xmpExt:AISystemUsed"),
        parameters=found.text,
        recipe=recipe or None,
        c2pa=metadata.c2pa is not None,
        gps=camera.has_gps,
        camera_make=camera.camera_make,
        camera_model=camera.camera_model,
        camera_serial=camera.camera_serial,
        software=camera.software or metadata.text.get("Software"),
        xmp=metadata.xmp[: xmp.PACKET_MOST].decode("utf-8", "replace") if metadata.xmp else None,
    )


def _credit(stated: Mapping[str, str]) -> Credit | None:
    creator = stated.get("dc:creator")
    text = stated.get("photoshop:Credit") or stated.get("dc:rights")
    if not creator and not text:
        return None
    return Credit(
        creator=creator or "",
        license_name=stated.get("xmpRights:UsageTerms", ""),
        license_url=stated.get("cc:license") or stated.get("xmpRights:WebStatement"),
        text=text or "",
    )
