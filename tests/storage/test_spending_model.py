"""The counting of what is spent as a state machine: whatever is done in whatever order, no limit is passed.

The model is a service: it knows which of its calls it has charged, also those whose process never heard of it.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from avatar_rows import ensure_project, generated_avatar, new_generation
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Status
from avatar_creator.domain.spending import Limits
from avatar_creator.errors import LimitReached, StorageError
from avatar_creator.library import Library, open_library
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Charge, Lease, Leases

PICKS = st.integers(0, 5)
WHY = Failure("engine", "It failed.", None)
PRICE = 0.25
MOST = 4


@dataclass
class Attempt:
    """A process that makes a picture, and what a service did for it: nobody sees that before it is charged."""

    lease: Lease
    calls: int = 0
    is_open: bool = False  # the service was called, and has said nothing
    is_charged: bool = False  # it has made the picture of this call
    charges: int = 0  # that the process knows of
    is_lost: bool = False  # the process is dead, or its row is another's


class SpendingMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.library: Library = open_library(self.folder)
        self.limits = Limits(max_images_day=MOST, max_usd_month=MOST * PRICE)
        connection, path = self.library.app._connection, self.library.home.database
        self.leases = Leases(connection, path, lambda: self.limits)
        self.generations = Generations(connection, path, lambda: self.limits)
        self.attempts: list[Attempt] = []
        self.ids: list[str] = []
        self.charged = 0  # by the service
        self.runners = 0

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)

    def attempt(self, pick: int, *, is_open: bool | None = None) -> Attempt | None:
        found = [each for each in self.attempts if not each.is_lost and (is_open is None or each.is_open is is_open)]
        return found[pick % len(found)] if found else None

    def _row(self, attempt: Attempt) -> tuple[str, int] | None:
        row = self.library.app._connection.execute(
            "SELECT status, fence FROM generations WHERE id = ?", (attempt.lease.id,)
        ).fetchone()
        return row and (row["status"], row["fence"])

    def holds(self, attempt: Attempt) -> bool:
        return self._row(attempt) == ("processing", attempt.lease.fence)

    # -- rows

    @rule(count=st.integers(1, 3), project=st.sampled_from(["one", "two"]))
    def queue(self, count: int, project: str) -> None:
        project_id = ensure_project(self.leases, project)
        news = [
            new_generation(project_id, engine="huggingface", paid=True, price_usd=PRICE, provider="fal-ai")
            for _ in range(count)
        ]
        for new in news:
            new.model = "flux"
        try:
            self.generations.add(*news)
        except LimitReached:
            return
        self.ids += [new.id for new in news]

    @rule(project=st.sampled_from(["one", "two"]))
    def begin(self, project: str) -> None:
        """What a shell does all at once, so that few steps of a run are spent on it."""
        self.queue(1, project)
        self.claim()
        self.call(len(self.attempts) - 1)

    @rule()
    def claim(self) -> None:
        self.runners += 1
        claimed = self.leases.claim(f"run_{self.runners}", [], idle=True)
        if claimed is not None:
            self.attempts.append(Attempt(claimed.lease, calls=claimed.lease.attempt))

    @rule(pick=PICKS, at_once=st.booleans())
    def cancel(self, pick: int, at_once: bool) -> None:
        if self.ids:
            self.generations.cancel_some([self.ids[pick % len(self.ids)]], at_once=at_once)

    @rule(pick=PICKS)
    def retry(self, pick: int) -> None:
        if self.ids:
            try:
                self.generations.retry(self.ids[pick % len(self.ids)], None)
            except LimitReached:
                return

    @rule(project=st.sampled_from(["one", "two", "", ""]))
    def delete_project(self, project: str) -> None:
        names = [each.name for each in self.library.projects.find()]
        if project in names:
            self.library.projects.delete(project)

    @rule()
    def prune(self) -> None:
        self.generations.prune(completed_before="9", failed_before="9")

    @rule(most=st.integers(0, MOST))
    def lower(self, most: int) -> None:
        self.limits = self.limits._replace(max_images_day=most)

    @rule()
    def raise_again(self) -> None:
        self.limits = self.limits._replace(max_images_day=MOST)

    # -- calls

    @precondition(lambda self: self.attempt(0) is not None)
    @rule(pick=PICKS)
    def call(self, pick: int) -> None:
        """A service is called once the row counts the call, as the coordinator sees to."""
        attempt = self.attempt(pick, is_open=False)
        if attempt is None:
            return
        before = Progress(attempt.lease.id, attempt=attempt.calls)
        try:
            held = self.leases.advance(attempt.lease, before._replace(attempt=attempt.calls + 1), before)
        except LimitReached:
            return
        if held:
            attempt.calls += 1
            attempt.is_open, attempt.is_charged = True, False

    @precondition(lambda self: any(each.is_open and not each.is_charged for each in self.attempts))
    @rule(pick=PICKS)
    def make(self, pick: int) -> None:
        """The service makes the picture, whether or not anybody will hear of it."""
        found = [each for each in self.attempts if each.is_open and not each.is_charged]
        if found:
            found[pick % len(found)].is_charged = True
            self.charged += 1

    @precondition(lambda self: self.attempt(0) is not None)
    @rule(pick=PICKS)
    def fail_call(self, pick: int) -> None:
        attempt = self.attempt(pick, is_open=True)
        if attempt is not None and not attempt.is_charged:
            attempt.is_open = False

    @precondition(lambda self: self.attempt(0) is not None)
    @rule(pick=PICKS)
    def charge(self, pick: int) -> None:
        attempt = self.attempt(pick, is_open=True)
        if attempt is not None and attempt.is_charged:
            attempt.charges += 1
            attempt.is_open = False
            counted = 0 if self.holds(attempt) else attempt.charges - 1
            self.leases.charge(attempt.lease, [Charge("fal-ai", "flux", rerolled=False)] * attempt.charges, counted)

    # -- ends

    @precondition(lambda self: self.attempt(0) is not None)
    @rule(pick=PICKS)
    def complete(self, pick: int) -> None:
        attempt = self.attempt(pick, is_open=False)
        if attempt is not None and attempt.charges:
            with suppress(StorageError):
                self.leases.complete(attempt.lease, generated_avatar(attempt.lease.project_id, attempt.lease))
            attempt.is_lost = True

    @precondition(lambda self: self.attempt(0) is not None)
    @rule(pick=PICKS)
    def fail(self, pick: int) -> None:
        """It ends, perhaps in the middle of a call: then its thread hears of no charge any more."""
        attempt = self.attempt(pick)
        if attempt is not None:
            ended = attempt.calls - attempt.is_open
            self.leases.end(attempt.lease, Status.FAILED, WHY, calls_ended=ended)
            attempt.is_lost = True

    @precondition(lambda self: self.attempt(0) is not None)
    @rule(pick=PICKS)
    def release(self, pick: int) -> None:
        attempt = self.attempt(pick)
        if attempt is not None:
            self.leases.release(attempt.lease, attempt.calls - attempt.is_open)
            attempt.is_lost = True

    @precondition(lambda self: self.attempt(0) is not None)
    @rule(pick=PICKS, puts_back=st.booleans())
    def kill(self, pick: int, puts_back: bool) -> None:
        attempt = self.attempt(pick)
        if attempt is not None:
            if puts_back:
                self.leases.interrupt(attempt.lease)
            else:
                self.leases.end(attempt.lease, Status.FAILED, WHY)
            attempt.is_lost = True

    # -- what must hold

    def _number(self, sql: str) -> int:
        return int(self.library.app._connection.execute(f"SELECT coalesce(({sql}), 0)").fetchone()[0])

    @invariant()
    def never_is_more_charged_than_the_limit(self) -> None:
        assert self.charged <= MOST

    @invariant()
    def what_the_service_charged_is_counted_or_reserved_for(self) -> None:
        spending = self.library.app.spending
        begun = spending.reserved(only_begun=True).pictures
        assert self.charged <= spending.since("").counted.pictures + begun

    @invariant()
    def the_tally_of_reservations_is_that_of_the_rows(self) -> None:
        for status in ("pending", "processing", "failed", "cancelled", "completed"):
            rows = self._number(f"SELECT sum(reserved) FROM generations WHERE status = '{status}'")
            assert rows == self._number(f"SELECT sum(pictures) FROM reserved_tally WHERE status = '{status}'")
            assert not rows or status in {"pending", "processing"}

    @precondition(
        lambda self: self._number("SELECT count(*) FROM generations WHERE status IN ('pending','processing')") == 0
    )
    @invariant()
    def nothing_stays_reserved(self) -> None:
        assert self.library.app.spending.reserved().pictures == 0


TestSpending = SpendingMachine.TestCase
TestSpending.settings = settings(
    max_examples=int(os.environ.get("AVATAR_MODEL_EXAMPLES", "15")),
    stateful_step_count=int(os.environ.get("AVATAR_MODEL_STEPS", "40")),
    deadline=None,
)
