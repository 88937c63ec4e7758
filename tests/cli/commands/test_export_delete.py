"""Files of earlier exports: named as long as they are there, and deleted only while they are what was written."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.commandline import SMALL, Avatar, files_below, plain, terminal

KINDS = {
    "records": (),
    "others": ("--size", "32"),
    "both": ("--size", "32", "--records"),
    "dataset": ("--as", "imagefolder"),
}
Export = Callable[..., str]


@pytest.fixture(params=list(KINDS))
def export(request: pytest.FixtureRequest, avatar: Avatar, tmp_path: Path) -> Export:
    """Export Ana and Ben into a folder, then forget Ben; afterwards export again, with more options."""

    def again(*more: str, code: int = 0) -> str:
        err: str = avatar("export", "--output", tmp_path / "out", *KINDS[request.param], *more, code=code).err
        return err

    avatar.avatar("--persona-name", "Ana", "--seed", 1, *SMALL)
    ben = avatar.avatar("--persona-name", "Ben", "--seed", 2, *SMALL)["id"]
    again()
    avatar("delete", ben, "--yes")
    return again


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def pictures(out: Path) -> list[str]:
    return [name for name in files_below(out) if name.endswith((".jpg", ".png"))]


def stale_lines(out: Path) -> list[str]:
    lines = (out / "export.jsonl").read_text("utf-8").splitlines() if (out / "export.jsonl").exists() else []
    return [said["file"] for said in map(json.loads, lines) if said["kind"] == "stale"]


def test_what_stays_is_named_every_time(export: Export, out: Path) -> None:
    assert "of an earlier export stayed" in (said := export())
    before = files_below(out)
    assert export() == said
    assert files_below(out) == before
    assert any("Ben" in name for name in stale_lines(out))


def test_delete_leaves_what_an_export_into_a_new_folder_has(
    export: Export, avatar: Avatar, out: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    export()
    (out / "Ben-in-Rome.jpg").write_bytes(b"mine")
    assert "Deleted" in export("--delete", "--yes")
    kind = next(name for name in KINDS if f"[{name}]" in request.node.name)
    avatar("export", "--output", tmp_path / "new", *KINDS[kind])
    assert files_below(out) == sorted([*files_below(tmp_path / "new"), "Ben-in-Rome.jpg"])
    assert "earlier" not in export("--delete", "--yes")


def test_a_file_that_somebody_changed_is_not_deleted(export: Export, out: Path) -> None:
    (ben,) = (name for name in pictures(out) if Path(name).stem.startswith("Ben"))
    (out / ben).write_bytes(b"mine now")
    assert f"stayed, changed since the export that wrote them: {ben}." in export("--delete", "--yes")
    assert (out / ben).read_bytes() == b"mine now"
    assert stale_lines(out) == [ben]
    assert f"stayed, changed since the export that wrote them: {ben}." in export("--delete", "--yes")
    (out / ben).unlink()
    assert "earlier" not in export()
    assert stale_lines(out) == []


def test_without_a_terminal_it_must_be_said(export: Export, out: Path) -> None:
    before = {name: (out / name).read_bytes() for name in files_below(out)}
    assert "Say --yes to go ahead." in export("--delete", code=2)
    assert {name: (out / name).read_bytes() for name in files_below(out)} == before


@pytest.mark.skipif(os.name != "posix", reason="Windows has no terminals that tests can have")
@pytest.mark.parametrize(("typed", "stays"), [("n\n", True), ("y\n", False)])
def test_a_terminal_is_asked(avatar: Avatar, out: Path, typed: str, *, stays: bool) -> None:
    avatar.avatar("--persona-name", "Ana", "--seed", 1, *SMALL)
    ben = avatar.avatar("--persona-name", "Ben", "--seed", 2, *SMALL)["id"]
    avatar("export", "--output", out, "--size", 32)
    avatar("delete", ben, "--yes")
    seen = terminal("export", "--output", out, "--size", 32, "--delete", typed=typed, columns=500)
    assert f"Delete 1 file of an earlier export in {out}: Ben.jpg? [y/N]:" in plain(seen.out)
    assert (out / "Ben.jpg").exists() is stays
    assert bool(stale_lines(out)) is stays


def test_one_that_comes_back_is_not_stale_any_more(export: Export, avatar: Avatar, out: Path) -> None:
    export()
    avatar.avatar("--persona-name", "Ben", "--seed", 2, *SMALL)
    export()
    assert not [name for name in stale_lines(out) if Path(name).stem.startswith("Ben")]


@pytest.mark.skipif(os.name != "posix", reason="Windows makes no links for users")
def test_nothing_is_deleted_behind_a_link(export: Export, out: Path, tmp_path: Path) -> None:
    (ben,) = (name for name in pictures(out) if Path(name).stem.startswith("Ben"))
    (out / ben).rename(tmp_path / "mine.jpg")
    (out / ben).symlink_to(tmp_path / "mine.jpg")
    export("--delete", "--yes")
    assert (tmp_path / "mine.jpg").exists()
    assert (out / ben).is_symlink()


def test_a_list_of_a_stranger_names_no_other_file(avatar: Avatar, out: Path, tmp_path: Path) -> None:
    avatar.avatar("--persona-name", "Ana", "--seed", 1, *SMALL)
    avatar("export", "--output", out)
    names = ("../mine.jpg", str(tmp_path / "mine.jpg"), "notes.txt", "a\0.jpg", "..", "", 7, None)
    (tmp_path / "mine.jpg").write_bytes(b"mine")
    (out / "notes.txt").write_bytes(b"mine")
    sha256 = hashlib.sha256(b"mine").hexdigest()
    lines: list[object] = [{"kind": "stale", "file": name, "sha256": sha256} for name in names]
    text = "".join(f"{json.dumps(each)}\n" for each in [*lines, {"kind": "stale"}, [], "x", None])
    (out / "export.jsonl").write_text(text + "{", "utf-8")
    assert "earlier" not in avatar("export", "--output", out, "--delete", "--yes").err
    assert (tmp_path / "mine.jpg").read_bytes() == (out / "notes.txt").read_bytes() == b"mine"


def test_another_split_and_another_export_in_the_folder_stay(avatar: Avatar, out: Path) -> None:
    avatar.avatar("--persona-name", "Ana", "--seed", 1, *SMALL)
    avatar("export", "--output", out, "--size", 32)
    avatar("export", "--output", out, "--as", "imagefolder", "--force")
    before = set(files_below(out))
    ran = avatar("export", "--output", out, "--as", "imagefolder", "--split", "test", "--force", "--delete", "--yes")
    assert "earlier" not in ran.err
    assert set(files_below(out)) == before | {"test/Ana.jpg", "test/metadata.jsonl"}


def test_portraits_of_people_who_left_are_stale(avatar: Avatar, out: Path, tmp_path: Path) -> None:
    people, portraits = tmp_path / "people.csv", out / "portraits"
    out.mkdir()
    people.write_text("id,name,seed\np1,Ana Costa,1\np2,Ben Li,2\n")
    avatar("batch", people, *SMALL)
    asked = ("export", "--as", "personas", "--of", people, "--output", out / "people.csv", "--force")
    avatar(*asked)
    people.write_text("id,name,seed\np1,Ana Costa,1\n")
    assert f"1 file of an earlier export stayed in {portraits}: Ben-Li.jpg." in avatar(*asked).err
    assert "Deleted 1 file" in avatar(*asked, "--delete", "--yes").err
    assert files_below(portraits) == ["Ana-Costa.jpg", "export.jsonl"]


@pytest.mark.parametrize(
    "argv", [("--output", "out.zip"), ("--output", "ana.png"), ("--as", "parquet", "--output", "people.parquet")]
)
def test_a_file_that_is_written_as_a_whole_has_nothing_stale(avatar: Avatar, argv: tuple[str, ...]) -> None:
    assert "one file that is always written as a whole" in avatar("export", *argv, "--delete", "--yes", code=2).err


def test_the_whole_file_of_a_damaged_picture_is_not_deleted(avatar: Avatar, out: Path) -> None:
    for seed, name in enumerate(("Ana", "Ben"), 1):
        avatar.avatar("--persona-name", name, "--seed", seed, *SMALL)
    avatar("export", "--output", out, "--size", 32)
    (ben,) = (each for each in avatar("list", "--json").json if each["name"] == "Ben")
    Path(ben["image_path"]).write_bytes(b"")
    for _ in range(2):
        avatar("export", "--output", out, "--size", 32, "--delete", "--yes", code=6)
        assert (out / "Ben.jpg").exists()
    avatar("delete", ben["id"], "--yes")
    assert "Deleted 1 file" in avatar("export", "--output", out, "--size", 32, "--delete", "--yes").err
    assert not (out / "Ben.jpg").exists()
