"""What a file is that is not what was asked for, by its first bytes: so that an error can name it."""

import re
import stat

SPECIAL = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_BEGINNINGS = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
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
    (b"{\\rtf", "an RTF document"),
    (b"PK\3\4", "a zip archive"),
    (b"PK\5\6", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"ARROW1\0\0", "an Arrow (Feather) file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a Matroska film"),
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
_RIFF = {b"WEBP": "a WebP picture", b"WAVE": "a WAV recording", b"AVI ": "an AVI film"}
_TEXT_HEAD = 2**10  # characters in which a document says what it is
_PAGE = re.compile(r"<(?:!doctype html|head|body|table|title|meta|script|div|p)\b")  # or a part of one


def described(data: bytes) -> str | None:
    """Return what is known of a file that begins so: "a PDF document". None for texts, and what nobody knows."""
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return name
    if data[4:8] == b"ftyp":
        return _film_or_picture(data)
    return _RIFF.get(data[8:12]) if data.startswith(b"RIFF") else None


def described_text(text: str) -> str | None:
    """Return the same for a text in a known language."""
    head = text[:_TEXT_HEAD].lstrip("\ufeff \t\r\n").lower()
    if head.startswith("version https://git-lfs."):
        return "a pointer of Git LFS to a file that was not downloaded"
    if not head.startswith("<"):
        return None
    if "<svg" in head:
        return "an SVG drawing"
    if "<html" in head or _PAGE.match(head):
        return "a web page"
    return "an XML document" if head.startswith("<?xml") else None


def _film_or_picture(data: bytes) -> str:
    end = min(int.from_bytes(data[:4], "big"), 4 * _BRANDS_MOST)
    brands = {data[at : at + 4] for at in (8, *range(16, end, 4))}
    return next((name for known, name in _BRANDS if brands & known), "an MP4 film")
