"""Pictures placed in the folder of pictures. No file is overwritten: one of that name may be shown here."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import NamedTuple

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.placing.measures import Measures, measure
from avatar_creator.storage import disks
from avatar_creator.storage.pictures.images import PictureStore, StagedPicture

_AT_ONCE = 4  # a disk syncs several files in the time of one


class Origin(NamedTuple):
    """What is known of a picture that is to be placed; ``hashed`` is as in `measure`.

    ``stem`` is what its files are to be called; ``picture`` and ``thumbnail`` are what they are called where they are.
    """

    avatar_id: str
    stem: str
    picture: str
    picture_sha256: str
    thumbnail: str
    thumbnail_sha256: str
    hashed: str | None = None


class Files(NamedTuple):
    """A picture that is to be placed."""

    origin: Origin
    picture: bytes
    thumbnail: bytes


class Placed(NamedTuple):
    """Where the files of a picture are, and what they say."""

    image_path: str
    thumbnail_path: str
    measures: Measures


class _Staged(NamedTuple):
    """A picture whose files are written, and have no names yet."""

    files: Files
    measures: Measures
    staged: StagedPicture


def place(
    store: PictureStore, pictures: Sequence[Files], added: Callable[[str, str], None]
) -> list[Placed | InvalidInput]:
    """Write the files of pictures, unless they are there; the disk may have their names only after `PictureStore.sync`.

    In the place of one stands what is wrong with a file that is no picture, or not as it was exported. ``added`` gets
    each path of a new file, and whose it is. Raises StorageError.
    """
    # All are written before any is synced, and none has its name before: a disk takes them faster together.
    with disks.Disk(store.root) as disk, ExitStack() as staging:
        staged = list(_stage_all(store, pictures, staging))
        new = [each.staged for each in staged if isinstance(each, _Staged)]
        if len(new) < disks.MANY or not disk.sync():
            _sync(new)
        return [_named(store, each, added) if isinstance(each, _Staged) else each for each in staged]


def _stage_all(store: PictureStore, pictures: Sequence[Files], staging: ExitStack) -> Iterator[_Staged | InvalidInput]:
    for files in pictures:
        try:
            staged = _stage(store, files)
        except InvalidInput as error:
            yield error
        else:
            staging.enter_context(staged.staged)
            yield staged


def _stage(store: PictureStore, files: Files) -> _Staged:
    """Write the files of a picture. Raises InvalidInput for what is none, or not as it was exported."""
    origin, picture, thumbnail = files
    _check(origin.picture, picture, origin.picture_sha256)
    _check(origin.thumbnail, thumbnail, origin.thumbnail_sha256)
    measures = measure(picture, thumbnail, origin.picture, origin.hashed)
    for name in (origin.stem, _other_stem(files)):
        with suppress(FileExistsError):
            return _Staged(files, measures, store.staged(name, _extension(measures), picture, thumbnail))
    raise _is_taken(name)


def _named(store: PictureStore, staged: _Staged, added: Callable[[str, str], None]) -> Placed | InvalidInput:
    """Give the files of a picture their names, once the disk has them."""
    files, measures, waiting = staged

    def add(path: str) -> None:
        added(path, files.origin.avatar_id)

    paths = waiting.image_path, waiting.thumbnail_path
    try:
        waiting.place(add)
    except FileExistsError:  # another one has got the name meanwhile
        name = _other_stem(files)
        try:
            paths = store.put(name, _extension(measures), files.picture, files.thumbnail, added=add)
        except FileExistsError:
            return _is_taken(name)
    return Placed(*paths, measures)


def _check(name: str, data: bytes, sha256: str) -> None:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InvalidInput(
            f"{shown(name)} is not as it was exported: its SHA-256 is another.", hint="Export or copy it once more."
        )


def _sync(staged: Sequence[StagedPicture]) -> None:
    for each in staged:
        each.begin_sync()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        deque(threads.map(StagedPicture.sync, staged), 0)


def _extension(measures: Measures) -> str:
    return PictureFormat(measures.format).extension


def _is_taken(name: str) -> InvalidInput:
    return InvalidInput(f"Other files are called {name} here.", hint="Run: avatar doctor --fix")


def _other_stem(files: Files) -> str:
    """Return a name that no other picture has."""
    return f"{files.origin.avatar_id}-{hashlib.sha256(files.picture + files.thumbnail).hexdigest()[:16]}"
