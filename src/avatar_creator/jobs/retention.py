"""How long the details of generations are kept; avatars and figures stay."""

from dataclasses import dataclass

from avatar_creator.domain.records import Status
from avatar_creator.storage.database import now
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.responses import ResponseStore

_HOUR_S = 3600.0
_MAY_NEED = (Status.PENDING, Status.PROCESSING, Status.FAILED, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Retention:
    """Forgets generations that ended long ago, and answers of services that nobody needs any more."""

    generations: Generations
    responses: ResponseStore
    completed_h: float
    failed_h: float

    def prune(self) -> int:
        """Forget what is old enough, and return how many generations."""
        pruned = self.generations.prune(
            completed_before=now(after_s=-self.completed_h * _HOUR_S),
            failed_before=now(after_s=-self.failed_h * _HOUR_S),
        )
        kept = self.responses.generation_ids()
        if kept:
            for id_ in kept.difference(self.generations.find_ids(_MAY_NEED)):
                self.responses.forget(id_)
        return pruned
