"""`kill -9` of engine processes at any moment, one that freezes, and of the worker that has them."""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random

from . import order
from .lab import Lab
from .report import Report

_AT_ONCE = 3


def kill_engine_processes(
    folder: Path, *, jobs: int, kills: int, workers: int, seed: int, frozen: int = 0, picture_s: float = 0.1
) -> Report:
    """Kill engine processes, and ``workers``, evenly over ``jobs`` pictures; ``frozen`` processes are stopped.

    No picture fails: for that three processes would have to die over it, and between two kills some are made.
    """
    report, chance = Report("8 kill -9 of engine processes"), Random(seed)
    troubles = ["kill"] * kills + ["freeze"] * frozen + ["worker"] * workers
    chance.shuffle(troubles)
    with Lab(folder) as lab:
        ids = lab.queue(jobs, "--engine", "offline")
        command = shlex.join([sys.executable, "-m", "chaos.slow_engine", str(picture_s), str(folder)])
        work = ("--engine-process", f"{command}*{_AT_ONCE}")
        worker, stopped = lab.work(*work), set[int]()
        for number, trouble in enumerate(troubles, start=1):
            _until_made(lab, number * jobs // (len(troubles) + 2))
            time.sleep(chance.uniform(0, picture_s))  # the moment is the point
            if trouble == "worker":
                worker.kill()
                worker.wait()
                _until_left(lab, folder, stopped)
                worker = lab.work(*work)
            elif living := sorted(_processes(folder) - stopped):
                process = chance.choice(living)
                stopped |= {process} if trouble == "freeze" else set()
                _send(process, signal.SIGSTOP if trouble == "freeze" else signal.SIGKILL)
            report.count(trouble, report.figures.get(trouble, 0) + 1)
        lab.until(lambda: not lab.unfinished(), "all has ended")
        worker.wait()
        for process in stopped:  # one whose worker was killed as it stood still has not noticed
            _send(process, signal.SIGCONT)
        _until_left(lab, folder, set())
        order.check(lab, report, ids)
        order.check_files(lab, report, most=_AT_ONCE * 8 * workers)
    return report


def _until_made(lab: Lab, pictures: int) -> None:
    lab.until(lambda: len(lab.statuses()) - len(lab.unfinished()) >= pictures, f"{pictures} are made")


def _until_left(lab: Lab, folder: Path, stopped: set[int]) -> None:
    lab.until(lambda: _processes(folder) <= stopped, "no engine process is left")


def _send(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def _processes(folder: Path) -> set[int]:
    """Return the engine processes that live, by their command."""
    said = subprocess.run(["ps", "-A", "-o", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    found = [line.split(maxsplit=2) for line in said.splitlines()]
    ours = [each for each in found if "-m chaos.slow_engine" in each[-1] and str(folder) in each[-1]]
    return {int(id_) for id_, state, command in ours if state[0] != "Z" and "worker run" not in command}
