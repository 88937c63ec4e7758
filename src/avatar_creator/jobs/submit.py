"""Generations for the worker: written down, and somebody there to make them. Quick to import."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from avatar_creator.domain.license import License
from avatar_creator.domain.records import Generation, Status
from avatar_creator.domain.schedule import Schedule
from avatar_creator.engines import check_commercial, licenses
from avatar_creator.errors import AvatarError, InvalidInput, NotStarted, StorageError
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.projects import project_for
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Leases, NewGeneration
from avatar_creator.storage.queries import Queries

OnQueued = Callable[[Sequence[str]], None]


class Submitter:
    """Queues generations, and has those that ended queued again."""

    def __init__(
        self,
        reading: Queries,
        queue: Leases,
        backlog: Generations,
        launcher: WorkerProcess,
        fingerprint: Callable[[str, Mapping[str, Any]], str | None],
        commercial: Callable[[], bool],
    ) -> None:
        self._queries = reading
        self._leases = queue
        self._generations = backlog
        self._worker_process = launcher
        self._fingerprint = fingerprint
        self._commercial = commercial

    def check(self, plan: Plan) -> None:
        """Raise NotConfigured without a credential that the plan needs; if more is lacking, the worker will see."""
        self._fingerprint(plan.request.engine, plan.engine.options)

    def add(
        self, plan: Plan, orders: Schedule, *, default_project: str, on_queued: OnQueued = lambda _ids: None
    ) -> list[str]:
        """Queue the generations of a plan, all or none, and return their ids; a worker is started if there is none.

        ``on_queued`` is told the ids as soon as they are queued, whatever happens then. Raises NotFound for a project
        or a generation to follow, NotConfigured without a credential, InvalidInput for the orders, NotStarted when
        they are queued and nobody comes.
        """
        orders.check()
        request = plan.request
        credential = self._fingerprint(request.engine, plan.engine.options)
        after = self._followed(orders.after)
        project_id = project_for(self._queries, self._leases, request.project, default=default_project)
        asked = plan.asked()
        with self._leases.together():
            news = [
                NewGeneration(
                    project_id,
                    request.engine,
                    plan.engine.model,
                    seed,
                    asked,
                    plan.engine.provider,
                    priority=orders.priority,
                    not_before=orders.not_before,
                    after_id=after,
                    credential=credential,
                    on_done=orders.on_done,
                )
                for seed in plan.seeds
            ]
            for new in news:
                self._leases.add(new)
            needed = self._worker_process.is_needed(credential)
        return self._staffed([new.id for new in news], on_queued, needed=needed, credential=credential)

    def retry(self, ids: Iterable[str], *, on_queued: OnQueued = lambda _ids: None) -> list[str]:
        """Queue generations again that failed or were cancelled, with the same seed and recipe; return their ids.

        Those that wait already are paid with the credential of this process from now on. ``on_queued`` is told the
        ids as soon as they are queued. Raises InvalidInput, with nothing changed, for one that is completed or being
        made, or may not be made for commercial use, NotStarted when they are queued and nobody comes.
        """
        generations = [self._queries.get_generation(id_) for id_ in ids]
        needed, credential = False, None
        with self._leases.together():
            for generation in generations:
                asked = self._queries.get_request(generation.id)
                self._check_commercial(generation, asked)
                credential = self._fingerprint(generation.engine, asked.get("options", {}))
                if not self._generations.retry(generation.id, credential):
                    raise InvalidInput(
                        f"The generation {generation.id} is {generation.status.value}.",
                        hint="Only what failed, was cancelled or waits can be tried again.",
                    )
                needed = self._worker_process.is_needed(credential) or needed
        if not generations:
            return []
        queued = [generation.id for generation in generations]
        return self._staffed(queued, on_queued, needed=needed, credential=credential)

    def _staffed(self, ids: list[str], on_queued: OnQueued, *, needed: bool, credential: str | None) -> list[str]:
        """Tell that these are queued, and see to it that a worker comes for them."""
        on_queued(ids)
        try:
            self._worker_process.ensure(needed=needed, credential=credential)
        except StorageError as error:
            raise NotStarted(error, ids) from error
        return ids

    def wake(self, *, always: bool = False) -> None:
        """Make sure that a worker runs if anything waits for one, or ``always``; one that can pay as this process can.

        What waits for a credential that this process has not is none of its business.
        """
        with self._leases.together():
            wanted = always or bool(self._generations.find_ids((Status.PENDING,)))
            needed, credential = wanted and self._worker_process.is_needed(), None
            for engine, waited_for, options in self._generations.find_credentials(but=()):
                if self._has(engine, options, waited_for) and self._worker_process.is_needed(waited_for):
                    needed, credential = True, waited_for
        if wanted:
            self._worker_process.ensure(needed=needed, credential=credential)

    def _check_commercial(self, generation: Generation, asked: Mapping[str, Any]) -> None:
        if not (asked.get("commercial") or self._commercial()):
            return
        if "licenses" in asked:
            found = tuple(map(License.from_json, asked["licenses"]))
        else:  # queued by a version that did not look
            found = licenses(generation.engine, asked.get("options", {}))
        check_commercial(generation.engine, generation.model, found)

    def _has(self, engine: str, options: Mapping[str, Any], credential: str) -> bool:
        with suppress(AvatarError):  # none is there, or none that looks like one
            return self._fingerprint(engine, options) == credential
        return False

    def _followed(self, given: str | None) -> str | None:
        if given is None:
            return None
        return self._queries.get_generation_id(given)
