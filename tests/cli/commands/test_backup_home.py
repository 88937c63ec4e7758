"""avatar backup FILE.zip: the whole home, checked and put back."""

from pathlib import Path

import pytest

from avatar_creator.home import HOME_VARIABLE
from cli.commandline import SMALL, Avatar


def test_a_home_is_backed_up_checked_and_put_back(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = avatar.avatar("--persona-name", "Ana", *SMALL)
    file = tmp_path / "home.zip"
    assert f"Backed up to {file}: 1 avatar" in avatar("backup", file).err
    assert f"{file} is whole" in avatar("backup", "--verify", file).err
    assert avatar("backup", "home", file, "--verify", "--json").json["avatars"] == 1
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "other"))
    assert "Restored: 1 avatar" in avatar("backup", "restore", file).err
    again = avatar("show", made["id"], "--json").json
    assert Path(again["image_path"]).read_bytes() == Path(made["image_path"]).read_bytes()
    assert "is not empty" in avatar.refused("backup", "restore", file)


def test_a_damaged_backup_says_which_file(avatar: Avatar, tmp_path: Path) -> None:
    made = avatar.avatar("--persona-name", "Ana", *SMALL)
    file = tmp_path / "home.zip"
    avatar("backup", file)
    data = bytearray(file.read_bytes())
    data[data.index(Path(made["image_path"]).read_bytes()) + 100] ^= 1
    file.write_bytes(data)
    assert Path(made["image_path"]).name in avatar.refused("backup", file, "--verify")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("lst",), "Did you mean 'list'?"),
        (("nowhere/x.zip",), "There is no folder"),
        (("none.zip", "--verify"), "cannot be read"),
        (("--verify",), "FILE"),
    ],
)
def test_what_is_mistyped_says_so(avatar: Avatar, argv: tuple[str, ...], said: str) -> None:
    assert said in avatar("backup", *argv, code=2).err


@pytest.mark.parametrize("suffix", [".zip", ".tar", ""])
def test_backups_and_exports_lead_to_each_other(avatar: Avatar, tmp_path: Path, suffix: str) -> None:
    avatar.avatar("--persona-name", "Ana", "--seed", 1, *SMALL)
    backup, exported = tmp_path / "backup.zip", tmp_path / f"exported{suffix}"
    avatar("backup", backup)
    avatar("export", "--output", exported)
    assert f"avatar backup restore '{backup}'" in avatar.refused("import", backup)
    for argv in (("restore", exported, "--yes"), ("home", exported, "--verify")):
        assert f"avatar import '{exported}'" in avatar.refused("backup", *argv)


def test_pictures_that_were_damaged_in_the_home_are_named(avatar: Avatar, tmp_path: Path) -> None:
    avatar("cast", 4, *SMALL)
    people = avatar("list", "--json").json
    empty, gone, longer = (Path(each["image_path"]) for each in people[:3])
    thumbnail = Path(people[3]["thumbnail_path"])
    empty.write_bytes(b"")
    gone.unlink()
    longer.write_bytes(longer.read_bytes() + b"x")
    thumbnail.write_bytes(b"")
    file = tmp_path / "home.zip"
    for argv in ((), ("--verify",)):
        run = avatar("backup", file, *argv, code=6)
        assert f"{gone.name} is not in it" in run.err
        assert all(f"{each.name} has other bytes than its row says" in run.err for each in (empty, longer, thumbnail))
        assert "4 files are missing or damaged" in run.err
        assert "is whole" not in run.err
    said = avatar("backup", file, "--verify", "--json", code=6).json
    names = (sorted(Path(name).name for name in said[kind]) for kind in ("missing", "damaged"))
    assert list(names) == [[gone.name], sorted([empty.name, longer.name, thumbnail.name])]
