"""Copies of pictures, where users want them: written whole or not at all, in the format that the name's suffix says."""

import errno
import hashlib
import os
import shlex
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.home import sync_folder
from avatar_creator.storage.durable import refused, write_over
from avatar_creator.storage.pictures import containers, exif, marks
from avatar_creator.storage.pictures.pixels import convert

_ANY_FILE = 0o666  # less the umask
_READER_S = 10.0  # for whoever is to read a pipe to open it
_POLL_S = 0.05
_LARGEST = 64 * 1024 * 1024  # bytes; the largest picture that is made has about 20 MB


def write_copy(data: bytes, path: Path, *, replace: bool = True, below: Path | None = None) -> None:
    """Write a picture where the user wants it, in the format that the suffix names, with what its file says of itself.

    A file that stands there is replaced at once or stays as it is; not to ``replace`` it raises StorageError. Folders
    that are missing ``below`` one that is there are made.
    Links are followed, and pipes and devices written to; a pipe that nobody reads is waited for a while. Raises
    InvalidInput for a folder, a path without one and a suffix of no format that can be written, StorageError when the
    disk refuses it.
    """
    wanted = PictureFormat.of_name("path", str(path))
    try:
        _make_folders(path.parent, below)
        target = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError for a loop of links
        _check_place(target, path)
    except ValueError as error:  # a NUL, or half of a character
        raise InvalidInput(f"'{visible(str(path))}' is no name that a file can have.") from error
    except OSError as error:
        raise refused("written", path, error) from error
    copy = data if wanted is None else _as(wanted, data)
    try:
        if path.exists() and not path.is_file():  # the target of /dev/stdout has no name that could be looked up
            _pour(path, copy)
        else:
            write_over(target, copy, _ANY_FILE, replace=replace)
            sync_folder(target.parent)
    except OSError as error:
        raise refused("written", path, error) from error


def is_copy(path: Path, data: bytes) -> bool:
    """Return whether the file at ``path`` is what `write_copy` would write there of a picture."""
    wanted = PictureFormat.of_name("path", str(path))
    copy = data if wanted is None else _as(wanted, data)
    try:
        return path.stat().st_size == len(copy) and path.read_bytes() == copy
    except OSError:  # there is none, or nobody may read it
        return False


def is_copy_saying(path: Path, data: bytes, embeds: Iterable[Embed]) -> bool:
    """Return whether the file at ``path`` is a copy of a picture that says so much of itself."""
    try:
        return any(is_copy(path, each) for each in {marks.at_most(data, embed) for embed in embeds})
    except AvatarError:  # a damaged picture has none
        return False


def is_copy_of(path: Path, picture: Path) -> bool:
    """Return whether the file at ``path`` is a copy of that of a picture, whatever it says of itself."""
    try:
        return path.is_file() and is_copy_saying(path, picture.read_bytes(), Embed)
    except OSError:
        return False


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file that may be a copy, None of one that cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            return (
                None if os.fstat(file.fileno()).st_size > _LARGEST else hashlib.file_digest(file, "sha256").hexdigest()
            )
    except OSError:
        return None


def check_folder(folder: Path, said: str) -> None:
    """Raise InvalidInput, which begins with ``said``, if there is no such folder.

    It is not made: its name may be mistyped, and the worker may write there much later.
    """
    if os.path.isdir(folder):  # noqa: PTH112 - Path's raises for too long a name
        return
    in_the_way = next((path for path in (folder, *folder.parents) if os.path.isfile(path)), None)  # noqa: PTH113 - as above
    raise InvalidInput(
        f"{said}; there is no folder {visible(str(folder))}.",
        hint=f"{visible(str(in_the_way))} is a file: give another name."
        if in_the_way
        else f"Make it first: mkdir -p {shlex.quote(str(folder))}",
    )


def check_place(path: Path, folder: Path) -> bool:
    """Return whether a file stands where a copy is to go, below a ``folder`` that has to be there.

    Raises InvalidInput for what can be no picture's place: a folder, a name that is too long, a folder that is missing
    or that nothing can be written to.
    """
    said = f"output is '{visible(str(path))}'"
    check_folder(folder, said)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = 0
    except OSError as error:
        raise InvalidInput(f"{said}: {error.strerror}.", hint="Give another name.") from error
    if stat.S_ISDIR(mode):
        raise InvalidInput(f"{said}, which is a folder.", hint="Add the name of a file to it.")
    if not mode or stat.S_ISREG(mode):
        target = Path(os.path.realpath(path)).parent  # of what a link names
        if path.is_symlink():
            check_folder(target, f"{said}, a link")
        while not target.exists():  # it is made when the picture is written
            target = target.parent
        if not target.is_dir():
            raise InvalidInput(f"{said}; {visible(str(target))} is no folder.", hint="Give another name.")
        if not os.access(target, os.W_OK):
            raise InvalidInput(
                f"{said}; nothing can be written to {visible(str(target))}.", hint="Name another folder."
            )
    return stat.S_ISREG(mode)


def _make_folders(folder: Path, below: Path | None) -> None:
    """Make those that are missing below a folder. One that is itself gone, with its disk perhaps, is not made again."""
    if below is not None and not folder.is_dir() and below.is_dir() and folder.is_relative_to(below):
        folder.mkdir(parents=True, exist_ok=True)


def _pour(target: Path, data: bytes) -> None:
    """Write to a pipe or a device. Raises OSError, of a pipe that nobody begins to read too."""
    until_s = time.monotonic() + _READER_S
    while True:
        try:
            descriptor = os.open(target, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > until_s:
                raise
        time.sleep(_POLL_S)
    with os.fdopen(descriptor, "wb") as file:
        if os.name == "posix":
            os.set_blocking(descriptor, True)
        file.write(data)


def _as(wanted: PictureFormat, data: bytes) -> bytes:
    """Return a picture in another format, with its marks: those that only one of the formats has a place for too."""
    converted = convert(data, wanted)
    if converted is data:
        return data
    metadata = containers.read(data)
    return marks.carried(converted, metadata, orientation=exif.read(metadata.exif).orientation)


def _check_place(target: Path, path: Path) -> None:
    if target.is_dir():
        raise InvalidInput(f"'{visible(str(path))}' is a folder.", hint="Add the name of a file to it.")
    if not target.parent.is_dir():
        folder = visible(str(target.parent if path.is_symlink() else path.parent))
        raise InvalidInput(
            f"'{visible(str(path))}' cannot be written: the folder '{folder}' does not exist.",
            hint="Create it, or name another one.",
        )
