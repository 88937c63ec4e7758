"""WebP: RIFF chunks, padded to even lengths. With more than pixels in it, VP8X comes first and says what."""

from collections.abc import Iterator, Mapping

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures.containers.jpeg import EXIF_SIGNATURE
from avatar_creator.storage.pictures.containers.metadata import Metadata, damaged, take

_HAS_XMP, _HAS_EXIF, _HAS_ALPHA = 0x04, 0x08, 0x10
_DECIDE_LOOKS = frozenset({b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
_SIDE_BITS = 0x3FFF


def read(data: bytes) -> Metadata:
    chunks = _first_of_each(list(_chunks(data)))
    width, height, _ = _canvas(chunks)
    exif = chunks.get(b"EXIF")
    return Metadata(
        PictureFormat.WEBP,
        width,
        height,
        exif=exif.removeprefix(EXIF_SIGNATURE) if exif is not None else None,  # many writers put it there
        xmp=chunks.get(b"XMP "),
        c2pa=chunks.get(b"C2PA"),
        has_icc=b"ICCP" in chunks,
        is_animated=b"ANMF" in chunks,
    )


def rewrite(data: bytes, exif: bytes | None, xmp: bytes | None) -> bytes:
    chunks = list(_chunks(data))
    width, height, flags = _canvas(_first_of_each(chunks))
    kept = [(name, body) for name, body in chunks if name in _DECIDE_LOOKS]
    added = [(name, body) for name, body in ((b"EXIF", exif), (b"XMP ", xmp)) if body is not None]
    if added or chunks[0][0] == b"VP8X":
        flags &= ~(_HAS_EXIF | _HAS_XMP)
        flags |= _HAS_EXIF if exif is not None else 0
        flags |= _HAS_XMP if xmp is not None else 0
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        kept.insert(0, (b"VP8X", bytes((flags, 0, 0, 0)) + canvas))
    body = b"WEBP" + b"".join(_chunk(name, body) for name, body in (*kept, *added))
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    known = PictureFormat.WEBP
    end = 8 + int.from_bytes(take(data, 4, 4, known), "little")
    riff = take(data, 0, end, known)
    at = 12
    while at < end:
        name = take(riff, at, 4, known)
        length = int.from_bytes(take(riff, at + 4, 4, known), "little")
        yield name, take(riff, at + 8, length, known)
        at += 8 + length + length % 2


def _first_of_each(chunks: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    return dict(reversed(chunks))


def _canvas(chunks: Mapping[bytes, bytes]) -> tuple[int, int, int]:
    """Return width, height and VP8X flags: as VP8X says, or as it would by the pixels' own header."""
    known = PictureFormat.WEBP
    if b"VP8X" in chunks:
        head = take(chunks[b"VP8X"], 0, 10, known)
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1, head[0]
    if b"VP8L" in chunks:
        bits = int.from_bytes(take(chunks[b"VP8L"], 1, 4, known), "little")
        flags = _HAS_ALPHA if bits >> 28 & 1 else 0
        return (bits & _SIDE_BITS) + 1, (bits >> 14 & _SIDE_BITS) + 1, flags
    head = take(chunks.get(b"VP8 ", b""), 6, 4, known)
    width = int.from_bytes(head[:2], "little") & _SIDE_BITS
    height = int.from_bytes(head[2:], "little") & _SIDE_BITS
    if not width or not height:
        raise damaged(known, "it has no size")
    return width, height, 0


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
