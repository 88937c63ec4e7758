"""What becomes of generations whose process was killed. The locks of processes say so, and no clock."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.domain.records import Failure, Status, cancelled
from avatar_creator.engines.table import made_elsewhere
from avatar_creator.errors import StorageError
from avatar_creator.storage import liveness
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Lease, Leases

if TYPE_CHECKING:
    from avatar_creator.jobs.save import Stores  # most of the time there is no orphan

CODE = "interrupted"
_LEFT_S = 3600.0
_ELSEWHERE_MOST = 10  # workers killed over a picture that others make: it may be what takes a machine's memory
_NOT_BEGUN = Failure(CODE, "The process that was to make the picture was killed before it began.", None)


class Recovery:
    """Finds generations that nobody works on any more, and decides what becomes of them."""

    def __init__(
        self,
        leases: Leases,
        generations: Generations,
        stores: "Callable[[], Stores]",
        runners: Path,
        attempts_most: Callable[[], int],
        *,
        deliver_left: Callable[[], int] = lambda: 0,
    ) -> None:
        self._leases = leases
        self._generations = generations
        self._stores = stores
        self._runners = runners
        self._deliver_left = deliver_left
        self._attempts_most = attempts_most  # called only when it matters: settings take long to import

    def crashes_most(self) -> int:
        """Return in how many crashes a generation may have been and still be made beside others.

        One that was in more may be their cause, if the worker makes it itself. It is also alone in its last try before
        it is given up, so that the crash takes no others with it.
        """
        return min(max(self._attempts_most() - 2, 0), 1)

    def may_be_cause(self, lease: Lease) -> bool:
        """Return whether a generation may have killed workers, so that it is made alone."""
        if not lease.interruptions or made_elsewhere(lease.engine):
            return False
        return lease.interruptions > self.crashes_most()

    def is_orphan(self, lease: Lease) -> bool:
        """Return whether the process that worked on a generation is dead."""
        return not liveness.alive(self._runners, lease.runner)

    def recover(self, report: Callable[[str, str], None] = lambda _id, _said: None) -> int:
        """Put right what killed processes left, and return how many generations that were.

        Every orphan is ended or put back, and copies of pictures are written. ``report`` gets the id of each orphan and
        what became of it.
        """
        orphans = [lease for lease in self._leases.find_running() if self.is_orphan(lease)]
        for lease in orphans:
            report(lease.id, self.recover_one(lease))
        return len(orphans) + sum(map(self.end_of, self.find_dead_owners())) + self._deliver_left()

    def find_dead_owners(self) -> list[str]:
        """Return the processes that were killed before they began all that they own."""
        return [owner for owner in self._generations.find_owners() if not liveness.alive(self._runners, owner)]

    def end_of(self, owner: str) -> int:
        """End what a process that was killed had not begun; return how many."""
        return self._generations.end_owned(owner, Status.FAILED, _NOT_BEGUN)

    def sweep(self) -> None:
        """Remove what killed processes left half written, an hour ago or more, and their locks."""
        stores = self._stores()
        stores.pictures.sweep(_LEFT_S)
        stores.responses.sweep(_LEFT_S)
        liveness.sweep(self._runners)

    def recover_one(self, lease: Lease) -> str:
        """End an orphan or put it back, and return what became of it.

        What the worker made is put back. An inline run may have been killed to stop it: its generations fail.
        """
        if lease.stop_asked:
            taken, became = self._leases.end(lease, Status.CANCELLED, cancelled(lease.id)), "is cancelled"
        elif lease.owner is not None:
            taken, became = self._leases.end(lease, Status.FAILED, interrupted(lease.id)), "has failed"
        elif self._is_used_up(lease):
            taken, became = self._leases.end(lease, Status.FAILED, _given_up(lease)), "has failed"
        else:
            taken, became = self._leases.interrupt(lease), "waits again"
        if not taken:  # it ended by itself, and its process after it
            return "has ended"
        self._stores().pictures.discard(lease.file_name)  # files of a lost lease never get a row
        return became

    def _is_used_up(self, lease: Lease) -> bool:
        """Return whether it was tried often enough. One with a saved response needs no further call."""
        most = self._attempts_most()
        if lease.interruptions + 1 >= (_ELSEWHERE_MOST if made_elsewhere(lease.engine) else most):
            return True
        try:
            return lease.attempt >= most and self._stores().responses.find(lease.id) is None
        except StorageError:  # there is one; its next attempt says why it cannot be read
            return False


def interrupted(id_: str) -> Failure:
    """Return why an inline run's generation failed."""
    return Failure(CODE, "The process that made the picture was killed.", f"To make it after all: avatar retry {id_}")


def _given_up(lease: Lease) -> Failure:
    times = lease.interruptions + 1
    killed = f"{times} times" if times > 1 else "once"
    return Failure(
        CODE,
        f"The worker was killed {killed} while it made the picture, which was asked for {lease.attempt} times.",
        f"To try again: avatar retry {lease.id}",
    )
