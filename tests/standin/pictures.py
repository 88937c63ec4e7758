"""Pictures that look like photographs to a codec, cheap to make by the thousand."""

import io
import random
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from PIL import Image

# Seed and prompt choose one of so many for each size; each is encoded once.
VARIANTS = 64
QUALITY = 90
MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


class Encoded(NamedTuple):
    """A picture as a file."""

    data: bytes
    media: str


@dataclass(frozen=True)
class Wish:
    """The picture a call asks for, as its provider understands it."""

    provider: str
    model: str
    prompt: str
    width: int
    height: int
    seed: int
    steps: int | None = None
    guidance: float | None = None
    lora: str | None = None
    lora_scale: float | None = None
    count: int = 1
    format: str = "JPEG"
    quality: int = QUALITY


def picture(wish: Wish) -> Encoded:
    """Return the picture of a wish: the same for the same seed, prompt and size."""
    variant = zlib.crc32(f"{wish.seed} {wish.prompt}".encode()) % VARIANTS
    return _photo(wish.width, wish.height, variant, wish.format, wish.quality)


def encoded(image: Image.Image, file_format: str, quality: int = QUALITY, **options: Any) -> Encoded:
    file = io.BytesIO()
    options |= {"compress_level": 1} if file_format == "PNG" else {"quality": quality}
    image.save(file, file_format, **options)
    return Encoded(file.getvalue(), MEDIA[file_format])


@lru_cache(maxsize=4096)
def _photo(width: int, height: int, variant: int, file_format: str, quality: int) -> Encoded:
    rough = Image.frombytes("RGB", (6, 8), random.Random(variant).randbytes(6 * 8 * 3))
    blend = Image.blend(_gradient(), rough.resize((256, 256), Image.Resampling.BICUBIC), 0.6)
    image = Image.blend(blend.resize((width, height), Image.Resampling.BILINEAR), _grain(width, height), 0.05)
    return encoded(image, file_format, quality)


@lru_cache(maxsize=1)
def _gradient() -> Image.Image:
    down = Image.linear_gradient("L")
    return Image.merge("RGB", (down, down.rotate(90), down.rotate(180)))


@lru_cache(maxsize=8)
def _grain(width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), random.Random(0).randbytes(width * height)).convert("RGB")
