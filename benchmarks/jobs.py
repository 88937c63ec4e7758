"""The worker's own figures: `python -m benchmarks.jobs` queues pictures that cost nothing, and looks at the rest.

The engine gives back the same small JPEG at once, so that what is left is ours: claim, files, rows. Figures of one
machine at one moment: read them side by side, never as limits.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from PIL import Image

from avatar_creator.domain.picture import COUNT_MOST, DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.engines.base import Setup, Watch
from avatar_creator.engines.offline.engine import OfflineEngine

_SIDE_PX = 64
_STILL = """
from avatar_creator.engines.table import ENGINES, Apart
ENGINES["offline"] = ENGINES["offline"]._replace(place="benchmarks.jobs:Still", apart=Apart.NO)
"""
_ALONE = """
from avatar_creator.jobs.worker_process import WorkerProcess
WorkerProcess._start = lambda *_: None
"""
_RUN = """
from avatar_creator.__main__ import run
run()
"""
_WRITE = """
import random, sys, time
from avatar_creator import Persona, open_library
from avatar_creator.domain.schedule import Schedule
with open_library() as library:
    plan = library.plan(library.request(persona=Persona("P"), engine="offline"))
    library.app.submitter.submit([plan], Schedule(), default_project="default")
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(20):
        time.sleep(random.uniform(0, 0.2))  # a shell starts a process in between
        began = time.perf_counter()
        library.app.submitter.submit([plan], Schedule(), default_project="default")
        print(time.perf_counter() - began)
"""
_GENERATE = ("generate", "--gender", "female", "--width", "64", "--height", "64", "--quiet", "--detach")
_SHELLS = 50
_TENTH = 10


class Still(OfflineEngine):
    """Gives back the same picture, several at once."""

    most_at_once: int | None = None

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        file = BytesIO()
        Image.new("RGB", (_SIDE_PX, _SIDE_PX), "teal").save(file, "JPEG")
        self._data = file.getvalue()

    def check(self, _options: Mapping[str, Any], /) -> None:
        pass

    def generate(self, _request: PictureRequest, watch: Watch) -> Picture:
        watch.progress(1.0)
        source = DigitalSourceType.ALGORITHMIC
        return Picture(self._data, PictureFormat.JPEG, _SIDE_PX, _SIDE_PX, "still", source, {})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.jobs", description=__doc__)
    parser.add_argument("--drain", type=int, default=10_000, help="pictures that are queued and made at one go")
    parser.add_argument("--idle", type=float, default=20.0, help="seconds to look at a worker without work")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _drain(Path(folder) / "drain", arguments.drain)
        _run_beside(Path(folder) / "beside", arguments.idle)
        _write_together(Path(folder) / "together")


def _drain(home: Path, count: int) -> None:
    """Queue very many, with nobody to make them, and then make them."""
    for start in range(0, count, COUNT_MOST):
        _avatar(home, *_GENERATE, "--count", str(min(count - start, COUNT_MOST)), alone=True)
    used = _avatar(home, "worker", "run", "--idle", "0")
    ended = [at for (at,) in _rows(home, "SELECT julianday(finished_at) * 86400 FROM generations ORDER BY 1")]
    tenths = [ended[(count - 1) * n // _TENTH] for n in range(_TENTH + 1)]
    took = [end - start for start, end in pairwise(tenths)]
    print(f"drained {count}: {count / (ended[-1] - ended[0]):.0f} a second, {used / count * 1000:.1f} ms of CPU each")
    print(f"each tenth, in s: {' '.join(f'{each:.2f}' for each in took)}; last / first {took[-1] / took[0]:.2f}")


def _run_beside(home: Path, idle_s: float) -> None:
    """Look at a worker that waits, and at a shell that queues one after the other."""
    with subprocess.Popen(_command("worker", "run"), env=_environment(home), stderr=subprocess.DEVNULL) as worker:
        try:
            _avatar(home, *_GENERATE, alone=True)
            time.sleep(2)
            before = _cpu_s(worker.pid)
            time.sleep(idle_s)
            print(f"idle: {(_cpu_s(worker.pid) - before) / idle_s:.2%} of a core")
            for _ in range(_SHELLS):
                _avatar(home, *_GENERATE, alone=True)
                time.sleep(0.05)
            time.sleep(1)
        finally:
            worker.terminate()
    sql = "SELECT (julianday(started_at) - julianday(created_at)) * 86400000 FROM generations ORDER BY id"
    waits = [wait for (wait,) in _rows(home, sql)][1:]
    print(f"start after queueing: median {median(waits):.0f} ms, most {max(waits):.0f} ms")


def _write_together(home: Path) -> None:
    """Let many processes write at once: all of them are ready before the first begins."""
    command = [sys.executable, "-c", _ALONE + _WRITE]
    shells = [
        subprocess.Popen(
            command, env=_environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for _ in range(_SHELLS)
    ]
    for shell in shells:
        assert shell.stdout
        shell.stdout.readline()
    for shell in shells:
        assert shell.stdin
        shell.stdin.write("\n")
        shell.stdin.flush()
    took = [float(line) * 1000 for shell in shells for line in shell.communicate()[0].splitlines()]
    p99 = quantiles(took, n=100)[98]
    print(f"{_SHELLS} processes queue at once: median {median(took):.1f} ms, p99 {p99:.0f} ms, most {max(took):.0f} ms")


def _command(*arguments: str, alone: bool = False) -> list[str]:
    return [sys.executable, "-c", _STILL + (_ALONE if alone else "") + _RUN, *arguments]


def _environment(home: Path) -> dict[str, str]:
    root = str(Path(__file__).parent.parent)
    return os.environ | {"AVATAR_HOME": str(home), "PYTHONPATH": root}


def _avatar(home: Path, *arguments: str, alone: bool = False) -> float:
    """Run a command, ``alone`` without a worker, and return the CPU time it took."""
    process = subprocess.Popen(
        _command(*arguments, alone=alone),
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"avatar {' '.join(arguments)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rows(home: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(home / "library.db")) as database:
        return database.execute(sql).fetchall()


if __name__ == "__main__":
    main()
