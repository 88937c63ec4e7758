"""JPEG: segments of a marker, a length and a body; after SOS comes coded data up to the next true marker."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures.containers.metadata import Metadata, damaged, take

START = b"\xff\xd8\xff"
SEGMENT_MOST = 65_533  # bytes of a body: its length is 16 bits and counts its own two bytes
EXIF_SIGNATURE = b"Exif\0\0"
XMP_SIGNATURE = b"http://ns.adobe.com/xap/1.0/\0"

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOS, _COM = 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP11, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEB, 0xEE, 0xEF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15; between them DHT, JPG and DAC
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RSTn, SOI: without a length, and never between segments

# Any number of fill bytes may precede a marker; ++ keeps a file full of them from being searched twice.
_MARKER = re.compile(rb"\xff++([^\x00])", re.DOTALL)
_CODED_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # neither a stuffed FF nor a restart marker

_JFIF, _ICC, _ADOBE, _JUMBF = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe", b"JP"
_JFIF_HEAD = 12  # bytes of a JFIF body before the size of its thumbnail
_JUMBF_HEAD = 16  # bytes of headers that each part of a split box repeats


class _Segment(NamedTuple):
    marker: int
    body: bytes
    raw: bytes  # as it stands in the file; an SOS with its coded data


def read(data: bytes) -> Metadata:
    sides: tuple[int, int] | None = None
    exif = xmp = None
    boxes: list[bytes] = []
    has_icc = has_scan = False
    for marker, body, _ in _segments(data):
        if marker in _FRAMES:
            frame = take(body, 0, 5, PictureFormat.JPEG)
            sides = int.from_bytes(frame[3:], "big"), int.from_bytes(frame[1:3], "big")
        elif marker == _SOS:
            has_scan = True
        elif marker == _APP1 and body.startswith(EXIF_SIGNATURE):
            exif = exif or body[len(EXIF_SIGNATURE) :]
        elif marker == _APP1 and body.startswith(XMP_SIGNATURE):
            xmp = xmp or body[len(XMP_SIGNATURE) :]
        elif marker == _APP2 and body.startswith(_ICC):
            has_icc = True
        elif marker == _APP11 and body.startswith(_JUMBF):
            boxes.append(body[_JUMBF_HEAD:])
    if sides is None or not has_scan:
        raise damaged(PictureFormat.JPEG, "it holds no picture")
    jumbf = b"".join(boxes)
    c2pa = jumbf if b"c2pa" in jumbf else None
    return Metadata(PictureFormat.JPEG, *sides, exif, xmp, c2pa, has_icc=has_icc)


def rewrite(data: bytes, exif: bytes | None, xmp: bytes | None) -> bytes:
    jfif: list[bytes] = []
    kept: list[bytes] = []
    for marker, body, raw in _segments(data):
        if marker == _APP0 and body.startswith(_JFIF) and not jfif:
            head = take(body, 0, _JFIF_HEAD, PictureFormat.JPEG)
            jfif.append(_segment(_APP0, head + b"\0\0"))  # a thumbnail of 0 x 0: the old one shows the old picture
        elif _decides_looks(marker, body):
            kept.append(raw)
    added = [
        _segment(_APP1, signature + block)
        for signature, block in ((EXIF_SIGNATURE, exif), (XMP_SIGNATURE, xmp))
        if block is not None
    ]
    return b"".join([_SOI, *jfif, *added, *kept, _EOI])


def _decides_looks(marker: int, body: bytes) -> bool:
    if marker == _APP2:
        return body.startswith(_ICC)
    if marker == _APP14:
        return body.startswith(_ADOBE)  # tells RGB from YCbCr and CMYK
    return not (_APP0 <= marker <= _APP15 or marker == _COM)


def _segments(data: bytes) -> Iterator[_Segment]:
    """Yield the segments between SOI and EOI."""
    known = PictureFormat.JPEG
    at = len(_SOI)
    while True:
        found = _MARKER.match(data, at)
        if found is None:
            raise damaged(known, "it ends too early" if at >= len(data) else f"no segment at byte {at}")
        start, marker = found.end() - 2, found[1][0]
        if data.startswith(_EOI, start):
            return
        length = int.from_bytes(take(data, start + 2, 2, known), "big")
        if marker in _BARE or length < 2:  # noqa: PLR2004  the length counts itself
            raise damaged(known, f"no segment at byte {start}")
        body = take(data, start + 4, length - 2, known)
        at = start + 2 + length
        if marker == _SOS:
            end = _CODED_END.search(data, at)
            if end is None:
                raise damaged(known, "it ends too early")
            at = end.start()
        yield _Segment(marker, body, data[start:at])


def _segment(marker: int, body: bytes) -> bytes:
    if len(body) > SEGMENT_MOST:
        raise StorageError(
            f"JPEG cannot hold {len(body)} bytes of metadata in one piece, only {SEGMENT_MOST}.",
            hint="Keep the picture as PNG or WebP.",
        )
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body
