"""Forgets the details of old generations; avatars and statistics stay."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from avatar_creator.storage.database import now
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.portions import GAP_S
from avatar_creator.storage.rejects import Rejects
from avatar_creator.storage.responses import ResponseStore

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Retention:
    """Forgets generations that ended long ago, their rejects, and saved responses that nobody needs any more."""

    generations: Generations
    responses: ResponseStore
    completed_h: float
    failed_h: float
    rejects: Rejects
    remove: Callable[[Sequence[str]], None]  # files of pictures

    def prune(self) -> int:
        """Forget all that is old enough, and return how many generations; others can write meanwhile."""
        return sum(self.prune_portions())

    def prune_portions(self, *, gap_s: float = GAP_S) -> Iterator[int]:
        """Forget the same, and yield after each short transaction how many generations it forgot."""
        yield from self.generations.prune_portions(
            completed_before=now(after_s=-self.completed_h * _HOUR_S),
            failed_before=now(after_s=-self.failed_h * _HOUR_S),
            gap_s=gap_s,
        )
        saved = self.responses.generation_ids()
        if saved:
            for id_ in saved - self.generations.find_unfinished(saved):
                self.responses.forget(id_)
        old = now(after_s=-self.failed_h * _HOUR_S)
        while some := self.rejects.find_old(old):
            for files in self.rejects.remove(some):  # the rows first, so that none points to a missing file
                self.remove(files)
