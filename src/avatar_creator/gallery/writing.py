"""A gallery on disk: one file that has the pictures in it, or a folder with the pictures beside its page."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from avatar_creator.archives.writing import Target
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.gallery.page import MARK, MISSING, Shown, as_data, write_page
from avatar_creator.gallery.previews import LARGE_MOST, LARGE_PX, SMALL_PX, with_previews
from avatar_creator.storage.durable import discard, opened_beside, put_over, refused
from avatar_creator.storage.records import is_inside

INDEX = "index.html"
_SUFFIXES = frozenset({".html", ".htm"})
_PICTURES, _PREVIEWS = "pictures", "thumbnails"
_BESIDE = re.compile(rf'<img src="{_PREVIEWS}/([^"]+)\.webp"')
_ANY_FILE = 0o666  # less the umask

OnFailure = Callable[[str], None]
"""Gets what is wrong with a file of an avatar, as a sentence."""


class Gallery(NamedTuple):
    """What was written: the page, how many avatars are on it, and its bytes, with those of pictures beside it."""

    path: Path
    avatars: int
    bytes: int

    def as_json(self) -> dict[str, Any]:
        return {"path": str(self.path), "avatars": self.avatars, "bytes": self.bytes}


def is_file(path: Path) -> bool:
    """Return whether a gallery at that path is one file."""
    return path.suffix.lower() in _SUFFIXES


def check(path: Path, *, force: bool) -> None:
    """Raise InvalidInput for a place where no gallery can be, or where something else is."""
    said = f"output is {shown(str(path))}"
    if not path.parent.is_dir():
        raise InvalidInput(
            f"{said}; there is no folder {visible(str(path.parent))}.", hint="Make it first, or name another one."
        )
    if not is_file(path):
        if path.suffix and not path.is_dir():
            raise InvalidInput(
                f"{said}, whose suffix is not .html.", hint="Give one of that suffix, or a folder without a suffix."
            )
        if not force and path.is_dir() and any(path.iterdir()) and not _is_ours(path / INDEX):
            raise InvalidInput(
                f"{said}, a folder with other files in it.", hint="Name a new one, or say --force to write there too."
            )
    elif path.is_dir():
        raise InvalidInput(f"{said}, which is a folder.", hint="Give another name.")
    elif not force and path.exists() and not _is_ours(path):
        raise InvalidInput(f"{said}, which is there already.", hint="Give another name, or say --force.")


def write_file(
    path: Path, title: str, avatars: Iterable[Avatar], *, count: int, full: bool, on_failure: OnFailure
) -> Gallery:
    """Write one file; with ``full`` pictures in it, too. Raises StorageError when the disk refuses it."""
    side_px = LARGE_PX if count <= LARGE_MOST else SMALL_PX

    def shown_() -> Iterator[Shown]:
        for avatar, preview in with_previews(avatars, side_px, on_failure):
            picture = _picture(avatar, on_failure) if full else None
            yield Shown(
                avatar,
                MISSING if preview is None else as_data("webp", preview),
                None if picture is None else as_data(avatar.format, picture),
            )

    try:
        with opened_beside(path, _ANY_FILE) as (new, file):
            written = write_page(file, title, shown_())
            size = file.tell()
            put_over(new, file, path)
    except OSError as error:
        raise refused("written", path, error) from error
    return Gallery(path, written, size)


def write_folder(
    path: Path, title: str, avatars: Iterable[Avatar], name_of: Callable[[Avatar], str], *, on_failure: OnFailure
) -> Gallery:
    """Write a page into a folder, with pictures beside it; those of a former page that are not on it are removed.

    Raises StorageError when the disk refuses it.
    """
    target = Target(path, mark=INDEX, force=True)
    former, names, size = _names_in(path / INDEX), set[str](), 0

    def put(name: str, data: bytes) -> str:
        nonlocal size
        target.put(name, data)
        size += len(data)
        return quote(name)

    def shown_() -> Iterator[Shown]:
        for avatar, preview in with_previews(avatars, LARGE_PX, on_failure):
            name = name_of(avatar)
            names.add(name)
            picture = _picture(avatar, on_failure)
            yield Shown(
                avatar,
                MISSING if preview is None else put(f"{_PREVIEWS}/{name}.webp", preview),
                None if picture is None else put(f"{_PICTURES}/{name}", picture),
            )

    if not (path / INDEX).exists():
        target.put(INDEX, MARK)  # so that the same command goes on where it is interrupted
    with target.opened(INDEX) as file:
        written = write_page(file, title, shown_(), images="'self' file: data:")
        size += file.tell()
    discard(*(path / each for name in former - names for each in (f"{_PREVIEWS}/{name}.webp", f"{_PICTURES}/{name}")))
    target.finish()
    return Gallery(path / INDEX, written, size)


def _names_in(page: Path) -> set[str]:
    """Return the names of pictures that a page of ours has beside it."""
    if not _is_ours(page):
        return set()
    found = _BESIDE.findall(page.read_text("utf-8", errors="replace"))
    return {name for name in map(unquote, found) if is_inside(name)}


def _picture(avatar: Avatar, on_failure: OnFailure) -> bytes | None:
    try:
        return avatar.image_path.read_bytes()
    except OSError as error:
        on_failure(f"The picture of {avatar.id} cannot be read: {error.strerror}.")
        return None


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MARK)) == MARK
    except OSError:
        return False
