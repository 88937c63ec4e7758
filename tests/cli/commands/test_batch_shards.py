"""avatar batch run|merge|status: parts of a plan are made anywhere, and taken in once."""

import json
import os
import re
import shutil
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EINVAL, ENOLCK, ENOSPC
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.archives.layout import RECORDS
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import EngineError, InvalidInput
from avatar_creator.imports.rejects import RejectImport
from avatar_creator.imports.shards import ShardImport
from avatar_creator.library import open_library
from avatar_creator.library.shard_runs import ShardRun, planned_settings
from avatar_creator.shards.layout import RESULT
from avatar_creator.storage.database import now
from avatar_creator.storage.durable import opened_beside
from cli.commandline import SMALL, Avatar, plain, terminal
from made_anew import made, rejected
from small_disks import read_only

ROWS = "id,name,gender\na,Ann,female\nb,Bob,male\nc,Cy,male\nd,Eve,female\n"


class Choosy(OfflineEngine):
    """Draws everybody but Eve."""

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        if request.persona.name == "Eve":
            raise InvalidInput("Eve cannot be drawn.", hint="Give another name.")
        return super().generate(request, watch)


class Stopped(OfflineEngine):
    """Can make nothing any more from Cy on."""

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        if request.persona.name == "Cy":
            raise EngineError("There is no credit left.", ends_run=True)
        return super().generate(request, watch)


class Paler(OfflineEngine):
    """Draws with another seed, as another version of a library would."""

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        return super().generate(request._replace(seed=request.seed + 1), watch)._replace(seed=request.seed)


@pytest.fixture
def drawn_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def by(name: str) -> None:
        monkeypatch.setitem(ENGINES, "offline", ENGINES["offline"]._replace(place=f"{__name__}:{name}"))

    return by


@pytest.fixture
def plan(avatar: Avatar, tmp_path: Path) -> Path:
    return planned(avatar, tmp_path / "plan")


def planned(avatar: Avatar, folder: Path, rows: str = ROWS, shards: int = 2, *argv: object) -> Path:
    file = folder.with_suffix(".csv")
    file.write_text(rows, encoding="utf-8")
    avatar("batch", "plan", file, "--shards", shards, "-o", folder, "--engine", "offline", *SMALL, *argv)
    return folder


def run(avatar: Avatar, plan: Path, *shards: int, code: int = 0, argv: tuple[object, ...] = ()) -> list[str]:
    return [avatar("batch", "run", plan, "--shard", shard, *argv, code=code).err for shard in shards]


def merged(avatar: Avatar, *given: object, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = avatar("batch", "merge", *given, "--json", code=code).json
    return found


def pictures() -> dict[str, tuple[Any, ...]]:
    with open_library() as library:
        return {
            each.persona_id or "": (each.name, each.seed, each.sha256, each.project_name, library.picture(each))
            for each in library.find()
        }


def damaged_shards(found: Any) -> list[int]:
    return [each["shard"] for each in found.json["damaged"]]


def damaged_whys(found: Any) -> dict[int, str]:
    return {each["shard"]: each["why"] for each in found.json["damaged"]}


def spoiled(path: Path, member: str) -> None:
    """Change a byte in the middle of a member."""
    with tarfile.open(path) as tar:
        found = next(each for each in tar.getmembers() if each.name.startswith(member))
    data = bytearray(path.read_bytes())
    data[found.offset_data + found.size // 2] ^= 1
    path.write_bytes(data)


def rewritten(path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Have a shard say something else of its avatars, as if it had been made so."""
    with tarfile.open(path) as tar:
        contents = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]
    lines = [json.loads(line) for line in contents[RECORDS].splitlines()]
    lines = [line | {"avatar": change(line["avatar"])} if line["kind"] == "avatar" else line for line in lines]
    contents[RECORDS] = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    sums = {"records_sha256": sha256(contents[RECORDS]).hexdigest()}
    contents[RESULT] = json.dumps(json.loads(contents[RESULT]) | sums).encode()
    with tarfile.open(path, "w") as tar:
        for name, data in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, BytesIO(data))


def test_what_is_merged_is_what_one_batch_makes(
    avatar: Avatar, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(avatar, plan, 1, 0)
    found = merged(avatar, plan)
    assert (found["missing"], found["damaged"], found["missing_pictures"]) == ([], [], 0)
    assert found["pictures"] == {"new": 4, "known": 0, "different": 0, "damaged": 0}
    again = merged(avatar, plan / "done" / "00001.tar", plan / "done", plan)
    assert again["pictures"] == {"new": 0, "known": 4, "different": 0, "damaged": 0}
    there = pictures()
    batch = ("batch", plan.with_suffix(".csv"), "--engine", "offline", *SMALL)
    assert "To make: 0 of 4 pictures (4 made before)" in avatar(*batch).err
    monkeypatch.setenv("AVATAR_HOME", str(tmp_path / "one"))
    avatar(*batch)
    assert pictures() == there


def test_a_shard_is_one_file_and_made_once(avatar: Avatar, plan: Path) -> None:
    shard = avatar("batch", "run", plan, "--shard", 0, "--json").json
    assert shard == {"shard": 0, "path": str(plan / "done" / "00000.tar"), "made": 2, "failed": 0}
    assert [each.name for each in (plan / "done").iterdir()] == ["00000.tar"]
    before = (plan / "done" / "00000.tar").stat().st_mtime_ns
    assert "Shard 0 of 2 is made already" in run(avatar, plan, 0)[0]
    assert (plan / "done" / "00000.tar").stat().st_mtime_ns == before
    assert avatar("import", plan / "done" / "00000.tar").err.startswith("2 new")  # it is an export, too


def test_scripts_get_the_path_alone(avatar: Avatar, plan: Path) -> None:
    for _ in range(2):  # made, and made already
        run = avatar("batch", "run", plan, "--shard", 0, "-q")
        assert (run.out, run.err) == (f"{plan / 'done' / '00000.tar'}\n", "")
    avatar("batch", "run", plan, "--shard", 1)
    merge = avatar("batch", "merge", plan, "-q")
    assert (sorted(merge.out.split()), merge.err) == (sorted(avatar("list", "-q").out.split()), "")
    table = plan.with_suffix(".csv")
    planned_now = avatar(
        "batch", "plan", table, "--shards", 1, "-o", table.with_name("b"), "--engine", "offline", *SMALL, "-q"
    )
    assert (planned_now.out, planned_now.err) == (f"{table.with_name('b')}\n", "")


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_on_a_terminal_there_is_no_empty_line(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0)
    argv = ("batch", "plan", plan.with_suffix(".csv"), "--shards", 1, "-o", plan.with_name("b"))
    for command in (argv, ("batch", "run", plan, "--shard", 0), ("batch", "status", plan)):
        assert all(line.strip() for line in plain(terminal(*command).out).splitlines()), command


def test_one_that_was_stopped_goes_on(avatar: Avatar, tmp_path: Path, drawn_by: Callable[[str], None]) -> None:
    plan = planned(avatar, tmp_path / "plan", ROWS, 1)
    drawn_by("Stopped")
    assert "There is no credit left." in run(avatar, plan, 0, code=5, argv=("--concurrency", 1))[0]
    assert not (plan / "done" / "00000.tar").exists()
    drawn_by("Choosy")
    (said,) = run(avatar, plan, 0, code=5)
    assert "2 made before" in said
    assert "1 picture of Shard 0 of 1 failed." in said


@pytest.mark.parametrize("clock", ["2000-01-01T00:00:00Z", "2099-12-31T00:00:00.000001Z"])
def test_clocks_that_are_wrong_say_nothing_that_cannot_be(avatar: Avatar, plan: Path, clock: str) -> None:
    """An avatar is made after it was planned, and before it is merged; the order is that of the plan."""
    planned_at = now()
    run(avatar, plan, 0, 1)
    rewritten(plan / "done" / "00000.tar", lambda avatar: avatar | dict.fromkeys(("created_at", "updated_at"), clock))
    merged(avatar, plan)
    with open_library() as library:
        found = list(library.find())
        assert sorted(found, key=lambda each: each.id, reverse=True) == found
        assert all(planned_at[:10] <= each.created_at <= now() for each in found)
    assert len(avatar("list", "--since", "1d", "--quiet").out.split()) == 4


def test_a_merge_that_was_stopped_says_that_it_goes_on(
    avatar: Avatar, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(avatar, plan, 0, 1)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ShardImport, "run", stopped)
    said = avatar("batch", "merge", plan / "done", plan, code=130).err
    assert "what was taken in stays" in said


def test_a_plan_in_the_place_of_another_says_what_was_made_of_that(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0, 1)
    table = plan.with_suffix(".csv")
    table.write_text(ROWS.replace("Ann", "Amy"), encoding="utf-8")
    again = avatar("batch", "plan", table, "--shards", 2, "-o", plan, "--force")
    assert f"What is in {plan / 'done'} was made of the plan before: avatar batch merge {plan / 'done'}" in again.err
    assert "made of another plan" in run(avatar, plan, 0, code=2)[0]
    assert merged(avatar, plan / "done")["pictures"]["new"] == 4


def test_rejects_come_along_once(avatar: Avatar, tmp_path: Path, drawn_by: Callable[[str], None]) -> None:
    """They may be paid for."""
    plan = planned(avatar, tmp_path / "plan", ROWS, 1)
    for folder in (tmp_path / "one", tmp_path / "two"):  # made twice: each has a reject of the same bytes
        drawn_by("Stopped")
        run(avatar, plan, 0, code=5, argv=("--concurrency", 1, "--output", folder))
        (home,) = (folder / ".work").iterdir()
        with open_library(home) as library:
            (ann,) = [each for each in library.find() if each.name == "Ann"]
            recipe = library.app.exchange.read([ann.id])[0].avatar["recipe_hash"]
            rejected(library, persona=ann.persona, seed=6, avatar_id=ann.id, version=2, recipe_hash=recipe)
            reject = rejected(library, persona=Persona("Zoe"), avatar_id="av_0000000000001")
            content = reject.image_path.read_bytes()
        drawn_by("Choosy")
        run(avatar, plan, 0, code=5, argv=("--output", folder))
    spoiled(tmp_path / "one" / "00000.tar", "library/rejects/av_0000000000001")
    found = avatar("batch", "merge", tmp_path / "one", "--json", code=5)
    assert found.json["rejects"] == 1
    assert re.search("Missing: reject rej_.*: .* is left out: .* is not as it was exported", found.err)
    assert avatar("batch", "merge", tmp_path / "two", "--json", code=5).json["rejects"] == 1
    again = avatar("batch", "merge", tmp_path / "two", plan, code=5)
    assert "came along" not in again.err
    with open_library() as library:
        rejects = {each.name: each for each in library.checks.rejects()}
        assert sorted(rejects) == ["Ann", "Zoe"]
        assert rejects["Zoe"].image_path.read_bytes() == content
        assert library.checks.take(rejects["Ann"].id).id == rejects["Ann"].avatar_id
        assert len([each for each in library.find() if each.name == "Ann"]) == 1


@pytest.fixture
def with_zoe(avatar: Avatar, tmp_path: Path, drawn_by: Callable[[str], None]) -> tuple[Path, Path]:
    """A shard that was made twice, and each time has a picture of Zoe that failed its check."""
    plan, folders = planned(avatar, tmp_path / "plan", ROWS, 1), (tmp_path / "one", tmp_path / "two")
    for folder in folders:
        drawn_by("Stopped")
        run(avatar, plan, 0, code=5, argv=("--concurrency", 1, "--output", folder))
        (home,) = (folder / ".work").iterdir()
        with open_library(home) as library:
            rejected(library, persona=Persona("Zoe"), avatar_id="av_0000000000001", persona_id="z")
        drawn_by("Choosy")
        run(avatar, plan, 0, code=5, argv=("--output", folder))
    return folders


def test_a_reject_is_taken_once_though_another_avatar_has_its_id(avatar: Avatar, with_zoe: tuple[Path, Path]) -> None:
    """As it is when a shard is merged into a second project: each time the reject would get a new one."""
    with open_library() as library:
        made(library, persona=Persona("Max"), avatar_id="av_0000000000001")
    avatar("project", "create", "cast")
    found = [
        avatar("batch", "merge", folder, "--project", project, "--json", code=5).json["rejects"]
        for project in ("default", "cast")
        for folder in (*with_zoe, *with_zoe)
    ]
    assert found == [1] + [0] * 7


def test_two_merges_at_once_take_a_reject_once(
    avatar: Avatar, with_zoe: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    take = RejectImport.take

    def later(self: RejectImport, *given: Any) -> Any:
        """Meanwhile Zoe is made here as another avatar, and another process takes in the same shard."""
        monkeypatch.setattr(RejectImport, "take", take)
        with open_library() as library:
            made(library, persona=Persona("Zoe"), persona_id="z", seed=9)
        assert avatar("batch", "merge", with_zoe[1], "--json", code=5).json["rejects"] == 1
        return take(self, *given)

    monkeypatch.setattr(RejectImport, "take", later)
    avatar("batch", "merge", with_zoe[0], code=5)
    with open_library() as library:
        assert [each.name for each in library.checks.rejects()] == ["Zoe"]


def test_what_failed_is_named_and_tried_again_anywhere(
    avatar: Avatar, plan: Path, tmp_path: Path, drawn_by: Callable[[str], None]
) -> None:
    drawn_by("Choosy")
    run(avatar, plan, 0)
    run(avatar, plan, 1, code=5)
    assert "made already" in run(avatar, plan, 1, code=5)[0]
    found = avatar("batch", "merge", plan, "--json", code=5)
    assert found.json["missing_first"] == ["row 5, Eve, id d (shard 1): Eve cannot be drawn."]
    assert "1 picture is missing." in found.err
    drawn_by("Stopped")  # Cy and Ann are in the other shard: nobody but Eve is made
    (said,) = run(avatar, plan, 1, argv=("--retry-failed", "--work", tmp_path / "elsewhere"))
    assert "1 made" in said
    assert "1 made before" in said
    assert merged(avatar, plan)["pictures"] == {"new": 1, "known": 3, "different": 0, "damaged": 0}


def test_missing_shards_are_named_unless_they_were_merged_before(avatar: Avatar, tmp_path: Path) -> None:
    plan = planned(avatar, tmp_path / "plan", ROWS, 4)
    run(avatar, plan, 1)
    found = avatar("batch", "merge", plan / "done", "--json", code=5)
    assert (found.json["missing"], found.json["missing_array"]) == ([0, 2, 3], "0,2-3")
    assert "3 of 4 shards are missing: 0,2-3." in found.err
    assert "--array=0,2-3" in found.err
    assert avatar("batch", "status", plan, "--missing").out == "0,2-3\n"
    assert avatar("batch", "status", plan).lines == [["4", "1", "0,2-3"]]
    (plan / "done" / "00001.tar").unlink()
    run(avatar, plan, 0)
    found = avatar("batch", "merge", plan, "--json", code=5)
    assert found.json["missing"] == [2, 3]
    assert (found.json["missing_pictures"], found.json["missing_first"]) == (2, [])
    run(avatar, plan, 2, 3)
    merged(avatar, plan)
    assert avatar("batch", "status", plan, "--json").json["missing"] == [1]


@pytest.mark.parametrize(
    ("spoil", "code", "new", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-20_000]), 5, 2, "Shard 0 is damaged: '.*' was cut off"),
        (
            lambda path: path.write_bytes(b""),
            5,
            2,
            "Shard 0 is damaged: '.*' is no TAR file that can be read: empty file",
        ),
        (
            lambda path: path.write_bytes(b"x" * 30_000),
            5,
            2,
            "Shard 0 is damaged: '.*' is no TAR file that can be read",
        ),
        (lambda path: spoiled(path, "library/records"), 5, 2, "library/records.jsonl is not as it was written"),
        (lambda path: spoiled(path, "library/failed"), 5, 2, "Shard 0 is damaged"),
        (lambda path: spoiled(path, "pictures/"), 5, 3, r"Ann, id a \(shard 0\): .* is not as it was exported"),
        (lambda path: spoiled(path, "library/thumb"), 5, 3, r"Ann, id a \(shard 0\): .* is not as it was exported"),
        (lambda path: rewritten(path, lambda row: row | {"seed": -1}), 5, 2, "line 3, is none that avatar wrote: seed"),
        (lambda path: rewritten(path, lambda row: row | {"project_id": "prj_0000000000000"}), 5, 2, "not stand before"),
    ],
)
@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_damaged_is_named_and_what_is_whole_is_taken(
    avatar: Avatar,
    plan: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
    spoil: Callable[[Path], object],
    code: int,
    new: int,
    said: str,
) -> None:
    run(avatar, plan, 0, 1)
    monkeypatch.setenv("AVATAR_PROCESSES", str(processes))
    (plan / "done" / "notes.tar").write_text("no shard", encoding="utf-8")
    whole = shutil.copytree(plan / "done", tmp_path / "whole")
    spoil(plan / "done" / "00000.tar")
    found = avatar("batch", "merge", plan, "--json", code=code)
    assert found.json["pictures"]["new"] == new
    assert found.json["missing_array"] == ("0" if new == 2 else "")  # a whole shard is made once more
    assert re.search(said, found.err), found.err
    assert "notes.tar' is no TAR file that can be read" in found.err
    assert len(avatar("batch", "merge", plan, "-q", code=code).out.split()) == new
    assert merged(avatar, plan, whole)["missing_pictures"] == 0  # another copy is whole
    assert len(pictures()) == 4


def test_what_stands_before_a_damaged_line_is_taken(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0)
    rewritten(plan / "done" / "00000.tar", lambda row: row | ({"seed": -1} if row["persona_id"] != "a" else {}))
    found = avatar("batch", "merge", plan, "--json", code=5)
    assert (found.json["pictures"]["new"], damaged_shards(found)) == (1, [0])
    assert "line 4, is none that avatar wrote: seed is" in found.err


def test_one_that_was_cut_off_is_made_anew(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0)
    path = plan / "done" / "00000.tar"
    path.write_bytes(path.read_bytes()[:-20_000])
    assert "2 made" in run(avatar, plan, 0)[0]


def test_a_damaged_file_is_said_and_made_anew(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0)
    spoiled(plan / "done" / "00000.tar", "library/records")
    (said,) = run(avatar, plan, 0)
    assert "Warning: Shard 0 of 2 is made anew: " in said
    assert "library/records.jsonl is not as it was written" in said
    assert "2 made" in said
    assert "made already" in run(avatar, plan, 0)[0]


def test_a_damaged_picture_is_made_again_with_those_that_failed(
    avatar: Avatar, plan: Path, drawn_by: Callable[[str], None]
) -> None:
    run(avatar, plan, 0, 1)
    spoiled(plan / "done" / "00000.tar", "pictures/")
    assert "--retry-failed" in avatar("batch", "merge", plan, code=5).err
    drawn_by("Stopped")  # Cy, who is whole, is not made again
    (said,) = run(avatar, plan, 0, argv=("--retry-failed",))
    assert "To make: 1 of 2 pictures (1 new, 1 made before)" in said
    assert "made already" in run(avatar, plan, 0, argv=("--retry-failed",))[0]
    assert merged(avatar, plan)["pictures"] == {"new": 1, "known": 3, "different": 0, "damaged": 0}


def test_the_home_of_one_that_was_killed_once_its_file_was_there_is_removed(
    avatar: Avatar, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ShardRun, "discard", lambda _: None)
    run(avatar, plan, 0)
    assert list((plan / "done" / ".work").iterdir())
    monkeypatch.undo()
    with opened_beside(plan / "done" / "00000.tar") as (left, _):
        os.link(left, tmp_path / "left")
    (tmp_path / "left").rename(left)  # as a power cut may leave it, with both of its names
    run(avatar, plan, 0)
    assert [each.name for each in (plan / "done").iterdir()] == ["00000.tar"]


def test_what_another_process_has_made_meanwhile_is_not_made_again(
    avatar: Avatar, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = ShardRun.claimed

    @contextmanager
    def late(self: ShardRun) -> Iterator[ShardRun]:
        monkeypatch.setattr(ShardRun, "claimed", claimed)
        run(avatar, plan, 0)
        with claimed(self) as found:
            yield found

    monkeypatch.setattr(ShardRun, "claimed", late)
    (said,) = run(avatar, plan, 0)
    assert "2 made" not in said
    assert [each.name for each in (plan / "done").iterdir()] == ["00000.tar"]


def test_files_of_another_plan_are_refused_by_name(avatar: Avatar, plan: Path, tmp_path: Path) -> None:
    other = planned(avatar, tmp_path / "other", ROWS.replace("Ann", "Amy"))
    run(avatar, plan, 0)
    run(avatar, other, 1)
    said = avatar("batch", "merge", plan, other / "done", code=2).err
    assert "00001.tar' was made of another plan than the others." in said
    assert not pictures()
    assert "00001.tar' was made of another plan" in run(avatar, plan, 1, code=2, argv=("-o", other / "done"))[0]
    shutil.copy(plan / "done" / "00000.tar", plan / "done" / "00001.tar")
    assert "was made of shard 0" in run(avatar, plan, 1, code=2)[0]


def test_another_plan_is_refused_though_nothing_was_made_of_it(avatar: Avatar, plan: Path, tmp_path: Path) -> None:
    other = planned(avatar, tmp_path / "other", ROWS.replace("Ann", "Amy"))
    run(avatar, plan, 0, 1)
    for command in ("merge", "status"):
        assert "other' is another plan than the others." in avatar("batch", command, plan, other, code=2).err
    assert not pictures()
    assert merged(avatar, plan, plan)["missing"] == []


def test_what_was_planned_is_what_is_made_whatever_is_set_there(
    avatar: Avatar, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(avatar, plan, 0)
    monkeypatch.setenv("AVATAR_WIDTH", "128")
    monkeypatch.setenv("AVATAR_PROJECT", "elsewhere")
    monkeypatch.setenv("AVATAR_PROMPT_STYLE", "natural")
    run(avatar, plan, 1, argv=("-o", tmp_path))
    merged(avatar, plan, tmp_path)
    assert {each[3] for each in pictures().values()} == {"default"}
    with open_library() as library:
        assert {each.width_px for each in library.find()} == {64}


def test_how_a_machine_runs_a_model_is_its_own(avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_DEVICE", "cpu")
    monkeypatch.setenv("AVATAR_PRECISION", "float32")
    plan = planned(avatar, tmp_path / "plan")
    settings = json.loads((plan / "plan.json").read_text("utf-8"))["settings"]
    assert settings["options"] == {"art_style": "avataaars", "precision": "float32"}
    monkeypatch.setenv("AVATAR_DEVICE", "cuda:1")
    monkeypatch.setenv("AVATAR_PRECISION", "bfloat16")
    with open_library() as library:
        there = planned_settings(library.app.settings, settings).options
    assert (there["device"], there["precision"]) == ("cuda:1", "float32")


def test_a_plan_that_was_edited_makes_nothing(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0)
    shard = plan / "shards" / "00001.jsonl"
    shard.write_text(shard.read_text("utf-8").replace("Bob", "Rob"), encoding="utf-8")
    assert "00001.jsonl' is not as it was planned" in run(avatar, plan, 1, code=2)[0]
    edited = json.loads((plan / "plan.json").read_text("utf-8"))
    edited["choices"]["width_px"] = 96
    (plan / "plan.json").write_text(json.dumps(edited), encoding="utf-8")
    assert "00000.tar' was made of another plan" in run(avatar, plan, 0, code=2)[0]
    assert (
        "would be another picture here than it was planned" in run(avatar, plan, 0, code=2, argv=("-o", plan / "b"))[0]
    )


def test_of_one_recipe_with_other_bytes_the_first_stays(
    avatar: Avatar, plan: Path, tmp_path: Path, drawn_by: Callable[[str], None]
) -> None:
    run(avatar, plan, 0, 1)
    merged(avatar, plan)
    before = pictures()
    drawn_by("Paler")
    run(avatar, plan, 0, argv=("-o", tmp_path / "pale"))
    found = avatar("batch", "merge", plan, tmp_path / "pale", "--json")
    assert found.json["pictures"] == {"new": 0, "known": 4, "different": 2, "damaged": 0}
    assert "2 pictures of a recipe that is here had other bytes: the first stays." in found.err
    assert pictures() == before


def test_a_row_that_says_something_else_now_is_another_version_of_its_avatar(avatar: Avatar, tmp_path: Path) -> None:
    plan = planned(avatar, tmp_path / "plan", ROWS, 1)
    run(avatar, plan, 0)
    merged(avatar, plan)
    changed = planned(avatar, tmp_path / "changed", ROWS.replace("b,Bob,male", "b,Bob,female"), 1)
    run(avatar, changed, 0)
    assert merged(avatar, changed)["pictures"]["new"] == 1
    with open_library() as library:
        (bob,) = [each for each in library.find() if each.name == "Bob"]
        assert (bob.version, bob.attributes.gender) == (2, "female")


def test_all_go_into_one_project_if_one_is_said(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0, 1)
    assert "There is no project 'cast'" in avatar("batch", "merge", plan, "--project", "cast", code=3).err
    avatar("project", "create", "cast")
    merged(avatar, plan, "--project", "cast")
    assert {each[3] for each in pictures().values()} == {"cast"}
    merged(avatar, plan)  # the project that they were planned for has none of them yet
    assert len(avatar("list", "--quiet").out.split()) == 8


def test_one_shard_is_made_by_one_process(avatar: Avatar, plan: Path) -> None:
    with open_library() as library:
        found = library.shards.open(plan, 0)
    with found.claimed():
        assert "Shard 0 of 2 is being made by another process" in run(avatar, plan, 0, code=6)[0]
    run(avatar, plan, 0)


def test_a_plan_is_merged_by_its_file_too_and_what_it_fixes_is_said(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0, 1)
    assert merged(avatar, plan / "plan.json")["pictures"]["new"] == 4
    assert "The plan says that for all that is made of it" in avatar.refused(
        "batch", "merge", plan, "--engine", "local"
    )


def test_where_nothing_was_made_nothing_is_merged(avatar: Avatar, plan: Path, tmp_path: Path) -> None:
    assert "has nothing that was made of a shard" in avatar("batch", "merge", tmp_path, code=2).err
    assert f"There is no '{tmp_path / 'gone'}'." in avatar("batch", "merge", plan, tmp_path / "gone", code=2).err
    assert avatar("batch", "status", plan).lines == [["2", "0", "0-1"]]
    assert (
        "2 of 2 shards are missing: 0-1; in all, 4 pictures are missing." in avatar("batch", "merge", plan, code=5).err
    )


def test_links_in_what_strangers_hand_in_are_no_pictures(avatar: Avatar, plan: Path) -> None:
    run(avatar, plan, 0, 1)
    path = plan / "done" / "00000.tar"
    with tarfile.open(path) as tar:
        members = [(each, tar.extractfile(each)) for each in tar.getmembers()]
        with tarfile.open(path.with_suffix(".new"), "w") as new:
            for each, file in members:
                if each.name.startswith("pictures/"):
                    each.type, each.linkname, each.size = tarfile.SYMTYPE, "/etc/passwd", 0
                new.addfile(each, file)
    path.with_suffix(".new").replace(path)
    found = avatar("batch", "merge", plan, "--json", code=5)
    assert "is no plain file, but a link or a device" in found.json["damaged"][0]["why"]
    assert found.json["pictures"]["new"] == 2


def test_a_shard_that_is_missing_as_a_whole_is_named_once(avatar: Avatar, tmp_path: Path) -> None:
    rows = "id,name\n" + "".join(f"p{n},Person {n}\n" for n in range(8))
    plan = planned(avatar, tmp_path / "plan", rows, 4)
    run(avatar, plan, 0, 1, 2)
    merged(avatar, plan / "done" / "00001.tar", code=5)
    with open_library() as library:
        (gone, _) = library.find()
        library.delete([gone.id])
    spoiled(plan / "done" / "00002.tar", "library/records")
    (plan / "done" / "00001.tar").unlink()
    found = avatar("batch", "merge", plan, "--json", code=5)
    assert (found.json["missing"], damaged_shards(found)) == ([1, 3], [2])
    assert found.json["missing_array"] == "1-3"
    assert found.json["missing_pictures"] == 5
    assert found.json["missing_first"] == [f"row 7, {gone.name}, id {gone.persona_id} (shard 1): not here."]
    assert "2 of 4 shards are missing: 1,3; 1 of 4 shards is damaged: 2; in all, 5 pictures are missing." in found.err
    assert "lacking" not in found.err.lower()


def test_the_list_of_a_missing_shard_may_be_missing_or_edited(avatar: Avatar, tmp_path: Path) -> None:
    plan = planned(avatar, tmp_path / "plan", ROWS, 4)
    run(avatar, plan, 0, 3)
    lists = [(plan / "shards" / f"0000{n}.jsonl").read_text("utf-8") for n in (1, 2)]
    lost = [(line["of"], line["recipe"]) for line in map(json.loads, lists)]
    (plan / "shards" / "00001.jsonl").unlink()
    (plan / "shards" / "00002.jsonl").write_text("{}\n", encoding="utf-8")
    (plan / "shards" / "00003.jsonl").unlink()  # its file is there and whole
    found = avatar("batch", "merge", plan, "--json", code=5)
    assert found.json["pictures"]["new"] == 2
    assert (found.json["missing"], damaged_shards(found)) == ([], [1, 2])
    assert "Shard 1 is damaged: '" in found.err
    assert "00001.jsonl' cannot be read: No such file" in found.err
    assert "00002.jsonl' is not as it was planned" in found.err
    assert "Whether its 1 picture is here is not known." in damaged_whys(found)[1]
    assert found.json["missing_pictures"] == 0  # that are known to be
    assert "batch run" not in found.err
    assert "The plan has lost the lists of 1-2: copy it once more, or plan the rest anew" in found.err
    (said,) = run(avatar, plan, 1, code=2)
    assert "merge what is made and plan the rest anew, in that home: avatar batch plan plan.csv" in said
    anew = planned(avatar, tmp_path / "anew", ROWS, 1)
    lines = [json.loads(line) for line in (anew / "shards" / "00000.jsonl").read_text("utf-8").splitlines()]
    assert [(line["of"], line["recipe"]) for line in lines] == lost  # the others are here


def test_how_many_at_once_is_refused_before_anything_is_said(avatar: Avatar, plan: Path) -> None:
    for command in (("run", plan, "--shard", 0), (plan.with_suffix(".csv"), "--engine", "offline")):
        said = avatar("batch", *command, "--concurrency", 0, code=2).err
        assert "concurrency is '0'" in said
        assert "To make" not in said
    assert not (plan / "done").exists()


def test_a_plan_that_cannot_be_written_into_is_made_elsewhere(avatar: Avatar, plan: Path, tmp_path: Path) -> None:
    with read_only(plan):
        assert "--output FOLDER" in run(avatar, plan, 0, code=6)[0]
    (plan / "done").mkdir()
    with read_only(plan):
        (said,) = run(avatar, plan, 0, code=6)
        assert "--output FOLDER" in said
        assert "--work FOLDER" in said
        run(avatar, plan, 0, argv=("--output", tmp_path / "out"))


def test_a_disk_without_locks_is_said_with_the_way_out(
    avatar: Avatar, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*_: object) -> None:
        raise OSError(ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", without)
    (said,) = run(avatar, plan, 0, code=6)
    assert "No locks available" in said
    assert "--work FOLDER" in said


def test_a_full_disk_for_what_is_temporary_is_named(
    avatar: Avatar, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lists of a large shard are on the disk of its home, not on that of its file."""

    class Full(BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", lambda *_, **__: Full())
    (said,) = run(avatar, plan, 0, code=6, argv=("--work", tmp_path / "work"))
    assert re.search("work/[^']*' cannot be written: No space left on device", said)
    assert "Free space on the disk that holds" in said
    assert not (plan / "done" / "00000.tar").exists()


def test_no_home_is_made_in_a_folder_that_somebody_else_has_put_there(
    avatar: Avatar, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root gives a folder away")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "avatars").mkdir()
    os.chown(tmp_path / "avatars", 1234, 1234)
    (tmp_path / "avatars").chmod(0o777)
    (said,) = run(avatar, plan, 0, code=6, argv=("--work", tmp_path / "avatars"))
    assert "avatars' belongs to another user." in said
    assert "--work FOLDER" in said


def test_a_file_goes_where_no_folder_is_synced(
    avatar: Avatar, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on some network file systems, and buckets that are mounted."""
    fsync = os.fsync

    def of_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", of_files)
    run(avatar, plan, 0, 1, argv=("--output", tmp_path / "out"))
    assert merged(avatar, plan, tmp_path / "out")["missing"] == []
