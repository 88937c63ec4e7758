"""The engine of photographs itself, led to a stand-in of Hugging Face, while its worker is killed."""

import subprocess
import time
from pathlib import Path
from random import Random

from standin import StandIn, behaviours

from . import order
from .lab import ASK, Lab
from .report import Report


def kill_workers(folder: Path, *, jobs: int, kills: int, seed: int, delay_s: float = 0.25) -> Report:
    """Kill the worker while it makes photographs; count at the service what was paid. Its token is nowhere kept."""
    report, chance = Report("1 and 15 photographs"), Random(seed)
    with StandIn(folder) as hub, Lab(folder, CHAOS_REAL="1", more=hub.environment()) as lab:
        hub.delay_s = delay_s
        seen = b""
        ids = lab.queue(jobs, "--engine", "huggingface")
        killed = 0
        while killed < kills and lab.unfinished():
            before = len(hub.calls)
            worker = lab.start("worker", "run", "--in-line", AVATAR_WORKER_IDLE_S="0")
            _until_called(lab, hub, before + 1, worker)
            seen += _command_lines()
            time.sleep(chance.uniform(0, 2 * delay_s))  # the moment is the point
            worker.kill()
            out, err = worker.communicate()
            seen += (out + err).encode()
            killed += worker.returncode < 0
        ids += lab.run(*ASK, "--engine", "huggingface", "--seed", "5000").split()
        seen += _command_lines()
        seen += lab.run("wait", *ids).encode()
        _check(lab, hub, report, ids, killed)
        kept = b"".join(path.read_bytes() for path in lab.home.root.rglob("*") if path.is_file())
        report.most("token found", hub.token.encode() in seen + kept)
    return report


def save_responses(folder: Path, *, rounds: int) -> Report:
    """Kill the worker when the service has answered and the picture is not here yet: it is paid once."""
    report = Report("1 killed after the answer")
    with StandIn(folder) as hub, Lab(folder, CHAOS_REAL="1", more=hub.environment()) as lab:
        ids: list[str] = []
        for number in range(rounds):
            hub.always("download", behaviours.hang)
            ids += lab.queue(1, "--engine", "huggingface", seed=1 + number)
            worker = lab.work()
            # Under its own name alone: what a kill leaves of the other one is swept later.
            lab.until(lambda: [each.suffix for each in lab.home.responses.glob("*")] == [".answer"], "it is kept")
            worker.kill()
            worker.wait()
            hub.always("download", None)
            lab.finish()
        report.most("paid twice", len(hub.pictures) - rounds)
        _check(lab, hub, report, ids, rounds)
        report.most("responses left", len(list(lab.home.responses.glob("*"))))
    return report


def _check(lab: Lab, hub: StandIn, report: Report, ids: list[str], killed: int) -> None:
    [(interrupted,)] = lab.rows("SELECT count(*) FROM generation_events WHERE event = 'interrupted'")
    report.count("kills", killed)
    report.count("interrupted", interrupted)
    report.most("paid again", len(hub.pictures) - len({made.seed for made in hub.pictures}), interrupted)
    order.check(lab, report, ids)
    order.check_files(lab, report, most=4 * killed)
    report.never("told to others", [seen.host for seen in hub.leaks])


def _until_called(lab: Lab, hub: StandIn, calls: int, worker: subprocess.Popen[str]) -> None:
    lab.until(lambda: len(hub.calls) >= calls or worker.poll() is not None, "a call began")


def _command_lines() -> bytes:
    """Return what every process of this machine was started with, where that can be seen."""
    seen = b""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            seen += path.read_bytes()
        except OSError:  # it has ended
            continue
    return seen
