"""The manifest of a batch: whole at every moment, and right."""

import csv
import json
from pathlib import Path

import pytest

from avatar_creator.domain.batch import Result, RowOutcome
from avatar_creator.domain.records import Failure
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.jobs.batch.manifest import Manifest


def outcome(row: int, result: Result, **more: object) -> RowOutcome:
    return RowOutcome(row, 1, result, {"name": f"P{row}"})._replace(**more)  # type: ignore[arg-type]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_is_pending_until_its_picture_is_there(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "m.csv", force=False)
    manifest.add(outcome(2, Result.QUEUED, seed=7))
    manifest.write()
    assert [(each["status"], each["avatar_id"], each["seed"]) for each in lines(manifest.path)] == [
        ("pending", "", "7")
    ]
    manifest.record(outcome(2, Result.MADE, avatar_id="av_1", path=tmp_path / "a.jpg", seed=7))
    manifest.write()
    assert [(each["status"], each["avatar_id"]) for each in lines(manifest.path)] == [("completed", "av_1")]


def test_what_fails_has_no_avatar_and_says_why(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "m.csv", force=False)
    manifest.add(outcome(2, Result.FAILED, avatar_id="av_1"))
    manifest.write()
    assert [(each["status"], each["avatar_id"]) for each in lines(manifest.path)] == [("failed", "")]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2", "-2"),
        ("-2,5", "-2,5"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
    ],
)
def test_no_cell_is_a_formula(tmp_path: Path, cell: str, written: str) -> None:
    manifest = Manifest(tmp_path / "m.csv", force=False)
    manifest.add(RowOutcome(2, 1, Result.BAD, {"notes": cell, cell: "x"}))
    manifest.write()
    assert lines(manifest.path)[0]["notes"] == written
    assert written in lines(manifest.path)[0]


def test_columns_that_come_late_have_their_place(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "m.csv", force=False)
    manifest.add(RowOutcome(1, 1, Result.QUEUED, {}))
    manifest.add(RowOutcome(2, 1, Result.QUEUED, {"a": "1"}))
    manifest.add(RowOutcome(3, 1, Result.QUEUED, {"b": "2", "c": "3"}))
    manifest.write()
    assert [(each["row"], each["a"], each["b"], each["c"]) for each in lines(manifest.path)] == [
        ("1", "", "", ""),
        ("2", "1", "", ""),
        ("3", "", "2", "3"),
    ]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_columns_of_its_own_names_are_not_lost(tmp_path: Path, suffix: str) -> None:
    manifest = Manifest(tmp_path / f"m.{suffix}", force=False)
    manifest.add(RowOutcome(2, 1, Result.QUEUED, {"seed": "mine", "row": "9"}, seed=7))
    manifest.write()
    (found,) = lines(manifest.path) if suffix == "csv" else [json.loads(manifest.path.read_text(encoding="utf-8"))]
    assert (str(found["seed"]), found["seed (of the file)"], found["row (of the file)"]) == ("7", "mine", "9")


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_manifest_that_is_the_file_loses_no_column_either(tmp_path: Path, suffix: str) -> None:
    manifest = Manifest(tmp_path / f"m.{suffix}", force=False)
    manifest.add(RowOutcome(2, 1, Result.QUEUED, {"row": "2", "row (of the file)": "9"}))
    manifest.write()
    (found,) = lines(manifest.path) if suffix == "csv" else [json.loads(manifest.path.read_text(encoding="utf-8"))]
    assert (found["row (of the file)"], found["row (of the file) (of the file)"]) == ("2", "9")


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "m.csv")
    manifest = Manifest(tmp_path / "link.csv", force=False)
    manifest.add(outcome(2, Result.QUEUED))
    manifest.write()
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "m.csv").is_file()


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "m.csv", force=False)
    manifest.add(outcome(2, Result.QUEUED))
    manifest.write()
    before = manifest.path.read_bytes()
    manifest.record(outcome(2, Result.MADE, avatar_id="av_1"))
    manifest.path = tmp_path / "gone" / "m.csv"
    with pytest.raises(StorageError):
        manifest.write()
    assert (tmp_path / "m.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["m.csv"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").mkdir()
    with pytest.raises(InvalidInput, match="which is no file"):
        Manifest(tmp_path / "m.csv", force=True)


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_manifest_is_known_again_whatever_its_first_row_says(tmp_path: Path, suffix: str) -> None:
    manifest = Manifest(tmp_path / f"m.{suffix}", force=False)
    manifest.add(RowOutcome(2, 1, Result.QUEUED, {"notes": "one\u2028two\x85three\nfour"}))
    manifest.write()
    assert Manifest(manifest.path, force=False).path == manifest.path


def test_a_copy_that_could_not_be_written_is_an_error_of_its_row(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "m.csv", force=False)
    manifest.add(outcome(2, Result.MADE, avatar_id="av_1", error=Failure("storage", "The disk is full.", None)))
    manifest.write()
    assert [(each["status"], each["error"]) for each in lines(manifest.path)] == [("completed", "The disk is full.")]


def test_the_rows_may_be_those_of_a_sheet(tmp_path: Path) -> None:
    """People.xlsx#Adults is the name of no file."""
    path = tmp_path / "m.csv"
    for _ in range(2):  # the second replaces the first
        Manifest(path, of=tmp_path / "people.xlsx#Adults", force=False).write()
