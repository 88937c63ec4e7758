"""The pictures of a request, made while its command waits."""

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from avatar_creator.domain.progress import OnProgress
from avatar_creator.engines.base import Engine
from avatar_creator.services.making import Stores
from avatar_creator.services.planning import Plan
from avatar_creator.services.projects import project_for
from avatar_creator.services.recovery import Recovery
from avatar_creator.services.retention import Retention
from avatar_creator.services.run import Outcome, Run
from avatar_creator.storage.queue import NewGeneration, Queue
from avatar_creator.storage.reading import Reading
from avatar_creator.storage.runners import Runner
from avatar_creator.storage.service import Service


class GenerationService:
    """Makes the pictures of a request, one row each, and never leaves a half-made one."""

    def __init__(
        self,
        load_engine: Callable[[str], Engine],
        reading: Reading,
        queue: Queue,
        service: Service,
        stores: Stores,
        recovery: Recovery,
        retention: Retention,
        runners: Path,
        attempts_most: int,
    ) -> None:
        self._load_engine = load_engine
        self._reading = reading
        self._queue = queue
        self._service = service
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
        project_id = project_for(self._reading, self._queue, plan.request.project, default=default_project)
        at_once = min(concurrency, engine.most_at_once or concurrency)
        self._recovery.recover()
        self._retention.prune()
        with Runner(self._runners) as runner:
            run = Run(
                engine,
                plan.request,
                self._reading,
                self._queue,
                self._service,
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
