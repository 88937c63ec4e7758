"""Portraits of real people, out of packages that ship them, and what spoils a portrait."""

import io
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageFilter

_FILES = {"hopper": ("textual_image", "gracehopper.jpg"), "luis": ("mahotas", "demos/data/luispedro.jpg")}
PORTRAITS = tuple(_FILES)


def portrait(name: str = "hopper") -> Image.Image:
    """Return a portrait: of Grace Hopper, in the public domain, or of Luis Pedro Coelho, with mahotas under MIT."""
    package, file = _FILES[name]
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    with Image.open(Path(spec.origin).parent / file) as image:
        return image.convert("RGB")


def encoded(image: Image.Image, known: str = "JPEG") -> bytes:
    file = io.BytesIO()
    image.save(file, known, quality=92)
    return file.getvalue()


def _two(image: Image.Image) -> Image.Image:
    both = Image.new("RGB", (image.width * 2, image.height))
    both.paste(image, (0, 0))
    both.paste(portrait("luis").resize(image.size), (image.width, 0))
    return both


def _far(image: Image.Image) -> Image.Image:
    wide = Image.new("RGB", (1600, 1600), (150, 160, 170))
    wide.paste(image.resize((256, 300)), (640, 640))
    return wide


def _nobody(image: Image.Image) -> Image.Image:
    return image.crop((0, image.height * 2 // 3, image.width, image.height))


def _stretched(image: Image.Image) -> Image.Image:
    tall = Image.new("RGB", (image.width, image.height * 2), (150, 160, 170))
    tall.paste(image, (0, 0))
    return tall


# By the word of the check that refuses it: the portrait, spoilt so.
FAULTS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "black": lambda image: Image.new("RGB", image.size, (3, 3, 3)),
    "flat": lambda image: Image.new("RGB", image.size, (120, 90, 60)),
    "small": lambda image: image.resize((128, 150)),
    "aspect": _stretched,
    "faceless": _nobody,
    "crowded": _two,
    "cut": lambda image: image.crop((image.width // 2, 0, image.width, image.height)),
    "tiny": _far,
    "turned": lambda image: image.rotate(90, expand=True),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(5)),
}
