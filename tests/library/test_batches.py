"""Batches as Python programs ask for them."""

from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from avatar_creator.domain.batch import Result, RowOutcome, State
from avatar_creator.domain.records import Status
from avatar_creator.domain.request import seeds_from
from avatar_creator.domain.schedule import Schedule
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import EngineError, InvalidInput, LimitReached, NotFound, StorageError
from avatar_creator.jobs.batch.manifest import Manifest
from avatar_creator.library import Library
from avatar_creator.library.batch import Batch
from sql import run_sql

LATER = Schedule(not_before="2999-01-01T00:00:00.000000Z")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("name,age\nAnn,30\nBob,40\nCy,50\n", encoding="utf-8")
    return path


def opened(library: Library, file: Path, **choices: Any) -> Batch:
    return library.batches.open(file, engine="offline", width_px=64, height_px=64, **choices)


def made(library: Library, file: Path, **choices: Any) -> list[RowOutcome]:
    return list(library.batches.make(opened(library, file, **choices)))


def test_a_plan_counts_and_names_the_first(library: Library, file: Path) -> None:
    plan = library.batches.plan(opened(library, file))
    assert (plan.rows, plan.pictures, plan.made, plan.cost) == (3, 3, 3, None)
    assert [found.wanted.row.persona.name for found in plan.to_make] == ["Ann", "Bob", "Cy"]
    made(library, file)
    plan = library.batches.plan(opened(library, file))
    assert plan.states == {State.EXISTS: 3}


def test_each_picture_is_yielded_with_its_row(library: Library, file: Path) -> None:
    outcomes = made(library, file)
    assert [(each.row, each.result, each.cells["name"]) for each in outcomes] == [
        (2, Result.MADE, "Ann"),
        (3, Result.MADE, "Bob"),
        (4, Result.MADE, "Cy"),
    ]
    assert all(library.show(each.avatar_id or "").image_path == each.path for each in outcomes)


def test_what_is_given_for_all_goes_before_what_a_row_says(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,width,gender,art style\nAnn,128,male,micah\n", encoding="utf-8")
    (outcome,) = made(library, path, given={"gender": "female"}, options={"art_style": "lorelei"})
    avatar = library.show(outcome.avatar_id or "")
    assert (avatar.width_px, avatar.attributes.gender, avatar.model) == (64, "female", "dicebear/lorelei")


def test_a_file_that_changed_since_it_was_checked_is_refused(library: Library, file: Path) -> None:
    batch = opened(library, file)
    library.batches.plan(batch)
    file.write_text("name,age\nAnn,31\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="changed"):
        list(library.batches.make(batch))
    assert library.count() == 0


def test_a_file_that_changes_while_it_is_made_ends_the_batch_and_what_was_made_stays(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    story = "x" * 1000  # files of more than a megabyte are read bit by bit
    path.write_text("name,background\n" + "\n".join(f"P{n},{story}" for n in range(2000)), encoding="utf-8")
    batch, outcomes = opened(library, path), list[RowOutcome]()
    with pytest.raises(InvalidInput, match="changed"):  # noqa: PT012 - in the midst of it
        for each in library.batches.make(batch):
            outcomes.append(each)
            if len(outcomes) == 1:
                with path.open("a", encoding="utf-8") as more:
                    more.write("\nLate,now")
    assert 0 < library.count() == len(outcomes) < 2000
    assert library.generations.find_ids([Status.PROCESSING, Status.PENDING]) == []


def test_bad_rows_are_refused_before_anything_is_made(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,age\nAnn,30\nBob,x\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="One row is bad"):
        made(library, path)
    assert library.count() == 0
    assert [each.result for each in made(library, path, skip_bad=True)] == [Result.BAD, Result.MADE]


def test_another_project_has_pictures_of_its_own(library: Library, file: Path) -> None:
    made(library, file)
    with pytest.raises(NotFound, match="other"):
        made(library, file, project="other")
    library.projects.create("other")
    assert [each.result for each in made(library, file, project="other")] == [Result.MADE] * 3
    assert [each.result for each in made(library, file, project="other")] == [Result.EXISTS] * 3


def test_a_project_may_stand_in_each_row(library: Library, tmp_path: Path) -> None:
    library.projects.create("other")
    path = tmp_path / "people.csv"
    path.write_text("name,project\nAnn,default\nAnn,other\n", encoding="utf-8")
    outcomes = made(library, path)
    assert [each.result for each in outcomes] == [Result.MADE, Result.MADE]
    assert [library.show(each.avatar_id or "").project_name for each in outcomes] == ["default", "other"]
    assert [each.result for each in made(library, path)] == [Result.EXISTS] * 2


def test_what_is_queued_is_made_once(library: Library, file: Path) -> None:
    first = list(library.batches.submit(opened(library, file), LATER))
    assert [each.result for each in first] == [Result.QUEUED] * 3
    second = list(library.batches.submit(opened(library, file), LATER))
    assert [each.generation_id for each in second] == [each.generation_id for each in first]
    library.cancel(each.generation_id or "" for each in first)
    assert [(each.result, each.avatar_id) for each in made(library, file)] == [
        (Result.MADE, library.generations.get(each.generation_id or "").avatar_id) for each in first
    ]


class _Spent(OfflineEngine):
    """Draws two pictures; then there are no credits, until there are again."""

    left = 2

    def generate(self, *asked: Any) -> Any:
        if type(self).left == 0:
            raise EngineError("There are no credits left.", hint="Buy some.", ends_run=True)
        type(self).left -= 1
        return super().generate(*asked)


def test_without_credits_it_ends_and_goes_on_later(
    library: Library, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_creator.engines.offline.engine.OfflineEngine", _Spent)
    monkeypatch.setattr(_Spent, "left", 2)
    first = list(library.batches.make(opened(library, file), concurrency=1))
    assert [each.result for each in first] == [Result.MADE, Result.MADE, Result.FAILED]
    assert first[-1].ends_run
    monkeypatch.setattr(_Spent, "left", 9)
    with Library(library.home) as later:
        second = list(later.batches.make(opened(later, file), concurrency=1))
    assert [each.result for each in second] == [Result.EXISTS, Result.EXISTS, Result.MADE]
    assert second[-1].generation_id == first[-1].generation_id, "its generation is taken up again"


class _Paid(OfflineEngine):
    """Draws, and charges for it."""

    def plan(self, request: Any) -> Any:
        return super().plan(request)._replace(paid=True, provider="fal-ai", provider_model="fal-ai/flux/dev")

    def generate(self, request: Any, watch: Any) -> Any:
        watch.begin_call()
        watch.record_charge("fal-ai", "fal-ai/flux/dev")
        return super().generate(request, watch)


def test_as_many_are_made_as_a_limit_allows_and_the_rest_later(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name\n" + "\n".join(f"P{n}" for n in range(9)), encoding="utf-8")
    monkeypatch.setattr("avatar_creator.engines.offline.engine.OfflineEngine", _Paid)
    library.config.set("max_images_day", "5")
    outcomes = list[RowOutcome]()
    with pytest.raises(LimitReached):  # noqa: PT012 - at its end
        for each in library.batches.make(opened(library, path), concurrency=1):
            outcomes.append(each)
    assert [each.result for each in outcomes] == [Result.MADE] * 5
    assert sum(each.charged for each in outcomes) == 5
    with Library(library.home) as later:
        later.config.set("max_images_day", "9")
        again = list(later.batches.make(opened(later, path), concurrency=1))
    assert [each.result for each in again] == [Result.EXISTS] * 5 + [Result.MADE] * 4


def test_what_a_failed_picture_was_reserved_for_others_are_made_of(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(_Paid):
        left = 2

        def generate(self, request: Any, watch: Any) -> Any:
            if Refusing.left:
                Refusing.left -= 1
                raise EngineError("It shows what is not allowed.")
            return super().generate(request, watch)

    path = tmp_path / "people.csv"
    path.write_text("name\n" + "\n".join(f"P{n}" for n in range(9)), encoding="utf-8")
    monkeypatch.setattr("avatar_creator.engines.offline.engine.OfflineEngine", Refusing)
    library.config.set("max_images_day", "5")
    outcomes = list[RowOutcome]()
    with pytest.raises(LimitReached):  # noqa: PT012 - at its end
        for each in library.batches.make(opened(library, path), concurrency=1):
            outcomes.append(each)
    assert [each.result for each in outcomes] == [Result.FAILED] * 2 + [Result.MADE] * 5


def test_what_was_begun_to_be_made_again_is_not_begun_once_more(library: Library, file: Path) -> None:
    first = made(library, file)
    queued = list(library.batches.submit(opened(library, file, again=True), LATER))
    assert [each.result for each in queued] == [Result.QUEUED] * 3
    library.cancel(each.generation_id or "" for each in queued)
    again = made(library, file, again=True)
    assert [each.generation_id for each in again] == [each.generation_id for each in queued]
    assert [each.avatar_id for each in again] == [each.avatar_id for each in first]


@pytest.mark.parametrize("status", ["pending", "processing"])
def test_what_a_killed_process_left_is_to_be_made(library: Library, file: Path, status: str) -> None:
    list(library.batches.submit(opened(library, file), LATER))
    run_sql(library.home, "UPDATE generations SET status = ?, owner = 'run_dead', runner = 'run_dead'", status)
    plan = library.batches.plan(opened(library, file))
    assert (plan.made, plan.states) == (3, {State.UNFINISHED: 3})


def test_what_others_make_again_meanwhile_is_not_made_once_more(library: Library, file: Path) -> None:
    made(library, file)
    here = library.batches.make(opened(library, file, again=True), concurrency=1)
    outcomes, has_begun = list[RowOutcome](), Event()

    def make_there() -> None:
        with Library(library.home) as there:
            for each in there.batches.make(opened(there, file, again=True), concurrency=1):
                outcomes.append(each)
                has_begun.set()

    next(here)  # the other rows wait now
    other = Thread(target=make_there)
    other.start()
    assert has_begun.wait(30)
    assert [each.result for each in here] == [Result.MADE] * 2
    other.join()
    assert [(each.row, each.result) for each in outcomes] == [(row, Result.EXISTS) for row in (2, 3, 4)]
    assert len(library.generations.find_ids([Status.COMPLETED])) == 6, "each was made once more, and once only"


@pytest.mark.parametrize("again", [False, True])
def test_two_rows_that_ask_for_one_picture_make_it_once(library: Library, tmp_path: Path, again: bool) -> None:
    second = list(islice(seeds_from(7), 2))[1]
    path = tmp_path / "people.csv"
    path.write_text(f"name,seed,count\nAnn,7,2\nAnn,{second},1\n", encoding="utf-8")
    outcomes = made(library, path, again=again)
    assert sorted((each.row, each.seed, each.result) for each in outcomes) == [
        (2, 7, Result.MADE),
        (2, second, Result.MADE),
        (3, second, Result.EXISTS),
    ]
    assert len({each.avatar_id for each in outcomes}) == library.count() == 2


@pytest.mark.parametrize(("kept", "count"), [(False, 3), (True, 4)])
def test_a_row_that_asks_for_more_of_the_same_is_no_duplicate(
    library: Library, tmp_path: Path, kept: bool, count: int
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,count\nAnn,1\nAnn,3\n", encoding="utf-8")
    made(library, path, keep_duplicates=kept)
    assert library.count() == count


def test_each_row_of_a_picture_that_failed_is_listed(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: Any) -> Any:
        raise EngineError("It shows what is not allowed.")

    monkeypatch.setattr(OfflineEngine, "generate", refuse)
    second = list(islice(seeds_from(7), 2))[1]
    path = tmp_path / "people.csv"
    path.write_text(f"name,seed,count\nAnn,7,2\nAnn,{second},1\n", encoding="utf-8")
    for _ in range(2):
        assert sorted((each.row, each.result) for each in made(library, path)) == [
            (2, Result.FAILED),
            (2, Result.FAILED),
            (3, Result.FAILED),
        ]


def test_what_is_under_way_is_made_when_the_manifest_cannot_be_written(
    library: Library, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_failed = Event()

    def refuse(_manifest: Manifest) -> None:
        has_failed.set()
        raise StorageError("The disk is full.")

    class Slow(OfflineEngine):
        def generate(self, request: Any, watch: Any) -> Any:
            if not has_failed.is_set():
                monkeypatch.setattr(Manifest, "write_if_due", refuse)
                assert has_failed.wait(30)
                watch.pause(0.1)  # in which it would be cancelled
            return super().generate(request, watch)

    monkeypatch.setattr("avatar_creator.engines.offline.engine.OfflineEngine", Slow)
    batch = opened(library, file, manifest=file.with_name("made.csv"))
    outcomes = list[RowOutcome]()
    with pytest.raises(StorageError, match="The disk is full"):  # noqa: PT012 - at its end
        for each in library.batches.make(batch, concurrency=1):
            outcomes.append(each)
    assert [each.result for each in outcomes] == [Result.MADE]
    assert library.generations.find_ids([Status.PROCESSING, Status.PENDING, Status.FAILED]) == []


def test_what_is_wrong_for_all_rows_is_said_once(library: Library, file: Path) -> None:
    with pytest.raises(InvalidInput, match="cubism"):
        library.batches.plan(opened(library, file, art_style="cubism"))


def test_a_program_has_copies_written_by_a_pattern(library: Library, file: Path) -> None:
    batch = opened(library, file)
    library.batches.copy_to(batch, f"{file.parent}/{{name}}-{{age}}.png")
    assert [each.result for each in library.batches.make(batch)] == [Result.MADE] * 3
    assert sorted(each.name for each in file.parent.glob("*.png")) == ["Ann-30.png", "Bob-40.png", "Cy-50.png"]
    with pytest.raises(InvalidInput, match="is no field"):
        library.batches.copy_to(batch, "{nonsense}.png")
