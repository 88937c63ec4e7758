"""Many shells at once, and shells that queue just as the worker leaves."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from . import order
from .lab import ASK, Lab, Typist
from .report import Report

_IDLE_S = 1.0


def crowd(folder: Path, *, new: int, old: int) -> Report:
    """Queue from ``new`` shells at once in a home that is not there yet, then from ``old`` ones in the same home."""
    report = Report("4 shells at once")
    with Lab(folder, delay_s=0.01, AVATAR_WORKER_IDLE_S=str(_IDLE_S)) as lab:
        ids: list[str] = []
        for count, first in ((new, 1), (old, new + 1)):
            begun_s = time.monotonic()
            shells = [lab.start(*ASK, "--seed", str(first + n)) for n in range(count)]
            ended = [(shell.communicate(), shell.returncode) for shell in shells]
            report.count(f"s for {count}", round(time.monotonic() - begun_s, 2))
            report.never("errors", [(err, code) for (_, err), code in ended if code or "Error" in err])
            ids += [id_ for (out, _), _ in ended for id_ in out.split()]
        lab.settle()
        report.most("shells without an id", new + old - len(ids))
        report.most("ids given twice", len(ids) - len(set(ids)))
        order.check(lab, report, ids)
        order.check_money(lab, report)
        order.check_files(lab, report)
        order.check_log(lab, report)
    return report


def leave(folder: Path, *, rounds: int, seed: int) -> Report:
    """Queue one generation, again and again, around the moment when the worker leaves for want of work.

    None is helped by the next command: each is waited for.
    """
    report = Report("5 queued as the worker leaves")
    homes = [(idle_s, slow_s) for idle_s in (0.0, 0.1, 0.3) for slow_s in (0.0, 0.15)]
    with ThreadPoolExecutor(3) as pool:
        done = pool.map(
            lambda n: _leave(folder / f"{n}", *homes[n], rounds=rounds, chance=Random(seed * 100 + n)),
            range(len(homes)),
        )
        stuck, workers, broken = map(list, zip(*done, strict=True))
    report.count("queued", rounds * len(homes))
    report.count("workers", sum(workers))
    report.most("stuck", sum(stuck))
    report.never("homes out of order", [each for each in broken if each])
    return report


def _leave(folder: Path, idle_s: float, slow_s: float, *, rounds: int, chance: Random) -> tuple[int, int, list[str]]:
    folder.mkdir(parents=True)
    variables = {"AVATAR_WORKER_IDLE_S": str(idle_s), "CHAOS_SLOW_LEAVE_S": str(slow_s)}
    report, stuck, ids = Report("one home"), 0, []
    with Lab(folder, delay_s=0.0, more=variables) as lab:
        shell = Typist(lab)
        for number in range(rounds):
            ids += shell(*ASK, "--seed", str(1 + number)).split()
            stuck += not lab.comes(lambda: not lab.unfinished(), within_s=30)
            time.sleep(chance.uniform(0, idle_s + slow_s + 0.1))  # the moment is the point
        lab.until(lambda: not lab.is_worked(), "the worker has left")
        order.check(lab, report, ids)
        order.check_log(lab, report)
    return stuck, int(report.figures["workers"]), report.broken
