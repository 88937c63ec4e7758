"""What a run does when another shell has a word about its pictures."""

import threading

import pytest
from scripted import Scripted, files
from test_inline import begin, rows

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Stage
from avatar_creator.engines.base import Watch
from avatar_creator.errors import Cancelled
from avatar_creator.library import Library, open_library
from waiting import LONG_S


@pytest.mark.parametrize("at_once", [False, True])
def test_what_another_shell_cancels_ends_alone(library: Library, at_once: bool) -> None:
    cancelled: list[str] = []

    def script(n: int, watch: Watch) -> None:
        if n == 0:
            watch.wait(LONG_S, "rate limit of fal-ai")

    def cancel(progress: Progress) -> None:
        if progress.stage is Stage.WAITING and not cancelled:
            cancelled.append(progress.generation_id)
            with open_library(library.home.root) as other:
                other.app.generations.cancel(progress.generation_id, at_once=at_once)

    first, second, third = begin(library, Scripted(script), 3, on_progress=cancel)
    assert isinstance(first.error, Cancelled)
    assert first.error.message == "Cancelled by the user."
    assert first.error.hint == f"To make it after all: avatar retry {cancelled[0]}"
    assert (first.generation.id, second.error, third.error) == (cancelled[0], None, None)
    assert rows(library) == ["cancelled", "completed", "completed"]
    assert len(files(library)) == 4


@pytest.mark.parametrize("begun", [True, False])
def test_what_another_shell_cancels_and_queues_again_is_cancelled_here(library: Library, begun: bool) -> None:
    elsewhere = threading.Event()

    def script(n: int, watch: Watch) -> None:
        if n == 0:
            elsewhere.wait(LONG_S)
            if begun:
                watch.wait(LONG_S, "rate limit of fal-ai")

    def cancel(_progress: Progress) -> None:
        if not elsewhere.is_set():
            id_ = rows(library, "id")[0 if begun else 1]
            with open_library(library.home.root) as other:
                other.app.generations.cancel(id_, at_once=True)
                other.app.generations.retry(id_, None)
            elsewhere.set()

    outcomes = {outcome.generation.id: outcome for outcome in begin(library, Scripted(script), 2, on_progress=cancel)}
    first, second = (outcomes[id_] for id_ in rows(library, "id"))
    lost, made = (first, second) if begun else (second, first)
    assert (type(lost.error), lost.generation.status, made.error) == (Cancelled, "pending", None)
    assert sorted(rows(library)) == ["completed", "pending"]
