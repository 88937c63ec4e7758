"""Behaviours that end in a picture, though not in the one that was asked for. All are paid."""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from PIL import Image

from .behaviour import Behaviour
from .pictures import Encoded, Wish, encoded, picture
from .profile import wide_profile

_BOMB_PX = 30_000
_HUGE_BYTES = 40_000_000


def truncated(share: float) -> Behaviour:
    """Only this share of the file arrives, and nothing says that it was more."""
    return Behaviour(
        f"truncated({share})",
        paid=True,
        spoil=lambda _, good: good._replace(data=good.data[: int(len(good.data) * share)]),
    )


def size(width: int, height: int) -> Behaviour:
    """The picture has another size."""
    return Behaviour(
        f"size({width}, {height})",
        paid=True,
        spoil=lambda wish, _: picture(replace(wish, width=width, height=height)),
    )


def _plain(colour: int) -> Callable[[Wish, Encoded], Encoded]:
    return lambda wish, _: encoded(Image.new("RGB", (wish.width, wish.height), (colour,) * 3), wish.format)


def _as(mode: str, file_format: str) -> Callable[[Wish, Encoded], Encoded]:
    def spoil(_: Wish, good: Encoded) -> Encoded:
        with Image.open(io.BytesIO(good.data)) as image:
            return encoded(image.convert(mode), file_format)

    return spoil


def _with_profile(_: Wish, good: Encoded) -> Encoded:
    with Image.open(io.BytesIO(good.data)) as image:
        return encoded(image.convert("RGB"), "JPEG", icc_profile=wide_profile())


def _huge(_: Wish, good: Encoded) -> Encoded:
    return good._replace(data=good.data + bytes(_HUGE_BYTES - len(good.data)))


@lru_cache(maxsize=1)
def _bomb_file() -> bytes:
    deflate = zlib.compressobj(1)
    row = bytes(1 + (_BOMB_PX + 7) // 8)
    pixels = b"".join(deflate.compress(row * 100) for _ in range(_BOMB_PX // 100)) + deflate.flush()
    head = struct.pack(">IIBBBBB", _BOMB_PX, _BOMB_PX, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


black = Behaviour("black", paid=True, spoil=_plain(0))
blank = Behaviour("blank", paid=True, spoil=_plain(255))
nsfw_flag = Behaviour("nsfw_flag", paid=True, spoil=_plain(0), flagged=True)
huge = Behaviour("huge", paid=True, spoil=_huge)
bomb = Behaviour("bomb", paid=True, spoil=lambda _, __: Encoded(_bomb_file(), "image/png"))
as_webp = Behaviour("as_webp", paid=True, spoil=_as("RGB", "WEBP"))
as_gif = Behaviour("as_gif", paid=True, spoil=_as("P", "GIF"))
as_palette_png = Behaviour("as_palette_png", paid=True, spoil=_as("P", "PNG"))
as_rgba_png = Behaviour("as_rgba_png", paid=True, spoil=_as("RGBA", "PNG"))
as_cmyk_jpeg = Behaviour("as_cmyk_jpeg", paid=True, spoil=_as("CMYK", "JPEG"))
as_gray = Behaviour("as_gray", paid=True, spoil=_as("L", "JPEG"))
with_profile = Behaviour("with_profile", paid=True, spoil=_with_profile)
