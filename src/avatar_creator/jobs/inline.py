"""The pictures of a request, made while its command waits."""

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from avatar_creator.domain.progress import OnProgress
from avatar_creator.engines.base import Engine
from avatar_creator.jobs.attempt import Stores
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.projects import project_for
from avatar_creator.jobs.recovery import Recovery
from avatar_creator.jobs.retention import Retention
from avatar_creator.jobs.run import Outcome, Run
from avatar_creator.storage.leases import Leases, NewGeneration
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.workers import Workers


class GenerationService:
    """Makes the pictures of a request, one row each, and never leaves a half-made one."""

    def __init__(
        self,
        load_engine: Callable[[str], Engine],
        reading: Queries,
        queue: Leases,
        service: Workers,
        stores: Stores,
        recovery: Recovery,
        retention: Retention,
        runners: Path,
        attempts_most: int,
    ) -> None:
        self._load_engine = load_engine
        self._queries = reading
        self._leases = queue
        self._workers = service
        self._stores = stores
        self._recovery = recovery
        self._retention = retention
        self._runners = runners
        self._attempts_most = attempts_most

    def check(self, plan: Plan) -> None:
        """Raise NotConfigured if the engine lacks what it needs for a plan, a token for example."""
        self._load_engine(plan.request.engine).check(plan.request.options)

    def run(
        self,
        plan: Plan,
        *,
        default_project: str,
        concurrency: int = 1,
        on_done: Sequence[str] | None = None,
        on_progress: OnProgress,
    ) -> Generator[Outcome, None, None]:
        """Make the pictures of a plan, ``concurrency`` at once if the engine can, yielding each generation as it ends.

        An engine's failure ends its own generation, and with ``ends_run`` no other begins. After any other failure
        none begins either; it is raised when those under way have ended. Ctrl-C, and closing the generator, ends
        those under way as cancelled, but for pictures that only have to be saved.
        ``default_project`` is made if it is asked for and missing; other projects must exist (NotFound).
        """
        self.check(plan)
        engine = self._load_engine(plan.request.engine)
        project_id = project_for(self._queries, self._leases, plan.request.project, default=default_project)
        at_once = min(concurrency, engine.most_at_once or concurrency)
        self._recovery.recover()
        self._retention.prune()
        with ProcessLock(self._runners) as runner:
            run = Run(
                engine,
                plan.request,
                self._queries,
                self._leases,
                self._workers,
                self._stores,
                runner.id,
                on_progress,
                self._attempts_most,
            )
            yield from run.outcomes(_generations(plan, project_id, on_done), at_once)


def _generations(plan: Plan, project_id: str, on_done: Sequence[str] | None) -> Iterator[NewGeneration]:
    asked = plan.asked()
    for seed in plan.seeds:
        yield NewGeneration(
            project_id,
            plan.request.engine,
            plan.engine.model,
            seed,
            asked,
            plan.engine.provider,
            on_done=on_done,
        )
