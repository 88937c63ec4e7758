"""What is so of each picture that a batch wants."""

import pytest

from avatar_creator.domain.batch import State
from avatar_creator.domain.records import Status
from avatar_creator.jobs.batch import states
from avatar_creator.jobs.batch.states import Policy, find_states
from avatar_creator.library import Library
from avatar_creator.storage.recipes import Known


def state(
    known: Known | None, avatar: tuple[str, int] | None = None, *, again: bool = False, retry_failed: bool = False
) -> State:
    return states._state(known, avatar, Policy(again=again, retry_failed=retry_failed))


def known(status: Status = Status.COMPLETED, **more: object) -> Known:
    return Known("av_1", 1, generation_id="gen_1", status=status)._replace(**more)  # type: ignore[arg-type]


def test_what_nobody_knows_is_new_or_changed() -> None:
    assert state(None) is State.NEW
    assert state(None, ("av_1", 3)) is State.CHANGED


def test_what_was_made_exists_or_was_there_earlier_or_is_made_again() -> None:
    assert state(known(is_current=True)) is State.EXISTS
    assert state(known()) is State.EARLIER
    assert state(known(is_current=True), again=True) is State.AGAIN


@pytest.mark.parametrize("status", [Status.PENDING, Status.PROCESSING])
def test_what_others_make_is_awaited_whatever_is_wanted(status: Status) -> None:
    assert state(known(status)) is State.WAITING
    assert state(known(status), again=True) is State.WAITING
    assert state(known(status), retry_failed=True) is State.WAITING


@pytest.mark.parametrize(
    "found",
    [
        known(Status.CANCELLED),
        known(Status.FAILED, error_code="interrupted"),
        known(Status.FAILED, error_code="after"),
        known(Status.FAILED, error_code="engine", ends_run=True),
    ],
)
def test_what_did_not_fail_on_its_own_is_taken_up_again(found: Known) -> None:
    assert state(found) is State.UNFINISHED


def test_what_failed_on_its_own_is_tried_again_only_if_that_is_wanted() -> None:
    found = known(Status.FAILED, error_code="engine_refused")
    assert state(found) is State.FAILED
    assert state(found, again=True) is State.FAILED
    assert state(found, retry_failed=True) is State.UNFINISHED


def test_a_project_that_is_not_there_knows_nothing(library: Library) -> None:
    assert find_states(library.app.recipes, None, [], Policy()) == []
