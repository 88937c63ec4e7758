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
    (0, b"GIF8", "a GIF picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\0", "a TIFF or raw picture"),
    (0, b"MM\0*", "a TIFF or raw picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\3\4", "a zip archive"),
)


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
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"{shown} cannot be read: {reason}.", hint="Check its name and permissions.") from error


def _what_it_is(data: bytes) -> str:
    for at, signature, name in _OTHERS:
        if data.startswith(signature, at):
            return name
    try:
        data.decode()
    except UnicodeDecodeError:
        return "of an unknown kind"
    return "text"
