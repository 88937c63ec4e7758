"""Several pictures at once: threads make them, one writes their rows."""

import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest
from scripted import Scripted, context, files, photograph

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Picture
from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.records import Stage
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.stats import Charged
from avatar_creator.engines.base import Watch
from avatar_creator.errors import (
    AvatarError,
    Cancelled,
    EngineError,
    EngineRefused,
    HomeGone,
    InvalidInput,
    NotConfigured,
    NotFound,
    StorageError,
)
from avatar_creator.jobs import places
from avatar_creator.jobs.inline import run_inline
from avatar_creator.jobs.plan import plan_generation
from avatar_creator.jobs.source import Outcome
from avatar_creator.library import Library
from avatar_creator.storage.leases import Claimed, Leases
from avatar_creator.storage.pictures.images import PictureStore, StoredPicture
from stored_files import stored_files
from waiting import LONG_S, until


def begin(
    library: Library,
    engine: Scripted,
    count: int,
    at_once: int = 1,
    on_progress: OnProgress = lambda _progress: None,
    pictures: PictureStore | None = None,
) -> Generator[Outcome, None, None]:
    persona, attributes = Persona("Ann"), Attributes()
    prompt = build_prompt(persona, attributes, None)
    asked = GenerationRequest("default", engine.name, persona, attributes, prompt, 7, count=count)
    jobs = context(library, engine)
    if pictures is not None:
        jobs = jobs._replace(stores=jobs.stores._replace(pictures=pictures))
    plan = plan_generation(asked, lambda _name: engine)
    return run_inline(
        jobs, library.app.submitter, [plan], default_project="default", concurrency=at_once, on_progress=on_progress
    )


def rows(library: Library, columns: str = "status") -> list[Any]:
    """What the generations' rows say, to a connection of its own."""
    with closing(sqlite3.connect(library.home.database)) as database:
        found = database.execute(f"SELECT {columns} FROM generations ORDER BY id").fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def interrupt_at(stage: Stage, percent: int = 0) -> OnProgress:
    """Have Ctrl-C come as a stage is told, from a percent on."""
    reported = iter([True])

    def interrupt(progress: Progress) -> None:
        if progress.stage is stage and progress.percent >= percent and next(reported, False):
            raise KeyboardInterrupt

    return interrupt


# -- several at once


def test_what_is_left_is_not_read_again_for_each_picture_while_its_engine_is_busy(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bool] = []
    claim = Leases.claim_owned

    def counted(leases: Leases, runner: str, *, without: Sequence[str] = ()) -> Claimed | None:
        claimed = claim(leases, runner, without=without)
        found.append(claimed is not None)
        return claimed

    monkeypatch.setattr(Leases, "claim_owned", counted)
    outcomes = list(begin(library, Scripted(lambda _n, _watch: None, most_at_once=1), 20, at_once=2))
    assert len(outcomes) == found.count(True) == 20
    assert found.count(False) < 10


def test_as_many_are_made_at_once_as_asked(library: Library) -> None:
    meeting = threading.Barrier(3)  # nobody goes on before three are there
    engine = Scripted(lambda _n, _watch: meeting.wait(LONG_S))
    outcomes = list(begin(library, engine, 9, at_once=3))
    assert [outcome.generation.status for outcome in outcomes] == ["completed"] * 9
    assert (engine.begun, engine.peak) == (9, 3)
    assert len({outcome.generation.seed for outcome in outcomes}) == 9
    assert len(files(library)) == 18


@pytest.mark.parametrize(
    "error",
    [InvalidInput("No such color."), NotFound("No such style."), AvatarError("No."), EngineRefused("Not that.")],
)
def test_what_an_engine_refuses_of_one_picture_ends_no_other(library: Library, error: AvatarError) -> None:
    def script(n: int, _watch: Watch) -> None:
        if n == 1:
            raise error

    outcomes = list(begin(library, Scripted(script), 4))
    assert [outcome.generation.status for outcome in outcomes] == ["completed", "failed", "completed", "completed"]
    assert outcomes[1].error is error
    assert rows(library, "error_code, error_message, error_ends_run")[1] == (error.code, error.message, 0)


def test_others_are_asked_for_while_what_a_service_made_is_fetched(library: Library) -> None:
    asked = threading.Barrier(4)  # two that were answered are fetched until two others are asked for

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux")
        asked.wait(LONG_S)

    outcomes = list(begin(library, Scripted(script), 8, at_once=2))
    assert [outcome.generation.status for outcome in outcomes] == ["completed"] * 8
    assert rows(library, "attempt, pictures") == [(1, 1)] * 8


def test_what_is_asked_for_anew_waits_for_a_place(library: Library) -> None:
    calling, peak = 0, 0
    counting = threading.Lock()

    def call(watch: Watch) -> None:
        nonlocal calling, peak
        watch.begin_call()
        with counting:
            calling += 1
            peak = max(peak, calling)
        time.sleep(0.02)
        with counting:
            calling -= 1
        watch.record_charge("fal-ai", "flux")

    def script(_n: int, watch: Watch) -> None:
        call(watch)
        call(watch)  # what came was useless

    outcomes = list(begin(library, Scripted(script), 10, at_once=2))
    assert [outcome.generation.status for outcome in outcomes] == ["completed"] * 10
    assert rows(library, "attempt") == [2] * 10
    assert peak == 2


def test_others_are_made_while_some_wait_to_ask_again(library: Library) -> None:
    calling, peak, made = 0, 0, list[int]()
    counting = threading.Lock()

    def script(n: int, watch: Watch) -> None:
        nonlocal calling, peak
        if n < 2:
            watch.wait(0.3, "fal-ai had an error")
        with counting:
            calling += 1
            peak = max(peak, calling)
        time.sleep(0.05)
        with counting:
            calling -= 1
            made.append(n)

    outcomes = list(begin(library, Scripted(script), 7, at_once=2))
    assert [outcome.generation.status for outcome in outcomes] == ["completed"] * 7
    assert sorted(made) == [*range(7)]
    assert sorted(made[:2]) == [2, 3]
    assert peak == 2, "whoever has waited gets a place first"


def test_so_many_wait_and_no_more_begin(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_PARKED_MOST", 3)
    engine = Scripted(lambda _n, watch: watch.wait(0.3, "rate limit of fal-ai"))
    assert len(list(begin(library, engine, 12, at_once=2))) == 12
    assert engine.peak == 5


def test_no_more_are_made_at_once_than_the_engine_can(library: Library) -> None:
    engine = Scripted(lambda _n, _watch: time.sleep(0.01), most_at_once=2)
    assert len(list(begin(library, engine, 6, at_once=32))) == 6
    assert engine.peak == 2


def test_what_has_waited_begins_when_the_engine_can(library: Library) -> None:
    makes, peak = 0, 0
    counting = threading.Lock()

    def script(n: int, watch: Watch) -> None:
        nonlocal makes, peak
        if n == 0:
            watch.wait(0.05, "the model is loading")
        with counting:
            makes += 1
            peak = max(peak, makes)
        time.sleep(0.2)
        with counting:
            makes -= 1

    engine = Scripted(script, most_at_once=1)
    assert len(list(begin(library, engine, 3, at_once=4))) == 3
    assert peak == 1


def test_an_engine_that_comes_to_make_more_at_once_is_given_more(library: Library) -> None:
    together = threading.Barrier(3)

    def script(n: int, _watch: Watch) -> None:
        if n == 0:
            engine.most_at_once = 3
        else:
            together.wait(LONG_S)  # each of three waits for the two others

    engine = Scripted(script, most_at_once=1)
    assert [one.error for one in begin(library, engine, 7, at_once=32)] == [None] * 7
    assert engine.peak == 3


def test_each_is_yielded_as_it_ends(library: Library) -> None:
    second_is_out = threading.Event()
    engine = Scripted(lambda n, _watch: n or second_is_out.wait(LONG_S))
    outcomes = begin(library, engine, 2, at_once=2)
    first_out = next(outcomes).generation.id
    assert rows(library) == ["processing", "completed"]
    second_is_out.set()
    assert [*(outcome.generation.id for outcome in outcomes), first_out] == rows(library, "id")


def test_one_at_a_time_end_in_the_order_of_their_seeds(library: Library) -> None:
    engine = Scripted(lambda _n, _watch: None)
    seeds = [outcome.generation.seed for outcome in begin(library, engine, 5)]
    assert (seeds, engine.peak) == (rows(library, "seed"), 1)


def test_the_others_do_not_wait_for_a_picture_to_be_saved(library: Library) -> None:
    both = threading.Barrier(2)

    class Store(PictureStore):
        def save(self, *given: Any, **named: Any) -> StoredPicture:
            if threading.current_thread().name == first[0]:
                both.wait(LONG_S)  # until the third, for which there is no room yet, is being made
            return super().save(*given, **named)

    first: list[str] = []

    def script(n: int, watch: Watch) -> None:
        if n == 0:
            first.append(threading.current_thread().name)
        elif n == 1:
            watch.progress(0.5)
            until(lambda: engine.begun > 2)
        else:
            both.wait(LONG_S)

    engine = Scripted(script)
    assert len(list(begin(library, engine, 3, at_once=2, pictures=Store(library.home.pictures)))) == 3


# -- failures


def test_an_engines_failure_ends_its_own_generation(library: Library) -> None:
    def script(n: int, watch: Watch) -> None:
        watch.progress(0.5)
        if n == 1:
            raise EngineRefused("It will not.", hint="Ask for something else.")

    outcomes = list(begin(library, Scripted(script), 4))
    assert [type(outcome.error) for outcome in outcomes] == [type(None), EngineRefused, type(None), type(None)]
    failed = outcomes[1].generation
    assert (failed.status, failed.stage, failed.progress) == ("failed", "generating", 45)
    assert failed.error == ("engine_refused", "It will not.", "Ask for something else.")


def fails_while_others_are_under_way(error: Exception) -> Scripted:
    meeting, failed = threading.Barrier(3), threading.Event()

    def script(n: int, _watch: Watch) -> None:
        meeting.wait(LONG_S)
        if n == 1:
            failed.set()
            raise error
        failed.wait(LONG_S)
        time.sleep(0.1)  # the failure is out before

    return Scripted(script)


def test_a_failure_that_ends_the_run_lets_those_under_way_finish(library: Library) -> None:
    error = EngineError("No credits.", hint="Buy some.", ends_run=True)
    engine = fails_while_others_are_under_way(error)
    outcomes = list(begin(library, engine, 10, at_once=3))
    assert [outcome.error for outcome in outcomes] == [error, None, None]
    assert sorted(rows(library)) == [*["cancelled"] * 7, "completed", "completed", "failed"]
    assert engine.begun == 3
    assert rows(library, "error_message")[-1] == "The run ended before it began."


@pytest.mark.parametrize(
    ("error", "code"),
    [(NotConfigured("The token was refused."), "not_configured"), (ZeroDivisionError("by zero"), "bug")],
)
def test_any_other_failure_is_raised_when_those_under_way_have_ended(
    library: Library, error: Exception, code: str
) -> None:
    outcomes = begin(library, fails_while_others_are_under_way(error), 10, at_once=3)
    ended: list[str] = []
    with pytest.raises(type(error)) as raised:
        ended.extend(outcome.generation.status for outcome in outcomes)
    assert raised.value is error
    assert sorted(ended) == ["completed", "completed", *["failed"] * isinstance(error, AvatarError)]
    left = [("cancelled", "cancelled")] * 7
    made = [("completed", None), ("completed", None), ("failed", code)]
    assert sorted(rows(library, "status, error_code")) == [*left, *made]


def test_a_failure_holds_nothing_of_the_response_it_came_from(library: Library) -> None:
    """A thousand of them would: each frame of a traceback keeps what it held."""

    def script(_n: int, _watch: Watch) -> None:
        try:
            int("no number")
        except ValueError as error:
            raise EngineError("It is damaged.") from error

    [outcome] = begin(library, Scripted(script), 1)
    error = outcome.error
    assert isinstance(error, EngineError)
    assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)


def test_a_picture_that_cannot_be_saved_ends_the_run(library: Library) -> None:
    """Half a picture here; a full disk is the same to it."""
    meeting = threading.Barrier(2)

    def script(n: int, _watch: Watch) -> Picture:
        meeting.wait(LONG_S)
        return photograph()._replace(data=b"no picture") if n else photograph()

    outcomes = begin(library, Scripted(script), 2, at_once=2)
    assert {next(outcomes).generation.status, next(outcomes).generation.status} == {"completed", "failed"}
    with pytest.raises(StorageError, match="not a JPEG"):
        next(outcomes)
    assert sorted(rows(library)) == ["completed", "failed"]
    assert len(files(library)) == 2


def test_a_picture_whose_files_made_room_gets_no_row(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Leases.together

    @contextmanager
    def full(queue: Leases) -> Iterator[None]:
        if files(library):
            raise StorageError("The disk is full.")
        with whole(queue):
            yield

    monkeypatch.setattr(Leases, "together", full)
    with pytest.raises(StorageError, match="The disk is full"):
        list(begin(library, Scripted(lambda _n, _watch: photograph()), 1))
    assert (rows(library), files(library)) == (["failed"], [])


def test_a_project_removed_meanwhile_ends_the_run_and_leaves_no_files(library: Library) -> None:
    def script(_n: int, _watch: Watch) -> None:
        removed.wait(LONG_S)

    removed = threading.Event()

    def remove(progress: Progress) -> None:
        if progress.stage is Stage.STARTED and not removed.is_set():
            library.app.catalog.remove_project(library.app.queries.get_project("default").id)
            removed.set()

    engine = Scripted(script)
    with pytest.raises(AvatarError, match=r"ended or deleted by another process|were deleted meanwhile"):
        list(begin(library, engine, 3, on_progress=remove))
    until(lambda: not engine.under_way)  # it was left to itself
    until(lambda: not any(thread.name.startswith("gen_") for thread in threading.enumerate()))
    assert (rows(library), files(library)) == ([], [])


# -- Ctrl-C


def test_ctrl_c_ends_a_wait_and_cancels_all(library: Library) -> None:
    ended: list[BaseException] = []

    def script(_n: int, watch: Watch) -> None:
        try:
            watch.wait(LONG_S, "rate limit of fal-ai")
        except Cancelled as error:
            ended.append(error)
            raise

    begun = time.monotonic()
    with pytest.raises(Cancelled, match=r"Stopped by the user\."):
        list(begin(library, Scripted(script), 5, at_once=3, on_progress=interrupt_at(Stage.WAITING)))
    assert time.monotonic() - begun < LONG_S / 2
    found = rows(library, "status, error_code, runner, waiting_for")
    assert set(found) == {("cancelled", "cancelled", None, None)}
    assert 3 <= len(ended) <= len(found) <= 5, "others may have begun while the first wait"


def test_a_picture_that_is_being_saved_is_completed_first(library: Library) -> None:
    class Slow(PictureStore):
        def save(self, *given: Any, **named: Any) -> StoredPicture:
            saving.set()
            time.sleep(0.4)
            return super().save(*given, **named)

    saving = threading.Event()
    hangs = threading.Event()

    def script(n: int, watch: Watch) -> None:
        if n:
            saving.wait(LONG_S)
            watch.progress(0.9)
            hangs.wait(LONG_S)
        else:
            watch.record_charge("fal-ai", "flux/dev")

    with pytest.raises(Cancelled):
        list(
            begin(
                library,
                Scripted(script),
                5,
                at_once=2,
                on_progress=interrupt_at(Stage.SAVING),
                pictures=Slow(library.home.pictures),
            )
        )
    hangs.set()
    assert rows(library)[:2] == ["completed", "cancelled"]
    assert len(stored_files(library.app.pictures)) == 2
    assert [charged.pictures for charged in library.app.stats.stats().charged] == [1]


@pytest.mark.parametrize(("asked", "saved"), [(1, 1), (1, 0), (2, 2), (2, 1), (4, 2), (4, 0)])
def test_ctrl_c_says_how_to_make_what_is_left(library: Library, asked: int, saved: int) -> None:
    interrupted = threading.Event()

    def script(n: int, watch: Watch) -> None:
        watch.begin_call()
        if n < saved:
            watch.record_charge("fal-ai", "flux/dev")
            interrupted.wait(LONG_S)
        else:
            watch.wait(LONG_S, "rate limit of fal-ai")

    def interrupt(_progress: Progress) -> None:
        called, paid = map(sum, zip(*rows(library, "attempt, pictures"), strict=True))
        if called >= min(saved + 1, asked) and paid == saved:
            interrupted.set()
            raise KeyboardInterrupt

    ended: list[Outcome] = []
    with pytest.raises(Cancelled) as raised:
        ended.extend(begin(library, Scripted(script), asked, at_once=saved + 1, on_progress=interrupt))
    id_, batch = rows(library, "id, batch_id")[0]
    one, several = f"it after all: avatar retry {id_}", f"the others after all: avatar retry --batch {batch}"
    left = f"To make {several if asked > 1 else one}"
    assert raised.value.hint == (left if saved < asked else "What was made is kept: avatar list")


def test_a_picture_that_was_paid_and_is_fetched_is_completed_first(library: Library) -> None:
    def script(_n: int, watch: Watch) -> None:
        watch.record_charge("fal-ai", "flux/dev")
        watch.progress(0.8)
        time.sleep(0.4)  # a download
        watch.progress(0.9)

    with pytest.raises(Cancelled):
        list(begin(library, Scripted(script), 2, on_progress=interrupt_at(Stage.GENERATING)))
    assert rows(library) == ["completed", "cancelled"]


def test_nobody_waits_for_a_useless_picture_to_be_made_again(library: Library) -> None:
    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        watch.progress(0.5)
        time.sleep(0.4)
        watch.begin_call()
        raise AssertionError

    with pytest.raises(Cancelled):
        list(begin(library, Scripted(script), 2, on_progress=interrupt_at(Stage.GENERATING, 45)))
    assert rows(library, "status, attempt, pictures") == [("cancelled", 1, 1), ("cancelled", 0, 0)]


def test_a_response_that_comes_too_late_leaves_no_file(library: Library) -> None:
    answer = threading.Event()
    outcomes = begin(library, Scripted(lambda n, _watch: n and answer.wait(LONG_S)), 4, at_once=3)
    assert next(outcomes).generation.status == "completed"
    outcomes.close()
    answer.set()
    until(lambda: not any(thread.name.startswith("gen_") for thread in threading.enumerate()))
    assert sorted(set(rows(library))) == ["cancelled", "completed"]
    assert len(files(library)) == 2
    assert not list(library.home.runners.iterdir())


def test_a_charge_that_is_reported_too_late_is_counted(library: Library) -> None:
    def script(_n: int, watch: Watch) -> None:
        with suppress(Cancelled):
            while True:
                watch.progress(0.5)
        watch.record_charge("fal-ai", "flux/dev")

    with pytest.raises(Cancelled):
        list(begin(library, Scripted(script), 1, on_progress=interrupt_at(Stage.GENERATING)))
    assert rows(library, "status, pictures") == [("cancelled", 1)]


# -- what an engine tells


def test_waiting_is_seen_by_others_and_cleared(library: Library) -> None:
    seen: list[Any] = []
    go_on = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.progress(0.5)
        watch.wait(0.6, "rate limit of fal-ai")
        go_on.wait(LONG_S)

    def look(progress: Progress) -> None:
        if progress.wait or seen:
            seen.append((progress, rows(library, "stage, progress, waiting_for, waiting_until")[0]))
        if seen and not progress.wait:
            go_on.set()

    (outcome,) = begin(library, Scripted(script), 1, on_progress=look)
    (waiting, row), (after, row_after), *_ = seen
    assert (waiting.stage, waiting.percent, waiting.wait.why) == ("waiting", 45, "rate limit of fal-ai")
    assert row == ("waiting", 45, "rate limit of fal-ai", waiting.wait.until)
    assert outcome.generation.started_at is not None
    assert waiting.wait.until > outcome.generation.started_at
    assert (after.stage, after.wait) == ("generating", None)
    assert row_after == ("generating", 45, None, None)


def test_what_an_engine_does_first_is_seen_by_others_and_cleared(library: Library) -> None:
    seen: list[Any] = []
    reported: list[str | None] = []
    loaded, drawn = threading.Event(), threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.phase("downloading 3 of 9 GB\x1b")
        loaded.wait(LONG_S)
        watch.progress(0.5)
        drawn.wait(LONG_S)

    def look(progress: Progress) -> None:
        reported.append(progress.phase)
        row = rows(library, "stage, progress, waiting_for, waiting_until")[0]
        if row[2]:
            seen.append(row)
            loaded.set()
        elif seen and row[1] == 45:
            seen.append(row)
            drawn.set()

    (outcome,) = begin(library, Scripted(script), 1, on_progress=look)
    phase = "downloading 3 of 9 GB\\x1b"
    assert (seen[0], seen[-1]) == (("generating", 20, phase, None), ("generating", 45, None, None))
    assert phase in reported
    assert outcome.generation.waiting_for is None


def test_an_attempt_is_on_disk_before_it_is_made(library: Library) -> None:
    seen: list[int] = []

    def script(_n: int, watch: Watch) -> None:
        for _ in range(3):
            watch.begin_call()
            seen.append(rows(library, "attempt")[-1])

    (outcome,) = begin(library, Scripted(script), 1)
    assert (seen, outcome.generation.attempt) == ([1, 2, 3], 3)


def test_every_picture_that_is_paid_is_counted(library: Library) -> None:
    def script(n: int, watch: Watch) -> Picture:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        if n == 1:
            watch.begin_call()
            watch.record_charge("replicate", "flux", reroll=True)
            raise EngineError("Black again.")
        return photograph()._replace(provider="fal-ai")

    outcomes = list(begin(library, Scripted(script), 3))
    assert [outcome.generation.pictures for outcome in outcomes] == [1, 2, 1]
    assert [outcome.generation.provider for outcome in outcomes] == ["fal-ai", "replicate", "fal-ai"]
    assert library.app.stats.stats().charged == (
        Charged("scripted", "fal-ai", "flux/dev", 3, 0, unpriced=3),
        Charged("scripted", "replicate", "flux", 1, 1, unpriced=1),
    )


def test_the_pictures_own_seed_is_the_avatars(library: Library) -> None:
    picture = photograph()._replace(seed=99, provider="fal-ai")
    (outcome,) = begin(library, Scripted(lambda _n, _watch: picture), 1)
    avatar = outcome.generation.avatar
    assert avatar is not None
    assert (outcome.generation.seed, avatar.seed, avatar.recipe["seed"]) == (7, 99, 99)
    marks = library.inspect(avatar.image_path)
    assert marks.recipe is not None
    assert (marks.seed, marks.recipe["seed"]) == (99, 99)
    assert (avatar.recipe["provider"], marks.recipe["provider"]) == ("fal-ai", "fal-ai")


def test_progress_is_reported_from_the_start_to_the_end_of_each(library: Library) -> None:
    reported: dict[str, list[Progress]] = {}

    def script(n: int, watch: Watch) -> float:
        watch.progress(0.5)
        return 1 / (1 - n)

    def tell(progress: Progress) -> None:
        reported.setdefault(progress.generation_id, []).append(progress)

    with pytest.raises(ZeroDivisionError):
        list(begin(library, Scripted(script), 2, on_progress=tell))
    made, failed = reported.values()
    assert [(made[0].stage, made[0].percent), (made[-1].stage, made[-1].percent)] == [("started", 10), ("done", 100)]
    assert (failed[-1].stage, failed[-1].percent) == ("generating", 45)
    assert [progress.ended for progress in (*made[:-1], *failed[:-1])] == [False] * (len(made) + len(failed) - 2)
    assert made[-1].ended
    assert failed[-1].ended


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
@pytest.mark.parametrize("comes_back", [False, True])
def test_a_home_that_is_gone_is_paid_for_no_more(library: Library, comes_back: bool) -> None:
    calls: list[int] = []
    root = library.home.root

    def script(n: int, watch: Watch) -> None:
        watch.begin_call()
        calls.append(n)
        watch.record_charge("fal-ai", "flux")
        if n == 1:
            root.rename(root.with_name("moved"))
            if comes_back:
                shutil.copytree(root.with_name("moved"), root)

    kept: list[Outcome] = []
    with pytest.raises(HomeGone, match="replaced while this ran" if comes_back else "deleted while this ran"):
        kept.extend(begin(library, Scripted(script), 9))
    assert calls == [0, 1]
    assert len(files(library)) == (2 if comes_back else 0)
    library.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_what_was_saved_before_the_home_was_gone_is_reported(library: Library) -> None:
    outcomes = begin(library, Scripted(lambda _n, _watch: None), 9)
    assert next(outcomes).generation.status == "completed"
    library.home.root.rename(library.home.root.with_name("moved"))
    with pytest.raises(HomeGone):
        list(outcomes)
    assert not library.home.root.exists()
