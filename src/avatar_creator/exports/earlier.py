"""Files that earlier exports wrote into a folder and this one does not: named, and deleted if that is asked for.

What an export wrote stands in its records, or its `export.jsonl`, or the rows of its data set, each with the SHA-256 of
its bytes. These lists are written anew each time. So files that stay are lines of `export.jsonl`, until they are gone.
"""

import hashlib
import json
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from avatar_creator.archives.layout import DELIVERY, RECORDS
from avatar_creator.archives.writing import Target
from avatar_creator.domain.picture import SUFFIXES
from avatar_creator.exports.made import HEAD, line
from avatar_creator.home import sync_folder
from avatar_creator.storage.durable import refused
from avatar_creator.storage.records import is_inside

_STALE = "stale"


class Deleted(NamedTuple):
    """Files that were deleted, and those that were not, as somebody has changed them since."""

    deleted: list[str]
    changed: list[str]


class StaleFiles(NamedTuple):
    """Files of earlier exports that are still there, and that the last one did not write; by name their SHA-256."""

    target: Target
    files: Mapping[str, str]

    def delete(self) -> Deleted:
        """Delete those that are still what an export wrote. Raises StorageError."""
        done = Deleted([], [])
        root = self.target.root
        with self.target.claimed():
            try:
                for name, sha256 in self.files.items():
                    if not _is_ours(root, name, sha256):
                        done.changed.append(name)
                        continue
                    (root / name).unlink()
                    done.deleted.append(name)
                    _remove_empty(root, name)
            except OSError as error:
                raise refused("deleted", root / name, error) from error
            finally:
                gone = set(done.deleted)
                _rewrite(self.target, {name: each for name, each in _stale_of(root) if name not in gone})
                self.target.finish()
        return done


class EarlierFiles:
    """What earlier exports wrote into the folder of a target, read before this one does."""

    def __init__(self, target: Target, *, dataset: str | None = None) -> None:
        """``dataset`` is the file of rows of a data set: then its pictures are meant, and no other exports'."""
        self._target = target
        self._files = dict(_named(target.root, dataset)) if target.is_folder else {}
        self._spared: set[str] = set()

    def spare(self, names: Iterable[str]) -> None:
        """Have files not deleted whose picture in the library is damaged: they may be the only whole ones."""
        self._spared.update(names)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of `export.jsonl` of those that this export has not written."""
        return (_line(name, sha256) for name, sha256 in self._left().items())

    def write(self) -> None:
        """Write these lines into the `export.jsonl` of an export that has none of its own. Raises StorageError."""
        if self._target.is_folder:
            _rewrite(self._target, self._left())

    def stale(self) -> StaleFiles:
        return StaleFiles(self._target, {name: each for name, each in self._left().items() if name not in self._spared})

    def _left(self) -> dict[str, str]:
        return {name: self._files[name] for name in self._target.stale(self._files)}


def _named(root: Path, dataset: str | None) -> Iterator[tuple[str, str]]:
    """Yield names and SHA-256 of pictures that are said to be there."""
    if dataset is not None:
        yield from _stale_of(root)
        for said in _objects(root / dataset):
            name = f"{PurePosixPath(dataset).parent}/{said.get('file_name')}"
            yield from _valid([(name, said.get("sha256"))])
        return
    for said in _objects(root / DELIVERY):
        if said.get("kind") in {"file", _STALE}:
            yield from _valid([(said.get("file"), said.get("sha256"))])
    for said in _objects(root / RECORDS):
        with suppress(TypeError, KeyError):
            pairs = [
                (each[kind], each[f"{kind}_sha256"]) for each in said["files"] for kind in ("picture", "thumbnail")
            ]
            yield from _valid(pairs)


def _stale_of(root: Path) -> Iterator[tuple[str, str]]:
    for said in _objects(root / DELIVERY):
        if said.get("kind") == _STALE:
            yield from _valid([(said.get("file"), said.get("sha256"))])


def _valid(pairs: Iterable[tuple[object, object]]) -> Iterator[tuple[str, str]]:
    """Yield those that name a picture in the folder: anybody may have written such a list."""
    for name, sha256 in pairs:
        is_picture = isinstance(name, str) and is_inside(name) and PurePosixPath(name).suffix.lower() in SUFFIXES
        if is_picture and isinstance(sha256, str):
            yield str(name), sha256


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what whole lines say; one that is half written, or that another program wrote, says nothing."""
    with suppress(OSError), path.open("rb") as lines:
        for each in lines:
            with suppress(ValueError, RecursionError):
                said = json.loads(each)
                if isinstance(said, dict):
                    yield said


def _line(name: str, sha256: str) -> bytes:
    return line({"kind": _STALE, "file": name, "sha256": sha256})


def _rewrite(target: Target, stale: Mapping[str, str]) -> None:
    """Have `export.jsonl` name these files as stale, and all else that it says; without either it is removed."""
    path = target.root / DELIVERY

    def others() -> Iterator[dict[str, Any]]:
        for said in _objects(path):
            if said.get("kind") not in {"head", _STALE} and said.get("file") not in stale:
                yield said

    had_stale = any(said.get("kind") == _STALE for said in _objects(path))
    if stale or (had_stale and any(others())):
        with target.opened(DELIVERY) as file:
            file.write(line(HEAD))
            file.writelines(map(line, others()))
            file.writelines(_line(name, sha256) for name, sha256 in stale.items())
    elif had_stale:
        path.unlink()


def _is_ours(root: Path, name: str, sha256: str) -> bool:
    """Return whether a file has the bytes that an export wrote, and is reached without a link."""
    path = root / name
    try:
        folders = [each for each in path.parents if root in each.parents]
        if not all(stat.S_ISDIR(each.lstat().st_mode) for each in folders) or not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _remove_empty(root: Path, name: str) -> None:
    """Remove the folders of a file that have nothing in them any more."""
    for parent in PurePosixPath(name).parents:
        if parent.parts:
            try:
                (root / parent).rmdir()
            except OSError:  # there is more in it
                with suppress(OSError):
                    sync_folder(root / parent)
                return
