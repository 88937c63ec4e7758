"""Pictures on disk: a picture and its thumbnail for each avatar, written whole or not at all."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from errno import EEXIST
from pathlib import Path
from stat import S_ISLNK
from typing import NamedTuple, Self

from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import StorageError
from avatar_creator.home import sync_folder
from avatar_creator.storage import durable
from avatar_creator.storage.durable import (
    Folders,
    begin_sync,
    beside,
    discard,
    is_temporary,
    put_in_place,
    refused,
    sync_file,
    write_new,
    write_unsynced,
)
from avatar_creator.storage.pictures.preparation import PreparedPicture
from avatar_creator.storage.records import is_inside


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture that is safe on disk; paths are relative to the store, with ``/`` on every system."""

    image_path: str
    thumbnail_path: str
    format: PictureFormat
    width_px: int  # as displayed
    height_px: int
    bytes: int
    thumbnail_bytes: int
    sha256: str
    perceptual_hash: str | None = None


class PictureStore:
    """The folder of pictures: at most 256 folders in it; names are made of ids, never of a user's text."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders = Folders()

    def save(self, name: str, picture: PreparedPicture) -> StoredPicture:
        """Write picture and thumbnail durably; afterwards both are there, or neither and an error is raised.

        ``name`` is an avatar's id, and more if there may be several tries to make it. Raises StorageError when the
        disk refuses it.
        """
        stem = _stem(name)
        image_path, thumbnail_path = f"{stem}.{picture.format.extension}", f"{stem}.thumb.jpg"
        self._place({self.path(image_path): picture.data, self.path(thumbnail_path): picture.thumbnail})
        return StoredPicture(
            image_path,
            thumbnail_path,
            picture.format,
            picture.width_px,
            picture.height_px,
            len(picture.data),
            len(picture.thumbnail),
            picture.sha256,
            picture.perceptual_hash,
        )

    def put(
        self, name: str, extension: str, picture: bytes, thumbnail: bytes, *, added: Callable[[str], None]
    ) -> tuple[str, str]:
        """Write the files of a picture that another library has made, under a name as in `save`; return their paths.

        ``added`` gets each path as soon as a new file is there. None is removed again, whatever fails: another process
        that puts the same picture may count on it by then. The disk may have the names only after `sync`.
        Raises FileExistsError where another file has one of the names.
        """
        with self.staged(name, extension, picture, thumbnail) as staged:
            staged.sync()
            staged.place(added)
            return staged.image_path, staged.thumbnail_path

    def staged(self, name: str, extension: str, picture: bytes, thumbnail: bytes) -> "StagedPicture":
        """Write what `put` writes, under names of no picture: of many, the disk takes all of them in one go.

        Raises FileExistsError where another file has one of the names.
        """
        stem = _stem(name)
        image_path, thumbnail_path = f"{stem}.{extension}", f"{stem}.thumb.jpg"
        contents = {image_path: picture, thumbnail_path: thumbnail}
        paths = {relative: self.path(relative) for relative in contents}
        missing = [relative for relative, data in contents.items() if not _is_at(paths[relative], data)]
        if missing == [image_path]:  # the thumbnail is another picture's
            raise FileExistsError(EEXIST, "another picture is there", thumbnail_path)
        staged = StagedPicture(image_path, thumbnail_path)
        try:
            if missing:
                self._make_folder(paths[image_path])
            for relative in missing:
                staged.write(relative, paths[relative], contents[relative])
        except BaseException:
            staged.close()
            raise
        return staged

    def sync(self, folders: Iterable[str]) -> None:
        """Have the names in folders of the store survive a power cut. Raises StorageError."""
        for folder in folders:
            path = self.root / folder
            try:
                sync_folder(path)
            except OSError as error:
                raise refused("written", path, error) from error

    @staticmethod
    def relative(name: str, suffix: str) -> str:
        """Return where a file of a picture is in the store; its suffix begins with a dot."""
        return f"{_stem(name)}{suffix}"

    def path(self, relative: str) -> Path:
        """Return where a stored file is. Raises StorageError for a path that leads out of the store."""
        if not is_inside(relative):
            raise StorageError(f"'{visible(relative)}' is not a path of a stored picture.")
        return self.root / relative

    def has(self, relative: str) -> bool:
        """Return whether a stored file is there."""
        # To make a Path takes longer than the system does.
        return is_inside(relative) and os.path.exists(f"{self.root}/{relative}")  # noqa: PTH110

    def remove(self, *paths: str) -> None:
        """Remove stored files; those that are gone already, or are none of ours, are ignored."""
        for path in map(self.path, filter(is_inside, paths)):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise refused("removed", path, error) from error

    def discard(self, name: str) -> None:
        """Remove the files that `save` may have written under a name, as far as that can be done."""
        stem = self.path(_stem(name))
        extensions = [format_.extension for format_ in PictureFormat]
        discard(*(stem.with_name(f"{stem.name}.{end}") for end in (*extensions, "thumb.jpg")))

    def sweep(self, older_s: float) -> None:
        """Remove what killed processes left half written so long ago."""
        for folder in self.folders():
            with suppress(OSError):  # no folder, or one that cannot be read
                names = filter(is_temporary, os.listdir(self.root / folder))  # noqa: PTH208 - a path each takes long
                durable.sweep((self.root / folder / name for name in names), older_s)

    def folders(self) -> Iterator[str]:
        """Yield the names of all that is in the store itself: folders, and any file that somebody put there."""
        with suppress(OSError):
            yield from (path.name for path in self.root.iterdir())

    def files_in(self, folder: str) -> Iterator[tuple[str, int]]:
        """Yield path and bytes of each file in one of the folders and below it, or of the file of that name."""
        if not is_inside(folder):
            return
        try:
            entries = list(os.scandir(self.root / folder))
        except NotADirectoryError:
            yield folder, (self.root / folder).stat().st_size
            return
        except OSError:  # one that cannot be read: each of its avatars says so
            return
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from self.files_in(path)
                continue
            with suppress(OSError):  # removed just now
                if entry.is_file():
                    yield path, entry.stat().st_size

    def _place(self, contents: Mapping[Path, bytes]) -> None:
        """Write files into one folder, all or none. Nobody else knows their names yet."""
        temporary = {path: beside(path) for path in contents}
        placed: list[Path] = []
        path = next(iter(contents))
        folder = path.parent
        self._make_folder(path)
        try:
            for path, new in temporary.items():
                write_new(new, contents[path])
            for path, new in temporary.items():
                new.replace(path)
                placed.append(path)
            sync_folder(folder)
        except BaseException as error:
            discard(*temporary.values(), *placed)
            if isinstance(error, OSError):
                raise refused("written", path, error) from error
            raise

    def _make_folder(self, path: Path) -> None:
        """Make the folder of a file."""
        try:
            self._folders.make(self.root, path.parent)
        except OSError as error:
            raise refused("written", path, error) from error


class _Written(NamedTuple):
    """A file that is written, and has no name yet."""

    new: Path
    path: Path
    relative: str
    data: bytes


class StagedPicture:
    """The files of a picture that a store lacks, on their way into it: written, then synced, then placed.

    What has the name of a picture is on the disk, so that a power cut leaves no part of one there.
    """

    def __init__(self, image_path: str, thumbnail_path: str) -> None:
        self.image_path = image_path
        self.thumbnail_path = thumbnail_path
        self._written: list[_Written] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def write(self, relative: str, path: Path, data: bytes) -> None:
        """Write one of the files. Raises StorageError."""
        file = _Written(beside(path), path, relative, data)
        self._written.append(file)
        try:
            write_unsynced(file.new, data)
        except OSError as error:
            raise refused("written", path, error) from error

    def begin_sync(self) -> None:
        """Have the disk begin with the files. Raises StorageError."""
        self._each(begin_sync)

    def sync(self) -> None:
        """Wait until the disk has the files. Raises StorageError."""
        self._each(sync_file)

    def _each(self, do: Callable[[Path], None]) -> None:
        for file in self._written:
            try:
                do(file.new)
            except OSError as error:
                raise refused("written", file.path, error) from error

    def place(self, added: Callable[[str], None]) -> None:
        """Give the files their names; ``added`` gets each of them.

        Raises FileExistsError where another file has one of them by now, and StorageError.
        """
        while self._written:
            file = self._written[0]
            try:
                put_in_place(file.new, file.path)
            except FileExistsError:
                if not _is_at(file.path, file.data):
                    raise
                discard(file.new)
            except OSError as error:
                raise refused("written", file.path, error) from error
            else:
                added(file.relative)
            del self._written[0]

    def close(self) -> None:
        """Remove what was not placed."""
        discard(*(file.new for file in self._written))
        self._written.clear()


def _is_at(path: Path, data: bytes) -> bool:
    """Return whether a file is there. Raises FileExistsError where it is another one."""
    try:
        if not S_ISLNK(path.lstat().st_mode) and read_regular(path, len(data)) == data:
            return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise FileExistsError(EEXIST, "another file is there", str(path)) from error
    raise FileExistsError(EEXIST, "another file is there", str(path))


def _stem(name: str) -> str:
    return f"{hashlib.sha256(name.encode()).hexdigest()[:2]}/{name}"
