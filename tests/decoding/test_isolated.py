"""Pictures decoded in another process: what comes back, what is refused, and what the other process is told."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from avatar_creator.decoding import Asked, Damaged, TooMuch, isolated, pixels

MOST = 10**7


def encoded(known: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any) -> bytes:
    file = BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(file, known, **options)
    return file.getvalue()


def asked(known: str = "JPEG", most: int = MOST) -> Asked:
    return Asked(320, 240, known, 90, most)


@pytest.mark.parametrize("known", ["JPEG", "PNG", "WEBP"])
def test_it_is_the_same_work_there_as_here(known: str) -> None:
    data = encoded(known)
    assert isolated.examine(data, 6, MOST) == pixels.examine(data, 6, MOST)
    assert isolated.examine(data, 6, MOST)[0] == pixels.thumbnail(data, 6, MOST)
    assert isolated.convert(data, "PNG", 90, MOST) == pixels.convert(data, "PNG", 90, MOST)
    assert isolated.cells(data, 12, MOST) == pixels.cells(data, 12, MOST)
    assert isolated.preview(data, 160, 70, MOST) == pixels.preview(data, 160, 70, MOST)
    assert isolated.perceptual_hash(data, 6, MOST) == pixels.perceptual_hash(data, 6, MOST)
    assert isolated.normalize(data, asked()) == pixels.normalize(data, asked())


def test_a_blank_picture_has_no_data() -> None:
    file = BytesIO()
    Image.new("RGB", (320, 240)).save(file, "PNG")
    assert isolated.normalize(file.getvalue(), asked()) == ((320, 240), None, None)


def palette_without_colours() -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 320, 240, 8, 3, 0, 0, 0)
    rows = zlib.compress(bytes(321 * 240))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"RIFF\0\0\0\0WEBP",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\x89PNG\r\n\x1a\n",
        encoded()[:3000],
        encoded("PNG")[:3000],
        encoded("WEBP")[:3000],
        palette_without_colours(),
    ],
    ids=range(10),
)
def test_what_is_no_whole_picture_is_damaged(data: bytes) -> None:
    for decoding in (isolated, pixels):
        with pytest.raises(Damaged):
            decoding.normalize(data, asked())
        with pytest.raises(Damaged):
            decoding.cells(data, 12, MOST)


@pytest.mark.parametrize("known", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("lossless", [False, True])
def test_more_pixels_than_allowed_are_not_decoded(known: str, lossless: bool) -> None:
    data = encoded(known, (320, 240), "RGBA" if lossless and known != "JPEG" else "RGB", lossless=lossless)
    with pytest.raises(TooMuch, match="has 320x240 px, too many"):
        isolated.normalize(data, asked(most=320 * 240 - 1))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_large_webp_is_decoded_small(mode: str) -> None:
    """Pillow would take 20 bytes for each of its pixels."""
    side = 2600
    image = Image.linear_gradient("L").resize((side, side)).convert("RGB")
    image.paste("red", (0, 0, side // 2, side // 2))
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize((side, side)))
    file = BytesIO()
    image.save(file, "WEBP", quality=90)
    small, plain = (
        Image.open(BytesIO(pixels.thumbnail(data, 1, MOST))).convert("RGB").resize((12, 12), Image.Resampling.BOX)
        for data in (file.getvalue(), _png(image))
    )
    assert max(abs(a - b) for a, b in zip(small.tobytes(), plain.tobytes(), strict=True)) <= 6


def test_a_large_webp_that_is_cut_short_is_damaged() -> None:
    with pytest.raises(Damaged):
        isolated.examine(encoded("WEBP", (2600, 2600))[:-2000], 1, MOST)


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "LA", "I;16"])
def test_a_large_picture_is_made_small_strip_by_strip(mode: str) -> None:
    side = 1600
    image = Image.linear_gradient("L").resize((side, 2000))
    image.paste(255, (0, 400, side, 500))
    image = (
        image.convert("I").point(lambda value: value * 256).convert("I;16") if mode == "I;16" else image.convert(mode)
    )
    large = Image.open(BytesIO(pixels.thumbnail(_png(image), 1, MOST))).convert("L")
    whole = image.crop((0, 200, side, 1800)).convert("I").point(lambda value: value / 256) if mode == "I;16" else image
    if mode != "I;16":
        whole = image.convert("RGBA").crop((0, 200, side, 1800))
    wanted = whole.convert("L").resize((300, 300), Image.Resampling.BOX)
    pairs = zip(large.resize((30, 30)).tobytes(), wanted.resize((30, 30)).tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) <= 12


READERS = """
import sys
from io import BytesIO
from PIL import Image
from avatar_creator.decoding import isolated, pixels
data = sys.stdin.buffer.read()
isolated.examine(data, 1, 10**7)
assert not [name for name in sys.modules if name.endswith("ImagePlugin")]
pixels.thumbnail(data, 1, 10**7)
print(*[name for name in sys.modules if name.startswith("PIL.") and name.endswith("ImagePlugin")])
"""


def test_no_reader_is_loaded_but_those_that_pillow_loads_for_writing() -> None:
    done = subprocess.run([sys.executable, "-c", READERS], input=encoded("WEBP"), capture_output=True, check=True)
    allowed = {f"PIL.{name}ImagePlugin" for name in ("Bmp", "Gif", "Jpeg", "Png", "Ppm", "WebP")}
    assert set(done.stdout.decode().split()) <= allowed
