"""Pictures on disk: a picture and its thumbnail for each avatar, written whole or not at all."""

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path, PurePosixPath

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.pictures import containers, provenance
from avatar_creator.storage.pictures.marks import Marks, stamp
from avatar_creator.storage.pictures.pixels import convert, thumbnail

_TEMPORARY_START, _TEMPORARY_END = ".avatar-", ".part"
_OWNER_FILE, _OWNER_FOLDER = 0o600, 0o700
_ANY_FILE = 0o666  # less the umask


@dataclass(frozen=True, slots=True)
class KeptPicture:
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

    def keep(
        self,
        avatar_id: str,
        data: bytes,
        format: PictureFormat,  # noqa: A002  the column's own name
        marks: Marks | None,
        embed: Embed,
    ) -> KeptPicture:
        """Write picture and thumbnail durably; afterwards both are there, or neither and an error is raised.

        Bytes in the format wanted are kept as they are, but for the marks; others are converted. An upload
        has no marks of ours: its thumbnail repeats the source type that the picture states.
        Raises StorageError when the picture is damaged or the disk refuses it.
        """
        picture = convert(data, format)
        metadata = containers.read(picture)  # marks change neither its sides nor which one is up
        preview = thumbnail(picture, metadata)
        if marks:
            picture = stamp(picture, marks, embed, metadata)
            # Thumbnails are passed on without a thought: they never tell of the persona.
            preview = stamp(preview, marks, Embed.NONE if embed is Embed.NONE else Embed.MARK)
        if not marks:
            preview = containers.rewrite(preview, xmp=provenance.statement(metadata))
        stem = f"{hashlib.sha256(avatar_id.encode()).hexdigest()[:2]}/{avatar_id}"
        image_path, thumbnail_path = f"{stem}.{format.extension}", f"{stem}.thumb.jpg"
        self._place({self.path(image_path): picture, self.path(thumbnail_path): preview})
        width, height = provenance.displayed_sides(metadata)
        sha256 = hashlib.sha256(picture).hexdigest()
        return KeptPicture(image_path, thumbnail_path, format, width, height, len(picture), len(preview), sha256)

    def path(self, relative: str) -> Path:
        """Return where a kept file is. Raises StorageError for a path that leads out of the store."""
        parts = PurePosixPath(relative).parts
        if not parts or ".." in parts or relative.startswith("/"):
            raise StorageError(f"'{visible(relative)}' is not a path of a kept picture.")
        return self.root.joinpath(*parts)

    def remove(self, *paths: str) -> None:
        """Remove kept files; those that are gone already are ignored."""
        for path in map(self.path, paths):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise _refused("removed", path, error) from error

    def files(self) -> Iterator[str]:
        """Yield the paths of all kept files, in no order."""
        return (path.as_posix() for path in self._all() if not _is_temporary(path))

    def leftovers(self) -> Iterator[str]:
        """Yield the paths of what killed processes left half written, and of what others are writing now."""
        return (path.as_posix() for path in self._all() if _is_temporary(path))

    def _all(self) -> Iterator[Path]:
        return (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())

    def _place(self, contents: Mapping[Path, bytes]) -> None:
        """Write files into one folder, all or none."""
        temporary = {path: _temporary_beside(path) for path in contents}
        placed: list[Path] = []
        path = next(iter(contents))
        folder = path.parent
        try:
            self._make(folder)
            for path, beside in temporary.items():
                _write(beside, contents[path], _OWNER_FILE)
            for path, beside in temporary.items():
                beside.replace(path)
                placed.append(path)
            _sync_folder(folder)
        except BaseException as error:
            _discard(*temporary.values(), *placed)
            if isinstance(error, OSError):
                raise _refused("written", path, error) from error
            raise

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            self.root.mkdir(_OWNER_FOLDER, parents=True, exist_ok=True)
            folder.mkdir(_OWNER_FOLDER, exist_ok=True)
            _sync_folder(self.root)


def write_copy(data: bytes, path: Path) -> None:
    """Write ``data`` where the user wants it; a file that stands there is replaced at once or stays as it is.

    Links are followed, and pipes and devices written to. Raises InvalidInput for a folder or a path without
    one, StorageError when the disk refuses it.
    """
    target = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError for a loop of links
    beside = _temporary_beside(target)
    try:
        _check_place(target, path)
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _write(beside, data, _ANY_FILE)
            beside.replace(target)
            _sync_folder(target.parent)
    except BaseException as error:
        _discard(beside)
        if isinstance(error, OSError):
            raise _refused("written", path, error) from error
        raise


def _check_place(target: Path, path: Path) -> None:
    if target.is_dir():
        raise InvalidInput(f"'{visible(str(path))}' is a folder.", hint="Add the name of a file to it.")
    if not target.parent.is_dir():
        folder = visible(str(path.parent))
        raise InvalidInput(f"The folder '{folder}' does not exist.", hint="Create it, or name another one.")


def _temporary_beside(path: Path) -> Path:
    # Only within a file system is a rename atomic. The length is fixed, as the path's own may be the most allowed.
    return path.with_name(f"{_TEMPORARY_START}{secrets.token_hex(8)}{_TEMPORARY_END}")


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(_TEMPORARY_START) and path.name.endswith(_TEMPORARY_END)


def _write(path: Path, data: bytes, mode: int) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename in it survive a power cut; Windows neither needs nor allows it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(*paths: Path) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _refused(what: str, path: Path, error: OSError) -> StorageError:
    if error.errno in {ENOSPC, EDQUOT}:
        hint = f"Free space on the disk that holds {visible(str(path.parent))}, then try again."
    elif error.errno in {EACCES, EPERM, EROFS}:
        hint = f"Make {visible(str(path.parent))} writable, then try again."
    else:
        hint = "Check the disk, then try again."
    reason = error.strerror or type(error).__name__
    return StorageError(f"'{visible(str(path))}' cannot be {what}: {reason}.", hint=hint)
