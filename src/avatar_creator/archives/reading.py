"""A folder, a ZIP or a TAR file that somebody gives us. Nothing is unpacked: each file is read when it is asked for."""

import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from avatar_creator.decoding.reading import NoFile, read_regular
from avatar_creator.domain.text import fold, shown, visible
from avatar_creator.errors import InvalidInput

FILES_MOST = 3_000_000  # a picture, its thumbnail and an earlier one of each of a million avatars
_NAME_LONGEST = 1000  # characters
_CUT_OFF = "It may be cut off: copy it once more."
_TAR_MAGIC = slice(257, 262)
_Entry = TypeVar("_Entry")
_HEAD = 512  # bytes, in which a TAR file says that it is one


class Archive(Protocol):
    """Files by their names, which have ``/`` between folders."""

    def sizes(self) -> Mapping[str, int]:
        """Return the bytes of each file."""
        ...

    def read(self, name: str, bytes_most: int) -> bytes:
        """Return a file's content. Raises InvalidInput where there is none, it is larger, damaged or no plain file."""
        ...


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open what is at a path, known by its content.

    Raises InvalidInput for what is none of these or damaged, for names that lead out of it or that stand in it twice,
    and for links, devices and encrypted files.
    """
    said = f"'{visible(str(path))}'"
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            file.seek(0)
            yield _opened(file, head, said)
    except OSError as error:
        raise InvalidInput(
            f"{said} cannot be read: {error.strerror or error}.", hint="Check its name and permissions."
        ) from error


def _opened(file: BinaryIO, head: bytes, said: str) -> Archive:
    if head[_TAR_MAGIC] == b"ustar":
        return _Tar(file, said)
    if head.startswith(b"PK"):
        return _Zip(file, said)
    raise InvalidInput(
        f"{said} is neither a folder nor a ZIP or TAR file.", hint="Give what avatar export wrote: -o FILE.zip"
    )


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def sizes(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        waiting = [self._root]
        while waiting:
            for path in waiting.pop().iterdir():
                status = path.lstat()
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(path)
                elif stat.S_ISREG(status.st_mode):  # others are none of an export's
                    found[path.relative_to(self._root).as_posix()] = status.st_size
                    _check_count(len(found), f"'{visible(str(self._root))}'")
        return found

    def read(self, name: str, bytes_most: int) -> bytes:
        path = self._root / _checked(name, str(self._root))
        if any(
            each.is_symlink() for each in (path, *path.parents) if each != self._root and self._root in each.parents
        ):
            raise InvalidInput(f"{shown(name)} is a link.", hint="Copy the file itself there.")
        try:
            data = read_regular(path, bytes_most)
        except (OSError, NoFile, ValueError) as error:
            raise _gone(name, str(self._root)) from error
        return _within(data, name, bytes_most)


class _Zip:
    def __init__(self, file: BinaryIO, said: str) -> None:
        self._said = said
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise InvalidInput(f"{said} is no ZIP file that can be read: {error}.", hint=_CUT_OFF) from error
        _check_count(len(self._zip.infolist()), said)
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        for entry in entries:
            mode = entry.external_attr >> 16
            if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
                raise _no_plain_file(entry.filename, said)
            if entry.flag_bits & 1:
                raise InvalidInput(f"{said}: {shown(entry.filename)} is encrypted.", hint="Export it without password.")
        self._entries = _by_name(((entry.filename, entry) for entry in entries), said)

    def sizes(self) -> Mapping[str, int]:
        return {name: entry.file_size for name, entry in self._entries.items()}

    def read(self, name: str, bytes_most: int) -> bytes:
        entry = self._entries.get(name)
        if entry is None:
            raise _gone(name, self._said)
        try:
            with self._zip.open(entry) as file:
                data = file.read(bytes_most + 1)
                if not file.read(1):  # the checksum is compared at the end
                    return _within(data, name, bytes_most)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise _damaged(name, self._said, error) from error
        return _within(data, name, bytes_most)


class _Tar:
    def __init__(self, file: BinaryIO, said: str) -> None:
        self._said = said
        try:
            self._tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 - the file is the caller's
            members = list(self._members())
        except (tarfile.TarError, ValueError, OSError, EOFError) as error:
            raise InvalidInput(f"{said} is no TAR file that can be read: {error}.", hint=_CUT_OFF) from error
        self._entries = _by_name(((member.name, member) for member in members), said)

    def _members(self) -> Iterator[tarfile.TarInfo]:
        for count, member in enumerate(self._tar, 1):
            _check_count(count, self._said)
            if member.isdir():
                continue
            if not member.isreg() or member.issparse():
                raise _no_plain_file(member.name, self._said)
            yield member

    def sizes(self) -> Mapping[str, int]:
        return {name: member.size for name, member in self._entries.items()}

    def read(self, name: str, bytes_most: int) -> bytes:
        member = self._entries.get(name)
        if member is None:
            raise _gone(name, self._said)
        try:
            file = self._tar.extractfile(member)
            assert file is not None  # noqa: S101 - it is a plain file
            data = file.read(min(bytes_most + 1, member.size))
        except (tarfile.TarError, OSError, EOFError) as error:
            raise _damaged(name, self._said, error) from error
        if len(data) < min(member.size, bytes_most + 1):
            raise _damaged(name, self._said, "it ends too early")
        return _within(data, name, bytes_most)


def _by_name(entries: Iterable[tuple[str, _Entry]], said: str) -> dict[str, _Entry]:
    """Return entries by their names. Raises InvalidInput for two that would be one file on some system."""
    found: dict[str, _Entry] = {}
    folded: set[str] = set()
    for name, entry in entries:
        key = fold(_checked(name, said))
        if key in folded:
            raise InvalidInput(f"{said} has two files {shown(name)}.", hint="Do not use this file.")
        folded.add(key)
        found[name] = entry
    return found


def _checked(name: str, said: str) -> str:
    """Return a name that stays where it is. Raises InvalidInput."""
    parts = name.split("/")
    if len(name) > _NAME_LONGEST or any(part in {"", ".", ".."} or set(part) & set("\\:\0") for part in parts):
        raise InvalidInput(
            f"{said} names a file {shown(name)}, which leads out of it or is no name.", hint="Do not use this file."
        )
    return name


def _check_count(count: int, said: str) -> None:
    if count > FILES_MOST:
        raise InvalidInput(f"{said} has more than {FILES_MOST} files.", hint="Export fewer avatars at once.")


def _within(data: bytes, name: str, bytes_most: int) -> bytes:
    if len(data) > bytes_most:
        raise InvalidInput(f"{shown(name)} is larger than {bytes_most / 10**6:g} MB.", hint="It is none of avatar's.")
    return data


def _gone(name: str, said: str) -> InvalidInput:
    return InvalidInput(f"{said} has no file {shown(name)} that can be read.", hint=_CUT_OFF)


def _damaged(name: str, said: str, why: object) -> InvalidInput:
    return InvalidInput(f"{said}: {shown(name)} is damaged: {visible(str(why))}.", hint=_CUT_OFF)


def _no_plain_file(name: str, said: str) -> InvalidInput:
    return InvalidInput(
        f"{said}: {shown(name)} is no plain file, but a link or a device.", hint="Do not use this file."
    )
