"""What models take on this disk, who uses them, and how one is removed from the Hub's cache.

Quick to import: the client is not asked. A process that uses a model holds a lock file, which the system frees when it
dies. So does one that downloads a model.
"""

import os
import secrets
import shutil
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from avatar_creator.engines.hub_models import HUB_ID
from avatar_creator.engines.local import cache, locks
from avatar_creator.engines.local.models import Lora
from avatar_creator.errors import StorageError

if TYPE_CHECKING:
    from filelock import FileLock

State = Literal["whole", "partly", "no"]
_BEGIN = "models--"
_PIECES = "*.incomplete"
_USE = "avatar-use-{}.lock"
_PULL = "avatar-pull.lock"
_REMOVING = ".avatar-removing-"


def repositories() -> list[str]:
    """Return the ids of all models of the cache that are in the layout of diffusers, whole or not."""
    found = []
    for place in sorted(cache.folder().glob(f"{_BEGIN}*")):
        repo = place.name.removeprefix(_BEGIN).replace("--", "/", 1)
        snapshot = cache.find(repo) if HUB_ID.fullmatch(repo) else None
        if snapshot and cache.class_of(snapshot.folder):
            found.append(repo)
    return found


def state_of(repo: str) -> State:
    """Return whether a model is here."""
    snapshot = cache.find(repo)
    if snapshot is None:
        return "partly" if bytes_of(repo) else "no"
    return "partly" if cache.missing(snapshot.folder) else "whole"


def state_of_lora(lora: Lora) -> State:
    """Return whether the file of a LoRA is here."""
    snapshot = cache.find(lora.id)
    return "whole" if snapshot and (snapshot.folder / lora.file).is_file() else "no"


def bytes_of(repo: str) -> int:
    """Return the bytes that would be free without a repository. A file that is linked from elsewhere counts nothing."""
    links: Counter[tuple[int, int]] = Counter()
    known: dict[tuple[int, int], os.stat_result] = {}
    for status in _files_below(cache.repository_folder(repo)):
        links[status.st_dev, status.st_ino] += 1
        known[status.st_dev, status.st_ino] = status
    return sum(status.st_size for at, status in known.items() if links[at] >= status.st_nlink)


def bytes_of_pieces(repo: str) -> int:
    """Return the bytes of files that are, or were, downloaded in part."""
    return sum(_size(path) for path in _pieces(repo))


def remove_pieces(repo: str) -> int:
    """Remove what is left of downloads whose process is gone, and return how many bytes those had."""
    freed = 0
    for path in _pieces(repo):
        lock = lock_folder(repo) / f"{path.name.partition('.')[0]}.lock"
        if not locks.is_held(lock):  # the client holds it while it writes
            freed += _size(path)
            path.unlink(missing_ok=True)
    return freed


def lock_folder(repo: str) -> Path:
    """Return the folder of a repository's locks. It is the client's own, which stays when the repository is removed."""
    return cache.folder() / ".locks" / cache.repository_folder(repo).name


class PullLock:
    """The right to download a repository, and to remove it."""

    def __init__(self, repo: str) -> None:
        self._lock = locks.file_lock(_made(lock_folder(repo)) / _PULL)

    def take(self, patience_s: float) -> bool:
        """Take it, waiting so long; return whether it is held now."""
        try:
            self._lock.acquire(timeout=patience_s)
        except TimeoutError:
            return False
        return True

    def give_back(self) -> None:
        self._lock.release()


class Uses:
    """The repositories that an engine uses: they are not removed until it lets them go, or its process ends."""

    def __init__(self) -> None:
        self._locks: list[FileLock] = []
        self._id = secrets.token_hex(4)  # of several engines in one process, each has locks of its own

    def begin(self, repos: Iterable[str]) -> None:
        """Use these, and no others any more."""
        self.end()
        for repo in repos:
            with suppress(StorageError, OSError):  # of a cache that cannot be written, nothing is removed either
                name = _USE.format(f"{os.getpid()}-{self._id}")
                lock = locks.file_lock(_made(lock_folder(repo)) / name)
                lock.acquire()
                self._locks.append(lock)

    def end(self) -> None:
        """Let them go."""
        for lock in self._locks:
            lock.release()
        self._locks.clear()


def is_used(repo: str) -> bool:
    """Return whether some process uses a repository. Lock files of those that are gone are removed."""
    used = False
    for path in lock_folder(repo).glob(_USE.format("*")):
        if locks.is_held(path):
            used = True
        else:
            with suppress(OSError):
                path.unlink()
    return used


def remove(repo: str) -> int:
    """Remove a repository from the cache, and return how many bytes that frees.

    Raises StorageError while it is used or downloaded, and where the disk refuses it.
    """
    folder = cache.repository_folder(repo)
    if folder.is_symlink():  # the user's own doing, and so is what it leads to
        raise StorageError(
            f"{folder} is a link to {folder.resolve()}, which is not removed.",
            hint="Remove what it leads to, and then the link.",
        )
    lock = PullLock(repo)
    if not lock.take(0):
        raise StorageError(f"{repo} is being downloaded.", hint="Wait until that has ended, or stop it with Ctrl-C.")
    try:
        freed = bytes_of(repo)
        gone = folder.with_name(f"{_REMOVING}{secrets.token_hex(4)}")
        _check_unused(repo)
        folder.rename(gone)  # at once: whoever begins to use it now finds nothing, and says so
        try:
            _check_unused(repo)
        except StorageError:
            gone.rename(folder)
            raise
        shutil.rmtree(gone)
    except OSError as error:
        raise StorageError(
            f"{error.filename or folder} cannot be removed: {error.strerror}.", hint="See whose it is, and remove it."
        ) from error
    finally:
        lock.give_back()
        _remove_remains()
    return freed


def _check_unused(repo: str) -> None:
    if is_used(repo):
        raise StorageError(
            f"{repo} is used by a process that makes pictures.",
            hint="Wait until it has ended, or have the worker leave once its pictures are made: avatar worker stop",
        )


def _remove_remains() -> None:
    """Remove what a process that was killed had begun to remove."""
    for path in cache.folder().glob(f"{_REMOVING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _pieces(repo: str) -> list[Path]:
    return list((cache.repository_folder(repo) / "blobs").glob(_PIECES))


def _size(path: Path) -> int:
    """Return the bytes of a file, none of one that was whole and renamed meanwhile."""
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _files_below(folder: Path) -> Iterator[os.stat_result]:
    for at, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it was removed meanwhile
                status = os.lstat(Path(at) / name)
                if stat.S_ISREG(status.st_mode):
                    yield status


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be made: {error.strerror}.", hint="Have models elsewhere: export HF_HOME=/other/disk"
        ) from error
    return folder
