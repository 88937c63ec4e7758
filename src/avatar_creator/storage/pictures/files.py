"""A user's own files: read once, up to a limit, and never waited for."""

from pathlib import Path

from avatar_creator.decoding.reading import NoFile, read_regular
from avatar_creator.decoding.signatures import SPECIAL, described, described_text
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.pictures import containers


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
        kind = SPECIAL.get(error.kind, "not a file")
        raise InvalidInput(f"{shown} is {kind}, not a picture.", hint="Name the file of a picture.") from error
    except ValueError as error:  # a NUL, or half of a character
        raise InvalidInput(f"{shown} is no name that a file can have.", hint="Check its name.") from error
    except OSError as error:
        raise InvalidInput(
            f"{shown} cannot be read: {error.strerror or error}.", hint="Check its name and permissions."
        ) from error


def _what_it_is(data: bytes) -> str:
    known = described(data)
    if known is not None:
        return known
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    except UnicodeDecodeError:
        return "of an unknown kind"
    if "\0" in text:
        return "of an unknown kind"
    return described_text(text) or "text"
