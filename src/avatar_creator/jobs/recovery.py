"""What becomes of generations whose process was killed: nobody's clock decides, the locks of processes do."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.domain.records import Failure, Status
from avatar_creator.errors import StorageError
from avatar_creator.storage import liveness
from avatar_creator.storage.generations import CANCELLED
from avatar_creator.storage.leases import Lease, Leases

if TYPE_CHECKING:
    from avatar_creator.jobs.attempt import Stores  # most of those who look find no orphan

CODE = "interrupted"
_LEFT_S = 3600.0


class Recovery:
    """Finds generations that nobody works on any more, and decides what becomes of them."""

    def __init__(
        self, queue: Leases, stores: "Callable[[], Stores]", runners: Path, attempts_most: Callable[[], int]
    ) -> None:
        self._leases = queue
        self._stores = stores
        self._runners = runners
        self._attempts_most = attempts_most  # asked for only when it matters: settings take long to import

    def is_orphan(self, running: Lease) -> bool:
        """Tell whether the process that worked on a generation is dead."""
        return not liveness.alive(self._runners, running.runner)

    def recover(self, tell: Callable[[str, str], None] = lambda _id, _said: None) -> int:
        """Take care of every orphan and return how many there were; ``tell`` gets the id, and what became of it."""
        orphans = [running for running in self._leases.find_running() if self.is_orphan(running)]
        for running in orphans:
            tell(running.id, self.recover_one(running))
        return len(orphans)

    def sweep(self) -> None:
        """Remove what killed processes left half written, an hour ago or more, and their locks."""
        stores = self._stores()
        stores.pictures.sweep(_LEFT_S)
        stores.responses.sweep(_LEFT_S)
        liveness.sweep(self._runners)

    def recover_one(self, running: Lease) -> str:
        """Take care of an orphan, and say what became of it.

        What the worker made is put back, to be finished; a person may have meant to stop an inline run.
        """
        if running.stop_asked:
            taken, became = self._leases.end(running, Status.CANCELLED, CANCELLED), "is cancelled"
        elif not running.detached:
            taken, became = self._leases.end(running, Status.FAILED, interrupted(running.id)), "has failed"
        elif self._is_used_up(running):
            taken, became = self._leases.end(running, Status.FAILED, _given_up(running)), "has failed"
        else:
            taken, became = self._leases.interrupt(running), "waits again"
        if not taken:  # it had ended by itself meanwhile, and then its process
            return "has ended"
        self._stores().pictures.discard(running.file_name)  # they have no row, and never will
        return became

    def _is_used_up(self, running: Lease) -> bool:
        """Tell whether it was tried often enough; what is paid and answered needs no further call."""
        most = self._attempts_most()
        if running.interruptions + 1 >= most:
            return True
        try:
            return running.attempt >= most and self._stores().responses.find(running.id) is None
        except StorageError:  # there is one, and whoever takes it up says why it cannot be read
            return False


def interrupted(id_: str) -> Failure:
    """Return why an inline run's generation failed."""
    return Failure(CODE, "The process that made the picture was killed.", f"To make it after all: avatar retry {id_}")


def _given_up(running: Lease) -> Failure:
    times = running.interruptions + 1
    killed = f"{times} times" if times > 1 else "once"
    return Failure(
        CODE,
        f"The worker was killed {killed} while it made the picture, which was asked for {running.attempt} times.",
        f"To try again: avatar retry {running.id}",
    )
