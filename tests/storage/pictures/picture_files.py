"""Real picture files, made small by Pillow, and what is to be said of them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Credit, DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.recipe import Recipe
from avatar_creator.storage.pictures.marks import Marks

FORMATS = tuple(PictureFormat)
PRIVATE = "48.8584N"  # whatever must not survive stripping holds it
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def picture(width: int = 96, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Return a picture that differs in each corner and is clear at the left where the mode allows it."""
    gradient = Image.linear_gradient("L").resize((width, height))
    bands = (gradient, gradient.transpose(Image.Transpose.ROTATE_180), gradient.point(lambda v: v // 2))
    colours = Image.merge("RGB", bands)
    if mode in {"RGBA", "LA"}:
        clear = Image.new("L", (width, height), 255)
        clear.paste(0, (0, 0, width // 2, height))
        colours.putalpha(clear)
    return colours.convert(mode)


def encoded(kind: PictureFormat, image: Image.Image | None = None, **options: Any) -> bytes:
    file = BytesIO()
    (image or picture()).save(file, kind.name, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def pixels(data: bytes) -> tuple[str, tuple[int, int], bytes]:
    with opened(data) as image:
        image.load()
        return image.mode, image.size, image.tobytes()


def camera_exif(orientation: int = 6) -> bytes:
    """Return what a telephone writes, as a TIFF block."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x0131] = "Acme", "Eye 9", orientation, "EyeOS 4"
    exif[0x013B] = PRIVATE
    detail = exif.get_ifd(0x8769)
    detail[0xA431], detail[0xA430], detail[0x927C] = "SN-77", PRIVATE, PRIVATE.encode()
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = PRIVATE, (48.0, 51.0, 30.0)
    return exif.tobytes().removeprefix(b"Exif\0\0")


def jpeg_segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def webp_of(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """Return ``jpeg`` with segments put behind its first one."""
    at = 4 + int.from_bytes(jpeg[4:6], "big")
    return jpeg[:at] + b"".join(segments) + jpeg[at:]


NAME = "Zoë 🚀 שרה <&>"
PERSONA = Persona(NAME, 34, ("kind", "curious"), "grew up by the sea")
ATTRIBUTES = Attributes(gender="female", hair_color="red")
CREDIT = Credit("Ann Ö", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", "Faces by Ann Ö, CC BY 4.0")
MADE_WITH = {"num_inference_steps": 28, "guidance_scale": 3.5, "model_version": "0ef5fff", "lora": None}
REQUEST = PictureRequest(PERSONA, ATTRIBUTES, build_prompt(PERSONA, ATTRIBUTES), 77)
PICTURE = Picture(
    b"",
    PictureFormat.JPEG,
    96,
    80,
    "black-forest-labs/FLUX.1-dev",
    DigitalSourceType.TRAINED,
    MADE_WITH,
    options={"art_style": "micah"},
)
MARKS = Marks(
    DigitalSourceType.TRAINED, "avatar-creator 0.1.0", NAME, Recipe.of(REQUEST, PICTURE, engine="huggingface")
)


def marks_with(**changes: Any) -> Marks:
    """Return the marks of a picture whose recipe differs so."""
    return MARKS._replace(recipe=MARKS.recipe._replace(**changes))


DRAWING = marks_with(model="avataaars", made_with={"core": "10.7"})._replace(
    source=DigitalSourceType.ALGORITHMIC, credit=CREDIT
)
