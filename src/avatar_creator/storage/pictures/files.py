"""A user's own files: read once, up to a limit, and never waited for."""

import stat
from pathlib import Path

from avatar_creator.decoding.reading import NoFile, read_regular
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.pictures import containers

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_OTHERS = (
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF or raw picture"),
    (b"MM\0*", "a TIFF or raw picture"),
    (b"II+\0", "a TIFF picture"),
    (b"MM\0+", "a TIFF picture"),
    (b"\0\0\1\0", "an icon (ICO)"),
    (b"8BPS", "a Photoshop document (PSD)"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"PK\3\4", "a zip archive"),
)
# ISO base media files: by their major brand and those they are compatible with, the first that fits.
_BRANDS = (
    (frozenset({b"avif", b"avis"}), "an AVIF picture"),
    (frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}), "a HEIC picture"),
    (frozenset({b"mif1", b"msf1", b"heif"}), "a HEIC picture"),
    (frozenset({b"crx "}), "a raw picture"),
    (frozenset({b"qt  "}), "a QuickTime film (MOV)"),
)
_BRANDS_MOST = 40
_TEXT_HEAD = 2**10  # bytes in which a document says what it is


def read_picture(path: Path, *, bytes_most: int) -> bytes:
    """Return the content of a file that begins as JPEG, PNG or WebP does, whatever it is called.

    Raises InvalidInput for what is no file, cannot be read, is empty, too large or something else.
    """
    shown = f"'{visible(str(path))}'"
    data = _content(path, shown, bytes_most)
    if not data:
        raise InvalidInput(f"{shown} is empty.", hint="Name the file of a picture.")
    if len(data) > bytes_most:
        raise InvalidInput(f"{shown} is larger than {bytes_most // 2**20} MB.", hint="Save it smaller, or as JPEG.")
    if not data.strip(b"\0"):
        raise InvalidInput(
            f"{shown} holds only zero bytes, as a copy that failed leaves them.", hint="Copy it once more."
        )
    if containers.sniff(data) is None:
        raise InvalidInput(
            f"{shown} is {_what_it_is(data)}, not a JPEG, PNG or WebP picture.",
            hint="Convert it to one of these first.",
        )
    return data


def _content(path: Path, shown: str, bytes_most: int) -> bytes:
    try:
        return read_regular(path, bytes_most)
    except NoFile as error:
        kind = _KINDS.get(error.kind, "not a file")
        raise InvalidInput(f"{shown} is {kind}, not a picture.", hint="Name the file of a picture.") from error
    except ValueError as error:  # a NUL, or half of a character
        raise InvalidInput(f"{shown} is no name that a file can have.", hint="Check its name.") from error
    except OSError as error:
        raise InvalidInput(
            f"{shown} cannot be read: {error.strerror or error}.", hint="Check its name and permissions."
        ) from error


def _what_it_is(data: bytes) -> str:
    for signature, name in _OTHERS:
        if data.startswith(signature):
            return name
    if data[4:8] == b"ftyp":
        return _film_or_picture(data)
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    except UnicodeDecodeError:
        return "of an unknown kind"
    head = text[:_TEXT_HEAD].lower()
    if "\0" in text:
        return "of an unknown kind"
    if "<svg" in head:
        return "an SVG drawing"
    return "a web page" if "<html" in head or "<!doctype html" in head else "text"


def _film_or_picture(data: bytes) -> str:
    end = min(int.from_bytes(data[:4], "big"), 4 * _BRANDS_MOST)
    brands = {data[at : at + 4] for at in (8, *range(16, end, 4))}
    return next((name for known, name in _BRANDS if brands & known), "an MP4 film")
