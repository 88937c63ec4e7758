"""Pictures on disk: a picture and its thumbnail for each avatar, written whole or not at all."""

import errno
import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import sync_folder
from avatar_creator.storage import durable
from avatar_creator.storage.durable import Folders, beside, discard, is_temporary, put_in_place, refused, write_new
from avatar_creator.storage.pictures import containers, exif, provenance, xmp
from avatar_creator.storage.pictures.marks import Marks, stamp
from avatar_creator.storage.pictures.pixels import convert, drawn_thumbnail
from avatar_creator.storage.records import is_inside, stored_path

_ANY_FILE = 0o666  # less the umask
_READER_S = 10.0  # for whoever is to read a pipe to open it
_POLL_S = 0.05


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


class PictureStore:
    """The folder of pictures: at most 256 folders in it; names are made of ids, never of a user's text."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders = Folders()

    def save(
        self,
        name: str,
        data: bytes,
        format: PictureFormat,  # noqa: A002  the column's own name
        marks: Marks | None,
        embed: Embed,
        thumbnail: bytes | None = None,
    ) -> StoredPicture:
        """Write picture and thumbnail durably; afterwards both are there, or neither and an error is raised.

        ``name`` is an avatar's id, and more if there may be several tries to make it.

        Bytes in the format wanted are written as they are, but for the marks; others are converted. An upload
        has no marks of ours: its thumbnail repeats the source type that the picture states. ``thumbnail`` was made
        when the picture was checked; one that this program drew may come without.
        Raises StorageError when the picture is damaged or the disk refuses it.
        """
        picture = convert(data, format)
        metadata = containers.read(picture)  # marks change neither its sides nor which one is up
        preview = thumbnail or drawn_thumbnail(picture, metadata)
        if marks:
            picture = stamp(picture, marks, embed, metadata)
            # Thumbnails are passed on without a thought: they never tell of the persona.
            preview = stamp(preview, marks, Embed.NONE if embed is Embed.NONE else Embed.MARK)
        else:
            preview = containers.rewrite(preview, xmp=provenance.statement(metadata))
        stem = _stem(name)
        image_path, thumbnail_path = f"{stem}.{format.extension}", f"{stem}.thumb.jpg"
        self._place({self.path(image_path): picture, self.path(thumbnail_path): preview})
        width, height = provenance.displayed_sides(metadata)
        sha256 = hashlib.sha256(picture).hexdigest()
        return StoredPicture(image_path, thumbnail_path, format, width, height, len(picture), len(preview), sha256)

    def path(self, relative: str) -> Path:
        """Return where a stored file is. Raises StorageError for a path that leads out of the store."""
        if not is_inside(relative):
            raise StorageError(f"'{visible(relative)}' is not a path of a stored picture.")
        return stored_path(self.root, relative)

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
        """Write files into one folder, all or none."""
        temporary = {path: beside(path) for path in contents}
        placed: list[Path] = []
        path = next(iter(contents))
        folder = path.parent
        try:
            self._folders.make(self.root, folder)
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


def _stem(name: str) -> str:
    return f"{hashlib.sha256(name.encode()).hexdigest()[:2]}/{name}"


def write_copy(data: bytes, path: Path, *, replace: bool = True) -> None:
    """Write a picture where the user wants it, in the format that the suffix names, with what its file says of itself.

    A file that stands there is replaced at once or stays as it is; not to ``replace`` it raises StorageError.
    Links are followed, and pipes and devices written to; a pipe that nobody reads is waited for a while. Raises
    InvalidInput for a folder, a path without one and a suffix of no format that can be written, StorageError when the
    disk refuses it.
    """
    wanted = PictureFormat.of_name("path", str(path))
    try:
        target = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError for a loop of links
        _check_place(target, path)
    except ValueError as error:  # a NUL, or half of a character
        raise InvalidInput(f"'{visible(str(path))}' is no name that a file can have.") from error
    copy = data if wanted is None else _as(wanted, data)
    new = beside(target)
    try:
        if path.exists() and not path.is_file():  # the target of /dev/stdout has no name that could be looked up
            _pour(path, copy)
        else:
            write_new(new, copy, _ANY_FILE)
            new.replace(target) if replace else put_in_place(new, target)
            sync_folder(target.parent)
    except BaseException as error:
        discard(new)
        if isinstance(error, OSError):
            raise refused("written", path, error) from error
        raise


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
    metadata = containers.read(data)
    said = exif.read(metadata.exif)
    text = metadata.text.get("parameters") or said.user_comment
    if converted is data or text is None:
        return converted
    tool = metadata.text.get("Software") or said.software or ""
    new = containers.read(converted)
    if wanted is PictureFormat.PNG:
        texts = {"parameters": text} | ({"Software": tool} if tool else {})
        return containers.rewrite(converted, exif=new.exif, xmp=new.xmp, text=texts)
    stated = xmp.read(new.xmp or b"")
    block = exif.write(
        width_px=new.width_px,
        height_px=new.height_px,
        is_srgb=not new.has_icc,
        orientation=said.orientation,
        software=tool,
        artist=stated.get("dc:creator"),
        rights=stated.get("dc:rights"),
        user_comment=text,
    )
    return containers.rewrite(converted, exif=block, xmp=new.xmp)


def _check_place(target: Path, path: Path) -> None:
    if target.is_dir():
        raise InvalidInput(f"'{visible(str(path))}' is a folder.", hint="Add the name of a file to it.")
    if not target.parent.is_dir():
        folder = visible(str(target.parent if path.is_symlink() else path.parent))
        raise InvalidInput(f"The folder '{folder}' does not exist.", hint="Create it, or name another one.")
