"""Colours that a picture's file tells of in words instead of a profile, and the profile that says the same."""

import struct
from functools import cache

from avatar_creator.storage.pictures import exif
from avatar_creator.storage.pictures.containers import Metadata

# Adobe RGB (1998), section 4.3, for the profile connection space: primaries adapted to D50, and the white point.
_WHITE = (0.9505, 1.0, 1.0891)
_PRIMARIES = {
    b"rXYZ": (0.60974, 0.31111, 0.01947),
    b"gXYZ": (0.20528, 0.62567, 0.06087),
    b"bXYZ": (0.14919, 0.06322, 0.74457),
}
_GAMMA = 0x0233  # 2 + 51/256
_D50 = (0.9642, 1.0, 0.8249)
_NAME = b"Compatible with Adobe RGB (1998)\0"
_VERSION = 0x02100000
_HEAD = 128  # bytes before the table of tags


def implied(metadata: Metadata) -> bytes | None:
    """Return the profile of a picture that has none, where its EXIF names one as cameras do."""
    return adobe_rgb() if not metadata.has_icc and exif.is_adobe_rgb(metadata.exif) else None


@cache
def adobe_rgb() -> bytes:
    """Return an ICC profile, version 2: a matrix and one curve."""
    curve = b"curv" + struct.pack(">4xIHxx", 1, _GAMMA)
    tags = {
        b"desc": b"desc" + struct.pack(">4xI", len(_NAME)) + _NAME + bytes(78),
        b"cprt": b"text" + bytes(4) + b"CC0\0",
        b"wtpt": _xyz(_WHITE),
        **{tag: _xyz(colour) for tag, colour in _PRIMARIES.items()},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, data = b"", b""
    start = _HEAD + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    head = struct.pack(">I4xI4s4s4s", start + len(data), _VERSION, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s28x3i", *(2000, 1, 1, 0, 0, 0), b"acsp", *_fixed(_D50))
    return head.ljust(_HEAD, b"\0") + struct.pack(">I", len(tags)) + table + data


def _xyz(colour: tuple[float, float, float]) -> bytes:
    return b"XYZ " + struct.pack(">4x3i", *_fixed(colour))


def _fixed(colour: tuple[float, float, float]) -> list[int]:
    return [round(part * 2**16) for part in colour]
