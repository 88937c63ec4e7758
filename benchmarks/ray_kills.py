"""Trouble on a Ray cluster of three nodes on this machine. Run: python -m benchmarks.ray_kills.

It needs avatar-creator[ray].

No benchmark: it kills actors, nodes and the worker while drawings are made, freezes one, and kills the head. It prints
what became of the pictures, and ends with 1 if any was lost or made twice.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from avatar_creator.home import HOME_VARIABLE, Home
from ray_nodes import RayNodes, ray_nodes

_LONG_S = 900.0
_GONE = "does not answer any more"


class _Worker:
    """A home, and the worker that makes what is queued there on the cluster."""

    def __init__(self, folder: Path, nodes: RayNodes) -> None:
        self.home = Home(folder)
        self._address = nodes.address
        # More than the worker is killed: one that was killed three times over a picture gives it up.
        attempts = {"AVATAR_RETRY_ATTEMPTS": "10"}
        self._variables = os.environ | nodes.variables | attempts | {HOME_VARIABLE: str(folder)}
        self._process: subprocess.Popen[bytes] | None = None

    def queue(self, count: int) -> None:
        options = ("--engine", "offline", "--width", "2048", "--height", "2048", "--count", str(count), "--detach")
        for command in (("generate", "--persona-name", "Ann", *options), ("worker", "stop", "--now")):
            subprocess.run(self._command(*command), env=self._variables, check=True, capture_output=True)

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command("worker", "run", "--ray", self._address), env=self._variables, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "avatar_creator", *arguments]

    def completed(self) -> int:
        [(count,)] = self.rows("SELECT count(*) FROM generations WHERE status = 'completed'")
        return int(count)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.home.database)) as connection:
            return connection.execute(statement).fetchall()

    def log(self) -> str:
        return self.home.worker_log.read_text("utf-8")


def main() -> int:
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="avatar-ray-") as folder, ray_nodes(3) as nodes:
        worker = _Worker(Path(folder) / "home", nodes)
        worker.queue(given.pictures)
        done = _trouble(worker, nodes, given, Random(given.seed))
        _until(lambda: worker.completed() == given.pictures, "the pictures")
        print(f"{given.pictures} pictures in {done}: {_judged(worker)}", flush=True)
        begun_s = _kill_head(worker, nodes)
        print(f"head killed: said after {begun_s:.0f} s, went on: {_judged(worker)}", flush=True)
        return worker.stop()


def _trouble(worker: _Worker, nodes: RayNodes, given: argparse.Namespace, chance: Random) -> str:
    """Do all of it, in an order of chance, while pictures are made; return what was done."""
    kills, done = given.kills, Counter[str]()
    order = ["actor"] * (kills // 2) + ["engine process"] * (kills - kills // 2 - kills // 5) + ["node"] * (kills // 5)
    order += ["frozen"] + ["worker"] * given.restarts
    chance.shuffle(order)
    ids = list(nodes.added)
    worker.start()
    for what in order:
        if worker.completed() >= given.pictures - 1:
            break  # too few pictures for all of it
        _until_next(worker)
        done[what] += 1
        time.sleep(chance.uniform(0, 1))  # the moment is the point
        if what == "worker":
            worker.kill()
            worker.start()
        elif what == "node":
            ids.append(nodes.add())
            nodes.kill(ids.pop(0))
        else:
            name = "ray::EngineActor" if what == "actor" else "engine_processes.child"
            for pid in chance.sample(found := nodes.pids(name), min(1, len(found))):
                os.kill(pid, signal.SIGSTOP if what == "frozen" else signal.SIGKILL)
    return ", ".join(f"{count} x {what}" for what, count in sorted(done.items()))


def _kill_head(worker: _Worker, nodes: RayNodes) -> float:
    """Kill the head while pictures are made, and begin it anew; return how long it took until the log said so."""
    worker.stop()
    before = worker.completed()
    worker.queue(100)
    worker.start()
    _until_next(worker)
    nodes.kill_head()
    begun_s = time.monotonic()
    _until(lambda: _GONE in worker.log(), "the words")
    took_s = time.monotonic() - begun_s
    nodes.end()
    again = RayNodes(Path(nodes.variables["HOME"]), port=int(nodes.address.rpartition(":")[2]))
    try:
        again.add()
        _until(lambda: worker.completed() == before + 100, "the pictures after the head")
    finally:
        again.end()
    return took_s


def _judged(worker: _Worker) -> str:
    """Say what became of the pictures; end the program where that is not one of each."""
    statuses = {status for (status,) in worker.rows("SELECT DISTINCT status FROM generations")}
    (generations,), (avatars,) = worker.rows(
        "SELECT count(DISTINCT avatar_id) FROM generations UNION ALL SELECT count(*) FROM avatars"
    )
    if statuses != {"completed"} or generations != avatars:
        raise SystemExit(f"out of order: {statuses}, {generations} of {avatars} avatars")
    return f"{avatars} once, 0 lost, begun {worker.log().count(' begun, seed ')}"


def _until_next(worker: _Worker) -> None:
    before = worker.completed()
    _until(lambda: worker.completed() > before, "the next picture")


def _until(holds: Callable[[], bool], what: str) -> None:
    end_s = time.monotonic() + _LONG_S
    while not holds():
        if time.monotonic() > end_s:
            raise SystemExit(f"{what} did not come in {_LONG_S:.0f} s")
        time.sleep(0.05)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ray_kills", description=__doc__)
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20, help="of actors, engine processes and nodes")
    parser.add_argument("--restarts", type=int, default=5, help="how often the worker is killed")
    parser.add_argument("--seed", type=int, default=1, help="of chance")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
