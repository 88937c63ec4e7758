"""A generation that is being made, as the coordinator knows it."""

from dataclasses import dataclass

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Stage
from avatar_creator.errors import AvatarError
from avatar_creator.jobs.attempt import Report, State, Task
from avatar_creator.storage.leases import Lease


@dataclass(slots=True, eq=False)
class InFlight:
    """What is to be made, what its attempt has reported, and what the row has of that.

    ``persisted`` and ``counted`` are the progress and the number of charges that the row has; ``error`` is how it
    ended, None with an avatar. ``unneeded`` are files that no row names, to be removed once its end is committed.
    """

    task: Task
    report: Report
    persisted: Progress
    counted: int = 0
    resumed: int = 0  # how often it got a place again
    round: int = 0  # in which its call began (`adaptive.py`)
    stop_asked: bool = False  # by the user, in another shell
    refused: AvatarError | None = None  # why its next call is not made
    error: BaseException | None = None
    waits_again: bool = False  # its row does: for another engine, or for another picture
    notice: str | None = None  # what is to be said of it
    is_left: bool = False  # it failed, and its avatar stays as it is
    unneeded: tuple[str, ...] = ()

    @property
    def lease(self) -> Lease:
        return self.task.lease

    @property
    def state(self) -> State:
        if self.report.state is State.READY and self.report.parked <= self.resumed:
            return State.RUNNING  # its thread has not seen yet that it has a place
        return self.report.state

    @property
    def has_ended(self) -> bool:
        return self.report.state is State.ENDED

    @property
    def is_news(self) -> bool:
        """Whether the row does not say yet what was reported."""
        return self.has_ended or self.report.progress != self.persisted or len(self.report.charges) > self.counted

    @property
    def is_urgent(self) -> bool:
        """Whether what was reported must be in the row at once."""
        reported, persisted = self.report.progress, self.persisted
        return (
            self.has_ended
            or (reported.attempt, reported.wait) != (persisted.attempt, persisted.wait)
            or len(self.report.charges) > self.counted
        )

    @property
    def was_called(self) -> bool:
        """Whether a service was called, that may charge for it."""
        return self.report.progress.attempt > 0

    @property
    def last_progress(self) -> Progress:
        """Its progress once its end is written."""
        progress = self.report.progress
        if self.error is None:
            progress = progress._replace(stage=Stage.DONE, percent=Stage.DONE.percent)
        return progress._replace(ended=True)
