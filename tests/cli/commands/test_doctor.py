"""avatar doctor: what it finds, what it mends."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.engines import ENGINES, Choice
from avatar_creator.engines.base import Probe
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import EngineError, InvalidInput, NotConfigured
from avatar_creator.home import Home
from cli import paid
from cli.commandline import Avatar, files_below

TOKEN = "hf_" + "Ab1" * 11


@pytest.fixture(autouse=True)
def ready(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home where every engine is ready, and pictures are drawn all the same, by a Python with a sound SQLite."""
    del home  # whose environment comes first
    monkeypatch.setenv("AVATAR_HF_TOKEN", TOKEN)
    monkeypatch.setenv("AVATAR_ENGINE", "offline")
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))


def _findings(avatar: Avatar, *argv: str, code: int = 0) -> list[dict[str, Any]]:
    """What is not in order, or was mended; checks that lines say the same."""
    report = avatar("doctor", "--json", *argv, code=code).json
    assert report["healthy"] == (code == 0)
    return [finding for finding in report["findings"] if finding["level"] != "ok"]


@pytest.mark.parametrize("made", [False, True])
def test_a_healthy_home(avatar: Avatar, home: Home, made: bool) -> None:
    if made:
        avatar.generate()
    run = avatar("doctor")
    assert {line[0] for line in run.lines} == {"ok"}
    assert [line[1] for line in run.lines] == [
        "versions",
        "settings",
        "home",
        "disk",
        "database",
        "pictures",
        *(f"engine {name}" for name in ENGINES),
        "engine auto",
        *["licence"] * 4,  # of FLUX.1-dev, its LoRA, an art style and FLUX.2 klein
    ]
    assert str(home.root) in run.out
    assert _findings(avatar) == []


def test_an_interrupted_generation(avatar: Avatar, home: Home) -> None:
    id_ = avatar.generate()["id"]
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute(
            "UPDATE generations SET status = 'processing', runner = 'run_gone', finished_at = NULL, avatar_id = 'av_x'"
        )
    (found,) = _findings(avatar)
    assert (found["level"], found["subject"], found["hint"]) == ("note", "generation", "Run: avatar doctor --fix")
    assert id_ in found["message"]
    (fixed,) = _findings(avatar, "--fix")
    assert (fixed["level"], id_ in fixed["message"]) == ("fixed", True)
    status = avatar("status", id_, "--json").json
    assert (status["status"], status["error"]["code"], status["finished_at"] is None) == (
        "failed",
        "interrupted",
        False,
    )
    assert _findings(avatar) == []


@pytest.mark.parametrize("which", ["image_path", "thumbnail_path"])
def test_a_missing_file_is_a_problem_that_fix_cannot_mend(avatar: Avatar, which: str) -> None:
    kept = avatar.avatar()
    Path(kept[which]).unlink()
    for argv in ((), ("--fix",)):
        (found,) = _findings(avatar, *argv, code=1)
        assert (found["level"], found["subject"]) == ("problem", "picture")
        assert kept[which] in found["message"]
        assert found["hint"].endswith(f"avatar delete {kept['id']}")
    avatar("delete", kept["id"], "--yes")
    assert _findings(avatar) == []


def test_a_file_of_no_avatar_is_moved_and_not_deleted(avatar: Avatar, home: Home) -> None:
    kept = avatar.avatar()
    avatar("delete", kept["id"], "--yes", "--keep-files")
    assert [found["level"] for found in _findings(avatar)] == ["note", "note"]
    assert [found["level"] for found in _findings(avatar, "--fix")] == ["fixed", "fixed"]
    assert files_below(home.set_aside) == [f"{kept['id']}.jpg", f"{kept['id']}.thumb.jpg"]
    assert files_below(home.pictures) == []
    assert _findings(avatar) == []


def test_a_file_set_aside_never_replaces_another(avatar: Avatar, home: Home) -> None:
    kept = avatar.avatar()
    stray = home.pictures / "zz" / Path(kept["image_path"]).name
    for content in (b"first", b"second"):
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(content)
        _findings(avatar, "--fix")
    assert {path.read_bytes() for path in home.set_aside.iterdir()} == {b"first", b"second"}


def test_what_a_killed_migration_left(avatar: Avatar, home: Home) -> None:
    avatar.generate()
    home.backups.mkdir(0o700)
    left = [home.backups / f".library-schema3-2026.db.new{end}" for end in ("", "-journal")]
    for path in left:
        path.write_text("half")
        os.utime(path, (0, 0))
    (found,) = _findings(avatar)
    assert (found["level"], all(path.name in found["message"] for path in left)) == ("note", True)
    (fixed,) = _findings(avatar, "--fix")
    assert fixed["message"] == "2 unfinished files removed."
    assert files_below(home.backups) == []


def test_what_a_killed_process_left_half_written(avatar: Avatar) -> None:
    kept = avatar.avatar()
    half = Path(kept["image_path"]).parent / ".avatar-0123456789abcdef.part"
    half.write_bytes(b"half")
    (found,) = _findings(avatar)
    assert (found["level"], "half-written" in found["message"]) == ("note", True)
    (fixed,) = _findings(avatar, "--fix")
    assert fixed["level"] == "fixed"
    assert not half.exists()
    assert Path(kept["image_path"]).exists()
    assert _findings(avatar) == []


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_home_that_others_can_read(avatar: Avatar, home: Home) -> None:
    avatar.generate()
    assert home.root.stat().st_mode & 0o777 == 0o700
    assert home.database.stat().st_mode & 0o777 == 0o600
    home.root.chmod(0o755)
    (found,) = _findings(avatar)
    assert (found["level"], found["subject"]) == ("note", "home")
    (fixed,) = _findings(avatar, "--fix")
    assert fixed["level"] == "fixed"
    assert home.root.stat().st_mode & 0o777 == 0o700
    assert _findings(avatar) == []


def test_a_damaged_picture_is_not_in_order(avatar: Avatar) -> None:
    path = Path(avatar.avatar()["image_path"])
    path.write_bytes(b"")
    (found,) = _findings(avatar, code=1)
    assert str(path) in found["message"]


def test_a_sqlite_with_the_bug_of_its_log_is_a_note(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 2))
    monkeypatch.setattr("sqlite3.sqlite_version", "3.51.2")
    (found,) = _findings(avatar)
    assert (found["level"], found["subject"]) == ("note", "sqlite")
    assert found["message"].startswith("SQLite 3.51.2 can damage a database, very rarely: ")
    assert "SQLite 3.51.3 or newer" in found["hint"]


def test_lines_hold_hints(avatar: Avatar) -> None:
    kept = avatar.avatar()
    Path(kept["image_path"]).unlink()
    problem = next(line for line in avatar("doctor", code=1).lines if line[0] == "problem")
    assert (problem[1], problem[3].split(":")[0]) == ("picture", "Restore it from a backup, or run")


@pytest.mark.parametrize("table", ["avatars", "generations", "avatar_tally"])
def test_a_damaged_database_is_named_and_not_mended(avatar: Avatar, home: Home, table: str) -> None:
    avatar.generate()
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with home.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    for argv in (("doctor",), ("doctor", "--fix")):
        problems = [line for line in avatar(*argv, code=1).lines if line[0] == "problem"]
        assert problems
        assert problems[0][1] == "database"


def test_what_a_killed_first_run_left_is_named_and_removed(avatar: Avatar, home: Home) -> None:
    avatar.generate()
    left, written = (home.root / name for name in (".library-abc.new", ".library-restored.new"))
    left.touch()
    os.utime(left, (0, 0))
    written.touch()
    (found,) = [line for line in avatar("doctor").lines if line[0] != "ok"]
    assert (left.name in found[2], written.name in found[2]) == (True, False)
    assert {line[0] for line in avatar("doctor", "--fix").lines} == {"ok", "fixed"}
    assert (left.exists(), written.exists()) == (False, True), "another command may write the newer one now"


def test_a_database_that_others_can_read_is_named_and_closed(avatar: Avatar, home: Home) -> None:
    avatar.generate()
    home.database.chmod(0o644)
    assert any("library.db" in line[2] for line in avatar("doctor").lines if line[0] == "note")
    avatar("doctor", "--fix")
    assert home.database.stat().st_mode & 0o777 == 0o600


# -- engines and their services


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, paid.NAME, paid.ENTRY)


def _about(avatar: Avatar, subject: str, *argv: str, code: int = 0) -> list[list[str]]:
    return [line for line in avatar("doctor", *argv, code=code).lines if line[1].startswith(subject)]


def test_it_says_which_engine_auto_takes_and_why(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Choice("offline", "Nothing else is ready.")
    monkeypatch.setattr("avatar_creator.settings.engines.automatic", lambda _options, _setup: chosen)
    (line,) = _about(avatar, "engine auto")
    assert line == ["ok", "engine auto", "takes offline. Nothing else is ready.", ""]


class WithoutModel(OfflineEngine):
    """Has a card, and no model for it."""

    name = "local"

    def check(self, options: Mapping[str, Any]) -> None:
        del options
        raise NotConfigured("There is no model here.", hint="Download one.")

    def probe(self, options: Mapping[str, Any]) -> Iterator[Probe]:
        del options
        yield Probe(ok=True, subject="card", message="A card of 24 GiB.", hint=None)
        yield Probe(ok=False, subject="model", message="There is no model here.", hint="Download one.")


def test_an_engine_that_is_not_configured_is_a_note_online_too(
    avatar: Avatar, hosted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del hosted
    monkeypatch.delenv("AVATAR_HF_TOKEN")
    for argv in ((), ("--online",)):
        (line,) = _about(avatar, "engine huggingface", *argv)
        assert line[0] == "note"
        assert line[2:] == ["There is no token of Hugging Face.", "Set it with: avatar config set hf_token"]
        assert _about(avatar, "huggingface") == []


def test_online_asks_the_services_and_offline_does_not(
    avatar: Avatar, hosted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del hosted
    refused = Probe(ok=False, subject="model", message="It is gated.", hint="Accept its licence.")
    monkeypatch.setattr(paid.Paid, "probes", (*paid.Paid.probes, refused))
    assert _about(avatar, "huggingface") == []
    assert _about(avatar, "engine huggingface") == [["ok", "engine huggingface", "ready.", ""]]
    assert _about(avatar, "huggingface", "--online", code=1) == [
        ["ok", "huggingface token", "accepted.", ""],
        ["problem", "huggingface model", "It is gated.", "Accept its licence."],
    ]


def test_a_card_is_said_before_there_is_a_model_for_it(
    avatar: Avatar, hosted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del hosted
    monkeypatch.setitem(ENGINES, "local", ENGINES["local"]._replace(place=f"{__name__}:WithoutModel"))
    lacking = ["ok", "engine local", "There is no model here.", "Download one."]
    assert _about(avatar, "engine local") == [lacking]
    assert _about(avatar, "local") == []
    assert _about(avatar, "engine local", "--online") == [lacking]
    assert _about(avatar, "local", "--online") == [["ok", "local card", "A card of 24 GiB.", ""]]


def test_a_service_that_fails_is_a_problem(avatar: Avatar, hosted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del hosted

    def fail(*_: object) -> None:
        raise EngineError("There is no network.", hint="Connect.")

    monkeypatch.setattr(paid.Paid, "probe", fail)
    assert ["problem", "engine huggingface", "There is no network.", "Connect."] in _about(
        avatar, "engine", "--online", code=1
    )


def test_broken_settings_do_not_keep_an_interrupted_generation_from_its_end(avatar: Avatar, home: Home) -> None:
    id_ = avatar.generate()["id"]
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute(
            "UPDATE generations SET status = 'processing', runner = 'run_gone', finished_at = NULL, owner = NULL"
        )
    home.config.write_text("width = 3\n")
    (found,) = [finding for finding in _findings(avatar, "--fix", code=1) if finding["subject"] == "generation"]
    assert "waits again" in found["message"]
    assert avatar("status", id_, "--json").json["status"] == "pending"


def test_engines_are_not_judged_by_broken_settings(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text("width = 3\n")
    assert _about(avatar, "engine", code=1) == []


def test_a_choice_that_fails_is_a_note(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise InvalidInput("Odd.", hint="Even.")

    monkeypatch.setattr("avatar_creator.settings.engines.automatic", fail)
    assert _about(avatar, "engine auto") == [["note", "engine auto", "Odd.", "Even."]]


@pytest.mark.parametrize("path", ["/etc/passwd", "../../outside.jpg", "a\0b", "", "C:\\outside.jpg"])
@pytest.mark.parametrize("which", ["image_path", "thumbnail_path"])
def test_a_row_that_leads_out_of_the_store(avatar: Avatar, home: Home, path: str, which: str) -> None:
    kept = avatar.avatar()
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute(f"UPDATE avatars SET {which} = ?", (path,))
    (found,) = [finding for finding in _findings(avatar, "--fix", code=1) if finding["level"] == "problem"]
    assert (found["subject"], "is not a path of a stored picture" in found["message"]) == ("picture", True)
    option = ["--thumbnail"] if which == "thumbnail_path" else []
    said = avatar("path", kept["id"], *option).out
    assert Path(said.strip()).is_relative_to(home.pictures)
    assert not Path(said.strip()).exists()
    avatar("delete", kept["id"], "--yes")
    assert _findings(avatar) == []


@pytest.mark.parametrize(
    ("how", "what"), [("moved", "is missing"), ("unmounted", "is empty"), ("linked", "leads nowhere")]
)
def test_a_folder_of_pictures_that_is_away_costs_no_avatar(avatar: Avatar, home: Home, how: str, what: str) -> None:
    avatar.avatar()
    home.pictures.rename(home.root.parent / "away")
    if how == "unmounted":
        home.pictures.mkdir(0o700)
    if how == "linked":
        home.pictures.symlink_to(home.root.parent / "not mounted")
    (found,) = _findings(avatar, "--fix", code=1)
    assert found["message"] == f"The folder {home.pictures} {what}, and avatars have their files there."
    assert "delete" not in found["hint"]


def test_settings_are_said_to_be_fine_where_they_are(avatar: Avatar, home: Home) -> None:
    avatar("list")
    assert f"{home.config} is not there; AVATAR_* are fine." in avatar("doctor").out
    avatar("config", "set", "width", "512")
    assert f"{home.config} and AVATAR_* are fine." in avatar("doctor").out
