"""Each method that the page about pictures names for a move makes that move of a row."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from avatar_rows import RUNNER, claimed, generated_avatar, new_generation, queued, rows

from avatar_creator.domain.check import Fault
from avatar_creator.domain.records import Failure, Status
from avatar_creator.library import Library
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Lease
from moves import CANCELLED, COMPLETED, FAILED, PENDING

PAGE = Path(__file__).parents[2] / "docs" / "how-a-picture-is-made.md"
NONE = "(none)"
WHY = Failure("engine", "It failed.", None)
GIVEN: dict[str, dict[str, str]] = {  # what makes a row that waits one for the method
    "Leases.claim_owned": {"owner": RUNNER},
    "Generations.end_owned": {"owner": RUNNER},
    "Followers.fail_followers": {"after_id": "gen_gone"},
}


class Moves:
    """What makes each move of the only row there is; ``after`` is the status that it then has."""

    def __init__(self, library: Library, after: str) -> None:
        self._library, self._leases, self._generations = library, library.app.leases, library.app.generations
        self._after = after
        self._soon = now(after_s=60)

    @property
    def _lease(self) -> Lease:
        (lease,) = self._leases.find_running()
        return lease

    @property
    def _id(self) -> str:
        ((id_,),) = rows(self._library.home.database, "SELECT id FROM generations")
        return str(id_)

    def make(self, method: str) -> None:
        made: dict[str, Callable[[], object]] = {
            "Generations.add": lambda: queued(self._library),
            "Leases.claim": lambda: self._leases.claim(RUNNER, [], idle=True),
            "Leases.claim_owned": lambda: self._leases.claim_owned(RUNNER),
            "Leases.complete": self._complete,
            "Leases.end": lambda: self._leases.end(self._lease, Status(self._after), WHY),
            "Leases.release": lambda: self._leases.release(self._lease, 0),
            "Leases.fall_back": self._fall_back,
            "Leases.reject": self._reject,
            "Leases.interrupt": lambda: self._leases.interrupt(self._lease),
            "Generations.cancel_some": lambda: self._generations.cancel_some([self._id], at_once=True),
            "Generations.end_owned": lambda: self._generations.end_owned(RUNNER, Status(self._after), WHY),
            "Followers.fail_followers": self._generations.fail_followers,
            "Generations.retry": lambda: self._generations.retry(self._id, None),
            "Recipes.adopt": lambda: self._library.app.recipes.adopt(
                self._id, new_generation(self._generations.ensure_project("default"))
            ),
            "Generations.prune_portions": self._prune,
        }
        made[method]()

    def _complete(self) -> None:
        self._leases.complete(self._lease, generated_avatar(self._lease.project_id, self._lease))

    def _fall_back(self) -> None:
        offline = json.dumps([{"engine": "offline", "model": "drawn", "request": {}}])
        self._leases.fall_back(self._lease._replace(fallback=offline), WHY, ends_run=False)

    def _reject(self) -> None:
        fault = Fault("black", "It is black.")
        why = WHY if self._after == FAILED.value else None
        self._leases.reject(self._lease, generated_avatar(self._lease.project_id, self._lease), [fault], why)

    def _prune(self) -> None:
        list(self._generations.prune_portions(completed_before=self._soon, failed_before=self._soon))


def moves() -> list[tuple[str, str, str]]:
    """Return the moves that the page lists: the status before and after, and the method."""
    table = PAGE.read_text(encoding="utf-8").partition("| from | to |")[2].partition("\n\n")[0]
    found = re.findall(r"^\| ([a-z, ()]+) \| ([a-z()]+) \|.*\| `([\w.]+)` \|$", table, re.MULTILINE)
    return [(before, after, method) for befores, after, method in found for before in befores.split(", ")]


@pytest.mark.parametrize(("before", "after", "method"), moves())
def test_a_method_makes_the_move_that_the_page_says(library: Library, before: str, after: str, method: str) -> None:
    if before == PENDING.value:
        queued(library, **GIVEN.get(method, {}))
    elif before != NONE:
        claimed(library)
    if before in {COMPLETED.value, FAILED.value, CANCELLED.value}:
        Moves(library, before).make("Leases.complete" if before == COMPLETED.value else "Leases.end")
    Moves(library, after).make(method)
    assert rows(library.home.database, "SELECT status FROM generations") == ([] if after == NONE else [(after,)])
