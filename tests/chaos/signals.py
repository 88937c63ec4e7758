"""Signals to the worker, and terminals and pipes that go away."""

import os
import pty
import shlex
import signal
import subprocess
import time
from pathlib import Path
from random import Random

from . import order
from .lab import ASK, AVATAR, Lab
from .report import Report

GRACE_S = 20.0
_BEGUN = ", in run\n"  # a traceback without it is the interpreter's, which SIGINT ended before it came to us


def stop(folder: Path, *, rounds: int, seed: int) -> Report:
    """Ask the worker to stop, once, at random moments: it finishes what it makes, and nothing is paid again."""
    report, chance = Report("8 SIGTERM, SIGINT, SIGHUP"), Random(seed)
    with Lab(folder, delay_s=0.2) as lab:
        ids = lab.queue(4 * rounds)
        slowest_s, codes = 0.0, []
        for number in range(rounds):
            before = lab.calls
            worker = lab.start("worker", "run")
            if chance.random() < 0.8:
                lab.until_called(before + 1, worker)
            time.sleep(chance.uniform(0, 0.4))  # the moment is the point
            begun_s = time.monotonic()
            worker.send_signal((signal.SIGTERM, signal.SIGINT, signal.SIGHUP)[number % 3])
            _, err = worker.communicate()
            slowest_s = max(slowest_s, time.monotonic() - begun_s)
            if "Traceback" not in err or _BEGUN in err:
                codes.append(worker.returncode)
                report.never(f"traceback of {number}", _BEGUN in err)
                report.figures.pop(f"traceback of {number}")
        lab.finish()
        report.count("stopped", rounds)
        report.count("before it began", rounds - sum(code == 0 for code in codes))
        report.never("strange ends", set(codes) - {0, 130, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP})
        report.most("slowest exit in s", round(slowest_s, 2), GRACE_S)
        _check(lab, report, ids)
        report.most("paid twice", report.figures["paid again"])
    return report


def hurry(folder: Path, *, rounds: int) -> Report:
    """Ask twice: what is made is put back at once, and its call does not count as an attempt."""
    report = Report("8 SIGINT twice")
    released, slowest_s = 0, 0.0
    with Lab(folder, delay_s=60) as lab:
        ids = lab.queue(4)
        for _ in range(rounds):
            before = lab.calls
            worker = lab.start("worker", "run")
            lab.until_called(before + 2)
            begun_s = time.monotonic()
            worker.send_signal(signal.SIGINT)
            lab.comes(lambda: False, within_s=0.1)  # two signals at once are one
            worker.send_signal(signal.SIGINT)
            worker.communicate()
            slowest_s = max(slowest_s, time.monotonic() - begun_s)
            report.never("strange ends", worker.returncode)
            released += 2
        waiting = lab.rows("SELECT id FROM generations WHERE status = 'pending' AND attempt = 0 AND interruptions = 0")
        report.most("not put back as they were", len(ids) - len(waiting))
        lab.finish()
        report.count("put back", released)
        report.most("slowest exit in s", round(slowest_s, 2), GRACE_S)
        order.check(lab, report, ids)
        order.check_money(lab, report, asked_again=released)
        order.check_files(lab, report)
    return report


def hang_up(folder: Path, *, rounds: int) -> Report:
    """Close the terminal that queued, while the worker that it started makes the picture."""
    report, ids = Report("8 closed terminal"), []
    with Lab(folder, delay_s=0.5, AVATAR_WORKER_IDLE_S="0") as lab:
        for number in range(rounds):
            before = lab.calls
            terminal, other = pty.openpty()
            # A session without a terminal gets the one that its first process opens.
            command = shlex.join([*AVATAR, *ASK, "--seed", str(1 + number)])
            tty = shlex.quote(os.ttyname(other))
            shell = subprocess.Popen(
                ["sh", "-c", f"exec <{tty} >{tty} 2>&1; {command} >{folder}/id; sleep 600"],
                env=lab.environment,
                start_new_session=True,
                text=True,
            )
            lab.processes.append(shell)
            os.close(other)
            lab.until_called(before + 1)
            os.close(terminal)
            report.most("shells that lived on", shell.wait() != -signal.SIGHUP)
            ids += (folder / "id").read_text("utf-8").split()
            lab.settle()
        report.count("closed", rounds)
        _check(lab, report, ids)
    return report


def capture(folder: Path, *, rounds: int) -> Report:
    """Have somebody read all that the command prints: the worker keeps nothing of it open; or nobody at all."""
    report, ids = Report("8 captured and closed output"), []
    with Lab(folder, delay_s=1.5, AVATAR_WORKER_IDLE_S="0") as lab:
        slowest_s = 0.0
        for number in range(rounds):
            begun_s = time.monotonic()
            ids += lab.run(*ASK, "--seed", str(1 + 2 * number)).split()
            slowest_s = max(slowest_s, time.monotonic() - begun_s)
            report.most("read until the picture was made", not lab.unfinished())
            closed = shlex.join([*AVATAR, *ASK, "--seed", str(2 + 2 * number)]) + " >&- 2>&-"
            subprocess.run(["sh", "-c", closed], env=lab.environment, check=False)
            lab.settle()
        report.count("captured", rounds)
        report.count("slowest in s", round(slowest_s, 2))
        report.most("not queued without output", 2 * rounds - len(lab.statuses()))
        _check(lab, report, ids)
    return report


def _check(lab: Lab, report: Report, ids: list[str]) -> None:
    order.check(lab, report, ids)
    order.check_money(lab, report)
    order.check_files(lab, report)
    order.check_log(lab, report)
    report.most("taken for dead", report.figures["interrupted"])
