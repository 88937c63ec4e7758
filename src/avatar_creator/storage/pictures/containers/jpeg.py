"""JPEG: segments of a marker, a length and a body; after SOS comes coded data up to the next true marker."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from avatar_creator.decoding import SCANS_MOST
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures.containers import tables
from avatar_creator.storage.pictures.containers.metadata import Metadata, counted, damaged, laborious, profile_of, take

SEGMENT_MOST = 65_533  # bytes of a body: its length is 16 bits and counts its own two bytes
EXIF_SIGNATURE = b"Exif\0\0"
XMP_SIGNATURE = b"http://ns.adobe.com/xap/1.0/\0"

_KNOWN = PictureFormat.JPEG
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOS = 0xDA
_APP0, _APP1, _APP2, _APP11, _APP14 = 0xE0, 0xE1, 0xE2, 0xEB, 0xEE

# Decoders pass over what stands before it: bytes of no meaning, any number of FF, and TEM and RSTn, without a length.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
_CODED_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # neither a stuffed FF nor a restart marker

_SCAN_PIXELS_MOST = 600 * 10**6  # scans x pixels: decoders visit each pixel's block in each scan

_JFIF, _ICC, _ADOBE, _JUMBF = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe", b"JP"
_JFIF_HEAD = 12  # bytes of a JFIF body before the size of its thumbnail
_ADOBE_SIZE = 12
_ICC_HEAD = 14  # bytes of a part before its piece of the profile: the signature, and which part of how many
_ICC_PART = SEGMENT_MOST - _ICC_HEAD
_JUMBF_HEAD = 16  # bytes of headers that each part of a split box repeats
_GAIN_MAP = b"urn:iso:std:iso:ts:21496:-1\0"
_GAIN_MAP_XMP = b"http://ns.adobe.com/hdr-gain-map/1.0/"


class _Segment(NamedTuple):
    marker: int
    body: bytes
    coded: slice  # of an SOS, where its coded data stand


def read(data: bytes) -> Metadata:
    segments = [(marker, body) for marker, body, _ in _segments(data)]
    width, height = _sides(segments)
    exif = xmp = None
    boxes: list[bytes] = []
    profile: dict[int, bytes] = {}
    has_gain_map = False
    for marker, body in segments:
        if marker == _APP1 and body.startswith(EXIF_SIGNATURE):
            exif = exif or body[len(EXIF_SIGNATURE) :]
        elif marker == _APP1 and body.startswith(XMP_SIGNATURE):
            xmp = xmp or body[len(XMP_SIGNATURE) :]
        elif marker == _APP2 and body.startswith(_ICC):
            _add_part(profile, body)
        elif marker == _APP2 and body.startswith(_GAIN_MAP):
            has_gain_map = True
        elif marker == _APP11 and body.startswith(_JUMBF):
            boxes.append(body[_JUMBF_HEAD:])
    jumbf = b"".join(boxes)
    return Metadata(
        _KNOWN,
        width,
        height,
        exif,
        xmp,
        c2pa=jumbf if b"c2pa" in jumbf else None,
        has_icc=_joined(profile) is not None,
        has_gain_map=has_gain_map or _GAIN_MAP_XMP in (xmp or b""),
    )


def _sides(segments: Sequence[tuple[int, bytes]]) -> tuple[int, int]:
    frames = [body for marker, body in segments if marker in tables.FRAMES]
    scans = sum(marker == _SOS for marker, _ in segments)
    if not frames or not scans:
        raise damaged(_KNOWN, "it holds no picture")
    width, height = tables.sides(frames[-1])
    if scans > 1 and scans * width * height > _SCAN_PIXELS_MOST:
        raise laborious(_KNOWN, f"{scans} scans of {width} x {height} px, more work than a picture is worth")
    return width, height


def rewrite(data: bytes, exif: bytes | None, xmp: bytes | None, icc: bytes | None) -> bytes:
    segments = list(_segments(data))
    jfif: list[bytes] = []
    adobe: list[bytes] = []
    copied: list[bytes] = []
    profile: dict[int, bytes] = {}
    for (marker, body, coded), needed in zip(segments, tables.needed(segments), strict=True):
        if needed is not None:
            copied.append(_segment(marker, needed))
            copied.append(data[coded].rstrip(b"\xff"))
        elif marker == _APP0 and body.startswith(_JFIF) and not jfif:
            head = take(body, 0, _JFIF_HEAD, _KNOWN)
            jfif.append(_segment(_APP0, head + b"\0\0"))  # a thumbnail of 0 x 0: the old one shows the old picture
        elif marker == _APP2 and body.startswith(_ICC):
            _add_part(profile, body)
        elif marker == _APP14 and body.startswith(_ADOBE) and not adobe:
            adobe.append(_segment(_APP14, take(body, 0, _ADOBE_SIZE, _KNOWN)))  # tells RGB from YCbCr and CMYK
    added = [
        _segment(_APP1, signature + block)
        for signature, block in ((EXIF_SIGNATURE, exif), (XMP_SIGNATURE, xmp))
        if block is not None
    ]
    return b"".join([_SOI, *jfif, *added, *adobe, *_profile_segments(_joined(profile) or icc), *copied, _EOI])


def shortened(data: bytes, excess: int) -> bytes:
    """Return a rewritten picture without the last bytes of its last scan."""
    return data[: -len(_EOI) - excess].rstrip(b"\xff") + _EOI


def _add_part(profile: dict[int, bytes], body: bytes) -> None:
    number, _ = take(body, _ICC_HEAD - 2, 2, _KNOWN)
    profile.setdefault(number, body[_ICC_HEAD:])


def _joined(profile: dict[int, bytes]) -> bytes | None:
    return profile_of(b"".join(profile[number] for number in sorted(profile)))


def _profile_segments(profile: bytes | None) -> Iterator[bytes]:
    parts = range(0, len(profile or b""), _ICC_PART)
    for number, at in enumerate(parts, 1):
        yield _segment(_APP2, _ICC + bytes((number, len(parts))) + (profile or b"")[at : at + _ICC_PART])


def _segments(data: bytes) -> Iterator[_Segment]:
    """Yield the segments between SOI and EOI."""
    return counted(_found(data), _KNOWN)


def _found(data: bytes) -> Iterator[_Segment]:
    at, scans = len(_SOI), 0
    while True:
        found = _MARKER.search(data, at)
        if found is None:
            raise damaged(_KNOWN, "it ends too early")
        start, marker = found.end() - 2, found[1][0]
        if data.startswith(_EOI, start):
            return
        length = int.from_bytes(take(data, start + 2, 2, _KNOWN), "big")
        if data.startswith(_SOI, start) or length < 2:  # noqa: PLR2004  the length counts itself
            raise damaged(_KNOWN, f"no segment at byte {start}")
        body = take(data, start + 4, length - 2, _KNOWN)
        at = end = start + 2 + length
        if marker == _SOS:
            scans += 1
            if scans > SCANS_MOST:
                raise laborious(_KNOWN, f"more than {SCANS_MOST} scans")
            coded = _CODED_END.search(data, at)
            if coded is None:
                raise damaged(_KNOWN, "it ends too early")
            at = coded.start()
        yield _Segment(marker, body, slice(end, at))


def _segment(marker: int, body: bytes) -> bytes:
    if len(body) > SEGMENT_MOST:
        raise StorageError(
            f"JPEG cannot hold {len(body)} bytes of metadata in one piece, only {SEGMENT_MOST}.",
            hint="Keep the picture as PNG or WebP.",
        )
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body
