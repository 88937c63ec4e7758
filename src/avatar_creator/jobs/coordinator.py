"""The loop that claims generations, has them attempted, and writes what they report.

Attempts run in other threads and write no row: a database connection belongs to one thread, and Ctrl-C, which reaches
the main thread only, must not wait for a network. Any write may be interrupted and made again. No change is lost then,
and none counts twice, since a row says what it has counted.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.domain.records import Status, cancelled
from avatar_creator.domain.request import GenerationRequest, reroll_seed
from avatar_creator.errors import (
    AvatarError,
    Cancelled,
    LimitReached,
    StorageError,
)
from avatar_creator.jobs.adaptive import Adaptive
from avatar_creator.jobs.attempt import Cancel, Report, State, Task, stopped
from avatar_creator.jobs.executor import Executor
from avatar_creator.jobs.failures import Fallbacks, ends_run, failure_of, status_of
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.jobs.places import Places
from avatar_creator.jobs.rejections import Rejections
from avatar_creator.jobs.save import Stores, paths_of
from avatar_creator.storage.leases import Claimed, Lease, Leases

_PROGRESS_S = 0.25  # between two writes of progress that is not urgent
_SAVED_S = 5.0  # how long a stop waits for pictures that only have to be saved
_LEFT_S = 0.25  # and for threads: a charge may be reported late, and a drawing crashes when the interpreter ends


class Coordinator:
    """Makes generations for one process.

    ``claim`` claims the next one. It gets the engines that are busy, and whether nothing is under way. ``on_end`` gets
    each that ended, before others are claimed. Both are called within the transaction of a step; if that is undone,
    they are called again. ``is_alone`` returns whether nothing may be begun beside one: it may kill this process.
    """

    def __init__(
        self,
        leases: Leases,
        executor: Executor,
        stores: Stores,
        runner: str,
        claim: Callable[[Sequence[str], bool], Claimed | None],
        *,
        is_alone: Callable[[Lease], bool] = lambda _lease: False,
        on_progress: OnProgress,
        on_end: Callable[[InFlight, BaseException | None], None] = lambda _flight, _error: None,
    ) -> None:
        self.flights: dict[str, InFlight] = {}  # by generation
        self._may_claim = True
        self._leases = leases
        self._executor = executor
        self._stores = stores
        self._runner = runner
        self._claim = claim
        self._is_alone = is_alone
        self._on_progress = on_progress
        self._on_end = on_end
        self._adaptive = Adaptive()
        self._places = Places(executor, self._adaptive, self.flights)
        self._found_none = False  # for engines that have places of their own
        self._busy: list[str] = []  # engines that were busy when there was nothing else to claim
        self._wrote_s = 0.0
        self._fallbacks = Fallbacks(leases, stores.responses)
        self._rejections = Rejections(leases)
        self._abandoned: list[InFlight] = []  # their rows are others' now; their charges may still come

    @property
    def may_claim(self) -> bool:
        """Whether there may be something to claim. Set it when there may be again."""
        return self._may_claim

    @may_claim.setter
    def may_claim(self, may: bool) -> None:
        self._may_claim, self._found_none = may, not may

    # -- one step

    def step(self, at_once: int, *, claims: bool = True) -> list[InFlight]:
        """Write what was reported and claim others, in one transaction; return those that ended.

        They stay in flight until they are finalized: a step that is interrupted returns them again.
        """
        self._places.at_once = at_once
        self._read_reports()
        self._resume()
        news = self._news()
        ended = [flight for flight in news if flight.has_ended]
        if ended or (self._busy and self._places.busy() != self._busy):
            self.may_claim = True
        room = self._places.room() if claims and self.may_claim else None
        if news or self._abandoned or (room is not None and (room > 0 or self._may_claim_own())):
            self._write_step(news, ended, room)
            self._wrote_s = time.monotonic()
        self._acknowledge(news)
        self._update_abandoned()
        self._submit_claimed()
        return ended

    def _read_reports(self) -> None:
        before = [(flight, flight.report) for flight in self.flights.values()]
        for flight in (*self.flights.values(), *self._abandoned):
            flight.report = self._executor.report(flight.lease) or flight.report
        for flight, report in before:
            notice = self._adaptive.read(flight, report, self.flights.values(), self._places.at_once)
            if notice is not None:
                self._on_progress(flight.report.progress._replace(notice=notice))

    def _news(self) -> list[InFlight]:
        """Return those whose rows do not say what was reported; none where all of that can wait."""
        news = [flight for flight in self.flights.values() if flight.is_news]
        is_time = time.monotonic() - self._wrote_s >= _PROGRESS_S
        return news if is_time or any(flight.is_urgent for flight in news) else []

    def _acknowledge(self, news: list[InFlight]) -> None:
        for flight in news:
            if flight.report.progress.attempt > flight.persisted.attempt:
                flight.round = self._adaptive.round(flight.lease.engine)
            flight.persisted, flight.counted = flight.report.progress, len(flight.report.charges)
            self._executor.acknowledge(flight.lease, flight.persisted.attempt)
            if not flight.has_ended:
                self._on_progress(flight.persisted)

    def _submit_claimed(self) -> None:
        for flight in self.flights.values():
            if self._executor.report(flight.lease) is None:
                self._on_progress(flight.persisted)
                self._executor.submit(flight.task)

    def _write_step(self, news: list[InFlight], ended: list[InFlight], room: int | None) -> None:
        try:
            with self._leases.together():
                for flight in news:
                    self._write_progress(flight)
                for flight in self._abandoned:
                    self._write_calls(flight)
                for flight in ended:
                    self._write_end(flight)
                if room is not None:
                    self._claim_more(room)
        except AvatarError:  # the transaction was undone: nothing is claimed
            for flight in list(self.flights.values()):
                if self._executor.report(flight.lease) is None:
                    del self.flights[flight.lease.id]
            raise

    def _write_progress(self, flight: InFlight) -> None:
        """Write the latest progress; what was replaced since the last step is never written."""
        self._write_calls(flight)
        if flight.report.saved is not None or flight.refused is not None:
            return
        try:
            held = self._leases.advance(flight.lease, flight.report.progress, flight.persisted)
        except LimitReached as error:
            held, flight.refused = False, error
        if not held:  # the lease is lost, or the call: it is cancelled before that would be acknowledged
            self._executor.cancel(flight.lease, Cancel.NOW)

    def _write_calls(self, flight: InFlight) -> None:
        """Write what became of its calls: before another one is counted, since a row knows of one open call."""
        report = flight.report
        if report.charges:
            self._leases.charge(flight.lease, report.charges, flight.counted)
        if report.in_doubt:
            self._leases.doubt(flight.lease, report.in_doubt)

    def _write_end(self, flight: InFlight, otherwise: BaseException | None = None) -> None:
        """Write how it ended: with ``otherwise`` if it was stopped before it ended by itself."""
        flight.error, saved = flight.report.error, flight.report.saved
        saved = saved and self._rejections.checked(flight, saved)
        if saved is not None and saved.faults:
            self._rejections.write(flight, saved)
            if not flight.waits_again:
                self._on_end(flight, flight.error)
            return
        if saved is not None:
            try:
                flight.unneeded = self._leases.complete(
                    flight.lease, saved.avatar, provider=saved.provider, not_shown=saved.not_shown
                )
            except AvatarError as failure:
                flight.error = failure
            else:
                flight.error = None
                self._on_end(flight, None)
                return
        error = flight.error
        if flight.stop_asked:
            why = cancelled(flight.lease.id)
            error = Cancelled(why.message, hint=why.hint)
        elif flight.refused is not None:
            error = flight.error = flight.refused
        elif error is None or (otherwise is not None and isinstance(error, Cancelled)):
            error = otherwise
        assert error is not None  # noqa: S101 - what ended has an avatar or an error
        if otherwise is None and self._fallbacks.take(flight, error):
            return
        self._leases.end(
            flight.lease,
            status_of(error),
            failure_of(error),
            ends_run=ends_run(error),
            calls_ended=flight.report.calls_ended,
        )
        self._on_end(flight, error)

    # -- what begins

    def _resume(self) -> None:
        """Give places to those that are ready and whose engines can make more, the oldest first."""
        for flight in [each for each in self.flights.values() if each.state is State.READY]:
            if self._places.may_resume(flight):
                flight.resumed = flight.report.parked
                self._executor.resume(flight.lease, flight.resumed)

    def _claim_more(self, room: int) -> None:
        """Claim as many as there is room for, and none beside one that is made alone.

        Engines that have places of their own need no room.
        """
        under_way = [flight.lease for flight in self.flights.values() if not flight.has_ended]
        places = self._places
        while not any(map(self._is_alone, under_way)) and (room > 0 or self._may_claim_own()):
            busy = places.busy()
            claimed = self._claim(busy if room > 0 else [*busy, *places.without_own()], not under_way)
            if claimed is None:
                self._busy, self._found_none = busy, True
                self._may_claim = room <= 0  # there may be some for a place that is given back
                return
            if self._add(claimed):
                under_way.append(claimed.lease)
                room -= not places.has_own(claimed.lease.engine)

    def _may_claim_own(self) -> bool:
        """Return whether there may be something for an engine that has places of its own left."""
        return not self._found_none and self._places.is_own_left()

    def _add(self, claimed: Claimed) -> bool:
        """Add what was claimed, to be submitted when its row is committed; False if it cannot be made."""
        lease = claimed.lease
        try:
            self._leases.check_avatar(lease)
            seed = reroll_seed(lease.seed, lease.rejected)
            request = GenerationRequest.from_json(claimed.request, project="", engine=lease.engine, seed=seed)
        except AvatarError as error:  # it was queued by another version of this program, or its avatar is gone
            self._leases.end(lease, Status.FAILED, failure_of(error))
            return False
        if self._fallbacks.skip(lease):
            return False
        before = self.flights.get(lease.id)
        if before is not None:  # cancelled and tried again between two steps
            self._abandon(before)
        progress = Progress(lease.id, attempt=lease.attempt)
        report = Report(progress, calls_ended=lease.attempt)
        self.flights[lease.id] = InFlight(Task(lease, request), report, progress)
        return True

    @property
    def down(self) -> list[str]:
        """The engines that failed for all pictures a moment ago: what others share is not theirs to make."""
        return self._fallbacks.down

    # -- what others want

    def sync_cancellations(self) -> list[InFlight]:
        """Cancel those that a user wants stopped, and abandon those that others ended or claimed; return the latter."""
        wanted = self._leases.wanted(self._runner)
        lost = [flight for id_, flight in self.flights.items() if id_ not in wanted]
        for flight in lost:
            self._abandon(flight)
        for id_, flight in self.flights.items():
            if wanted[id_]:
                flight.stop_asked = True
                self._executor.cancel(flight.lease, Cancel.UNLESS_PAID)
        return lost

    def _abandon(self, flight: InFlight) -> None:
        self._executor.cancel(flight.lease, Cancel.NOW)
        del self.flights[flight.lease.id]
        self._abandoned.append(flight)

    def _update_abandoned(self) -> None:
        for flight in self._abandoned:
            flight.counted = len(flight.report.charges)
        gone = [flight for flight in self._abandoned if flight.has_ended]
        self._abandoned = [flight for flight in self._abandoned if not flight.has_ended]
        self.finalize(gone)

    def finalize(self, ended: Iterable[InFlight]) -> None:
        """Remove those that ended, and what is useless now: the response of one with an avatar, the files of others."""
        for flight in ended:
            if flight.notice is not None:
                self._on_progress(flight.report.progress._replace(notice=flight.notice))
                flight.notice = None
            if self.flights.get(flight.lease.id) is flight:
                del self.flights[flight.lease.id]
            if flight in self._abandoned:  # its charges may still come
                continue
            if self._leases.is_stored(flight.lease):
                if flight.report.has_response:
                    self._stores.responses.forget(flight.lease.id)
                self._stores.pictures.remove(*flight.unneeded)
            else:
                self._remove_files(flight)  # its response stays, so that a retry pays nothing
            self._executor.discard(flight.lease)

    def _remove_files(self, flight: InFlight) -> None:
        """Remove the files of an avatar that has no row, and gets none any more."""
        saved = flight.report.saved
        if saved is not None:
            self._executor.discard(flight.lease)  # else its report would be read again
            flight.report = flight.report._replace(saved=None)
            self._stores.pictures.remove(*paths_of(saved.avatar))

    # -- the end before the end

    def stop(self, error: BaseException | None, *, patience_s: float = _SAVED_S) -> None:
        """End all in flight with ``error``, or put them back if it is None.

        Pictures that only have to be saved are completed, if that takes no longer than ``patience_s``.
        """
        flights = list(self.flights.values())
        try:
            with suppress(KeyboardInterrupt):  # a second one ends the wait
                for flight in flights:
                    self._executor.cancel(flight.lease, Cancel.UNLESS_PAID)
                until_s = time.monotonic() + patience_s
                while self._is_any_unsaved() and time.monotonic() < until_s:
                    self._executor.wait(max(until_s - time.monotonic(), 0.0))
                self._executor.join([flight.lease for flight in flights], _LEFT_S)
            self._end_all(flights, error)
        except KeyboardInterrupt:  # the transaction was undone
            self._end_all(flights, error)
        finally:
            self.finalize(flights)

    def _is_any_unsaved(self) -> bool:
        """Return whether a picture was paid for or drawn, and only has to be saved."""
        self._read_reports()
        return any(flight.report.state in {State.PAID, State.SAVING} for flight in self.flights.values())

    def _end_all(self, flights: list[InFlight], error: BaseException | None) -> None:
        for flight in flights:
            self._executor.cancel(flight.lease, Cancel.NOW)
        self._read_reports()
        try:
            self._write_ends(flights, error)
        except StorageError:  # a full disk: without the files there may be room for the rows
            for flight in flights:
                if not self._leases.is_stored(flight.lease):
                    self._remove_files(flight)
            self._write_ends(flights, error)

    def _write_ends(self, flights: list[InFlight], error: BaseException | None) -> None:
        with self._leases.together():
            wanted = self._leases.wanted(self._runner)
            for flight in flights:
                flight.stop_asked = flight.stop_asked or wanted.get(flight.lease.id, False)
                self._write_calls(flight)
                if self._leases.is_stored(flight.lease):
                    continue
                report = flight.report
                undecided = report.saved is None and (report.error is None or isinstance(report.error, Cancelled))
                if error is None and undecided and not flight.stop_asked:
                    self._leases.release(flight.lease, report.calls_ended)
                else:
                    self._write_end(flight, error or stopped())
