"""Coded bytes of which no pixel is made: found, and never where there are none."""

import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from avatar_creator.decoding import pixels

SECRET = b"48.8584 N 2.2945 E"
SIDES = [(64, 64), (97, 81), (640, 480), (1600, 1200)]
MODES = ["L", "RGB", "CMYK"]


def encoded(known: str, size: tuple[int, int], mode: str, **options: Any) -> bytes:
    file = BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(file, known, **options)
    return file.getvalue()


def excess(data: bytes) -> int:
    return pixels.examine(data, 1, 10**7)[1]


@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "options",
    [{}, {"quality": 20}, {"subsampling": 0}, {"optimize": True}, {"restart_marker_rows": 1}, {"progressive": True}],
    ids=str,
)
def test_a_whole_jpeg_has_none(size: tuple[int, int], mode: str, options: dict[str, Any]) -> None:
    assert excess(encoded("JPEG", size, mode, **options)) == 0


@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hidden", [SECRET, SECRET * 30, SECRET * 9000], ids=len)
def test_what_follows_the_last_unit_of_a_jpeg_is_found(size: tuple[int, int], mode: str, hidden: bytes) -> None:
    data = encoded("JPEG", size, mode)
    found = excess(data[:-2] + hidden + data[-2:])
    assert len(hidden) - 8 <= found <= len(hidden)  # its decoder reads as much ahead


@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA"])
def test_what_follows_the_stream_of_a_png_is_found(size: tuple[int, int], mode: str) -> None:
    data = encoded("PNG", size, mode)
    assert excess(data) == 0
    for hidden in (SECRET, SECRET * 9000):
        body = b"IDAT" + hidden
        chunk = len(hidden).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
        assert excess(data[:-12] + chunk + data[-12:]) == len(hidden)
