"""Pictures that kill whoever makes them, and workers of another version."""

import signal
from pathlib import Path

from . import order
from .lab import ASK, Lab
from .report import Report
from .till import POISON


def poison(folder: Path, *, neighbours: int, by: signal.Signals, most: int) -> Report:
    """Queue one that kills its worker in the middle of others: it fails, they do not."""
    report = Report(f"10 poison, {by.name}, tried {most} times")
    variables = {"AVATAR_RETRY_ATTEMPTS": str(most), "CHAOS_POISON": str(int(by)), "AVATAR_WORKER_IDLE_S": "0"}
    with Lab(folder, delay_s=0.02, more=variables) as lab:
        before = lab.queue(neighbours // 2)
        [bad] = lab.queue(1, seed=500, name=POISON)
        ids = before + lab.queue(neighbours - len(before), seed=1000)
        lab.run("wait", "-q", *ids, bad, code=5)
        lab.until(lambda: not lab.is_worked(), "the worker has left")
        failed = lab.rows("SELECT id, error_code FROM generations WHERE status = 'failed'")
        report.never("failed otherwise", set(failed) ^ {(bad, "interrupted")})
        asked = sum(line.seed == 500 for line in lab.lines("called"))
        report.count("asked for", asked)
        report.most("asked for more or less than allowed", asked != most)
        statuses = lab.statuses()
        report.never("neighbours not made", [id_ for id_ in ids if statuses[id_] != "completed"])
        order.check(lab, report, [*ids, bad], also=("failed",))
        order.check_money(lab, report)
    return report


def upgrade(folder: Path, *, rounds: int) -> Report:
    """Queue with a newer program than the worker's: the old one finishes what it makes, and a new one goes on."""
    report, ids = Report("12 upgrade"), []
    with Lab(folder, delay_s=0.2, AVATAR_WORKER_IDLE_S="0.5") as lab:
        for number in range(rounds):
            ids += lab.queue(6, seed=1 + 20 * number)
            before = lab.calls
            lab.run("worker", "start", CHAOS_VERSION=f"0.9.{2 * number}", AVATAR_WORKER_IDLE_S="60")
            lab.until_called(before + 1)
            # An older program makes use of a newer worker.
            ids += lab.run(*ASK, "--seed", str(10 + 20 * number), CHAOS_VERSION="0.0.1").split()
            ids += lab.run(*ASK, "--seed", str(11 + 20 * number), CHAOS_VERSION=f"0.9.{2 * number + 1}").split()
            lab.settle()
        said = [line.split("version ")[1].split(",")[0] for line in _begins(lab)]
        report.never("other workers than asked for", _pairs(said) ^ _pairs([f"0.9.{n}" for n in range(2 * rounds)]))
        report.count("upgrades", rounds)
        order.check(lab, report, ids)
        order.check_money(lab, report)
        order.check_files(lab, report)
        order.check_log(lab, report)
        report.most("paid twice", report.figures["paid again"])
    return report


def _begins(lab: Lab) -> list[str]:
    return [line for line in lab.home.worker_log.read_text("utf-8").splitlines() if "worker begins" in line]


def _pairs(versions: list[str]) -> set[tuple[int, str]]:
    return set(enumerate(versions))
