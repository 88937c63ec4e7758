"""`kill -9` at any moment: of the worker, and of whoever queues."""

import os
import signal
import subprocess
import time
from pathlib import Path
from random import Random

from . import order
from .lab import ASK, Lab
from .report import Report


def kill_workers(folder: Path, *, jobs: int, kills: int, seed: int, delay_s: float = 0.05) -> Report:
    """Kill the worker at random moments while it makes ``jobs`` paid pictures, two at once."""
    report, chance = Report("1 kill -9 of the worker"), Random(seed)
    with Lab(folder, delay_s=delay_s) as lab:
        ids = lab.queue(jobs)
        killed, slowest_s = 0, 0.0
        while killed < kills and lab.unfinished():
            before = lab.calls
            worker = lab.work("--concurrency", "2")
            if chance.random() < 0.8:
                lab.until_called(before + 1, worker)
            time.sleep(chance.uniform(0, 5 * delay_s))  # the moment is the point
            worker.kill()
            worker.wait()
            killed += worker.returncode == -signal.SIGKILL
            slowest_s = max(slowest_s, _recovered_s(lab))
        lab.finish()
        report.count("kills", killed)
        report.most("slowest recovery in s", round(slowest_s, 4), 1.0)
        order.check(lab, report, ids)
        order.check_money(lab, report)
        order.check_files(lab, report, most=4 * killed)
    return report


def _recovered_s(lab: Lab) -> float:
    """Return how long the last worker took from its begin until all that was interrupted waited again."""
    [(seconds,)] = lab.rows(
        "SELECT coalesce(max((julianday(at) - julianday((SELECT started_at FROM worker))) * 86400), 0)"
        " FROM generation_events WHERE event = 'interrupted' AND at > (SELECT started_at FROM worker)"
    ) or [(0.0,)]
    return float(seconds)


def kill_enqueuers(folder: Path, *, kills: int, seed: int, at_once: int = 4, each: int = 3) -> Report:
    """Kill shells that queue ``each`` generations at random moments, several at once."""
    report, chance = Report("2 kill -9 of who queues"), Random(seed)
    with Lab(folder, delay_s=0) as lab:
        told = lab.queue(1)
        begun_s = time.monotonic()
        for shell in [_enqueuer(lab, -1 - k, each) for k in range(at_once)]:
            told += shell.communicate()[0].split()
        takes_s = time.monotonic() - begun_s  # so many at once, on this machine
        whole = killed = 0
        for n in range(0, kills, at_once):
            shells = [_enqueuer(lab, n + k, each) for k in range(at_once)]
            moments = sorted((chance.uniform(0.3 * takes_s, 1.2 * takes_s), shell.pid) for shell in shells)
            begun_s = time.monotonic()
            for moment_s, process in moments:
                time.sleep(max(0.0, begun_s + moment_s - time.monotonic()))  # the moment is the point
                os.kill(process, signal.SIGKILL)
            for shell in shells:
                out, _ = shell.communicate()
                killed += shell.returncode == -signal.SIGKILL
                whole += shell.returncode == 0
                told += [line for line in out.split("\n")[:-1] if line]
        report.count("kills", killed)
        report.count("came through", whole)
        report.count("ids told", len(told))
        halves = lab.rows(
            "SELECT json_extract(request, '$.persona.name') AS name, count(*) AS n FROM generations"
            " WHERE name != 'Ann' GROUP BY name HAVING n != ?",
            each,
        )
        report.never("half-written", halves)
        lab.finish()
        order.check(lab, report, told)
        order.check_money(lab, report)
    return report


def _enqueuer(lab: Lab, number: int, each: int) -> subprocess.Popen[str]:
    seeds = ("--seed", str(1000 + number * each), "--count", str(each))
    return lab.start(*ASK, "--persona-name", f"Shell {number}", *seeds, CHAOS_NOBODY="1")
