"""Generations as a state machine: whatever is done in whatever order, the database says what a small model says.

About 500 steps; more with AVATAR_MODEL_EXAMPLES and AVATAR_MODEL_STEPS.
"""

import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avatar_rows import begin, ensure_project, generated_avatar, new_generation
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.errors import NotFound, StorageError
from avatar_creator.library import Library, open_library
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Charge, Lease
from moves import CANCELLED, COMPLETED, FAILED, MOVES, PENDING, PROCESSING

PICKS = st.integers(0, 3)  # of what is there, the newest first, counted round: a few meet again and again
SELDOM = st.sampled_from([False, False, False, True])
KEYS = st.sampled_from([None, None, None, "abc", "xyz"])
ENGINES = st.sampled_from(["offline", "huggingface"])
OWNERS = st.sampled_from(["run_first", "run_second"])
CHARGES = st.builds(Charge, st.sampled_from(["fal-ai", "replicate"]), st.just("flux"), rerolled=st.booleans())
WHY = Failure("engine", "It failed.", None)


@dataclass
class Row:
    """A generation as the model knows it."""

    project: str
    engine: str
    status: Status
    priority: int = 0
    credential: str | None = None
    due: bool = True
    after: str | None = None
    runner: str | None = None
    fence: int = 0
    attempt: int = 0
    pictures: int = 0
    interruptions: int = 0
    stop_asked: bool = False
    owner: str | None = None


@dataclass
class Holder:
    """What a process holds of a generation that it took up, perhaps without having it any more."""

    lease: Lease
    charges: list[Charge] = field(default_factory=list)
    counted: int = 0


class GenerationsMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.library: Library = open_library(self.folder)
        self.leases, self.generations = self.library.app.leases, self.library.app.generations
        self.projects = [ensure_project(self.leases, "default")]
        self.rows: dict[str, Row] = {}
        self.holders: list[Holder] = []
        self.avatars = Counter[str]()  # made, by project
        self.pruned = Counter[tuple[str, str, str]]()
        self.forgotten: dict[str, str] = {}  # completed and pruned, with the project
        self.charged = Counter[tuple[str, str, str]]()
        self.seen: dict[str, tuple[Status, int]] = {}
        self.runners = 0

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)

    # -- what is there

    def pick(self, number: int) -> str:
        return list(self.rows)[-1 - number % len(self.rows)]

    def holder(self, number: int) -> Holder:
        return self.holders[-1 - number % len(self.holders)]

    def is_its(self, holder: Holder) -> bool:
        """Tell whether a generation is still that of whoever took it up so."""
        row = self.rows.get(holder.lease.id)
        return row is not None and row.status is PROCESSING and row.fence == holder.lease.fence

    def state(self) -> list[tuple[Any, ...]]:
        tables = ("generations", "generation_events", "avatars", "charge_tally", "generation_tally")
        connection = self.library.app._connection
        return [tuple(row) for table in tables for row in connection.execute(f"SELECT * FROM {table}").fetchall()]

    # -- into the queue

    @precondition(lambda self: len(self.projects) < 3)
    @rule(pick=PICKS)
    def add_project(self, pick: int) -> None:
        self.projects.append(ensure_project(self.leases, f"{pick} {len(self.projects)} {now()}"))

    @rule(
        pick=PICKS,
        engine=ENGINES,
        priority=st.integers(-2, 2),
        credential=KEYS,
        late=SELDOM,
        follows=SELDOM,
    )
    def add(self, pick: int, engine: str, priority: int, credential: str | None, late: bool, follows: bool) -> None:
        after = self.pick(pick) if follows and self.rows else None
        project = self.projects[pick % len(self.projects)]
        new = new_generation(
            project,
            engine=engine,
            priority=priority,
            credential=credential,
            not_before=now(after_s=3600) if late else None,
            after_id=after,
        )
        self.generations.add(new)
        self.rows[new.id] = Row(project, engine, PENDING, priority, credential, not late, after)

    @rule(pick=PICKS, engine=ENGINES)
    def begin(self, pick: int, engine: str) -> None:
        project = self.projects[pick % len(self.projects)]
        lease = begin(self.leases, new_generation(project, engine=engine), owner := self.runner())
        self.rows[lease.id] = Row(project, engine, PROCESSING, owner=owner, runner=owner, fence=1, attempt=0)
        self.holders.append(Holder(lease))

    @rule(pick=PICKS, engine=ENGINES, owner=OWNERS)
    def add_owned(self, pick: int, engine: str, owner: str) -> None:
        project = self.projects[pick % len(self.projects)]
        new = new_generation(project, engine=engine, owner=owner)
        self.generations.add(new)
        self.rows[new.id] = Row(project, engine, PENDING, owner=owner)

    def runner(self) -> str:
        self.runners += 1
        return f"run_{self.runners}"

    # -- out of it

    def next(self, credentials: list[str], without: list[str], *, idle: bool) -> str | None:
        def is_ready(row: Row) -> bool:
            first = self.rows.get(row.after or "")
            return (
                row.status is PENDING
                and row.owner is None
                and row.due
                and (row.credential is None or row.credential in credentials)
                and row.engine not in without
                and (row.after in {None, *self.forgotten} or (first is not None and first.status is COMPLETED))
            )

        queue = sorted((-row.priority, id_) for id_, row in self.rows.items() if is_ready(row))
        if not queue or (self.rows[queue[0][1]].interruptions > 1 and not idle):
            return None
        return queue[0][1]

    @rule(
        credentials=st.sampled_from([["abc", "xyz"], ["xyz", "abc"], ["abc"], []]),
        without=st.sampled_from([[], [], ["offline"], ["huggingface"]]),
        idle=st.booleans(),
    )
    def claim(self, credentials: list[str], without: list[str], idle: bool) -> None:
        expected, runner = self.next(credentials, without, idle=idle), self.runner()
        claimed = self.leases.claim(runner, credentials, idle=idle, without=without)
        assert (claimed and claimed.lease.id) == expected
        if claimed is None or expected is None:
            return
        row = self.rows[expected]
        row.status, row.runner, row.fence = PROCESSING, runner, row.fence + 1
        lease = claimed.lease
        assert (lease.fence, lease.attempt, lease.pictures) == (row.fence, row.attempt, row.pictures)
        assert (lease.interruptions, lease.stop_asked) == (row.interruptions, row.stop_asked)
        assert (lease.owner, lease.runner) == (row.owner, runner)
        self.holders.append(Holder(lease))

    def owned(self, owner: str) -> list[str]:
        return sorted(id_ for id_, row in self.rows.items() if row.status is PENDING and row.owner == owner)

    @rule(owner=OWNERS, without=st.sampled_from([[], ["offline"]]))
    def claim_owned(self, owner: str, without: list[str]) -> None:
        expected = next((id_ for id_ in self.owned(owner) if self.rows[id_].engine not in without), None)
        claimed = self.leases.claim_owned(owner, without=without)
        assert (claimed and claimed.lease.id) == expected
        if claimed is not None and expected is not None:
            row = self.rows[expected]
            row.status, row.runner, row.fence = PROCESSING, owner, row.fence + 1
            self.holders.append(Holder(claimed.lease))

    @rule(owner=OWNERS, status=st.sampled_from([CANCELLED, FAILED]))
    def end_owned(self, owner: str, status: Status) -> None:
        left = self.owned(owner)
        assert (owner in self.generations.find_owners()) == bool(left)
        assert self.generations.end_owned(owner, status, WHY) == len(left)
        for id_ in left:
            self.rows[id_].status = status
        assert self.generations.fail_followers() == self.followers_fail()

    @precondition(lambda self: self.rows)
    @rule(pick=PICKS, how=st.sampled_from(["cancel", "release", "interrupt", "end"]), idle=st.booleans())
    def change_hands(self, pick: int, how: str, idle: bool) -> None:
        """Take one from whoever has it, and have whatever is next taken up."""
        id_ = self.pick(pick)
        held = [number for number, holder in enumerate(reversed(self.holders)) if holder.lease.id == id_]
        if how == "cancel" or not held:
            self.cancel(pick, at_once=True)
        else:
            self.stop(held[0], FAILED if how == "end" else how, 1)
        self.each_moves_as_it_may_and_its_fence_only_grows()
        self.retry(pick, None)
        self.each_moves_as_it_may_and_its_fence_only_grows()
        self.claim(["abc", "xyz"], [], idle)

    # -- while it is made, by whoever has it or had it

    @precondition(lambda self: self.holders)
    @rule(pick=PICKS, attempt=st.integers(0, 3))
    def advance(self, pick: int, attempt: int) -> None:
        holder = self.holder(pick)
        before = None if self.is_its(holder) else self.state()
        self.leases.advance(holder.lease, Progress(holder.lease.id, Stage.GENERATING, 45, attempt))
        if before is None:
            self.rows[holder.lease.id].attempt = attempt
        else:
            assert self.state() == before

    @precondition(lambda self: self.holders)
    @rule(pick=PICKS, more=st.lists(CHARGES, max_size=2), noted=st.booleans())
    def charge(self, pick: int, more: list[Charge], noted: bool) -> None:
        """Write charges, perhaps once more: an interrupt may come before the process notes that it did."""
        holder, row = self.holder(pick), self.rows.get(self.holder(pick).lease.id)
        own = row is not None and row.fence == holder.lease.fence
        assume(own or noted)  # what the row does not count, its holder must
        holder.charges += more
        self.leases.charge(holder.lease, holder.charges, holder.counted)
        if row is None:
            holder.counted = len(holder.charges)
            return
        known = row.pictures - holder.lease.pictures if own else holder.counted
        for charge in holder.charges[known:]:
            self.charged[row.project, charge.provider, row.engine] += 1
            row.pictures += own
        if noted:
            holder.counted = len(holder.charges)

    # -- its end, or the queue again

    @precondition(lambda self: self.holders)
    @rule(pick=PICKS)
    def complete(self, pick: int) -> None:
        holder = self.holder(pick)
        lease, its, before = holder.lease, self.is_its(holder), self.state()
        try:
            self.leases.complete(lease, generated_avatar(lease.project_id, lease))
        except (StorageError, NotFound):
            assert not its
            assert self.state() == before
        else:
            assert its
            self.left(lease, COMPLETED)
            self.avatars[lease.project_id] += 1
        assert self.leases.is_completed(lease) == (
            lease.id in self.rows
            and self.rows[lease.id].status is COMPLETED
            and self.rows[lease.id].fence == lease.fence
        )

    @precondition(lambda self: self.holders)
    @rule(pick=PICKS, how=st.sampled_from([FAILED, CANCELLED, "release", "interrupt"]), attempt=st.integers(0, 3))
    def stop(self, pick: int, how: str, attempt: int) -> None:
        holder = self.holder(pick)
        lease, its, before = holder.lease, self.is_its(holder), self.state()
        if how == "release":
            done = self.leases.release(lease, attempt)
        elif how == "interrupt":
            done = self.leases.interrupt(lease)
        else:
            done = self.leases.end(lease, Status(how), WHY)
        assert done is its
        if not its:
            assert self.state() == before
            return
        back = CANCELLED if self.rows[lease.id].stop_asked else PENDING
        row = self.left(lease, Status(how) if how in {FAILED, CANCELLED} else back)
        row.attempt = attempt if how == "release" else row.attempt
        row.interruptions += how == "interrupt"

    def left(self, lease: Lease, status: Status) -> Row:
        row = self.rows[lease.id]
        row.status, row.runner = status, None
        return row

    # -- the user's words

    @precondition(lambda self: self.rows)
    @rule(pick=PICKS, at_once=st.booleans())
    def cancel(self, pick: int, at_once: bool) -> None:
        id_ = self.pick(pick)
        row = self.rows[id_]
        stopped = self.generations.cancel(id_, at_once=at_once)
        if row.status is PENDING or (at_once and row.status is PROCESSING):
            row.status, row.runner = CANCELLED, None
        elif row.status is PROCESSING:
            row.stop_asked = True
        assert stopped is row.status
        assert self.generations.fail_followers() == self.followers_fail()

    @precondition(lambda self: self.rows)
    @rule(pick=PICKS, credential=KEYS)
    def retry(self, pick: int, credential: str | None) -> None:
        row = self.rows[self.pick(pick)]
        assert self.generations.retry(self.pick(pick), credential) is (row.status in {PENDING, FAILED, CANCELLED})
        if row.status in {FAILED, CANCELLED}:
            row.status, row.due, row.owner = PENDING, True, None
            row.attempt = row.interruptions = 0
            row.stop_asked, row.credential = False, credential
        elif row.status is PENDING and row.owner is None:
            row.credential = credential

    def followers_fail(self) -> int:
        """Have those fail in the model that wait for what will never be completed; return how many."""
        failed = 0
        while True:
            hopeless = [
                row
                for row in self.rows.values()
                if row.status is PENDING
                and row.after is not None
                and row.after not in self.forgotten
                and (row.after not in self.rows or self.rows[row.after].status in {FAILED, CANCELLED})
            ]
            for row in hopeless:
                row.status, row.after = FAILED, None
            if not hopeless:
                return failed
            failed += len(hopeless)

    @rule()
    def fail_followers(self) -> None:
        assert self.generations.fail_followers() == self.followers_fail()

    @rule(completed=SELDOM, failed=SELDOM)
    def prune(self, completed: bool, failed: bool) -> None:
        waited_for = {row.after for row in self.rows.values() if row.status is PENDING}
        old = {COMPLETED} if completed else set[Status]()
        old |= {FAILED, CANCELLED} if failed else set()
        gone = [id_ for id_, row in self.rows.items() if row.status in old and id_ not in waited_for]
        soon = now(after_s=60)
        pruned = self.generations.prune(
            completed_before=soon if completed else "2020", failed_before=soon if failed else "2020"
        )
        assert pruned == len(gone)
        for id_ in gone:
            row = self.rows.pop(id_)
            self.pruned[row.project, row.status.value, row.engine] += 1
            if row.status is COMPLETED:  # its avatar tells
                self.forgotten[id_] = row.project

    @precondition(lambda self: len(self.projects) > 1)
    @rule(pick=PICKS)
    def remove_project(self, pick: int) -> None:
        gone = self.projects.pop(pick % len(self.projects))
        self.library.app.catalog.remove_project(gone)
        self.rows = {id_: row for id_, row in self.rows.items() if row.project != gone}
        self.pruned = Counter({key: count for key, count in self.pruned.items() if key[0] != gone})
        self.forgotten = {id_: project for id_, project in self.forgotten.items() if project != gone}
        del self.avatars[gone]

    # -- what holds at any time

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        columns = (
            "project_id, engine, status, priority, credential, after_id, runner, fence, attempt, pictures,"
            " interruptions, stop_asked, owner"
        )
        found = self.library.app._connection.execute(f"SELECT id, {columns} FROM generations").fetchall()
        assert {row["id"]: tuple(row)[1:] for row in found} == {
            id_: (
                *(row.project, row.engine, row.status.value, row.priority, row.credential, row.after, row.runner),
                *(row.fence, row.attempt, row.pictures, row.interruptions, row.stop_asked, row.owner),
            )
            for id_, row in self.rows.items()
        }

    @invariant()
    def each_moves_as_it_may_and_its_fence_only_grows(self) -> None:
        for id_, row in self.rows.items():
            status, fence = self.seen.get(id_, (row.status, 0))
            assert status is row.status or (status, row.status) in MOVES
            assert fence <= row.fence
            self.seen[id_] = (row.status, row.fence)

    @invariant()
    def what_nobody_works_on_has_nobody_and_an_end_if_it_ended(self) -> None:
        sql = "SELECT status, runner, finished_at, error_code, started_at FROM generations"
        for row in self.library.app._connection.execute(sql):
            assert (row["runner"] is not None) == (row["status"] == PROCESSING)
            assert (row["finished_at"] is not None) == (row["status"] in {COMPLETED, FAILED, CANCELLED})
            assert (row["error_code"] is not None) == (row["status"] in {FAILED, CANCELLED})

    @invariant()
    def the_tallies_are_right(self) -> None:
        stats = self.library.app.stats.stats()
        assert stats.avatars == self.avatars.total()
        connection = self.library.app._connection
        paid = connection.execute(
            "SELECT project_id, provider, engine, sum(pictures) AS pictures FROM charge_tally GROUP BY 1, 2, 3"
        )
        assert {tuple(row)[:3]: row["pictures"] for row in paid} == self.charged
        found = connection.execute("SELECT project_id, status, engine, generations FROM generation_tally")
        rows = Counter((row.project, row.status.value, row.engine) for row in self.rows.values())
        assert (
            Counter({tuple(row)[:3]: row["generations"] for row in found if row["generations"]}) == rows + self.pruned
        )

    @invariant()
    def each_runner_learns_what_is_its_own(self) -> None:
        for holder in self.holders[-5:]:
            runner = holder.lease.runner
            its = {id_: row.stop_asked for id_, row in self.rows.items() if row.runner == runner}
            assert self.leases.wanted(runner) == its


TestGenerations = GenerationsMachine.TestCase
TestGenerations.settings = settings(
    max_examples=int(os.environ.get("AVATAR_MODEL_EXAMPLES", "15")),
    stateful_step_count=int(os.environ.get("AVATAR_MODEL_STEPS", "40")),
    deadline=None,
)
