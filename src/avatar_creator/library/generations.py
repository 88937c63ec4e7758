"""The generations of a library, as they are recorded."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from avatar_creator import domain
from avatar_creator.domain.text import expect, shown
from avatar_creator.errors import InvalidInput

if TYPE_CHECKING:
    from avatar_creator.app import App
    from avatar_creator.domain.records import Event, Generation, Status
    from avatar_creator.domain.spending import By, SpentBy


class Generations:
    """The rows of pictures that were made, are made or wait. `Library.status` says what they wait for."""

    def __init__(self, app: "App") -> None:
        self._app = app

    def find(self, ids: Sequence[str] | None = None, *, limit: int | None = None) -> "Iterator[Generation]":
        """Yield those of whole ids that there are, else the newest."""
        queries = self._app.queries
        return queries.find_generations(limit=limit) if ids is None else queries.find_by_ids(ids)

    def get(self, id_: str) -> "Generation":
        """Return the one with that id or unique id prefix. Raises NotFound."""
        return self._app.queries.get_generation(id_)

    def find_ids(
        self, statuses: "Sequence[Status]", *, project: str | None = None, batch: str | None = None
    ) -> list[str]:
        """Return the ids of all that have one of these statuses, of a project or a batch if one is given.

        Raises NotFound.
        """
        self._app.recover()
        project_id = None if project is None else self._app.queries.get_project(project).id
        batch_id = None if batch is None else self._app.queries.get_batch_id(batch)
        return self._app.generations.find_ids(statuses, project_id, batch_id)

    def resolve(self, ids: Iterable[str]) -> list[str]:
        """Return whole ids, each given by id or unique prefix. Raises NotFound."""
        return list(dict.fromkeys(map(self._app.queries.get_generation_id, listed(ids))))

    def count(self, *, most: int | None = None) -> int:
        """Count all, or no more than ``most``: to count a million takes as long as a whole `status`."""
        return self._app.queries.count_generations(most)

    def count_waiting(self) -> int:
        """Count those that nobody makes yet."""
        return self._app.queries.count_pending()

    def count_unfinished(self) -> int:
        """Count those that wait or are made."""
        return self.count_waiting() + self._app.queries.count_processing()

    def spent_by(self, by: "By | str", project: str | None = None) -> "list[SpentBy]":
        """Return what was charged, in all projects or one, by day, month, provider, model or project.

        Raises InvalidInput, and NotFound for the project.
        """
        known = domain.spending.By
        expect("by", by, str, f"one of {', '.join(known)}")
        if by not in list(known):
            raise InvalidInput(f"by is {shown(by)}.", hint=f"Give one of {', '.join(known)}.")
        project_id = None if project is None else self._app.queries.get_project(project).id
        return self._app.stats.spent_by(known(by), project_id)

    def unasked_left(self) -> int | None:
        """Return how many more pictures may be paid for today that nobody has agreed to; None where limits are set."""
        left = self._app.spending.unasked_left()
        if left == 0:  # killed processes may have reserved some
            self._app.recover()
            left = self._app.spending.unasked_left()
        return left

    def events(self, id_: str) -> "list[Event]":
        """Return all that happened to one; nothing if its details are forgotten. Raises NotFound."""
        return self._app.queries.find_events(self.resolve([id_])[0])

    def prune(self) -> int:
        """Forget the details of those that ended as long ago as the settings say; return how many."""
        return self._app.retention.prune()


def listed(given: Iterable[str], what: str = "ids") -> list[str]:
    """Return texts that a program gave as ``what``, as a list. Raises InvalidInput for anything else."""
    if isinstance(given, str) or not isinstance(given, Iterable):  # a text is one too: of letters
        raise InvalidInput(f"{what} is no list.", hint=f"Give {what} in a list.")
    wanted = list(given)
    for text in wanted:
        expect(what.removesuffix("s"), text, str, f"{what} as texts")
    return wanted
