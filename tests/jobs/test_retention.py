import pytest
from scripted import Driver, claimed, queued

from avatar_creator.domain.records import Failure, Status
from avatar_creator.jobs.retention import Retention
from avatar_creator.library import Library
from avatar_creator.storage.responses import SavedResponse
from sql import run_sql


def ended(library: Library, status: Status) -> str:
    lease = claimed(library)
    if status is Status.COMPLETED:
        Driver(library, lambda _n, _watch: None).make(lease)
    else:
        library.app.leases.end(lease, status, Failure("engine", "It failed.", None))
    return lease.id


def age(library: Library, hours: int) -> None:
    """Have all that ended have ended so long ago."""
    run_sql(
        library.home,
        "UPDATE generations SET finished_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', ?)"
        " WHERE finished_at IS NOT NULL",
        f"-{hours} hours",
    )


@pytest.mark.parametrize(
    ("hours", "left"), [(1, {"completed", "failed", "cancelled"}), (3, {"failed", "cancelled"}), (11, set())]
)
def test_details_are_kept_as_long_as_is_set(library: Library, hours: int, left: set[str]) -> None:
    for status in (Status.COMPLETED, Status.FAILED, Status.CANCELLED):
        ended(library, status)
    age(library, hours)
    pruned = Retention(library.app.generations, library.app.responses, 2, 10, library.app.rejects, print).prune()
    found = {generation.status.value for generation in library.app.queries.find_generations(limit=9)}
    assert (found, pruned) == (left, 3 - len(left))
    assert len(list(library.find())) == 1


def test_responses_are_stored_as_long_as_somebody_may_need_them(library: Library) -> None:
    made = ended(library, Status.COMPLETED)
    ids = [ended(library, Status.FAILED), ended(library, Status.CANCELLED), claimed(library).id, queued(library)]
    for id_ in (made, *ids, "gen_gone"):
        library.app.responses.save(id_, SavedResponse(1, b"it"))
    retention = Retention(library.app.generations, library.app.responses, 2, 10, library.app.rejects, print)
    assert retention.prune() == 0
    assert library.app.responses.generation_ids() == set(ids)
    age(library, 11)
    assert retention.prune() == 3
    assert library.app.responses.generation_ids() == set(ids[2:])


def test_without_responses_none_is_removed(library: Library) -> None:
    assert library.app.retention.prune() == 0
