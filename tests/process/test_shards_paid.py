"""Shards of photographs that are killed: what was paid for is in the file, and is not paid for again."""

import json
import sys
import tarfile
import time
from pathlib import Path
from random import Random

import pytest

from avatar_creator.archives.layout import RECORDS
from cli.commandline import process, start
from standin import StandIn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

PICTURES, AT_ONCE, KILLS = 12, 2, 4
SIZE = ("--width", 512, "--height", 512)


def test_a_killed_shard_pays_for_nothing_twice_but_what_is_in_flight(tmp_path: Path) -> None:
    file, plan, chance = tmp_path / "people.csv", tmp_path / "plan", Random(3)
    file.write_text("\n".join(("id,name,age", *(f"p{n},Person {n},{20 + n}" for n in range(PICTURES)))), "utf-8")
    with StandIn(tmp_path) as hub:
        env = hub.environment()
        planned = process("batch", "plan", file, "--shards", 1, "-o", plan, "--engine", "huggingface", *SIZE, **env)
        assert planned.code == 0, planned
        command = ("batch", "run", plan, "--shard", 0, "--yes", "--concurrency", AT_ONCE)
        hub.delay_s = 0.2
        for _ in range(KILLS):
            before = len(hub.pictures)
            with start(*command, **env) as running:
                end = time.monotonic() + 30
                while len(hub.pictures) <= before and running.poll() is None and time.monotonic() < end:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, 0.3))  # the moment is the point
                running.kill()
        made = process(*command, "--json", **env)
        assert made.code == 0, made
        assert made.json["made"] == PICTURES
        assert PICTURES <= len(hub.pictures) <= PICTURES + KILLS * AT_ONCE
        paid = len(hub.pictures)
        assert process(*command, **env).code == 0
        assert len(hub.pictures) == paid
    with tarfile.open(plan / "done" / "00000.tar") as tar:
        lines = [json.loads(line) for line in tar.extractfile(RECORDS)]  # type: ignore[union-attr]
    seeds = [line["avatar"]["seed"] for line in lines if line["kind"] == "avatar"]
    assert len(set(seeds)) == len(seeds) == PICTURES


def test_a_shard_that_is_killed_before_its_file_is_there_pays_for_nothing_again(tmp_path: Path) -> None:
    file, plan = tmp_path / "people.csv", tmp_path / "plan"
    file.write_text("\n".join(("id,name,age", *(f"p{n},Person {n},{20 + n}" for n in range(4)))), "utf-8")
    with StandIn(tmp_path) as hub:
        env = hub.environment()
        process("batch", "plan", file, "--shards", 1, "-o", plan, "--engine", "huggingface", *SIZE, **env)
        command = ("batch", "run", plan, "--shard", 0, "--yes")
        killer = tmp_path / "sitecustomize.py"  # it dies where the file would be begun
        killer.write_text(
            "import os, signal\nfrom avatar_creator.exports import shards\n"
            "shards.ShardTar.begin = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        killed = process(*command, **env, PYTHONPATH=str(tmp_path))
        assert killed.code == -9, killed
        assert len(hub.pictures) == 4
        assert process(*command, **env).code == 0
        assert len(hub.pictures) == 4
