"""One run of `avatar generate`: what it makes, where that is written, and what went wrong."""

from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.views import Made
from avatar_creator.domain.records import Generation, Status
from avatar_creator.errors import AvatarError, EngineError
from avatar_creator.library import Library

if TYPE_CHECKING:
    from avatar_creator.cli.options.output_path import Copies
    from avatar_creator.domain.progress import OnProgress
    from avatar_creator.jobs.plan import Plan


class Run:
    """A run of generations: what it makes, and what went wrong."""

    def __init__(
        self,
        library: Library,
        plan: "Plan",
        to: "Copies | None",
        concurrency: int | None,
        on_done: Sequence[str] | None,
    ) -> None:
        self.errors: list[AvatarError] = []
        self._library = library
        self._plan = plan
        self._to = to
        self._on_done = on_done
        self._concurrency = concurrency
        self._ended: Counter[Status] = Counter()
        self._warned = set(plan.warnings)
        self._numbers = {seed: n for n, seed in enumerate(plan.seeds, start=1)}  # whichever ends first

    def made(self, on_progress: "OnProgress") -> "Generator[Made, None, None]":
        """Yield each generation as it ends, its picture written to where it was asked for."""
        outcomes = self._library.make(
            self._plan, concurrency=self._concurrency, on_done=self._on_done, on_progress=on_progress
        )
        try:
            for outcome in outcomes:
                self._ended[outcome.generation.status] += 1
                if outcome.error is not None:
                    self.errors.append(outcome.error)
                for notice in outcome.notices:
                    self._warn(notice)
                warnings = tuple(dict.fromkeys((*self._plan.warnings, *outcome.notices)))
                yield Made(outcome.generation, warnings, self._deliver(outcome.generation))
        except AvatarError as error:  # it ended the run; what was made before is shown all the same
            self.errors.append(error)
        finally:
            outcomes.close()

    def _warn(self, notice: str) -> None:
        """Say what the plan could not know yet, once."""
        if notice not in self._warned:
            self._warned.add(notice)
            Output().warn(notice)

    def raise_worst(self, out: Output) -> None:
        """Raise what ended the run, else its last error; of many pictures say first how many there are."""
        if not self.errors:
            return
        if len(self._plan.seeds) > 1:
            out.note(self._balance())
        raise next((error for error in reversed(self.errors) if _ends_run(error)), self.errors[-1])

    def _balance(self) -> str:
        made, failed = self._ended[Status.COMPLETED], self._ended[Status.FAILED]
        rest = {"failed": failed, "not made": len(self._plan.seeds) - made - failed}
        return ", ".join((f"{made} made", *(f"{count} {what}" for what, count in rest.items() if count))) + "."

    def _deliver(self, generation: Generation) -> Path | None:
        """Write the picture to where it was asked for; return where that is."""
        avatar, to = generation.avatar, self._to
        if to is None or avatar is None:
            return None
        try:
            if to.destination.is_stdout:
                Output().data(self._library.picture(avatar))
                return None
            path = to.paths.get(generation.seed) or to.destination.path(avatar, self._numbers[generation.seed])
            self._library.write_copy(avatar, path, replace=to.replace)
        except AvatarError as error:  # the avatar is kept all the same, and so are those after it
            self.errors.append(type(error)(error.message, hint=f"The picture is kept: {avatar.image_path}"))
            return None
        return path.absolute()


def _ends_run(error: AvatarError) -> bool:
    return error.ends_run if isinstance(error, EngineError) else True
