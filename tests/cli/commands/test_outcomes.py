"""Ctrl-C at any moment of a run, also where no part of the run is at work: all that was saved is told."""

import csv
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.cli.commands.outcomes import take_each
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.batch import RowOutcome
from avatar_creator.domain.progress import Progress
from avatar_creator.errors import Cancelled
from avatar_creator.jobs.batch.manifest import Manifest
from avatar_creator.library import Library
from avatar_creator.library.shards import Shards
from cli.commandline import SMALL, Avatar


class Interrupting:
    """Presses Ctrl-C at its second call, and so often."""

    def __init__(self, times: int = 1) -> None:
        self.calls = 0
        self._times = times

    def __call__(self) -> None:
        self.calls += 1
        if 2 <= self.calls < 2 + self._times:
            raise KeyboardInterrupt


class InterruptedManifest(Manifest):
    def __init__(self, path: Path, interrupting: Interrupting) -> None:
        super().__init__(path, force=False)
        self._interrupting = interrupting

    def record(self, outcome: RowOutcome) -> None:
        self._interrupting()
        super().record(outcome)


@pytest.mark.parametrize("when", ["told", "recorded", "recorded twice", "taken"])
def test_what_was_saved_is_told_once_and_stands_in_the_manifest(library: Library, tmp_path: Path, when: str) -> None:
    file, manifest, taken = tmp_path / "people.csv", tmp_path / "made.csv", list[str | None]()
    file.write_text("name,age\n" + "".join(f"Person {n},{20 + n}\n" for n in range(1, 7)), encoding="utf-8")
    interrupting = Interrupting(2 if when == "recorded twice" else 1)

    def take(each: RowOutcome) -> None:
        taken.append(each.avatar_id)
        if when == "taken":
            interrupting()

    def on_progress(progress: Progress) -> None:
        if when == "told" and progress.ended:
            interrupting()

    opened = library.batches.open(file, manifest=manifest, engine="offline", width_px=64, height_px=64)
    if when.startswith("recorded"):
        opened.manifest = InterruptedManifest(manifest, interrupting)
    with pytest.raises(Cancelled, match="Stopped by the user"):
        take_each(library.batches.make(opened, concurrency=1, on_progress=on_progress), take)

    with manifest.open(encoding="utf-8", newline="") as lines:
        completed = [line["avatar_id"] for line in csv.DictReader(lines) if line["status"] == "completed"]
    assert 2 <= len(taken) < 6
    assert sorted(taken, key=str) == sorted(completed) == sorted(library.find_ids())


def test_each_ctrl_c_is_passed_on_to_the_run() -> None:
    def outcomes() -> Generator[int, None, None]:
        try:
            yield 1
        except KeyboardInterrupt:
            try:
                yield 2
            except KeyboardInterrupt:
                yield 3
                raise Cancelled("Stopped by the user.") from None

    taken: list[int] = []

    def take(each: int) -> None:
        taken.append(each)
        if each < 3:
            raise KeyboardInterrupt

    with pytest.raises(Cancelled):
        take_each(outcomes(), take)
    assert taken == [1, 2, 3]


def test_a_run_that_has_ended_leaves_ctrl_c_to_its_command() -> None:
    def outcomes() -> Generator[int, None, None]:
        yield 1

    def take(_each: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_each(outcomes(), take)


def test_an_export_and_an_import_that_are_stopped_say_how_to_go_on(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_out: Output, records: Iterator[Any], *_shown: object) -> None:
        next(records)
        raise KeyboardInterrupt

    avatar.generate("--persona-name", "Ann")
    exported = tmp_path / "exported"
    assert avatar("export", "--output", exported).code == 0
    monkeypatch.setattr(Output, "records", stopped)
    run = avatar("export", "--output", tmp_path / "again", code=130)
    assert "Stopped by the user; what was written stays.\nHint: Run the same command again." in run.err
    run = avatar("import", exported, code=130)
    assert "Stopped by the user; what was taken in stays.\nHint: The same command takes in the others." in run.err


def test_a_shard_that_is_stopped_while_its_file_is_written_says_how_to_go_on(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_given: object) -> None:
        raise KeyboardInterrupt

    people, plan = tmp_path / "people.csv", tmp_path / "plan"
    people.write_text("name\nAnn\n", encoding="utf-8")
    avatar("batch", "plan", people, "--shards", 1, "--output", plan, "--engine", "offline", *SMALL)
    monkeypatch.setattr(Shards, "write", stopped)
    run = avatar("batch", "run", plan, "--shard", 0, code=130)
    assert "Stopped by the user; what was made stays.\nHint: The same command goes on from there." in run.err
