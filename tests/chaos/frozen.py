"""Workers that stand still for a while, and clocks that jump."""

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from . import order
from .lab import ASK, Lab
from .report import Report

_DAY_S = 86_400
_KEPT = {"AVATAR_KEEP_COMPLETED_H": "1000"}  # else their details are forgotten, as the clock says they are old


def freeze(folder: Path, *, rounds: int, frozen_s: float = 1.0) -> Report:
    """Freeze the worker in the middle of calls, and have others try to take its place meanwhile."""
    report = Report("6 frozen worker")
    tried = 0
    with Lab(folder, delay_s=0.1, AVATAR_WORKER_IDLE_S="0") as lab:
        ids: list[str] = []
        for number in range(rounds):
            ids += lab.queue(6, seed=1 + 20 * number)
            before = lab.calls
            worker = lab.work()
            lab.until_called(before + 1)
            _freeze(lab, worker)
            thawed_s = time.monotonic() + frozen_s
            # It holds nothing that others wait for, and the place is not theirs.
            rivals = [lab.start("worker", "run", "--in-line")]
            ids += lab.run(*ASK, "--seed", str(15 + 20 * number)).split()
            rivals.append(lab.start("worker", "run"))
            report.never("taken over", rivals[1].wait() == 0)
            tried += len(rivals)
            time.sleep(max(0.0, thawed_s - time.monotonic()))  # how long it is frozen is the point
            worker.send_signal(signal.SIGCONT)
            lab.settle()
        report.count("frozen", rounds)
        report.count("rivals", tried)
        _check(lab, report, ids)
    return report


def _freeze(lab: Lab, worker: subprocess.Popen[str]) -> None:
    """Stop a worker where it holds no transaction: else all others wait for it, and say so in the end."""
    while True:
        worker.send_signal(signal.SIGSTOP)
        os.waitpid(worker.pid, os.WUNTRACED)
        if not _is_locked(lab):
            return
        worker.send_signal(signal.SIGCONT)
        time.sleep(0.01)  # so that it can go on


def _is_locked(lab: Lab) -> bool:
    with closing(sqlite3.connect(lab.home.database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


def jump(folder: Path, *, rounds: int) -> Report:
    """Have the clock jump a day ahead and back while pictures are made, and others look in."""
    report = Report("6 clock that jumps")
    clock = folder / "clock"
    _set(clock, 0)
    with Lab(folder, delay_s=0.1, AVATAR_WORKER_IDLE_S="0", CHAOS_CLOCK=str(clock), more=_KEPT) as lab:
        ids: list[str] = []
        for number in range(rounds):
            ids += lab.queue(6, seed=1 + 20 * number)
            worker = lab.work()
            for day in (1, -1, 0):
                before = lab.calls
                lab.until_called(before + 1, worker)
                _set(clock, day * _DAY_S)
                lab.run("queue")
                lab.start("worker", "run", "--in-line")
                seed = 15 + 20 * number + day
                ids += lab.run(*ASK, "--seed", str(seed)).split()
            lab.settle()
        report.count("jumps", 3 * rounds)
        _check(lab, report, ids)
    return report


def _set(clock: Path, seconds: int) -> None:
    new = clock.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(clock)  # others read it at any moment


def _check(lab: Lab, report: Report, ids: list[str]) -> None:
    order.check(lab, report, ids)
    order.check_money(lab, report)
    order.check_files(lab, report)
    order.check_log(lab, report)
    report.most("paid twice", report.figures["paid again"])
    report.most("taken for dead", report.figures["interrupted"])
