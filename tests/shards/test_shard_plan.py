"""plan.json, and the shards beside it: what was changed since it was written is noticed."""

import json
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.shards.plan import OpenedPlan, ShardPlan, Source, read_plan
from avatar_creator.shards.writing import PlanWriter
from avatar_creator.storage.durable import beside


def written(folder: Path, pictures: int = 5, shards: int = 2, *, force: bool = False) -> ShardPlan:
    writer = PlanWriter(folder, shards, force=force)
    with writer.begun():
        for number in range(pictures):
            writer.add(f'{{"row":{number}}}')
        return writer.finish(plan_of(pictures))


def plan_of(pictures: int) -> ShardPlan:
    return ShardPlan(Source("people.csv", "0" * 64), {"width": 64}, {}, ["default"], {"offline": pictures}, 5, None)


def no_room(*_: object) -> None:
    raise OSError(ENOSPC, "No space left on device")


def changed(folder: Path, **values: Any) -> None:
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    (folder / "plan.json").write_text(json.dumps(plan | values), encoding="utf-8")


def test_pictures_are_dealt_out_to_the_shards_one_by_one(tmp_path: Path) -> None:
    plan = written(tmp_path / "plan", 5, 2)
    assert [each.pictures for each in plan.shards] == [3, 2]
    texts = [(tmp_path / "plan" / "shards" / f"0000{n}.jsonl").read_text("utf-8") for n in (0, 1)]
    assert texts == ['{"row":0}\n{"row":2}\n{"row":4}\n', '{"row":1}\n{"row":3}\n']


def test_a_plan_is_read_as_it_was_written_by_its_folder_or_its_file(tmp_path: Path) -> None:
    plan = written(tmp_path / "plan")
    opened = read_plan(tmp_path / "plan")
    assert opened == OpenedPlan(tmp_path / "plan", plan, plan.sha256)
    assert read_plan(tmp_path / "plan" / "plan.json") == opened
    assert opened.shard(1) == tmp_path / "plan" / "shards" / "00001.jsonl"


def test_there_may_be_more_shards_than_pictures(tmp_path: Path) -> None:
    written(tmp_path / "plan", 1, 3)
    assert read_plan(tmp_path / "plan").shard(2).read_bytes() == b""


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (2, "Shards are counted from 0: 0 to 1. For an array that begins at 1: --array=0-1"),
        (-1, "0 to 1."),
        (7, "0 to 1."),
    ],
)
def test_a_number_that_no_shard_has_is_refused(tmp_path: Path, number: int, hint: str) -> None:
    written(tmp_path / "plan")
    with pytest.raises(InvalidInput, match=f"shard is {number}, and the plan has 2 shards") as caught:
        read_plan(tmp_path / "plan").shard(number)
    assert (caught.value.hint or "").endswith(hint)


def test_a_shard_that_was_changed_or_is_gone_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "plan")
    plan = read_plan(tmp_path / "plan")
    shard = plan.shard(0)
    shard.write_text(shard.read_text("utf-8").replace("4", "5"), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"00000\.jsonl' is not as it was planned: its SHA-256 is another"):
        plan.shard(0)
    shard.unlink()
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        plan.shard(0)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda plan: plan.unlink(), "is no plan: there is no file plan.json"),
        (lambda plan: plan.write_text("{"), "plan.json is broken JSON"),
        (lambda plan: plan.write_bytes(b"\xff"), "can't decode byte"),
        (lambda plan: plan.write_text("[1]"), "plan.json holds no plan"),
        (lambda plan: plan.write_text("[" * 70 + "]" * 70), "plan.json holds no plan"),
        (lambda plan: plan.write_text("{}"), "is no plan of avatar"),
        (lambda plan: changed(plan.parent, version=2), "was made by avatar '.*', and this is .*: pictures may differ"),
        (lambda plan: changed(plan.parent, program="0.0.1"), "was made by avatar '0.0.1', and this is"),
        (lambda plan: changed(plan.parent, shards=[]), "is no plan that avatar wrote: it has 0 shards"),
        (lambda plan: changed(plan.parent, shards=[{"pictures": "1", "sha256": ""}]), "a shard of it is none"),
        (lambda plan: changed(plan.parent, shards=3), "is no plan that avatar wrote"),
    ],
)
def test_what_is_no_plan_of_this_version_is_refused(tmp_path: Path, spoil: Callable[[Path], object], said: str) -> None:
    written(tmp_path / "plan")
    spoil(tmp_path / "plan" / "plan.json")
    with pytest.raises(InvalidInput, match=said):
        read_plan(tmp_path / "plan")


def test_the_plan_is_the_last_file_of_it(tmp_path: Path) -> None:
    writer = PlanWriter(tmp_path / "plan", 2)
    with writer.begun():
        writer.add("{}")
        with pytest.raises(InvalidInput, match="is no plan"):
            read_plan(tmp_path / "plan")


def test_what_fails_leaves_no_folder(tmp_path: Path) -> None:
    writer = PlanWriter(tmp_path / "plan", 2)
    with pytest.raises(KeyError), writer.begun():
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_plan_replaces_what_was_left_of_one_and_another_only_by_force(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    written(folder, 9, 9)
    with pytest.raises(InvalidInput, match="where a plan is already"):
        PlanWriter(folder, 1)
    written(folder, 1, 1, force=True)
    assert [each.name for each in (folder / "shards").iterdir()] == ["00000.jsonl"]
    (folder / "plan.json").unlink()  # as one that was killed has left it
    written(folder, 2, 2)


@pytest.mark.parametrize("fails", ["row", "plan"])
def test_a_plan_that_fails_leaves_the_one_before_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    folder = tmp_path / "plan"
    before = written(folder, 5, 2)
    writer = PlanWriter(folder, 3, force=True)
    with monkeypatch.context() as patch, pytest.raises((KeyError, StorageError)), writer.begun():  # noqa: PT012
        writer.add("{}")
        if fails == "row":
            raise KeyError
        patch.setattr("avatar_creator.shards.writing.write_over", no_room)
        writer.finish(plan_of(1))
    opened = read_plan(folder)
    assert opened.file == before
    assert [opened.shard(number).read_text("utf-8").count("\n") for number in (0, 1)] == [3, 2]
    assert sorted(each.name for each in folder.iterdir()) == ["plan.json", "shards"]


def test_what_a_killed_one_has_left_is_replaced(tmp_path: Path) -> None:
    for left in (".shards.new", ".shards.old"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "00007.jsonl").touch()
    written(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["plan.json", "shards"]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InvalidInput, match="a folder with other files in it"):
        PlanWriter(tmp_path, 1)
    with pytest.raises(InvalidInput, match="which is a file"):
        PlanWriter(tmp_path / "notes.txt", 1)
    with pytest.raises(InvalidInput, match="there is no folder above it"):
        PlanWriter(tmp_path / "none" / "plan", 1)


def test_lines_are_written_before_they_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatar_creator.shards.writing._HELD_MOST", 10)
    written(tmp_path / "plan", 50, 3)
    assert read_plan(tmp_path / "plan").shard(0).read_text("utf-8").count("\n") == 17


def test_a_plan_that_was_killed_as_it_ended_is_made_by_the_same_command(tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    beside(tmp_path / "plan.json").write_bytes(b"{")
    written(tmp_path)
