"""PNG: chunks of a length, a name, a body and a CRC."""

import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures.containers.metadata import Metadata, damaged, take

START = b"\x89PNG\r\n\x1a\n"

_XMP_KEYWORD = "XML:com.adobe.xmp"
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_TEXT_MOST = 2**20  # bytes of one text, inflated: ComfyUI's workflows need hundreds of kB
_TEXTS_MOST = 2**22  # bytes of all texts: 10 MB of zTXt inflate to 10 GB
# Of the ancillary chunks, those that decide colours, shape and motion; critical ones begin in upper case.
_DECIDE_LOOKS = frozenset(b"tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV mDCv cLLI cLLi bKGD pHYs acTL fcTL fdAT".split())


class _Chunk(NamedTuple):
    name: bytes
    body: bytes
    raw: bytes  # as it stands in the file


def read(data: bytes) -> Metadata:
    known = PictureFormat.PNG
    bodies: dict[bytes, bytes] = {}
    text: dict[str, str] = {}
    budget = _TEXTS_MOST
    for name, body, _ in _chunks(data):
        if name in _TEXTS:
            keyword, value = _read_text(name, body, min(budget, _TEXT_MOST))
            budget -= len(value)
            text.setdefault(keyword, value.decode("utf-8" if name == b"iTXt" else "latin-1", "replace"))
        else:
            bodies.setdefault(name, body)
    if b"IDAT" not in bodies:
        raise damaged(known, "it holds no picture")
    sides = take(bodies[b"IHDR"], 0, 8, known)
    xmp = text.pop(_XMP_KEYWORD, None)
    return Metadata(
        known,
        int.from_bytes(sides[:4], "big"),
        int.from_bytes(sides[4:], "big"),
        exif=bodies.get(b"eXIf"),
        xmp=xmp.encode() if xmp is not None else None,
        c2pa=bodies.get(b"caBX"),
        text=text,
        has_icc=b"iCCP" in bodies,
        is_animated=b"acTL" in bodies,
    )


def rewrite(data: bytes, exif: bytes | None, xmp: bytes | None, text: Mapping[str, str]) -> bytes:
    header, *rest = (c.raw for c in _chunks(data) if c.name[:1].isupper() or c.name in _DECIDE_LOOKS)
    # XMP first, as Adobe asks for it, and all of it before the pixels: some readers look no further.
    added = [_chunk(b"iTXt", _international(_XMP_KEYWORD, xmp))] if xmp is not None else []
    added += [_text_chunk(keyword, value) for keyword, value in text.items()]
    if exif is not None:
        added.append(_chunk(b"eXIf", exif))
    return b"".join([START, header, *added, *rest])


def _chunks(data: bytes) -> Iterator[_Chunk]:
    known = PictureFormat.PNG
    at = len(START)
    name = b""
    while name != b"IEND":
        length = int.from_bytes(take(data, at, 4, known), "big")
        name = take(data, at + 4, 4, known)
        if not name.isalpha() or (name == b"IHDR") != (at == len(START)):
            raise damaged(known, f"no chunk at byte {at}")
        raw = take(data, at, length + 12, known)
        yield _Chunk(name, raw[8:-4], raw)
        at += len(raw)


def _read_text(name: bytes, body: bytes, most: int) -> tuple[str, bytes]:
    """Return keyword and text; no text when it is malformed or inflates to more than ``most`` bytes."""
    keyword, _, value = body.partition(b"\0")
    compressed = name == b"zTXt"
    if compressed:
        value = value[1:]  # the method, of which there is only one
    elif name == b"iTXt":
        compressed = value.startswith(b"\x01")
        value = value[2:].split(b"\0", 2)[-1]  # past the language and the translated keyword
    if compressed:
        try:
            value = zlib.decompressobj().decompress(value, most + 1)
        except zlib.error:
            value = b""
    return keyword.decode("latin-1"), value if len(value) <= most else b""


def _text_chunk(keyword: str, value: str) -> bytes:
    if value.isascii():
        return _chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + value.encode())
    # tEXt is Latin-1, but many a reader takes it for UTF-8: beyond ASCII only iTXt is safe.
    return _chunk(b"iTXt", _international(keyword, value.encode()))


def _international(keyword: str, value: bytes) -> bytes:
    uncompressed, language, translated = b"\0\0", b"\0", b"\0"
    return keyword.encode("latin-1") + b"\0" + uncompressed + language + translated + value


def _chunk(name: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(name + body)
    return len(body).to_bytes(4, "big") + name + body + crc.to_bytes(4, "big")
