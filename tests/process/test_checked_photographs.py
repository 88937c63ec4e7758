"""Photographs that have to pass a check: what is made again, paid, rejected and taken after all."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar_creator.domain.request import reroll_seed
from avatar_creator.home import Home
from portraits import FAULTS, encoded, portrait
from standin import Behaviour, StandIn
from standin.pictures import Encoded, Wish
from waiting import until

PROGRAM = (sys.executable, "-m", "avatar_creator")
SQUARE = ("--width", "512", "--height", "512")
GENERATE = ("generate", "--persona-name", "Ann", *SQUARE, "--seed", "7", "--engine")
CHECKED = (*GENERATE, "huggingface", "--check", "face")
KEYS = "id generation_id avatar_id project_id project_name name seed faults image_path thumbnail_path created_at"

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def shows(name: str, image: Image.Image) -> Behaviour:
    """Return a service that makes this picture, whatever it is asked for."""

    def spoil(wish: Wish, _good: Encoded) -> Encoded:
        return Encoded(encoded(image.resize((wish.width, wish.height))), "image/jpeg")

    return Behaviour(name, paid=True, spoil=spoil)


ONE, TWO = shows("one", portrait().crop((0, 40, 512, 552))), shows("two", FAULTS["crowded"](portrait()))
OTHER = shows("other", portrait("luis").crop((0, 30, 300, 330)))
NOBODY, BLURRED = shows("nobody", FAULTS["faceless"](portrait())), shows("blurred", FAULTS["blurred"](portrait()))


@pytest.fixture
def hub(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:  # noqa: ARG001 - a clean environment first
    with StandIn(tmp_path) as hub:
        for name, value in hub.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AVATAR_RETRY_BASE_S", "0.02")
        yield hub


def run(*argv: object, code: int = 0) -> Any:
    done = subprocess.run(
        [*PROGRAM, *map(str, argv)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done
    return done


def rejects(*argv: object) -> Any:
    return json.loads(run("rejects", *argv, "--json").stdout)


def test_what_fails_is_made_again_with_the_next_seed(hub: StandIn) -> None:
    hub.script("call", TWO, BLURRED, ONE)
    done = run(*CHECKED, "--json")
    made = json.loads(done.stdout)
    seeds = [7, reroll_seed(7, 1), reroll_seed(7, 2)]
    assert [call.body["seed"] for call in hub.calls] == seeds
    assert (made["status"], made["pictures"], made["seed"]) == ("completed", 3, 7)
    assert made["avatar"]["seed"] == made["avatar"]["recipe"]["seed"] == seeds[2]
    assert "Ann: It shows 2 faces (limit 1). It is made again (1 of 2)." in done.stderr
    found = rejects()
    assert list(found[0]) == KEYS.split()
    assert [(each["faults"][0]["word"], each["seed"]) for each in found] == [("crowded", 7), ("blurred", seeds[1])]
    assert all(Path(each["image_path"]).is_file() and Path(each["thumbnail_path"]).is_file() for each in found)
    assert "problem" not in run("doctor").stdout
    charged = json.loads(run("stats", "--json").stdout)
    assert sum(each["pictures"] for each in charged["charged"]) == 3


def test_after_so_many_it_has_failed(hub: StandIn) -> None:
    hub.always("call", NOBODY)
    done = run(*CHECKED, "--rerolls", "1", code=5)
    assert "All 2 pictures of it failed the check. It shows no face (certainty limit 0.7)." in done.stderr
    (generation,) = json.loads(run("status", "--json").stdout)
    assert (generation["status"], generation["error"]["code"]) == ("failed", "rejected")
    assert generation["error"]["hint"] == f"Look at what was made: avatar rejects {generation['id']}"
    assert len(rejects(generation["id"])) == len(rejects("default")) == len(hub.pictures) == 2
    hub.always("call", ONE)  # tried again, it goes on with other seeds
    run("retry", generation["id"])
    run("wait", generation["id"])
    assert [call.body["seed"] for call in hub.calls] == [7, reroll_seed(7, 1), reroll_seed(7, 2)]


def test_none_is_made_again_with_no_rerolls_nor_without_a_check(hub: StandIn) -> None:
    hub.always("call", NOBODY)
    run(*CHECKED, "--rerolls", "0", code=5)
    run(*GENERATE, "huggingface")
    assert len(hub.pictures) == 2
    assert len(rejects()) == 1


def test_drawings_are_exempt(hub: StandIn) -> None:
    run(*GENERATE, "offline", "--check", "face")
    assert (rejects(), hub.calls) == ([], [])


def test_another_avatar_s_twin_is_made_again(hub: StandIn) -> None:
    hub.script("call", ONE, ONE, OTHER)
    run(*CHECKED)
    run(*CHECKED[:-4], "--seed", "8", *CHECKED[-4:])
    assert [each["faults"][0]["word"] for each in rejects()] == ["twin"]


def test_limits_hold_for_what_is_made_again(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_MAX_IMAGES_DAY", "2")
    hub.always("call", TWO)
    done = run(*CHECKED, "--rerolls", "5", "--yes", code=5)
    assert len(hub.pictures) == len(rejects()) == 2
    assert "Its picture failed the check. It shows 2 faces (limit 1). This would pay for 1 picture" in done.stderr
    spent = json.loads(run("stats", "--json").stdout)["spending"]
    assert (spent["day"]["pictures"], spent["reserved"]["pictures"]) == (2, 0)


def test_nobody_pays_more_than_was_agreed_to(hub: StandIn) -> None:
    done = run(*CHECKED, "--max-images", "2", code=2)
    assert "This would pay for 3 pictures" in done.stderr
    assert hub.calls == []
    hub.script("call", TWO, TWO, ONE)
    said = run(*CHECKED, "--max-images", "3").stderr
    assert "What fails the check is made again, and paid for each time: 3 pictures" in said


def test_a_reject_is_taken_after_all(hub: StandIn) -> None:
    hub.script("call", TWO, ONE)
    made = json.loads(run(*CHECKED, "--json").stdout)["avatar"]
    (reject,) = rejects(made["id"])
    picture = Path(reject["image_path"]).read_bytes()
    taken = json.loads(run("rejects", "take", reject["id"], "--json").stdout)
    assert (taken["id"], taken["version"], taken["seed"]) == (made["id"], 2, 7)
    assert Path(taken["image_path"]).read_bytes() == picture
    assert rejects() == []
    run("revert", made["id"])
    assert json.loads(run("show", made["id"], "--json").stdout)["seed"] == made["seed"]
    assert "problem" not in run("doctor").stdout


def test_a_reject_becomes_the_avatar_that_was_never_made(hub: StandIn) -> None:
    hub.always("call", TWO)
    run(*CHECKED, "--rerolls", "0", code=5)
    (reject,) = rejects()
    taken = json.loads(run("rejects", "take", reject["id"][:8], "--json").stdout)
    assert (taken["id"], taken["name"], taken["seed"]) == (reject["avatar_id"], "Ann", 7)
    assert len(json.loads(run("list", "--json").stdout)) == 1


def test_rejects_go_with_their_avatar_their_project_or_by_command(hub: StandIn, home: Home) -> None:
    hub.script("call", TWO, ONE, TWO, NOBODY)
    made = json.loads(run(*CHECKED, "--json").stdout)["avatar"]
    run(*CHECKED, "--rerolls", "1", code=5)
    files = {each["id"]: Path(each["image_path"]) for each in rejects()}
    run("delete", made["id"], "--yes")
    _, second, third = files
    assert [each["id"] for each in rejects()] == [second, third]
    run("rejects", "delete", second, "--yes")
    run("project", "delete", "default", "--yes")
    assert [file.exists() for file in files.values()] == [False] * 3
    assert rejects() == []
    assert [path for path in home.pictures.rglob("*") if path.is_file()] == []


def test_a_batch_finds_what_was_made_after_a_reject(hub: StandIn, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,seed\nAnn,7\nBo,8\n")
    hub.script("call", TWO, ONE, OTHER)
    batch = (
        "batch",
        tmp_path / "people.csv",
        "--engine",
        "huggingface",
        "--check",
        "face",
        "--width",
        512,
        "--height",
        512,
    )
    run(*batch)
    assert (len(hub.pictures), len(rejects())) == (3, 1)
    run(*batch)
    assert len(hub.pictures) == 3


def test_the_worker_makes_again_what_fails(hub: StandIn) -> None:
    hub.script("call", TWO, ONE)
    id_ = run(*CHECKED, "--detach", "--quiet").stdout.strip()
    run("wait", id_)
    assert len(rejects(id_)) == 1
    assert "rejected" in run("logs", id_).stdout


@posix
@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.3, 0.6])
def test_a_kill_has_no_picture_paid_twice(hub: StandIn, home: Home, after_s: float) -> None:
    """Killed after the first answer, wherever it is then: every answer that comes is one reject or the avatar."""
    hub.script("call", TWO, TWO, ONE, ONE, ONE)
    id_ = run(*CHECKED, "--detach", "--quiet").stdout.strip()
    until(lambda: hub.pictures)
    time.sleep(after_s)
    with closing(sqlite3.connect(home.database)) as connection:
        row = connection.execute("SELECT pid FROM worker").fetchone()
    os.kill(row[0], signal.SIGKILL)
    run("wait", id_)
    assert json.loads(run("status", id_, "--json").stdout)["status"] == "completed"
    in_doubt = json.loads(run("stats", "--json").stdout)["spending"]["day"]["in_doubt"]
    rejected = len(rejects())
    assert 2 - in_doubt <= rejected <= 2  # a call that was cut off before anything came of it
    assert len(hub.pictures) - in_doubt <= rejected + 1 <= len(hub.pictures)
    assert "problem" not in run("doctor").stdout
