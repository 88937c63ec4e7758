"""One run of `avatar generate`: what it makes, where that is written, and what went wrong."""

from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.cli.commands.outcomes import take_each
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.views import Made
from avatar_creator.domain.records import Generation, Status
from avatar_creator.errors import AvatarError, Cancelled, EngineError, NotFound, StorageError
from avatar_creator.library import Library

if TYPE_CHECKING:
    from avatar_creator.cli.options.output_path import Destination
    from avatar_creator.jobs.plan import Plan
    from avatar_creator.jobs.source import Outcome


class Run:
    """A run of generations: what it makes, and what went wrong."""

    def __init__(self, library: Library, plan: "Plan", to: "Destination | None") -> None:
        self.errors: list[AvatarError] = []
        self._can_go_on = True  # by a retry of what was not made
        self._library = library
        self._plan = plan
        self._to = to
        self._ended: Counter[Status] = Counter()
        self._batch_id: str | None = None
        self._warned = set(plan.warnings)

    def take(self, outcomes: "Generator[Outcome, None, None]", show: "Callable[[Made], None]") -> None:
        """Write the picture of each generation that ends to where it was asked for, and show it."""
        try:
            take_each(outcomes, lambda outcome: show(self._made(outcome)))
        except AvatarError as error:  # it ended the run; what was made before is shown all the same
            self.errors.append(error)
            # The user's own end says so in its hint, and what was deleted cannot be made.
            self._can_go_on = not isinstance(error, Cancelled | NotFound)
        except KeyboardInterrupt:
            self.errors.append(Cancelled("Stopped by the user."))

    def _made(self, outcome: "Outcome") -> Made:
        self._ended[outcome.generation.status] += 1
        self._batch_id = outcome.generation.batch_id
        if outcome.error is not None:
            self.errors.append(outcome.error)
        not_shown = outcome.generation.not_shown
        for notice in not_shown:
            self._warn(notice)
        warnings = tuple(dict.fromkeys((*self._plan.warnings, *not_shown)))
        return Made(self._delivered(outcome.generation), warnings)

    def _warn(self, notice: str) -> None:
        """Say what the plan could not know yet, once."""
        if notice not in self._warned:
            self._warned.add(notice)
            Output().warn(notice)

    def raise_worst(self, out: Output) -> None:
        """Raise what ended the run, else its last error; of many pictures say first how many there are."""
        if not self.errors:
            return
        worst = next((error for error in reversed(self.errors) if _ends_run(error)), self.errors[-1])
        made, failed = self._ended[Status.COMPLETED], self._ended[Status.FAILED]
        left = len(self._plan.seeds) - made - failed
        if len(self._plan.seeds) > 1:
            rest = {"failed": failed, "not made": left}
            out.note(", ".join((f"{made} made", *(f"{count} {what}" for what, count in rest.items() if count))) + ".")
        if left and self._batch_id and self._can_go_on:
            out.note(f"To make the others after all: avatar retry --batch {self._batch_id}")
        raise worst

    def _delivered(self, generation: Generation) -> Generation:
        """Return a generation whose picture is where it was asked for; what is written to as it is gets it now."""
        avatar, to = generation.avatar, self._to
        if to is None or avatar is None:
            return generation
        there = f"The picture is kept: {avatar.image_path}"  # and so are those after it
        if generation.output_error is not None:
            self.errors.append(StorageError(generation.output_error, hint=there))
        if to.pattern is not None:
            return generation
        try:
            if to.is_stdout:
                Output().data(self._library.picture(avatar))
                return generation
            path = Path(to.given)
            self._library.write_copy(avatar, path)
        except AvatarError as error:
            self.errors.append(type(error)(error.message, hint=there))
            return generation
        return generation._replace(output_path=path.absolute())


def _ends_run(error: AvatarError) -> bool:
    return error.ends_run if isinstance(error, EngineError) else True
