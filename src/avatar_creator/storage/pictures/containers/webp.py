"""WebP: RIFF chunks, padded to even lengths. With more than pixels in it, VP8X comes first and says what."""

from collections.abc import Iterable, Iterator, Mapping

from avatar_creator.decoding import webp
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures.containers.jpeg import EXIF_SIGNATURE
from avatar_creator.storage.pictures.containers.metadata import Metadata, counted, damaged, profile_of, take

_KNOWN = PictureFormat.WEBP
_HAS_ANIMATION, _HAS_XMP, _HAS_EXIF, _HAS_ALPHA, _HAS_PROFILE = 0x02, 0x04, 0x08, 0x10, 0x20
_PIXELS = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_FRAME_HEAD = 16  # bytes of ANMF before its chunks: where it goes, its sides, how long it stays
_ANIM_SIZE, _VP8X_SIZE = 6, 10
_LOSSLESS_FLAGS, _LOSSLESS_ALPHA = 4, 0x10  # in which byte of VP8L, and which bit of it


def read(data: bytes) -> Metadata:
    chunks = _chunks(data)
    width, height, _ = _canvas(_first_of_each(_still(chunks)))
    found = _first_of_each(chunks)
    exif = found.get(b"EXIF")
    return Metadata(
        _KNOWN,
        width,
        height,
        exif=exif.removeprefix(EXIF_SIGNATURE) if exif is not None else None,  # many writers put it there
        xmp=found.get(b"XMP "),
        c2pa=found.get(b"C2PA"),
        has_icc=profile_of(found.get(b"ICCP")) is not None,
        is_animated=any(name == b"ANMF" for name, _ in _still(chunks)),
    )


def rewrite(data: bytes, exif: bytes | None, xmp: bytes | None, icc: bytes | None) -> bytes:
    chunks = _still(_chunks(data))
    first = _first_of_each(chunks)
    width, height, flags = _canvas(first)
    profile = profile_of(first.get(b"ICCP")) or icc
    frames = [(name, _frame(body)) for name, body in chunks if name == b"ANMF"]
    blocks = {b"ICCP": profile, b"ANIM": take(first.get(b"ANIM", b""), 0, _ANIM_SIZE, _KNOWN) if frames else None}
    pixels = frames or [(name, body) for name, body in first.items() if name in _PIXELS]
    after = {b"EXIF": exif, b"XMP ": xmp}
    copied = [*_given(blocks), *pixels, *_given(after)]
    if len(copied) > len(pixels) or b"VP8X" in first:
        flags &= _HAS_ALPHA
        flags |= _HAS_PROFILE if profile is not None else 0
        flags |= _HAS_ANIMATION if frames else 0
        flags |= _HAS_EXIF if exif is not None else 0
        flags |= _HAS_XMP if xmp is not None else 0
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        copied.insert(0, (b"VP8X", bytes((flags, 0, 0, 0)) + canvas))
    body = b"WEBP" + _joined(copied)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _given(blocks: Mapping[bytes, bytes | None]) -> list[tuple[bytes, bytes]]:
    return [(name, body) for name, body in blocks.items() if body is not None]


def _still(chunks: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return an animation of a single frame, if that fills the canvas, as the picture that it is."""
    frames = [body for name, body in chunks if name == b"ANMF"]
    found = _first_of_each(chunks)
    if len(frames) != 1 or b"VP8X" not in found:
        return chunks
    head = take(frames[0], 0, _FRAME_HEAD, _KNOWN)
    if head[:6] + head[6:12] != bytes(6) + take(found[b"VP8X"], 0, _VP8X_SIZE, _KNOWN)[4:]:
        return chunks
    others = [(name, body) for name, body in chunks if name not in {b"ANMF", b"ANIM", *_PIXELS}]
    return [*others, *_parts(frames[0], _FRAME_HEAD, len(frames[0]))]


def _frame(body: bytes) -> bytes:
    """Return one frame of an animation without what is not its pixels."""
    pixels = _first_of_each(_parts(body, _FRAME_HEAD, len(body)))
    return take(body, 0, _FRAME_HEAD, _KNOWN) + _joined((name, pixels[name]) for name in pixels if name in _PIXELS)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    end = 8 + int.from_bytes(take(data, 4, 4, _KNOWN), "little")
    if end > len(data):
        raise damaged(_KNOWN, "it ends too early")
    return [*counted(_parts(data, 12, end), _KNOWN)]


def _parts(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while at < end:
        name = take(data, at, 4, _KNOWN)
        length = int.from_bytes(take(data, at + 4, 4, _KNOWN), "little")
        if at + 8 + length > end:
            raise damaged(_KNOWN, "it ends too early")
        yield name, take(data, at + 8, length, _KNOWN)
        at += 8 + length + length % 2


def _first_of_each(chunks: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    first: dict[bytes, bytes] = {}
    for name, body in chunks:
        first.setdefault(name, body)
    return first


def _canvas(chunks: Mapping[bytes, bytes]) -> tuple[int, int, int]:
    """Return width, height and VP8X flags: as VP8X says, or as it would by the pixels' own header."""
    name = next((name for name in (b"VP8X", b"VP8L") if name in chunks), b"VP8 ")
    body = chunks.get(name, b"")
    sides = webp.sides(name, body)
    if sides is None:
        raise damaged(_KNOWN, "it ends too early")
    if not all(sides):
        raise damaged(_KNOWN, "it has no size")
    if name == b"VP8X":
        return *sides, body[0]
    has_alpha = name == b"VP8L" and body[_LOSSLESS_FLAGS] & _LOSSLESS_ALPHA
    return *sides, _HAS_ALPHA if has_alpha else 0


def _joined(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    padded = ((name, len(body).to_bytes(4, "little"), body, b"\0" * (len(body) % 2)) for name, body in chunks)
    return b"".join(part for chunk in padded for part in chunk)
