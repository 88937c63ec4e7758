"""The pictures of a request: what would be made, and the making of it."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avatar_creator.domain.lint import lint
from avatar_creator.domain.price import Cost, Price, cost_of
from avatar_creator.domain.progress import OnProgress
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Engine, EnginePlan
from avatar_creator.services.projects import project_for
from avatar_creator.services.run import Outcome, Run
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.queue import NewGeneration, Queue
from avatar_creator.storage.reading import Reading
from avatar_creator.storage.runners import Runner


@dataclass(frozen=True, slots=True)
class Plan:
    """What `run` would do: the request, its seeds, what the engine would be sent, what to mind, what it costs."""

    request: GenerationRequest
    seeds: tuple[int, ...]
    engine: EnginePlan
    warnings: tuple[str, ...]
    cost: Cost | None = None  # None: nothing is paid

    def as_json(self) -> dict[str, Any]:
        return {
            "engine": self.request.engine,
            "model": self.engine.model,
            "project": self.request.project,
            **self.request.as_json(),
            "seeds": list(self.seeds),
            "sent": dict(self.engine.sent),
            "warnings": list(self.warnings),
            "remarks": list(self.engine.remarks),
            "cost": None if self.cost is None else self.cost.as_json(),
        }


def plan_generation(
    request: GenerationRequest, load_engine: Callable[[str], Engine], prices: Iterable[Price] = ()
) -> Plan:
    """Say what would be made of a request; makes, opens and spends nothing. Raises InvalidInput."""
    engine_plan = load_engine(request.engine).plan(request.picture(request.seed))
    warnings = (*lint(request.persona, request.attributes, request.prompt.base), *engine_plan.notices)
    return Plan(request, tuple(request.seeds()), engine_plan, warnings, _cost(request, engine_plan, prices))


def _cost(request: GenerationRequest, plan: EnginePlan, prices: Iterable[Price]) -> Cost | None:
    if not plan.paid:
        return None
    size_px = plan.made_px or (request.width_px, request.height_px)
    return cost_of(request.count, provider=plan.provider, model=plan.provider_model, size_px=size_px, prices=prices)


class GenerationService:
    """Makes the pictures of a request, one row each, and never leaves a half-made one."""

    def __init__(
        self,
        load_engine: Callable[[str], Engine],
        reading: Reading,
        queue: Queue,
        pictures: PictureStore,
        runners: Path,
    ) -> None:
        self._load_engine = load_engine
        self._reading = reading
        self._queue = queue
        self._pictures = pictures
        self._runners = runners

    def check(self, plan: Plan) -> None:
        """Raise NotConfigured if the engine lacks what it needs for a plan, a token for example."""
        self._load_engine(plan.request.engine).check(plan.request.options)

    def run(
        self, plan: Plan, *, default_project: str, concurrency: int = 1, on_progress: OnProgress
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
        with Runner(self._runners) as runner:
            run = Run(engine, plan.request, self._reading, self._queue, self._pictures, runner.id, on_progress)
            yield from run.outcomes(_generations(plan, project_id), at_once)


def _generations(plan: Plan, project_id: str) -> Iterator[NewGeneration]:
    asked = plan.request.as_json()
    for seed in plan.seeds:
        yield NewGeneration(project_id, plan.request.engine, plan.engine.model, seed, asked, plan.engine.provider)
