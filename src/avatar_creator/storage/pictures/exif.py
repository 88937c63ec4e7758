"""EXIF blocks: the few tags this tool writes and reads.

Damage is no error here: half the cameras write some, and a picture is none the worse for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

_Order = Literal["little", "big"]
_ORDERS: Mapping[bytes, _Order] = {b"II*\0": "little", b"MM\0*": "big"}

_ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 2, 3, 4, 5, 7
_SIZES = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4)  # bytes of one value, by type
_VALUE_MOST = 2**20  # bytes of one that is read; ComfyUI's graphs need hundreds of kB, and JPEG alone allows but 64
_SIGNATURE = b"Exif\0\0"  # of JPEG, that many writers put into PNG and WebP, too
_HEAD = 8  # bytes before the first directory
_HEADER = b"MM\0*" + _HEAD.to_bytes(4, "big")
_ENTRY = 12  # bytes: tag, type, count, and the value or its place

_MAKE, _MODEL, _ORIENTATION, _SOFTWARE = 0x010F, 0x0110, 0x0112, 0x0131
_ARTIST, _COPYRIGHT, _EXIF_DIRECTORY, _GPS_DIRECTORY = 0x013B, 0x8298, 0x8769, 0x8825
_USER_COMMENT, _COLOR_SPACE, _WIDTH, _HEIGHT = 0x9286, 0xA001, 0xA002, 0xA003
_INTEROP_DIRECTORY, _INTEROP_INDEX = 0xA005, 0x0001
_ADOBE_RGB = 2  # of the color space; not in the standard, which has 1, sRGB, and 65535, none of its own
_SERIALS = (0xA431, 0xC62F, 0xFDE9)  # of the camera: Exif's, DNG's, and Adobe's for older cameras
# ComfyUI names what it writes, and takes these one after another: "prompt:{...}", "workflow:{...}", and more.
_NAMED = (0x0110, 0x010F, 0x010E, 0x010D, 0x010C)
# A hostile directory can point 65,535 tags at the same megabyte, so those that are read are named.
_READ = frozenset({_ORIENTATION, _SOFTWARE, _EXIF_DIRECTORY, _GPS_DIRECTORY, _USER_COMMENT, *_SERIALS, *_NAMED})
_NAMED_JSON = re.compile(r"\s*(\w{1,40})\s*:\s*([{\[].*)", re.DOTALL)
_JSON = re.compile(r"\s*[{\[]")
_COORDINATES = frozenset({0x02, 0x04, 0x14, 0x16})  # of the GPS directory: where it was taken, what it points at

# What the standard demands of every file, in the values it gives for "unknown".
_RESOLUTION = {
    0x011A: (_RATIONAL, b"\0\0\0\x48\0\0\0\1"),  # 72 a unit across
    0x011B: (_RATIONAL, b"\0\0\0\x48\0\0\0\1"),  # and down
    0x0128: (_SHORT, b"\0\2"),  # the unit: inches
    0x0213: (_SHORT, b"\0\1"),  # colour samples are centred, as JFIF says too
}
_VERSIONS = {
    0x9000: (_UNDEFINED, b"0232"),
    0x9101: (_UNDEFINED, b"\1\2\3\0"),  # components: Y, Cb, Cr
    0xA000: (_UNDEFINED, b"0100"),
}

_UNICODE, _PLAIN, _UNDECLARED = b"UNICODE\0", b"ASCII\0\0\0", b"\0" * 8
UPRIGHT = 1
_ORIENTATIONS = range(1, 9)


@dataclass(frozen=True, slots=True)
class Exif:
    """What an EXIF block says; ``named`` holds the JSON that tools put where the camera's name belongs."""

    orientation: int = UPRIGHT
    camera_make: str | None = None
    camera_model: str | None = None
    camera_serial: str | None = None
    software: str | None = None
    user_comment: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    has_gps: bool = False


def read(block: bytes | None) -> Exif:
    """Return what can be read of a TIFF block, bare or behind JPEG's signature."""
    block = (block or b"").removeprefix(_SIGNATURE)
    order = _ORDERS.get(block[:4])
    if order is None:
        return Exif()
    main = _directory(block, block[4:8], order)
    detail = _directory(block, main.get(_EXIF_DIRECTORY), order)
    found = {**detail, **main}  # writers put some tags into the wrong one of the two
    lines = {tag: _line(value) for tag, value in found.items()}
    return Exif(
        _orientation(main, order),
        _camera(lines.get(_MAKE)),
        _camera(lines.get(_MODEL)),
        next((lines[tag] for tag in _SERIALS if lines.get(tag)), None),
        lines.get(_SOFTWARE),
        _comment(found.get(_USER_COMMENT, b""), order),
        {match[1].lower(): match[2] for tag in _NAMED if (match := _NAMED_JSON.match(lines.get(tag) or ""))},
        any(
            _is_place(_directory(block, directory.get(_GPS_DIRECTORY), order, _COORDINATES), order)
            for directory in (main, detail)
        ),
    )


def orientation(block: bytes | None) -> int:
    """Return which side is up, without the rest of what `read` reads."""
    block = (block or b"").removeprefix(_SIGNATURE)
    order = _ORDERS.get(block[:4])
    return UPRIGHT if order is None else _orientation(_directory(block, block[4:8], order), order)


def _orientation(main: Mapping[int, bytes], order: _Order) -> int:
    found = int.from_bytes(main.get(_ORIENTATION, b""), order)
    return found if found in _ORIENTATIONS else UPRIGHT


def is_adobe_rgb(block: bytes | None) -> bool:
    """Return whether the colours are Adobe RGB's, as the standard (DCF's option file) or some cameras say it."""
    block = (block or b"").removeprefix(_SIGNATURE)
    order = _ORDERS.get(block[:4])
    if order is None:
        return False
    main = _directory(block, block[4:8], order)
    detail = _directory(block, main.get(_EXIF_DIRECTORY), order, frozenset({_COLOR_SPACE, _INTEROP_DIRECTORY}))
    interop = _directory(block, detail.get(_INTEROP_DIRECTORY), order, frozenset({_INTEROP_INDEX}))
    color_space = int.from_bytes(detail.get(_COLOR_SPACE, b""), order)
    return _line(interop.get(_INTEROP_INDEX)) == "R03" or color_space == _ADOBE_RGB


def turned(orientation: int) -> bytes:
    """Return a block that says which side is up, and no more than the standard demands beside it."""
    return _HEADER + _packed({_ORIENTATION: (_SHORT, orientation.to_bytes(2, "big")), **_RESOLUTION}, _HEAD)


def write(
    *,
    width_px: int,
    height_px: int,
    orientation: int,
    is_srgb: bool,
    software: str,
    artist: str | None,
    rights: str | None,
    user_comment: str | None,
) -> bytes:
    """Return a block of what is given and what the standard demands beside it.

    It is big-endian, as readers of generation parameters expect. Beyond ASCII its lines are UTF-8: the standard
    has no word for it, and readers take it so.
    """
    main = {
        _ORIENTATION: (_SHORT, orientation.to_bytes(2, "big")),
        _SOFTWARE: (_ASCII, software.encode() + b"\0"),
        _EXIF_DIRECTORY: (_LONG, bytes(4)),
        **_RESOLUTION,
    }
    for tag, line in ((_ARTIST, artist), (_COPYRIGHT, rights)):
        if line is not None:
            main[tag] = (_ASCII, line.encode() + b"\0")
    place = _HEAD + len(_packed(main, _HEAD))  # measured before it can be stated
    main[_EXIF_DIRECTORY] = (_LONG, place.to_bytes(4, "big"))
    detail = {
        _COLOR_SPACE: (_SHORT, b"\0\1" if is_srgb else b"\xff\xff"),
        _WIDTH: (_LONG, width_px.to_bytes(4, "big")),
        _HEIGHT: (_LONG, height_px.to_bytes(4, "big")),
        **_VERSIONS,
    }
    if user_comment is not None:
        detail[_USER_COMMENT] = (_UNDEFINED, _UNICODE + user_comment.encode("utf-16-be"))
    return _HEADER + _packed(main, _HEAD) + _packed(detail, place)


def _packed(entries: Mapping[int, tuple[int, bytes]], place: int) -> bytes:
    """Return a directory that will stand at ``place``, its long values behind it."""
    values_at = place + 2 + _ENTRY * len(entries) + 4
    table = len(entries).to_bytes(2, "big")
    values = b""
    for tag, (kind, value) in sorted(entries.items()):
        count = len(value) // _SIZES[kind]
        table += tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + count.to_bytes(4, "big")
        if len(value) <= 4:  # noqa: PLR2004  such a value stands in the entry itself
            table += value.ljust(4, b"\0")
        else:
            table += (values_at + len(values)).to_bytes(4, "big")
            values += value + b"\0" * (len(value) % 2)
    return table + bytes(4) + values


def _directory(block: bytes, pointer: bytes | None, order: _Order, wanted: frozenset[int] = _READ) -> dict[int, bytes]:
    """Return the values of the directory pointed at by tag, without those that lie beyond the block."""
    values: dict[int, bytes] = {}
    at = int.from_bytes(pointer or b"", order)
    if not at:
        return values
    for start in range(at + 2, at + 2 + _ENTRY * int.from_bytes(block[at : at + 2], order), _ENTRY):
        tag = int.from_bytes(block[start : start + 2], order)
        if tag not in wanted or tag in values:
            continue
        kind = int.from_bytes(block[start + 2 : start + 4], order)
        size = (_SIZES[kind] if kind < len(_SIZES) else 0) * int.from_bytes(block[start + 4 : start + 8], order)
        inline = size <= 4  # noqa: PLR2004  bytes of the entry's last field
        value_at = start + 8 if inline else int.from_bytes(block[start + 8 : start + 12], order)
        value = block[value_at : value_at + size]
        if size and len(value) == size <= _VALUE_MOST:
            values[tag] = value
    return values


def _is_place(coordinates: Mapping[int, bytes], order: _Order) -> bool:
    """Return whether one of them is known: cameras without a fix write zeros, or fractions of zero."""
    for value in coordinates.values():
        text = value.rstrip(b"\0").decode("latin-1")
        if text.isascii() and text.isprintable():  # against the standard, but seen
            known = any(digit in text for digit in "123456789")
        else:  # degrees, minutes and seconds
            halves = [int.from_bytes(value[at : at + 4], order) for at in range(0, _SIZES[_RATIONAL] * 3, 4)]
            known = any(above and below for above, below in zip(halves[::2], halves[1::2], strict=True))
        if known:
            return True
    return False


def _line(value: bytes | None) -> str | None:
    text = (value or b"").partition(b"\0")[0].decode("utf-8", "replace").strip()
    return text or None


def _camera(line: str | None) -> str | None:
    return None if line is None or _JSON.match(line) or _NAMED_JSON.match(line) else line


def _comment(value: bytes, order: _Order) -> str | None:
    code, raw = value[:8], value[8:]
    if code == _UNICODE:
        text = raw.decode(_utf16(raw, order), "replace")
    elif code in {_PLAIN, _UNDECLARED}:
        text = raw.decode("utf-8", "replace")
    else:  # no code at all: against the standard, but seen
        text = value.decode("utf-8", "replace")
    return text.strip("\0\ufeff ") or None


def _utf16(raw: bytes, order: _Order) -> str:
    """Tell the byte order that writers disagree on: by mark, else by where the zeros of Latin text stand."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = raw[::2].count(0), raw[1::2].count(0)
    big = first > second if first != second else order == "big"
    return "utf-16-be" if big else "utf-16-le"
