"""Others write while very much is written."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from avatar_rows import queued

from avatar_creator.domain.records import Status
from avatar_creator.jobs import cancel
from avatar_creator.library import Library
from avatar_creator.storage import portions
from avatar_creator.storage.portions import in_portions

LONG_S = 1000  # nobody would wait for it


def test_what_fits_into_a_turn_is_written_together_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[list[int]] = []

    @contextmanager
    def transaction() -> Iterator[None]:
        written.append([])
        yield

    def write(item: int) -> None:
        written[-1].append(item)

    in_portions(range(5), transaction, write)
    assert written == [[0, 1, 2, 3, 4]]
    written.clear()
    monkeypatch.setattr(portions, "PORTION_S", 0)
    in_portions(range(3), transaction, write)
    assert written == [[0], [1], [2]]
    in_portions([], transaction, write)
    assert len(written) == 3


def test_items_are_read_one_ahead_and_no_gap_follows_the_last() -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for item in range(1, 4):
            read.append(item)
            yield item

    steps = portions.portions(items(), nullcontext, lambda _item: None, gap_s=LONG_S)
    assert list(steps) == [None]  # all within one portion
    assert read == [1, 2, 3]


def test_the_caller_may_do_something_else_between_two_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "PORTION_S", 0)
    written: list[int] = []
    steps = portions.portions(range(1, 4), nullcontext, written.append, gap_s=0)
    for done in (1, 2, 3):
        next(steps)
        assert written == list(range(1, done + 1))


def test_others_write_between_two_cancels_and_fail_nobody_who_follows(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = queued(library)
    ids = [first, queued(library, after_id=first), queued(library)]
    said: list[int] = []

    def write(_seconds: float) -> None:
        with Library(library.home) as other:
            said.append(other.app.generations.fail_followers())
            other.app.catalog.add_project(f"p{len(said)}")

    monkeypatch.setattr(cancel, "_PAGE", 1)
    monkeypatch.setattr(portions, "PORTION_S", 0)
    monkeypatch.setattr(time, "sleep", write)
    library.cancel(ids)
    monkeypatch.undo()
    assert [library.app.queries.get_generation(id_).status for id_ in ids] == [Status.CANCELLED] * 3
    assert said == [0, 0]
