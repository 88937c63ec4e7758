"""A model and its LoRA on their way from the Hub to this disk: what is missing, whether it fits, and the files.

A file that is whole stays. The client does not go on within a file: of one that was interrupted, nothing is used.
"""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from avatar_creator.domain.license import License
from avatar_creator.engines.local import cache, selection, stored
from avatar_creator.engines.local.hub_errors import Asked, no_room
from avatar_creator.engines.local.repository import HubFiles, Repository, check
from avatar_creator.engines.local.selection import RemoteFile, total_bytes
from avatar_creator.errors import EngineError

_UNCHECKED = "avatar-unchecked"  # names the file that is being downloaded, or was when its process was killed

OnProgress = Callable[[str, int], object]
"""Is given the path of a file, and how many bytes of it came; they are taken back where it is begun anew."""


class Wanted(NamedTuple):
    """Files of a repository that are wanted, and those that are not taken because they can run code."""

    repository: Repository
    files: tuple[RemoteFile, ...]
    left_out: tuple[str, ...] = ()

    @property
    def license(self) -> License:
        return self.repository.license


def lora_files(hub: HubFiles, repo: str, file: str | None) -> Wanted:
    """Return what is wanted of a LoRA. Raises AvatarError for one that cannot be had."""
    repository = hub.get_repository(repo)
    files = selection.of_lora(repo, repository.files, file)
    hub.check_access(repository, files[0])
    return Wanted(repository, files)


def model_files(hub: HubFiles, repo: str, revision: str | None) -> Wanted:
    """Return what is wanted of a model. Raises AvatarError for one that cannot be had."""
    repository = hub.get_repository(repo, revision)
    files = selection.of_model(repo, repository.files, hub.index_of(repository))
    return Wanted(repository, files, tuple(selection.left_out(repository.files, files)))


class Missing(NamedTuple):
    """Files that are wanted and not here whole; ``unlinked`` are here, as files of another commit."""

    wanted: Wanted
    files: tuple[RemoteFile, ...]
    unlinked: tuple[RemoteFile, ...]


def missing(wanted: Iterable[Wanted]) -> list[Missing]:
    """Return what is not here whole. A file that has another size than on the Hub is removed."""
    found = []
    for each in wanted:
        _check_interrupted(each)
        absent = [file for file in each.files if not _is_whole(_tree(each.repository) / file.path, file)]
        blobs = cache.repository_folder(each.repository.id) / "blobs"
        unlinked = tuple(file for file in absent if _is_whole(blobs / file.digest, file))
        if absent:
            found.append(Missing(each, tuple(file for file in absent if file not in unlinked), unlinked))
    return found


def check_room(missing: Iterable[Missing]) -> None:
    """Raise StorageError where the disk has less room than files take: the client would begin all the same."""
    folder = existing(cache.folder())
    needed = sum(total_bytes(each.files) for each in missing)
    if shutil.disk_usage(folder).free < needed:
        raise no_room(folder, needed)


def existing(folder: Path) -> Path:
    """Return a folder, or the one above it that exists."""
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())


def fetch(hub: HubFiles, missing: Iterable[Missing], on_progress: OnProgress) -> None:
    """Download files, one after the other. Raises AvatarError."""
    for wanted, files, unlinked in missing:
        repository = wanted.repository
        note = stored.lock_folder(repository.id) / _UNCHECKED
        _name_state(repository, only_first=True)  # so that what is here in part is found
        for file in files:
            note.write_text(f"{repository.commit}/{file.path}", "utf-8")
            hub.fetch(repository, file, cache.folder(), partial(on_progress, file.path))
        note.unlink(missing_ok=True)
        for file in unlinked:
            hub.link(repository, file, cache.folder())


def name_states(wanted: Iterable[Wanted]) -> None:
    """Have the cache lead to what was downloaded, which the engine uses then. Raises EngineError where a part lacks."""
    for each in wanted:
        repository = each.repository
        _name_state(repository)
        is_model = any(file.path == cache.INDEX for file in each.files)
        lacks = cache.missing(_tree(repository)) if is_model else []
        if lacks:
            raise EngineError(
                f"{repository.id} is not whole on the Hub: {lacks[0]} is missing there.", hint="Choose another model."
            )


def _check_interrupted(wanted: Wanted) -> None:
    """Check the file that a process had downloaded, and not compared with its checksum, when it was killed."""
    repository = wanted.repository
    note = stored.lock_folder(repository.id) / _UNCHECKED
    try:
        commit, _, path = note.read_text("utf-8").partition("/")
    except (OSError, ValueError):
        return
    file = next((each for each in wanted.files if each.path == path), None)
    if commit == repository.commit and file and (_tree(repository) / path).is_file():
        with suppress(EngineError):  # it is downloaded anew
            check(_tree(repository) / path, file, Asked(repository.id, None, file=path))
    note.unlink(missing_ok=True)


def _is_whole(path: Path, file: RemoteFile) -> bool:
    """Return whether a file is here; what has another size than on the Hub is removed."""
    with suppress(OSError):  # it is not there
        if path.stat().st_size == file.bytes:
            return True
        cache.discard(path)
    return False


def _tree(repository: Repository) -> Path:
    return cache.repository_folder(repository.id) / "snapshots" / repository.commit


def _name_state(repository: Repository, *, only_first: bool = False) -> None:
    """Have the cache's reference lead to a commit: the engine uses what was downloaded last."""
    reference = cache.repository_folder(repository.id) / "refs" / "main"
    if only_first and reference.exists():
        return
    _tree(repository).mkdir(parents=True, exist_ok=True)
    reference.parent.mkdir(parents=True, exist_ok=True)
    beside = reference.with_name(f".{reference.name}.new")
    beside.write_text(repository.commit, "ascii")
    beside.replace(reference)
