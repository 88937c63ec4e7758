"""A fault at each step, one after the other: `python -m chaos.walk SCENARIO FOLDER ALL SEED` prints the report as JSON.

The program is imported once, and a process forked for each fault: that is quicker by far than to start Python.
"""

import gc
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from avatar_creator.cli import main

from . import order
from .faults import ERRORS, KILLS, KINDS, Disturber, Fault
from .lab import ASK, Lab
from .report import Report

_AT_ONCE = 12  # a disturbed worker waits a second before it tries again
_IMPORTED = (
    *("filelock", "tsidpy", "logging.handlers", "avatar_creator.settings.schema"),
    *("avatar_creator.cli.commands.generate", "avatar_creator.cli.commands.worker"),
    *("avatar_creator.jobs.worker", "avatar_creator.jobs.worker_log"),
    *("avatar_creator.jobs.submit", "avatar_creator.engines.huggingface.options", "chaos.till", "PIL.Image"),
    *("avatar_creator.storage.pictures.images", "avatar_creator.jobs.worker_process", "avatar_creator.jobs.hooks"),
)
_LONG_S = 60.0
_QUEUED = 2
Told = dict[str, Any]
Case = tuple[str, Path, Path, Fault, list[str]]


def walk(scenario: str, folder: Path, *, every: bool, seed: int) -> Report:
    """Walk through the steps of a scenario: with ``every`` kind of fault at each, or one of them at every other one."""
    report = Report(f"9 faults while it {scenario}s")
    template = folder / "template"
    ids = _SCENARIOS[scenario](template)
    for name in _IMPORTED:
        import_module(name)
    gc.freeze()
    plain = _case(scenario, template, folder / "plain", Fault(KINDS[0], 0), ids)
    steps = int(plain["steps"])
    chance = Random(seed)
    faults = [
        Fault(kind, step, times)
        for step in (range(1, steps + 1) if every else range(1 + seed % 2, steps + 1, 2))
        for kind, times in ([(kind, times) for kind in KINDS for times in (1, 4)] if every else [_any(chance)])
        if kind in ERRORS or times == 1
    ]
    report.count("steps", steps)
    met: dict[str, int] = dict.fromkeys(KINDS, 0)
    for told in _run_all([(scenario, template, folder / f"{n}", fault, ids) for n, fault in enumerate(faults)]):
        met[told["kind"]] += told["met"]
        report.broken += [f"{told['kind']} at step {told['step']}, {told['at']}: {broken}" for broken in told["broken"]]
    for kind, count in met.items():
        report.count(kind, count)
    report.count("disturbed", sum(met.values()))
    report.count("out of order", len(report.broken))
    return report


def _any(chance: Random) -> tuple[str, int]:
    kind = chance.choice((*ERRORS[:3], *KILLS))
    return kind, 1 if kind in KILLS else chance.choice((1, 4))


# -- many at once


def _run_all(cases: list[Case]) -> Iterator[Told]:
    running: dict[int, Path] = {}
    for case in cases:
        if len(running) >= _AT_ONCE:
            yield _ended(running)
        process = os.fork()
        if process == 0:
            _leave_with(partial(_tell_of, case))
        running[process] = case[2]
    while running:
        yield _ended(running)


def _ended(running: dict[int, Path]) -> Told:
    process, _ = os.wait()
    folder = running.pop(process)
    told: Told = json.loads((folder / "told").read_text("utf-8"))
    shutil.rmtree(folder)
    return told


def _tell_of(case: Case) -> int:
    told = _case(*case)
    (case[2] / "told").write_text(json.dumps(told), "utf-8")
    return 0


def _leave_with(run: Callable[[], int]) -> None:
    """End this process with what ``run`` returns, without a look back at where it was forked."""
    code = 70
    try:
        code = run()
    except BaseException:  # noqa: BLE001 - whatever it is, it belongs to this process alone
        traceback.print_exc()
    finally:
        os._exit(code)


# -- one


def _case(scenario: str, template: Path, folder: Path, fault: Fault, ids: list[str]) -> Told:
    """Run the scenario under a fault, then have a worker in no trouble go on, and tell what is out of order."""
    folder.mkdir(parents=True)
    if template.exists():
        shutil.copytree(template, folder, dirs_exist_ok=True)
    report, lab = Report(scenario), Lab(folder, delay_s=0.0)
    code = _run(lab, _COMMANDS[scenario], fault)
    if scenario == "work" and code == 0:
        untold = [
            row[0] for row in lab.rows("SELECT id FROM generations WHERE on_done IS NOT NULL AND NOT hook_started")
        ]
        report.never("left undone without a word", lab.unfinished())
        report.never("told nobody of its end", untold)
    steps = _read(folder / "steps")
    printed = (folder / "out").read_text("utf-8").split()
    if not lab.home.database.exists():
        report.never("ids of nothing", printed)
        met = _read(folder / "notes").splitlines()
        return _told(fault, int(steps or 0), met, [*report.broken, *_unclean(folder)])
    if scenario == "queue":
        ids = [*ids, *printed]
        count = len(lab.statuses()) - (_QUEUED if template.exists() else 0)
        report.never("half-written", count not in {0, _QUEUED})
    clean = folder / "clean"
    unclean = _unclean(folder)
    code = _run(lab, ("worker", "run", "--idle", "0"), Fault("", 0), out=clean)
    report.never("the next worker failed", clean.read_text("utf-8") if code else "")
    met = _read(folder / "notes").splitlines()
    if scenario == "generate":  # what it has not begun when it ends early is cancelled
        begun = "SELECT id FROM generations WHERE status = 'cancelled' AND started_at IS NOT NULL"
        report.never("cancelled though begun", lab.rows(begun))
        also: tuple[str, ...] = ("failed", "cancelled")
    else:
        also = ("failed",) if fault.kind in ERRORS else ()
    order.check(lab, report, ids, also=also)
    order.check_money(lab, report)
    leaves = fault.kind in KILLS or any("unlink" in name for name in met)
    order_files = order.strays(lab) if lab.home.pictures.exists() else set()
    report.most("files without row", len(order_files), 4 if leaves else 0)
    return _told(fault, int(steps or 0), met, [*report.broken, *unclean])


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _told(fault: Fault, steps: int, met: list[str], broken: list[str]) -> Told:
    at = met[0] if met else "nothing"
    return {"kind": fault.kind, "step": fault.step, "at": at, "met": bool(met), "steps": steps, "broken": broken}


def _unclean(folder: Path) -> list[str]:
    """Return what was said to the user, or logged, that is no sentence."""
    log = folder / "home" / "logs" / "worker.log"
    said = _read(folder / "err") + _read(log)
    return [said] if "Traceback" in said or "a bug" in said else []


def _run(lab: Lab, argv: tuple[str, ...], fault: Fault, out: Path | None = None) -> int:
    """Run the program in a process of its own, and return its exit code."""
    folder = lab.home.root.parent
    process = os.fork()
    if process == 0:
        _leave_with(lambda: _be(lab, argv, fault, out or folder / "out", out or folder / "err", folder / "notes"))
    until_s = time.monotonic() + _LONG_S
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until_s:
            os.kill(process, signal.SIGKILL)
        time.sleep(0.005)


def _be(lab: Lab, argv: tuple[str, ...], fault: Fault, out: Path, err: Path, notes: Path) -> int:
    os.environ.clear()
    os.environ.update(lab.environment)
    for path, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), descriptor)
    disturber = Disturber(fault, notes)
    disturber.begin()
    code = main.main(argv)
    sys.stdout.flush()
    disturber.write_steps(notes.with_name("steps"))
    return code


# -- scenarios


def _queued(template: Path) -> list[str]:
    """Make a home in which one generation was interrupted in its call, and another waits whose end is to be told."""
    with Lab(template, delay_s=60) as lab:
        ids = lab.queue(1)
        killed = lab.work()
        lab.until(lambda: lab.lines("called"), "a call began")
        killed.kill()
        killed.wait()
        ids += lab.queue(1, "--on-done", "true", seed=9)
    return ids


def _made(template: Path) -> list[str]:
    """Make a home in which nothing is asked for: how a home is made is walked through while it queues."""
    with Lab(template) as lab:
        lab.run("project", "list")
    return []


def _nothing(template: Path) -> list[str]:
    del template  # the home is not there yet
    return []


_COUNT = ("--count", str(_QUEUED))
_INLINE = tuple(word for word in ASK if word != "-d")
_WORK = ("worker", "run", "--idle", "0")
_SCENARIOS = {"work": _queued, "queue": _nothing, "generate": _made}
_COMMANDS = {"work": _WORK, "queue": (*ASK, *_COUNT), "generate": (*_INLINE, *_COUNT)}


if __name__ == "__main__":
    scenario_, folder_, every_, seed_ = sys.argv[1:]
    walked = walk(scenario_, Path(folder_), every=every_ == "all", seed=int(seed_))
    sys.stdout.write(json.dumps([walked.row, walked.figures, walked.broken]) + "\n")
