"""Upgrades by real processes: by the worker, with a fallback, killed, by two shells at once, on a disk that refuses."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("signals of POSIX", allow_module_level=True)

from chaos.lab import Lab
from standin import StandIn, behaviours

BOTH = ("--engine", "huggingface,offline", "--provider", "fal-ai", "--yes", "--quiet")
SMALL = ("--width", "512", "--height", "512")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path) as hub:
        yield hub


@pytest.fixture
def lab(hub: StandIn, tmp_path: Path) -> Iterator[Lab]:
    more = {**hub.environment(), "AVATAR_RETRY_BASE_S": "0.02", "AVATAR_WORKER_IDLE_S": "1"}
    with Lab(tmp_path, CHAOS_REAL="1", more=more) as lab:
        yield lab


def people(folder: Path, count: int) -> str:
    path = folder / "people.csv"
    path.write_text("id,name\n" + "".join(f"p{n},Person{n}\n" for n in range(count)), "utf-8")
    return str(path)


def draw(lab: Lab, folder: Path, count: int) -> dict[str, dict[str, Any]]:
    lab.run("batch", people(folder, count), "--quiet", "--engine", "offline", *SMALL, "-o", f"{folder}/{{name}}.jpg")
    return shown(lab)


def shown(lab: Lab) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in json.loads(lab.run("list", "--limit", "100", "--json"))}


def engines(lab: Lab) -> Counter[str]:
    return Counter(each["engine"] for each in shown(lab).values())


def kill_worker(lab: Lab) -> None:
    """Kill it; another one may stand by."""
    os.kill(lab.worker_process(), signal.SIGKILL)


def photographs(lab: Lab) -> int:
    return len(lab.rows("SELECT 1 FROM avatars WHERE engine = 'huggingface'"))


def copies_are_pictures(folder: Path, avatars: dict[str, dict[str, Any]]) -> bool:
    return all((folder / f"{n}.jpg").read_bytes() == Path(a["image_path"]).read_bytes() for n, a in avatars.items())


# -- by the worker


def test_a_worker_that_is_killed_leaves_drawings_and_the_next_makes_the_photographs(
    lab: Lab, hub: StandIn, tmp_path: Path
) -> None:
    before = draw(lab, tmp_path, 8)
    hub.delay_s = 0.5
    hub.script("call", behaviours.content_policy)  # one of them, for good
    queued = lab.run("upgrade", "--all", *BOTH, "--detach").split()
    assert len(queued) == 8
    lab.until(lambda: photographs(lab), "the first is made")
    kill_worker(lab)
    halfway = shown(lab)
    assert halfway.keys() == before.keys()
    assert all(halfway[name] == before[name] for name in before if halfway[name]["engine"] == "offline")
    ended = json.loads(lab.run("wait", *queued, "--json", code=5))
    statuses = Counter(each["status"] for each in ended)
    assert statuses == {"completed": 7, "failed": 1}
    assert engines(lab) == {"huggingface": 7, "offline": 1}
    assert len(hub.pictures) == 7, "each is paid for once"
    (left,) = (each for each in ended if each["status"] == "failed")
    assert left["error"]["code"] == "engine_refused"
    assert "failed" in lab.run("status", left["id"])
    after = shown(lab)
    kept = [name for name in before if after[name] == before[name]]
    assert len(kept) == 1, "its avatar is as it was"
    assert copies_are_pictures(tmp_path, after)
    assert not lab.unfinished()


def test_a_worker_without_a_token_leaves_the_drawings(lab: Lab, hub: StandIn, tmp_path: Path) -> None:
    before = draw(lab, tmp_path, 3)
    queued = lab.run("upgrade", "--all", *BOTH, "--detach", HF_TOKEN="").split()
    ended = json.loads(lab.run("wait", *queued, "--json", code=None, HF_TOKEN=""))
    assert {each["error"]["code"] for each in ended} == {"not_configured"}
    assert shown(lab) == before
    assert not hub.calls
    assert lab.run("upgrade", "--all", *BOTH).split(), "with one the same command makes them"
    assert engines(lab) == {"huggingface": 3}
    assert len(hub.pictures) == 3


def test_a_worker_that_is_killed_while_it_falls_back_draws_each_once(lab: Lab, hub: StandIn, tmp_path: Path) -> None:
    hub.delay_s = 0.3
    hub.chance(0.5, [behaviours.content_policy], 3)
    queued = lab.run("batch", people(tmp_path, 8), *BOTH, *SMALL, "--detach").split()
    for many in (1, 4):
        lab.until(lambda: len(lab.rows("SELECT 1 FROM avatars")) >= many or not lab.unfinished(), "some are made")  # noqa: B023
        if lab.is_worked():
            kill_worker(lab)
        assert len(json.loads(lab.run("status", *queued, "--json"))) == 8
        lab.run("worker", "start")
    ended = json.loads(lab.run("wait", *queued, "--json"))
    assert {each["status"] for each in ended} == {"completed"}
    instead = [each for each in ended if each["avatar"]["engine"] == "offline"]
    assert 0 < len(instead) < 8
    assert all(each["avatar"]["recipe"]["fallback"]["error"] == "engine_refused" for each in instead)
    assert len(shown(lab)) == 8
    in_doubt = json.loads(lab.run("stats", "--json"))["spending"]["day"]["in_doubt"]
    assert 0 <= len(hub.pictures) - (8 - len(instead)) <= in_doubt  # a kill cut off the answer, and the next refused
    assert "huggingface, which failed: " in json.loads(lab.run("status", instead[0]["id"], "--json"))["not_shown"][0]
    assert lab.rows("SELECT count(*) FROM avatar_versions") == [(0,)]


# -- two shells


def test_two_shells_that_upgrade_the_same_avatars_pay_each_once(lab: Lab, hub: StandIn, tmp_path: Path) -> None:
    draw(lab, tmp_path, 10)
    hub.delay_s = 0.2
    ids = [each["id"] for each in shown(lab).values()]
    one = ("--engine", "huggingface", "--provider", "fal-ai", "--yes", "--json", "--concurrency", "4")
    shells = [lab.start("upgrade", *which, *one) for which in (("--all",), ids[::-1])]
    results = Counter[str]()
    for shell in shells:
        out, err = shell.communicate(timeout=90)
        assert (shell.returncode, "Traceback" in err) == (0, False), err
        results.update(each["result"] for each in json.loads(out))
    assert results["made"] == 10
    assert set(results) <= {"made", "exists"}
    assert len(hub.pictures) == 10
    assert engines(lab) == {"huggingface": 10}
    assert lab.rows("SELECT version, count(*) FROM avatars GROUP BY version") == [(2, 10)]
    assert copies_are_pictures(tmp_path, shown(lab))


# -- a disk that refuses


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own for a home; only root can mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this user mounts nothing")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("free", [20_000, 100_000, 200_000])
def test_a_disk_that_is_full_leaves_drawings_and_what_is_paid_for_is_fetched(
    hub: StandIn, small_disk: Path, free: int
) -> None:
    with Lab(small_disk, CHAOS_REAL="1", more=hub.environment()) as lab:
        before = draw(lab, small_disk, 6)
        one = ("upgrade", "--all", "--engine", "huggingface", "--provider", "fal-ai", "--yes", "--concurrency", "2")
        room = shutil.disk_usage(small_disk).free
        (small_disk / "filler").write_bytes(b"x" * (room - free))
        process = lab.start(*one)
        _, err = process.communicate(timeout=90)
        assert (process.returncode, "Traceback" in err) == (6, False), err
        assert "is full" in err or "No space left" in err, err
        (small_disk / "filler").unlink()
        halfway = shown(lab)
        assert all(halfway[name] == before[name] for name in before if halfway[name]["engine"] == "offline")
        lab.run(*one)
        assert engines(lab) == {"huggingface": 6}
        assert copies_are_pictures(small_disk, shown(lab))
        assert len(hub.pictures) == 6, "what was paid for is fetched"


def test_a_home_that_is_read_only_is_said_and_nothing_is_paid(hub: StandIn, small_disk: Path) -> None:
    with Lab(small_disk, CHAOS_REAL="1", more=hub.environment()) as lab:
        before = draw(lab, small_disk, 2)
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        process = lab.start("upgrade", "--all", *BOTH)
        _, err = process.communicate(timeout=90)
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
        assert (process.returncode, "Traceback" in err) == (6, False), err
        assert "Hint: " in err
        assert not hub.pictures
        assert shown(lab) == before
