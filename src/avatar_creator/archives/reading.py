"""A folder, a ZIP or a TAR file that somebody gives us. Nothing is unpacked: each file is read when it is asked for."""

import io
import stat
import struct
import tarfile
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Generic, NamedTuple, TypeVar, cast

from avatar_creator.archives.layout import BACKUP, DELIVERY
from avatar_creator.decoding.reading import NoFile, open_regular
from avatar_creator.decoding.signatures import described
from avatar_creator.domain.text import fold, shown, visible
from avatar_creator.errors import InvalidInput

FILES_MOST = 3_000_000  # a picture, its thumbnail and an earlier one of each of a million avatars
_NAME_LONGEST = 1000  # characters
_NO_PARTS = frozenset(["", ".", ".."])
_NEVER_IN_NAMES = frozenset("\\:\0")
_BLOCK = 2**20
HEAD = 512  # bytes, in which a ZIP or TAR file says that it is one
_TAR_NAME, _TAR_SIZE, _TAR_SUM, _TAR_TYPE = slice(100), slice(124, 136), slice(148, 156), slice(156, 157)
_TAR_MAGIC, _TAR_PREFIX = slice(257, 262), slice(345, 500)
_TAR_PLAIN = frozenset({b"0", b"\0"})  # types
# Their decoders return no more than is asked for: a few bytes cannot become gigabytes in memory.
_BOUNDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What a file that is packed small may have become of. Databases and JSON shrink to a twentieth, bombs to a thousandth.
_TIMES_MOST, _FREELY = 100, 64 * 2**20
_CUT_OFF = "It may be cut off: copy it once more."
_DO_NOT_USE = "Do not use this file."
_OURS = "Give what avatar wrote: a folder, a .zip or a .tar"
# What libraries raise for files that are damaged, or made to look so: the errors that they document, and below them
# those that bytes have led them into, such as a method of compression or a version of ZIP that they do not know, a size
# that no machine can seek to, a codec that is not there, and an assertion about what should never be read.
_DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError),
    *(NotImplementedError, OverflowError, LookupError, AssertionError),
)
_Entry = TypeVar("_Entry")


class Archive(ABC):
    """Files by their names, which have ``/`` between folders. ``said`` is how messages name it.

    Names are found in any case and Unicode form: what copies files may change both.
    """

    def __init__(self, said: str) -> None:
        self.said = said

    def read(self, name: str, bytes_most: int) -> bytes:
        """Return a file's content. Raises InvalidInput where there is none, it is larger, damaged or no plain file."""
        with self._opened(name) as file:
            data = file.read(bytes_most + 1)
            if len(data) > bytes_most:
                raise InvalidInput(
                    f"{shown(name)} is larger than {bytes_most / 10**6:g} MB.", hint="It is none of avatar's."
                )
            file.read(1)  # the checksum is compared at the end
            return data

    def lines(self, name: str, bytes_most: int) -> Iterator[bytes]:
        """Yield the lines of a file without their ends, one after the other. Raises InvalidInput as `blocks`."""
        with self._opened(name) as file:
            number = size = 0
            while line := file.readline(bytes_most + 1):
                number += 1
                size += len(line)
                self._expect_no_bomb(name, size)
                if len(line) > bytes_most:
                    raise InvalidInput(
                        f"{self.said}: line {number} of {shown(name)} is longer than {bytes_most / 10**6:g} MB.",
                        hint="It is none of avatar's.",
                    )
                yield line.removesuffix(b"\n")

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a file's content, a MB at a time. Raises InvalidInput as `read`, and for one that is a bomb."""
        with self._opened(name) as file:
            size = 0
            while block := file.read(_BLOCK):
                size += len(block)
                self._expect_no_bomb(name, size)
                yield block

    def _expect_no_bomb(self, name: str, size: int) -> None:
        """Raise InvalidInput for so many bytes of a file if it took far fewer to write it."""
        if size > _FREELY and size > _TIMES_MOST * self._packed_bytes(name):
            raise InvalidInput(
                f"{self.said}: {shown(name)} becomes more than {_TIMES_MOST} times as large as it is packed.",
                hint=_DO_NOT_USE,
            )

    @abstractmethod
    def within(self, marked: str) -> "Archive":
        """Return the same from the one folder in it that holds the file ``marked``.

        Raises InvalidInput where there is none, or several. Whoever packs a folder by hand has one more around it.
        """

    @abstractmethod
    def _packed_bytes(self, name: str) -> int:
        """Return how many bytes of the disk a file takes that can be opened."""

    @abstractmethod
    def _open(self, name: str) -> BinaryIO | None:
        """Return a file to read, None if there is none of this name."""

    @contextmanager
    def _opened(self, name: str) -> Iterator[BinaryIO]:
        try:
            found = self._open(name)
            if found is None:
                raise InvalidInput(f"{self.said} has no file {shown(name)} that can be read.", hint=_CUT_OFF)
            with found as file:
                yield file
        except _DAMAGE as error:
            if isinstance(error, InvalidInput):
                raise
            why = visible(str(error) or type(error).__name__)
            raise InvalidInput(f"{self.said}: {shown(name)} is damaged: {why}.", hint=_CUT_OFF) from error


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open what is at a path, known by its content.

    Raises InvalidInput for what is none of these or damaged, for names that lead out of it or that stand in it twice,
    and for links, devices and encrypted files.
    """
    said = f"'{visible(str(path))}'"
    if path.is_dir():
        yield _Folder(path, said)
        return
    try:
        file = io.BufferedReader(open_regular(path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"{said} cannot be read: {reason}.", hint="Check its name and permissions.") from error
    with file:
        yield _packed(file, said)


def is_packed(head: bytes) -> bool:
    """Return whether a file that begins so is a ZIP or TAR file."""
    return head.startswith(b"PK") or head[_TAR_MAGIC] == b"ustar"


def _packed(file: BinaryIO, said: str) -> Archive:
    head = file.read(HEAD)
    file.seek(0)
    if is_packed(head):
        return _Zip(file, said) if head.startswith(b"PK") else _Tar(file, said)
    what = described(head)
    raise InvalidInput(
        f"{said} is {what}." if what else f"{said} is neither a folder nor a ZIP or TAR file.",
        hint=f"Unpack it first: gunzip {visible(said)}" if what and "gzip" in what else _OURS,
    )


class _Folder(Archive):
    def __init__(self, root: Path, said: str) -> None:
        super().__init__(said)
        self._root = root

    def within(self, marked: str) -> Archive:
        if not (self._root / marked).is_file():
            raise _no_export(self.said, marked, lambda name: (self._root / name).is_file())
        return self

    def _packed_bytes(self, name: str) -> int:
        return self._root.joinpath(*_parts(name, self.said)).stat().st_size

    def _open(self, name: str) -> BinaryIO | None:
        path = self._root.joinpath(*_parts(name, self.said))
        below = (each for each in (path, *path.parents) if self._root in each.parents)
        if any(each.is_symlink() for each in below):
            raise InvalidInput(f"{shown(name)} is a link.", hint="Copy the file itself there.")
        try:
            return io.BufferedReader(open_regular(path))
        except (FileNotFoundError, NotADirectoryError, NoFile):
            return None


class _Packed(Archive, Generic[_Entry]):
    """A file with others in it."""

    def __init__(self, said: str, entries: Iterable[tuple[str, _Entry]]) -> None:
        """Raises InvalidInput for names that lead out of it, and for two that would be one file on some system."""
        super().__init__(said)
        self._around = ""
        self._entries: dict[str, _Entry] = {}
        for name, entry in entries:
            key = fold("/".join(_parts(name, said)))
            if key in self._entries:
                raise InvalidInput(f"{said} has two files {shown(name)}.", hint=_DO_NOT_USE)
            self._entries[key] = entry
            if len(self._entries) > FILES_MOST:
                raise InvalidInput(f"{said} has more than {FILES_MOST} files.", hint="Export fewer avatars at once.")

    def within(self, marked: str) -> Archive:
        if fold(marked) in self._entries:
            return self
        found = [name for name in self._entries if name.endswith(f"/{fold(marked)}")]
        if len(found) != 1:
            raise _no_export(
                self.said, marked, lambda name: any(f"/{each}".endswith(f"/{name}") for each in self._entries)
            )
        self._around = found[0].removesuffix(fold(marked))
        return self

    def _entry(self, name: str) -> _Entry | None:
        return self._entries.get(self._around + fold("/".join(_parts(name, self.said))))


class _Zip(_Packed[zipfile.ZipInfo]):
    def __init__(self, file: BinaryIO, said: str) -> None:
        self._bytes = file.seek(0, io.SEEK_END)
        try:
            self._zip = zipfile.ZipFile(file)
        except _DAMAGE as error:
            raise InvalidInput(
                f"{said} is no ZIP file that can be read: {visible(str(error))}.", hint=_CUT_OFF
            ) from error
        found = ((entry.filename, entry) for entry in self._zip.infolist())
        # What zipfile says of folders fails for one without a name.
        super().__init__(said, ((name, entry) for name, entry in found if not name.endswith("/")))
        for entry in self._entries.values():
            name = shown(entry.filename)
            if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
                raise _no_plain_file(name, said)
            if entry.flag_bits & 1:
                raise InvalidInput(f"{said}: {name} is encrypted.", hint="Export it without password.")
            if entry.compress_type not in _BOUNDED:
                raise InvalidInput(f"{said}: {name} is packed in a way that few programs read.", hint=_OURS)

    def _packed_bytes(self, name: str) -> int:
        entry = self._entry(name)
        return 0 if entry is None else min(entry.compress_size, self._bytes)  # which may not be true

    def _open(self, name: str) -> BinaryIO | None:
        entry = self._entry(name)
        return None if entry is None else cast("BinaryIO", self._zip.open(entry))


class _Place(NamedTuple):
    """Where a file is in a TAR file. What tarfile itself remembers of one is ten times as large."""

    offset: int
    bytes: int


class _Tar(_Packed[_Place]):
    def __init__(self, file: BinaryIO, said: str) -> None:
        self._file = file
        try:
            super().__init__(said, self._places(file, said))
        except _DAMAGE as error:
            if isinstance(error, InvalidInput):
                raise
            raise InvalidInput(
                f"{said} is no TAR file that can be read: {visible(str(error))}.", hint=_CUT_OFF
            ) from error

    @staticmethod
    def _places(file: BinaryIO, said: str) -> Iterator[tuple[str, _Place]]:
        """Yield where the files are.

        Headers as avatar writes them are read here. From the first other one on tarfile does, in ten times the time.
        """
        end, at = file.seek(0, io.SEEK_END), 0
        file.seek(0)
        while (plain := _plain_header(file.read(tarfile.BLOCKSIZE))) is not None:
            name, size = plain
            yield name, _Place(at + tarfile.BLOCKSIZE, size)
            at += tarfile.BLOCKSIZE * (1 + -(-size // tarfile.BLOCKSIZE))
            if at > end:
                raise tarfile.ReadError("unexpected end of data")
            file.seek(at)
        file.seek(at)
        with tarfile.open(fileobj=file, mode="r:") as tar:
            while (member := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # they would fill the memory
                if member.isdir():
                    continue
                if not member.isreg() or member.issparse():
                    raise _no_plain_file(shown(member.name), said)
                yield member.name, _Place(member.offset_data, member.size)

    def _packed_bytes(self, name: str) -> int:
        place = self._entry(name)
        return 0 if place is None else place.bytes

    def read(self, name: str, bytes_most: int) -> bytes:
        place = self._entry(name)
        if place is not None and place.bytes <= bytes_most:
            with suppress(OSError, ValueError):
                self._file.seek(place.offset)
                data = self._file.read(place.bytes)
                if len(data) == place.bytes:
                    return data
        return super().read(name, bytes_most)  # which says what is wrong

    def _open(self, name: str) -> BinaryIO | None:
        place = self._entry(name)
        return None if place is None else cast("BinaryIO", io.BufferedReader(_Part(self._file, place)))


def _plain_header(block: bytes) -> tuple[str, int] | None:
    """Return name and size of a plain file by its header; None for what tarfile has to look at."""
    if len(block) != tarfile.BLOCKSIZE or block[_TAR_TYPE] not in _TAR_PLAIN:
        return None
    name, size, checksum = block[_TAR_NAME].partition(b"\0")[0], _octal(block[_TAR_SIZE]), _octal(block[_TAR_SUM])
    is_plain = block[_TAR_MAGIC] == b"ustar" and not block[_TAR_PREFIX].strip(b"\0")
    if not is_plain or size is None or not name.isascii() or name.endswith(b"/"):
        return None
    if checksum != sum(block) - sum(block[_TAR_SUM]) + 8 * ord(" "):
        return None
    return name.decode(), size


def _octal(field: bytes) -> int | None:
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else None


class _Part(io.RawIOBase):
    """A part of a file, as a file."""

    def __init__(self, file: BinaryIO, place: _Place) -> None:
        super().__init__()
        self._file = file
        self._at, self._end = place.offset, place.offset + place.bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        data = self._file.read(min(len(buffer), self._end - self._at))
        if not data and self._at < self._end:
            raise EOFError("it ends too early")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _parts(name: str, said: str) -> list[str]:
    """Return the parts of a name that stays where it is: ./a.jpg is a.jpg, as tar writes it. Raises InvalidInput."""
    parts = name.removeprefix("./").split("/")
    is_text = name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)
    is_inside = _NO_PARTS.isdisjoint(parts) and _NEVER_IN_NAMES.isdisjoint(name)
    if not is_text or not is_inside or len(name) > _NAME_LONGEST:
        raise InvalidInput(f"{said} names a file {shown(name)}, which leads out of it or is no name.", hint=_DO_NOT_USE)
    return parts


def _no_export(said: str, marked: str, has: Callable[[str], bool]) -> InvalidInput:
    if has(BACKUP):
        return InvalidInput(
            f"{said} is the backup of a home, and no export.", hint=f"Into an empty home: avatar backup restore {said}"
        )
    if has(DELIVERY):
        return InvalidInput(
            f"{said} has pictures that were made for others, and not what is known of them.",
            hint="Export it without --size, --shape and --format, or with --records.",
        )
    return InvalidInput(f"{said} is no export of avatar: it has no file {shown(marked)}.", hint=_OURS)


def _no_plain_file(name: str, said: str) -> InvalidInput:
    return InvalidInput(f"{said}: {name} is no plain file, but a link or a device.", hint=_DO_NOT_USE)
