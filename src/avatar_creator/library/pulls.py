"""Models on their way from the Hub to this disk: what a user is asked before, and the download."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.app import App
from avatar_creator.domain.license import License
from avatar_creator.engines.local import cache, downloads, stored
from avatar_creator.engines.local.downloads import Missing, OnProgress, Wanted
from avatar_creator.engines.local.hub_errors import HubOutOfReach
from avatar_creator.engines.local.repository import HubFiles
from avatar_creator.engines.local.selection import total_bytes
from avatar_creator.home import OWNER_FILE
from avatar_creator.library.model_names import PullOf
from avatar_creator.storage.durable import write_over

_POLL_S = 0.5
_ACCEPTED_MOST = 1_000_000  # bytes of the file of accepted licences


class Pulled(NamedTuple):
    """A model that is here: its name and commit, and what was downloaded of it now."""

    name: str
    repository: str | None
    revision: str | None
    lora: str | None
    lora_revision: str | None
    files: int
    downloaded_bytes: int
    disk_bytes: int

    @property
    def id(self) -> str:
        return self.name

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class Pull:
    """A download that is planned: what is missing, what its licences are, and the download itself."""

    def __init__(self, app: App, asked: PullOf, hub: HubFiles | None, wanted: Sequence[Wanted]) -> None:
        """Remove what interrupted downloads left, and see what is missing. Raises StorageError for too small a disk."""
        self._app = app
        self._asked = asked
        self._hub = hub
        self._wanted = wanted
        self.name = asked.name
        self.repositories = asked.repositories
        self.folder = cache.folder()
        self.pieces_bytes = sum(stored.remove_pieces(each) for each in self.repositories) if hub else 0
        self._missing: list[Missing] = downloads.missing(wanted)
        downloads.check_room(self._missing)

    @property
    def is_offline(self) -> bool:
        """Whether the Hub could not be asked, and what is here is enough."""
        return self._hub is None

    @property
    def files(self) -> int:
        return sum(len(each.files) for each in self._missing)

    @property
    def bytes(self) -> int:
        """Bytes that are missing."""
        return sum(total_bytes(each.files) for each in self._missing)

    @property
    def here_bytes(self) -> int:
        """Bytes of what is wanted that are here already."""
        return sum(total_bytes(each.files) for each in self._wanted) - self.bytes

    @property
    def left_out(self) -> list[str]:
        """Files that are not taken because they can run code."""
        return [f"{wanted.repository.id}/{path}" for wanted in self._wanted for path in wanted.left_out]

    @property
    def new_licenses(self) -> list[License]:
        """The licences of what is missing, but for those that were accepted."""
        accepted = _accepted(self._app.home.accepted_licenses)
        return [each.wanted.license for each in self._missing if _key(each.wanted.license) not in accepted]

    def accept(self) -> None:
        """Note that the user accepted the licences."""
        path = self._app.home.accepted_licenses
        accepted = _accepted(path)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        accepted |= {_key(each): {**each._asdict(), "accepted_at": now} for each in self.new_licenses}
        self._app.home.create()
        write_over(path, json.dumps(list(accepted.values()), indent=2).encode(), OWNER_FILE)

    def download(self, on_progress: OnProgress) -> Pulled:
        """Have all of it here. Raises AvatarError.

        ``on_progress`` gets which file comes, and how many bytes of it came.
        """
        count, size = self.files, self.bytes
        if self._hub is not None:
            downloads.fetch(self._hub, self._missing, on_progress)
            downloads.name_states(self._wanted)
        model, lora = (repo and cache.find(repo) for repo in (self._asked.repository, self._asked.lora))
        return Pulled(
            self.name,
            self._asked.repository,
            model.commit if model else None,
            self._asked.lora,
            lora.commit if lora else None,
            count,
            size,
            sum(map(stored.bytes_of, self.repositories)),
        )


@contextmanager
def opened(app: App, asked: PullOf, on_wait: Callable[[str], object]) -> Iterator[Pull]:
    """Plan a download, as `Models.pull` says."""
    hub = HubFiles(app.settings.hf_token)
    wanted: list[Wanted] | None = None
    try:
        wanted = _wanted(hub, asked)
    except HubOutOfReach as error:
        if not _is_here(asked):
            error.message = f"{error.message.rstrip('.')}, and {asked.name} is not whole on this disk."
            raise
    with ExitStack() as held:
        for repo in sorted(asked.repositories):  # in one order: two downloads never wait for each other
            lock = stored.PullLock(repo)
            if not lock.take(0):
                on_wait(repo)
                while not lock.take(_POLL_S):
                    pass
            held.callback(lock.give_back)
        yield Pull(app, asked, None if wanted is None else hub, wanted or ())


def _wanted(hub: HubFiles, asked: PullOf) -> list[Wanted]:
    """Return what is wanted, the LoRA first: it is small, and may be what cannot be had."""
    found = []
    if asked.lora:
        found.append(downloads.lora_files(hub, asked.lora, asked.lora_file))
    if asked.repository:
        found.append(downloads.model_files(hub, asked.repository, asked.revision))
    return found


def _is_here(asked: PullOf) -> bool:
    """Return whether all of it is on this disk, as far as that is known without the Hub."""
    found = cache.find(asked.lora) if asked.lora else None
    if asked.lora:
        file = asked.lora_file
        there = found and ((found.folder / file).is_file() if file else any(found.folder.glob("*.safetensors")))
        if not there:
            return False
    return asked.repository is None or stored.state_of(asked.repository) == "whole"


def _key(license_: License) -> str:
    return f"{license_.of} {license_.name}"


def _accepted(path: Path) -> dict[str, dict[str, Any]]:
    """Return the licences that were accepted, by `_key`; what cannot be read is as good as none."""
    try:
        if path.stat().st_size > _ACCEPTED_MOST:
            return {}
        read = json.loads(path.read_text("utf-8"))
        return {_key(License.from_json(each)): each for each in read}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
