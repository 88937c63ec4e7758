"""Which characters a font has, as its file says: TrueType and OpenType, also several in one file."""

import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

Has = Callable[[int], bool]
"""Says whether there is a glyph for a character."""

_COLLECTION = b"ttcf"
_TABLES_MOST = 256
_CMAP_MOST = 4 * 2**20  # bytes; those of fonts of all Chinese characters have some 500 kB
_FORMATS = {  # of cmap: of platform and encoding, the best first
    (3, 10): 0,
    (0, 6): 1,
    (0, 4): 2,
    (3, 1): 3,
    (0, 3): 4,
}
_BITMAPS = {b"CBDT", b"sbix"}  # pictures of one size in place of outlines, as fonts of emoji have them
_LARGEST = 0xFFFF


class Unreadable(Exception):
    """It is no font that can be used here."""


class Coverage(NamedTuple):
    """What is known of a font before it is loaded."""

    has: Has
    is_bitmap: bool


def read(file: BinaryIO) -> Coverage:
    """Return what the first font of a file has. Raises Unreadable, OSError."""
    try:
        return _read(file)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise Unreadable from error


def _read(file: BinaryIO) -> Coverage:
    start = 0
    head = _at(file, 0, 16)
    if head[:4] == _COLLECTION:
        (start,) = struct.unpack(">I", head[12:16])
        head = _at(file, start, 12)
    if head[:4] not in {b"\0\1\0\0", b"OTTO", b"true"}:
        raise Unreadable
    (count,) = struct.unpack(">H", head[4:6])
    records = struct.iter_unpack(">4sIII", _at(file, start + 12, 16 * min(count, _TABLES_MOST)))
    tables = {name: (offset, length) for name, _, offset, length in records}
    if b"cmap" not in tables:
        raise Unreadable
    offset, length = tables[b"cmap"]
    return Coverage(_characters(_at(file, offset, min(length, _CMAP_MOST))), bool(_BITMAPS & tables.keys()))


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)


def _characters(cmap: bytes) -> Has:
    (count,) = struct.unpack(">H", cmap[2:4])
    found = struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * count])
    known = [(_FORMATS[platform, encoding], at) for platform, encoding, at in found if (platform, encoding) in _FORMATS]
    if not known:
        raise Unreadable
    table = cmap[min(known)[1] :]
    match struct.unpack(">H", table[:2]):
        case (4,):
            return _segments(table)
        case (12,):
            return _groups(table)
    raise Unreadable


def _groups(table: bytes) -> Has:
    """Format 12: first and last character of each group."""
    (count,) = struct.unpack(">I", table[12:16])
    numbers = _numbers("I", table[16 : 16 + 12 * count])
    if len(numbers) < 3 * count:
        raise Unreadable
    firsts, lasts = numbers[::3], numbers[1::3]

    def has(character: int) -> bool:
        at = bisect_right(firsts, character) - 1
        return at >= 0 and character <= lasts[at]

    return has


def _segments(table: bytes) -> Has:
    """Format 4: segments, some of which say of each character which glyph it has, which may be none."""
    (doubled,) = struct.unpack(">H", table[6:8])
    numbers = _numbers("H", table[14 : 14 + len(table[14:]) // 2 * 2])
    count = doubled // 2
    lasts, firsts = numbers[:count], numbers[count + 1 : 2 * count + 1]
    deltas, offsets = numbers[2 * count + 1 : 3 * count + 1], 3 * count + 1
    if len(numbers) < offsets + count:
        raise Unreadable

    def has(character: int) -> bool:
        at = bisect_left(lasts, character)
        if at >= count or character < firsts[at] or character >= _LARGEST:
            return False
        offset = numbers[offsets + at]
        if not offset:
            return (character + deltas[at]) & _LARGEST != 0
        place = offsets + at + offset // 2 + character - firsts[at]
        return place < len(numbers) and bool(numbers[place])

    return has


def _numbers(kind: str, data: bytes) -> "array[int]":
    """Return whole numbers as such files have them: the largest byte first."""
    size = array(kind).itemsize
    return array(kind, struct.unpack(f">{len(data) // size}{kind}", data[: len(data) // size * size]))
