"""One generation after the other: prompt -> engine -> picture -> row."""

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from avatar_creator._version import __version__
from avatar_creator.domain.lint import lint
from avatar_creator.domain.picture import Picture, PictureFormat
from avatar_creator.domain.records import Failure, Generation, SourceType, Stage, Status
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Engine, EnginePlan
from avatar_creator.errors import BUG_CODE, AvatarError, Cancelled, EngineError
from avatar_creator.services.projects import project_for
from avatar_creator.storage.pictures.images import KeptPicture, PictureStore
from avatar_creator.storage.pictures.marks import Marks
from avatar_creator.storage.queue import NewGeneration, Queue, Running
from avatar_creator.storage.reading import Reading
from avatar_creator.storage.rows import NewAvatar
from avatar_creator.storage.runners import Runner

OnProgress = Callable[[Stage, int], None]
"""Told the stage and the percent of the generation that is being made."""

_WRITE_EVERY_S = 0.25  # how often progress inside a stage is worth a commit
_INTERRUPTED = Failure("cancelled", "Stopped by the user.", "Run the command again.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What `run` would do: the request, its seeds, what the engine would be sent, and what to mind."""

    request: GenerationRequest
    seeds: tuple[int, ...]
    engine: EnginePlan
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "engine": self.request.engine,
            "model": self.engine.model,
            "project": self.request.project,
            **self.request.as_json(),
            "seeds": list(self.seeds),
            "sent": dict(self.engine.sent),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one generation ended, and the failure as it was raised, if it failed."""

    generation: Generation
    error: AvatarError | None = None


def plan_generation(request: GenerationRequest, load_engine: Callable[[str], Engine]) -> Plan:
    """Say what would be made of a request; makes, opens and spends nothing. Raises InvalidInput."""
    engine_plan = load_engine(request.engine).plan(request.picture(request.seed))
    warnings = (*lint(request.persona, request.attributes, request.prompt.base), *engine_plan.notices)
    return Plan(request, tuple(request.seeds()), engine_plan, warnings)


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

    def run(self, plan: Plan, *, default_project: str, on_progress: OnProgress) -> Generator[Outcome, None, None]:
        """Make the pictures of a plan, yielding each generation as it ends.

        An engine's failure ends its own generation; any other failure, and Ctrl-C, is recorded and raised.
        ``default_project`` is made if it is asked for and missing; other projects must exist (NotFound).
        """
        engine = self._load_engine(plan.request.engine)
        engine.check()
        project_id = project_for(self._reading, self._queue, plan.request.project, default=default_project)
        with Runner(self._runners) as runner:
            for seed in plan.seeds:
                new = NewGeneration(project_id, plan.request.engine, plan.engine.model, seed, plan.request.as_json())
                running = new.by(runner.id)
                error = self._make(engine, plan.request, new, running, on_progress)
                yield Outcome(self._reading.get_generation(running.id), error)

    def _make(
        self,
        engine: Engine,
        request: GenerationRequest,
        new: NewGeneration,
        running: Running,
        on_progress: OnProgress,
    ) -> EngineError | None:
        kept: KeptPicture | None = None

        def end(status: Status, failure: Failure) -> None:
            try:
                self._queue.end(running, status, failure)
            finally:
                # A commit may have gone through before what interrupted it was raised.
                if kept is not None and not self._queue.is_completed(running):
                    self._pictures.remove(kept.image_path, kept.thumbnail_path)

        try:
            self._queue.begin(new, running.runner)
            tell = _Progress(self._queue, running, on_progress)
            tell(Stage.STARTED)
            tell(Stage.GENERATING)
            picture = engine.generate(request.picture(new.seed), tell)
            tell(Stage.SAVING)
            kept = self._keep(request, new, running, picture)
            tell(Stage.RECORDING)
            self._queue.complete(running, _avatar(request, new, running, picture, kept))
            tell(Stage.DONE)
        except EngineError as error:
            end(Status.FAILED, _failure(error))
            return error
        except AvatarError as error:
            end(Status.FAILED, _failure(error))
            raise
        except KeyboardInterrupt:
            end(Status.CANCELLED, _INTERRUPTED)
            raise Cancelled(_INTERRUPTED.message, hint=_INTERRUPTED.hint) from None
        except Exception as error:
            end(Status.FAILED, Failure(BUG_CODE, f"{type(error).__name__}: {error}", None))
            raise
        return None

    def _keep(self, request: GenerationRequest, new: NewGeneration, running: Running, picture: Picture) -> KeptPicture:
        marks = Marks.of(
            request.picture(new.seed),
            picture,
            engine=new.engine,
            creator_tool=f"avatar-creator {__version__}",
        )
        marks = replace(marks, title=request.name)
        return self._pictures.keep(running.avatar_id, picture.data, request.format, marks, request.embed)


class _Progress:
    """Writes a generation's progress to its row and tells whoever watches."""

    def __init__(self, queue: Queue, running: Running, on_progress: OnProgress) -> None:
        self._queue = queue
        self._running = running
        self._on_progress = on_progress
        self._written_s = 0.0

    def __call__(self, stage: Stage) -> None:
        if stage not in (Stage.STARTED, Stage.DONE):  # those two are written with the row itself
            self._write(stage, stage.percent)
        self._on_progress(stage, stage.percent)

    def progress(self, fraction: float) -> None:
        """Spread an engine's 0.0..1.0 over the percents of its stage."""
        first, last = Stage.GENERATING.percent, Stage.SAVING.percent
        percent = round(first + (last - first) * min(max(fraction, 0.0), 1.0))
        if time.monotonic() - self._written_s >= _WRITE_EVERY_S:
            self._write(Stage.GENERATING, percent)
        self._on_progress(Stage.GENERATING, percent)

    def attempt(self) -> None:
        pass

    def charged(self, provider: str, model: str, *, reroll: bool = False) -> None:
        pass

    def wait(self, seconds: float, why: str) -> None:  # noqa: ARG002
        time.sleep(seconds)

    def _write(self, stage: Stage, percent: int) -> None:
        self._queue.advance(self._running, stage, percent)
        self._written_s = time.monotonic()


def _recipe(request: GenerationRequest, new: NewGeneration, picture: Picture) -> Mapping[str, Any]:
    """Everything that decides the pixels: the same recipe with the same versions gives the same picture."""
    return {
        "persona": replace(request.persona, background=None).as_json(),  # it has no part in the picture
        "attributes": request.attributes.as_json(),
        "prompt": request.prompt.base,
        "engine": new.engine,
        "model": picture.model,
        "seed": new.seed,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "format": request.format.value,
        "jpeg_quality": None if request.format is PictureFormat.PNG else request.jpeg_quality,
        "full_prompt": request.prompt.full,
        "negative_prompt": request.prompt.negative,
        "options": dict(request.options),
        "made_with": dict(picture.recipe),
    }


def _avatar(
    request: GenerationRequest, new: NewGeneration, running: Running, picture: Picture, kept: KeptPicture
) -> NewAvatar:
    return NewAvatar(
        id=running.avatar_id,
        project_id=new.project_id,
        generation_id=running.id,
        name=request.name,
        persona=request.persona,
        attributes=request.attributes,
        source_type=SourceType.TEXT_TO_IMAGE,
        picture=kept,
        engine=new.engine,
        model=picture.model,
        prompt=request.prompt.base,
        full_prompt=request.prompt.full,
        negative_prompt=request.prompt.negative,
        seed=new.seed,
        recipe=_recipe(request, new, picture),
        credit=picture.credit.text if picture.credit else None,
    )


def _failure(error: AvatarError) -> Failure:
    return Failure(error.code, error.message, error.hint)
