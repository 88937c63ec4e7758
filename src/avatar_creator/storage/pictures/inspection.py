"""What any picture's file says of itself, whoever made it.

All of it is what the file claims: nothing here verifies a signature or looks at the pixels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from avatar_creator.domain.picture import Credit, PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.pictures import containers, exif, generators, provenance, rawprofile, xmp
from avatar_creator.storage.pictures.exif import Exif
from avatar_creator.storage.pictures.files import read_picture
from avatar_creator.storage.pictures.marks import ALT_TEXT_PROPERTY, RECIPE_PROPERTY
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, json_object, part_of, text_of

_TOOL = "avatar-creator"
_SERIALS = ("exifEX:BodySerialNumber", "aux:SerialNumber", "MicrosoftPhoto:CameraSerialNumber")
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
    alt_text: str | None
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
    blocks = [exif.read(block) for block in rawprofile.exif_blocks(metadata)]
    packets = list(rawprofile.xmp_packets(metadata))
    stated = provenance.stated(metadata)
    source = provenance.source_of(metadata, stated)
    camera = _merged(blocks)
    recipe = json_object(stated.get(RECIPE_PROPERTY))
    found = generators.read(MetadataTexts(metadata.text, camera.user_comment, camera.named, stated))
    made = _of_recipe(recipe) if recipe else found
    creator_tool = stated.get("xmp:CreatorTool")
    return FileMarks(
        format=metadata.format,
        width_px=width,
        height_px=height,
        made_by_avatar=bool(recipe) or provenance.is_ours(stated),
        digital_source_type=source,
        digital_source_meaning=provenance.SOURCE_MEANINGS.get(source or ""),
        creator_tool=creator_tool,
        title=stated.get("dc:title"),
        alt_text=stated.get(ALT_TEXT_PROPERTY),
        credit=provenance.credit_of(stated),
        generator=made.generator,
        prompt=made.prompt or stated.get("Iptc4xmpExt:AIPromptInformation"),
        negative_prompt=made.negative_prompt,
        seed=made.seed,
        model=made.model or stated.get("Iptc4xmpExt:AISystemUsed"),
        parameters=found.text or (text_of(metadata.text.get("parameters", camera.user_comment)) if recipe else None),
        recipe=recipe or None,
        c2pa=metadata.c2pa is not None,
        gps=camera.has_gps or any(map(xmp.has_position, packets)),
        camera_make=camera.camera_make or text_of(stated.get("tiff:Make")),
        camera_model=camera.camera_model or text_of(stated.get("tiff:Model")),
        camera_serial=camera.camera_serial or next(filter(None, (text_of(stated.get(one)) for one in _SERIALS)), None),
        software=camera.software or metadata.text.get("Software") or text_of(stated.get("tiff:Software")),
        xmp=packets[0][: xmp.PACKET_MOST].decode("utf-8", "replace") if packets else None,
    )


def _merged(blocks: Sequence[Exif]) -> Exif:
    """Return what the blocks say together, of each thing what the first says."""
    merged = Exif()
    for block in reversed(blocks):
        said = {name: value for name, value in asdict(block).items() if value}
        merged = replace(merged, **said)
    return merged


def _of_recipe(recipe: Mapping[str, Any]) -> Parameters:
    sent = part_of(recipe, "made_with").get("negative_prompt_sent") is not False
    made = Parameters.of(_TOOL, recipe, prompt="full_prompt")
    return made if sent else replace(made, negative_prompt=None)
