"""The sides that WebP files state, held against the decoder's own word."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from avatar_creator.decoding import webp


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0"}], ids=str)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_each_first_chunk_tells_the_sides_or_is_cut(mode: str, options: dict[str, Any]) -> None:
    file = BytesIO()
    Image.new(mode, (321, 45), "#12345678"[: 2 * len(mode) + 1]).save(file, "WEBP", **options)
    data = file.getvalue()
    name, body = data[12:16], data[20:30]
    assert webp.sides(name, body) == (321, 45)
    assert webp.sides(name, body[:4]) is None


def test_other_chunks_tell_none() -> None:
    assert webp.sides(b"ALPH", bytes(10)) is None
