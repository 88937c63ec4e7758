"""What was ordered: with whose credential, after what, when, before whom, and whom to tell."""

import json
import sys
from collections import Counter
from pathlib import Path

from avatar_creator.engines.hub.credentials import Credential

from . import order
from .lab import ASK, TOKENS, Lab
from .report import Report

_NOTE = "import os; open(os.environ['NOTED'], 'a').write(os.environ['AVATAR_GENERATION_ID'] + '\\n')"


def credentials(folder: Path, *, each: int) -> Report:
    """Queue from two shells with a token of their own: each picture is paid with its shell's."""
    report = Report("two credentials")
    prints = [Credential(token, "").fingerprint for token in TOKENS]
    with Lab(folder, delay_s=0.3, AVATAR_WORKER_IDLE_S="0.5") as lab:
        ids: list[list[str]] = [[], []]
        for number in range(each):
            for shell, token in enumerate(TOKENS):
                seed = 1 + 1000 * shell + number
                slow = "3" if number == shell == 0 else "0.1"  # whoever comes second has to wait in line
                ids[shell] += lab.run(*ASK, "--seed", str(seed), HF_TOKEN=token, CHAOS_DELAY_S=slow).split()
            if number == 0:
                said = _said(lab, ids[1])
                report.never("not said what it waits for", said if said != [f"credential {prints[1]}"] else [])
        lab.settle()
        paid = [(line.credential, line.seed > 1000) for line in lab.lines("called")]
        report.never(
            "paid with another's", [each for each in paid if each not in {(prints[0], False), (prints[1], True)}]
        )
        order.check(lab, report, [*ids[0], *ids[1]])
        order.check_money(lab, report)
        order.check_files(lab, report)
        order.check_log(lab, report)
        report.most("paid twice", report.figures["paid again"])
    return report


def _said(lab: Lab, ids: list[str]) -> list[str]:
    """Return what is said that generations wait for, once the first worker is at work."""
    lab.until_called(1)
    return [entry["waiting_for"] for entry in json.loads(lab.run("queue", "--json")) if entry["id"] in ids]


def line(folder: Path, *, rounds: int) -> Report:
    """Queue what is to come later, after another, or before others; and tell somebody of each."""
    report = Report("--after, --at, --priority, --on-done")
    noted = folder / "noted"
    tell = ("--on-done", f'{sys.executable} -c "{_NOTE}"')
    with Lab(folder, delay_s=0.02, AVATAR_WORKER_IDLE_S="0", NOTED=str(noted)) as lab:
        wrong: list[object] = []
        ids: list[str] = []
        for number in range(rounds):
            first = 1 + 100 * number
            low = lab.queue(2, "--priority", "-5", *tell, seed=first)
            plain = lab.queue(2, *tell, seed=first + 10)
            high = lab.queue(2, "--priority", "5", *tell, seed=first + 20)
            [later] = lab.queue(1, "--at", "+2s", "--priority", "-9", *tell, seed=first + 30)
            [follower] = lab.queue(1, "--after", later, "--priority", "10", *tell, seed=first + 40)
            expected = [*high, *plain, *low, later, follower]
            ids += expected
            before = lab.calls
            worker = lab.start("worker", "run", "--concurrency", "1", "--idle", "0")
            if number % 2:  # a kill changes neither the order nor whom to tell
                lab.until_called(before + 2)
                worker.kill()
                worker.wait()
                worker = lab.start("worker", "run", "--concurrency", "1", "--idle", "0")
            worker.wait()
            marks = ", ".join("?" * len(expected))
            done = lab.rows(f"SELECT id FROM generations WHERE id IN ({marks}) ORDER BY finished_at", *expected)
            if [row[0] for row in done] != expected:
                wrong.append([row[0] for row in done])
        early = lab.rows("SELECT id FROM generations WHERE not_before IS NOT NULL AND started_at < not_before")
        report.count("rounds", rounds)
        report.never("in another order", wrong)
        report.never("too early", [row[0] for row in early])
        lab.until(lambda: _noted(noted).keys() >= set(ids), "all were told of")
        again = _noted(noted).total() - len(ids)
        report.most("told again", again, rounds // 2)  # who is killed between the start and its note does so again
        report.most("told of strangers", len(_noted(noted).keys() - set(ids)))
        order.check(lab, report, ids)
        order.check_money(lab, report)
    return report


def _noted(file: Path) -> Counter[str]:
    return Counter(file.read_text("utf-8").split()) if file.exists() else Counter()
