"""Cancelling and trying again at every stage, while the worker is killed."""

import json
import time
from pathlib import Path
from random import Random

from . import order
from .lab import Lab, Typist
from .report import Report


def cancel(folder: Path, *, jobs: int, commands: int, seed: int, kill_rate: float = 0.1) -> Report:
    """Type random commands about random generations, kill the worker in between, then let the rest be made."""
    report, chance = Report("7 cancel and retry x kill -9"), Random(seed)
    with Lab(folder, delay_s=0.15) as lab:
        ids = lab.queue(jobs)
        shell = Typist(lab, CHAOS_NOBODY="1")
        told: set[str] = set()  # those that were last shown as cancelled
        counts = dict.fromkeys(("cancel", "cancel --now", "retry", "kills"), 0)
        worker = lab.work("--concurrency", "2")
        for _ in range(commands):
            time.sleep(chance.uniform(0, 0.05))  # the moment is the point
            if worker.poll() is not None:
                worker = lab.work("--concurrency", "2")
                if chance.random() < 0.5:
                    lab.comes(lambda: _of(lab, "processing"), within_s=1)
            elif chance.random() < kill_rate:
                worker.kill()
                worker.wait()
                counts["kills"] += 1
            typed = chance.choice(("cancel", "cancel --now", "cancel --now", "retry"))
            wanted = _of(lab, "cancelled" if typed == "retry" else "processing")
            id_ = chance.choice((chance.random() < 0.7 and wanted) or ids)
            if typed == "retry":
                if shell.try_((*typed.split(), id_))[0] == 0:
                    told.discard(id_)
                    counts[typed] += 1
                continue
            [shown] = json.loads(shell(*typed.split(), id_, "--json"))
            counts[typed] += 1
            if shown["status"] == "cancelled":
                told.add(id_)
        if worker.poll() is None:
            worker.wait()
        report.count("shown as cancelled at the end", len(told))
        lab.finish()
        for name, count in counts.items():
            report.count(name, count)
        ended = lab.statuses()
        report.count("cancelled", len(_of(lab, "cancelled")))
        report.never("not cancelled as it was shown", [id_ for id_ in told if ended[id_] != "cancelled"])
        order.check(lab, report, ids, also=("cancelled",))
        order.check_money(lab, report, asked_again=counts["retry"])
        order.check_files(lab, report, most=4 * counts["kills"])
    return report


def _of(lab: Lab, status: str) -> list[str]:
    return [id_ for id_, found in lab.statuses().items() if found == status]
