"""PNG: chunks of a length, a name, a body and a CRC."""

import zlib
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures.containers.metadata import Metadata, counted, damaged, profile_of, take

START = b"\x89PNG\r\n\x1a\n"

_KNOWN = PictureFormat.PNG
_XMP_KEYWORD = "XML:com.adobe.xmp"
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_TEXT_MOST = 2**20  # bytes of one text, inflated: ComfyUI's workflows need hundreds of kB
_TEXTS_MOST = 2**22  # bytes of all texts, also of those inflated in vain: 10 MB of zTXt inflate to 10 GB
_PROFILE_MOST = 2**23  # bytes of an ICC profile, inflated: a printing press's has 3 MB
_HEADER_SIZE, _COLOUR_TYPE = 13, 9  # bytes of IHDR, and where in it that is
_GRAY, _TRUECOLOUR, _PALETTE = 0, 2, 3
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})  # all there are: decoders refuse any other
_ANIMATION: Mapping[bytes, Container[int]] = {b"acTL": (8,), b"fcTL": (26,), b"fdAT": range(4, 2**31)}
# What else decides how the picture looks, and how many bytes it has. All of it stands before the pixels.
_DECIDE_LOOKS: Mapping[bytes, Container[int]] = {
    b"gAMA": (4,),
    b"cHRM": (32,),
    b"sRGB": (1,),
    b"sBIT": range(1, 5),
    b"cICP": (4,),
    b"mDCV": (24,),
    b"mDCv": (24,),
    b"cLLI": (8,),
    b"cLLi": (8,),
    b"bKGD": (1, 2, 6),
    b"pHYs": (9,),
}


class _Chunk(NamedTuple):
    name: bytes
    place: slice  # of its body in the file


def read(data: bytes) -> Metadata:
    chunks = _chunks(data)
    bodies: dict[bytes, bytes] = {}
    text: dict[str, str] = {}
    budget = _TEXTS_MOST
    for name, place in chunks:
        if name in _TEXTS:
            keyword, value, inflated = _read_text(name, data[place], min(budget, _TEXT_MOST))
            budget -= inflated
            text.setdefault(keyword, value.decode("utf-8" if name == b"iTXt" else "latin-1", "replace"))
        elif name not in bodies:
            bodies[name] = data[place]
    header = bodies[b"IHDR"]
    xmp = text.pop(_XMP_KEYWORD, None)
    return Metadata(
        _KNOWN,
        int.from_bytes(header[:4], "big"),
        int.from_bytes(header[4:8], "big"),
        exif=bodies.get(b"eXIf"),
        xmp=xmp.encode() if xmp is not None else None,
        c2pa=bodies.get(b"caBX"),
        text=text,
        has_icc=_profile(bodies.get(b"iCCP", b"")) is not None,
        is_animated=_is_animated(data, chunks),
    )


def rewrite(data: bytes, exif: bytes | None, xmp: bytes | None, icc: bytes | None, text: Mapping[str, str]) -> bytes:
    chunks = _chunks(data)
    # XMP first, as Adobe asks for it, and all of it before the pixels: some readers look no further.
    added = [_chunk(b"iTXt", _international(_XMP_KEYWORD, xmp))] if xmp is not None else []
    added += [_text_chunk(keyword, value) for keyword, value in text.items()]
    if exif is not None:
        added.append(_chunk(b"eXIf", exif))
    return b"".join([START, _raw(data, chunks[0]), *added, *_rendering_chunks(data, chunks, icc), _chunk(b"IEND", b"")])


def shortened(data: bytes, excess: int) -> bytes:
    """Return a rewritten picture without the last bytes of its IDAT chunks."""
    chunks = _chunks(data)
    pixels = b"".join(data[place] for name, place in chunks if name == b"IDAT")
    others = b"".join(_raw(data, chunk) for chunk in chunks if chunk.name != b"IDAT")
    return START + others + _chunk(b"IDAT", pixels[:-excess]) + _chunk(b"IEND", b"")


def _rendering_chunks(data: bytes, chunks: Sequence[_Chunk], icc: bytes | None) -> Iterator[bytes]:
    """Yield the chunks that decide how the picture looks, each of them once, where it may be and as long as it is."""
    kind = data[chunks[0].place][_COLOUR_TYPE]
    is_animated = _is_animated(data, chunks)
    before = dict(reversed(chunks[: _first(chunks, b"IDAT")]))
    profile = _profile(data[before.pop(b"iCCP", slice(0))]) or icc
    if profile is not None:
        yield _chunk(b"iCCP", b"icc\0\0" + zlib.compress(profile))
    colours = 0
    for chunk in chunks[1:]:
        name, place = chunk
        size = place.stop - place.start
        if name == b"IDAT" or (is_animated and size in _ANIMATION.get(name, ())):
            yield _raw(data, chunk)
        if name not in before:
            continue
        del before[name]  # a second one is not heeded
        if name == b"PLTE" and kind == _PALETTE:
            colours = size // 3
            yield _chunk(name, data[place])
        elif name == b"tRNS":
            if size in {_GRAY: (2,), _TRUECOLOUR: (6,), _PALETTE: range(colours + 1)}.get(kind, ()):
                yield _chunk(name, data[place])
        elif size in _DECIDE_LOOKS.get(name, ()):
            yield _chunk(name, data[place])


def _is_animated(data: bytes, chunks: Sequence[_Chunk]) -> bool:
    """Return whether it shows other pixels than IDAT's: a single frame may be just those."""
    before = chunks[: _first(chunks, b"IDAT")]
    at = _first(before, b"acTL")
    if at == len(before):  # behind the pixels it is to be passed over
        return False
    frames = int.from_bytes(data[before[at].place][:4], "big")
    return frames > 1 or (frames == 1 and _first(before, b"fcTL") == len(before))


def _first(chunks: Sequence[_Chunk], name: bytes) -> int:
    return next((at for at, chunk in enumerate(chunks) if chunk.name == name), len(chunks))


def _chunks(data: bytes) -> list[_Chunk]:
    """Return the chunks before IEND, the header first. Raises StorageError unless they make a picture."""
    chunks = [*counted(_found(data), _KNOWN)]
    bodies = {chunk.name: chunk.place for chunk in reversed(chunks)}
    if b"IDAT" not in bodies:
        raise damaged(_KNOWN, "it holds no picture")
    if len(data[bodies[b"IHDR"]]) != _HEADER_SIZE:
        raise damaged(_KNOWN, "its header has a wrong length")
    if data[bodies[b"IHDR"]][_COLOUR_TYPE] == _PALETTE:
        palette = data[bodies.get(b"PLTE", slice(0))]
        if not palette or len(palette) % 3 or len(palette) > 3 * 256:
            raise damaged(_KNOWN, "it has no palette")
    return chunks


def _found(data: bytes) -> Iterator[_Chunk]:
    at = len(START)
    while True:
        length = int.from_bytes(take(data, at, 4, _KNOWN), "big")
        name = take(data, at + 4, 4, _KNOWN)
        if not name.isalpha() or (name == b"IHDR") != (at == len(START)):
            raise damaged(_KNOWN, f"no chunk at byte {at}")
        if name[:1].isupper() and name not in _CRITICAL:
            raise damaged(_KNOWN, f"it needs a decoder for '{name.decode('ascii')}', and there is none")
        end = at + 8 + length
        take(data, end, 4, _KNOWN)  # the CRC
        if name == b"IEND":
            return
        yield _Chunk(name, slice(at + 8, end))
        at = end + 4


def _raw(data: bytes, chunk: _Chunk) -> bytes:
    return data[chunk.place.start - 8 : chunk.place.stop + 4]


def _read_text(name: bytes, body: bytes, most: int) -> tuple[str, bytes, int]:
    """Return keyword, text, and how many bytes that cost; no text when it is malformed or has more than ``most``."""
    keyword, _, value = body.partition(b"\0")
    compressed = name == b"zTXt"
    if compressed:
        value = value[1:]  # the method, of which there is only one
    elif name == b"iTXt":
        compressed = value.startswith(b"\x01")
        value = value[2:].split(b"\0", 2)[-1]  # past the language and the translated keyword
    if compressed:
        value = _inflated(value, most)
    return keyword.decode("latin-1"), value if len(value) <= most else b"", min(len(value), most)


def _inflated(data: bytes, most: int) -> bytes:
    """Return one byte too many rather than more."""
    try:
        return zlib.decompressobj().decompress(data, most + 1)
    except zlib.error:
        return b""


def _profile(body: bytes) -> bytes | None:
    """Return the profile of iCCP without its name, which is anybody's text."""
    return profile_of(_inflated(body.partition(b"\0")[2][1:], _PROFILE_MOST))


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
