"""Submitting generations: a row each, for this process or for a worker, which is started if needed. Quick to import."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from avatar_creator.domain.license import License
from avatar_creator.domain.records import Generation, Status
from avatar_creator.domain.schedule import Schedule
from avatar_creator.engines import check_commercial, licenses
from avatar_creator.errors import AvatarError, InvalidInput, LimitReached, NotConfigured, NotStarted, StorageError
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.projects import project_for
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.ids import BATCH, new_id
from avatar_creator.storage.new_generation import NewGeneration
from avatar_creator.storage.portions import portions
from avatar_creator.storage.queries import Queries

_RETRIED = {Status.PENDING, Status.FAILED, Status.CANCELLED}

OnSubmitted = Callable[[Sequence[str]], None]


class Submitter:
    """Submits generations, and submits again those that have ended."""

    def __init__(
        self,
        queries: Queries,
        generations: Generations,
        worker_process: WorkerProcess,
        fingerprint: Callable[[str, Mapping[str, Any]], str | None],
        commercial: Callable[[], bool],
        recover: Callable[[], None] = lambda: None,
        find_saved: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        """``find_saved`` returns the generations that have a saved response: nothing more is to be paid for them."""
        self._queries = queries
        self._generations = generations
        self._worker_process = worker_process
        self._fingerprint = fingerprint
        self._commercial = commercial
        self._recover = recover
        self._find_saved = find_saved

    def check(self, plan: Plan) -> None:
        """Raise NotConfigured without a credential that the plan needs; anything else is left to the worker."""
        plan.makers.check(self._fingerprint, plan.engine.options)

    def submit(
        self,
        plans: Sequence[Plan],
        schedule: Schedule,
        *,
        default_project: str,
        owner: str | None = None,
        on_submitted: OnSubmitted = lambda _ids: None,
    ) -> list[str]:
        """Add the generations of plans, all or none, and return their ids.

        They are ``owner``'s, the process that calls; without one they are any worker's, and a worker is started if
        there is none. Several are a batch. ``on_submitted`` gets the ids as soon as they are rows, whatever happens
        then. Raises NotFound for a project or a generation to follow, NotConfigured without a credential, LimitReached
        for more than may be paid for, InvalidInput for the schedule and for too many that nobody has agreed to,
        NotStarted when they are rows and no worker can be started.
        """
        schedule.check()
        after = None if schedule.after is None else self._queries.get_generation_id(schedule.after)
        projects = {
            plan.request.project: project_for(
                self._queries, self._generations, plan.request.project, default=default_project
            )
            for plan in plans
        }
        batch_id = new_id(BATCH) if sum(len(plan.seeds) for plan in plans) > 1 else None
        credentials = [self._credential(plan, owner) for plan in plans]
        shared = [] if owner else [each.get("credential") for plan in plans for each in plan.fallback]
        news: list[NewGeneration] = []
        for plan, credential in zip(plans, credentials, strict=True):
            for new in _generations_of(plan, projects[plan.request.project], schedule, after):
                new.owner, new.credential, new.batch_id = owner, credential, batch_id
                news.append(new)
        self._make_room(news)
        added, needed = [new.id for new in news], False
        with self._generations.together():
            self._generations.add(*news)
            for credential in dict.fromkeys([*credentials, *shared]) if owner is None else ():
                needed = self._worker_process.is_needed(credential) or needed
        if owner is None:
            self._start_worker(added, on_submitted, needed=needed, credentials=[*credentials, *shared])
        else:
            on_submitted(added)
        return added

    def _make_room(self, news: Sequence[NewGeneration]) -> None:
        """Give back what killed processes had reserved, if there is no room for these without it."""
        try:
            self._generations.check_limits(news)
        except (LimitReached, InvalidInput):
            self._recover()

    def _credential(self, plan: Plan, owner: str | None) -> str | None:
        """Return what a worker must have to make it; an owner pays with what it has."""
        try:
            if plan.share is not None:
                return None if owner else plan.share["credential"]
            return None if owner else self._fingerprint(plan.request.engine, plan.engine.options)
        except NotConfigured:
            if plan.fallback:
                return None
            raise

    def retry(self, ids: Iterable[str], *, on_submitted: OnSubmitted = lambda _ids: None) -> list[str]:
        """Submit generations again that failed or were cancelled, with the same seed and recipe; return their ids.

        Those that wait already are paid with the credential of this process from now on. ``on_submitted`` gets the
        ids as soon as they wait. Raises InvalidInput, with nothing changed, for one that is completed or being made,
        or may not be made for commercial use, NotStarted when they wait and no worker can be started. Very many are
        written in short transactions: an interrupt leaves the rest as they were.
        """
        wanted = [self._queries.get_generation_id(id_) for id_ in ids]
        for generation in self._queries.find_by_ids(wanted):  # all of them before any is written
            if generation.status not in _RETRIED:
                raise _not_retried(generation)
            self._check_commercial(generation, self._queries.get_request(generation.id))
        saved = self._find_saved()
        self._generations.spending.check_retry([id_ for id_ in wanted if id_ not in saved])
        submitted, needed = list[str](), False
        credentials = set[str | None]()

        def write(generation: Generation) -> None:
            asked = self._queries.get_request(generation.id)
            credential = self._fingerprint(generation.engine, asked.get("options", {}))
            if not self._generations.retry(generation.id, credential, has_response=generation.id in saved):
                raise _not_retried(generation)
            credentials.add(credential)
            submitted.append(generation.id)

        @contextmanager
        def transaction() -> Iterator[None]:
            nonlocal needed
            with self._generations.together():
                yield
                for credential in credentials:
                    needed = self._worker_process.is_needed(credential) or needed

        written = 0
        try:
            for _ in portions(self._queries.find_by_ids(wanted), transaction, write):
                written = len(submitted)
        finally:
            del submitted[written:]  # undone by an error or an interrupt
            if submitted:
                self._start_worker(submitted, on_submitted, needed=needed, credentials=credentials)
        return submitted

    def _start_worker(
        self, ids: list[str], on_submitted: OnSubmitted, *, needed: bool, credentials: Iterable[str | None]
    ) -> None:
        """Report the ids, and start a worker if one is needed. Raises NotStarted."""
        on_submitted(ids)
        credential = next(filter(None, credentials), None)  # any worker makes what is free
        try:
            self._worker_process.ensure(needed=needed, credential=credential)
        except StorageError as error:
            raise NotStarted(error, ids) from error

    def ensure_worker(self, *, always: bool = False) -> bool:
        """Make sure that a worker runs if anything waits for one, or ``always``; return whether one is wanted.

        It can pay as this process can; what waits for other credentials is left to others.
        """
        with self._generations.together():
            wanted = always or self._generations.has_pending()
            needed, credential = wanted and self._worker_process.is_needed(), None
            for engine, waited_for, options in self._generations.find_credentials(but=()):
                if self._has(engine, options, waited_for) and self._worker_process.is_needed(waited_for):
                    needed, credential = True, waited_for
        if wanted:
            self._worker_process.ensure(needed=needed, credential=credential)
        return wanted

    def _check_commercial(self, generation: Generation, asked: Mapping[str, Any]) -> None:
        if not (asked.get("commercial") or self._commercial()):
            return
        if "licenses" in asked:
            found = tuple(map(License.from_json, asked["licenses"]))
        else:  # queued by a version that recorded none
            found = licenses(generation.engine, asked.get("options", {}))
        check_commercial(generation.engine, generation.model, found)

    def _has(self, engine: str, options: Mapping[str, Any], credential: str) -> bool:
        with suppress(AvatarError):  # there is none, or it is not valid
            return self._fingerprint(engine, options) == credential
        return False


def _not_retried(generation: Generation) -> InvalidInput:
    return InvalidInput(
        f"The generation {generation.id} is {generation.status.value}.",
        hint="Only what failed, was cancelled or waits can be tried again.",
    )


def _generations_of(plan: Plan, project_id: str, schedule: Schedule, after: str | None) -> Iterator[NewGeneration]:
    asked = plan.request_json()
    for n, seed in enumerate(plan.seeds, start=1):
        new = NewGeneration(
            project_id,
            plan.request.engine,
            plan.engine.model,
            seed,
            asked,
            plan.engine.provider,
            priority=schedule.priority or 0,
            not_before=schedule.not_before,
            after_id=after,
            on_done=schedule.on_done,
            not_shown=plan.engine.notices,
            paid=plan.cost is not None,
            price_usd=plan.cost.usd_each if plan.cost else None,
            unasked=plan.unasked,
            fallback=plan.fallback or None,
            preset=plan.request.preset,
        )
        if plan.share is not None:
            new.give_to(plan.share)
        if plan.place_of is not None:
            place = plan.place_of(n, new.avatar_id)
            new.output_path, new.output_folder = str(Path(place.path).absolute()), str(Path(place.folder).absolute())
            new.output_replace = place.replace
        yield new
