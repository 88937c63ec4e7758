"""Many photographs, and processes that are killed while several are made: what is paid for twice, and where it may be.

Where a provider polls, its handle is saved before anything is waited for. Only an order whose answer was still under
way at the kill is lost, and made again. Where it blocks, that is every call in flight.
"""

import subprocess
import time
from pathlib import Path
from random import Random
from typing import NamedTuple

from avatar_creator.storage.responses import ResponseStore
from standin import StandIn

from . import order
from .lab import Lab
from .report import Report

POLLED, BLOCKING = ("fal-ai", "wavespeed"), ("replicate", "together")
_MODELS = {"together": "flux-schnell"}


class Size(NamedTuple):
    """How much is made and killed; each picture takes ``picture_s``, and to accept one takes ``accept_s``."""

    pictures: int
    kills: int
    at_once: int = 8
    picture_s: float = 1.0
    accept_s: float = 0.0


def kill(folder: Path, provider: str, size: Size, seed: int) -> Report:
    """Have photographs made by a run, then by workers, and kill each at a random moment."""
    report, chance = Report(f"{provider}, {'polled' if provider in POLLED else 'blocking'}"), Random(seed)
    with StandIn(folder) as hub, Lab(folder, CHAOS_REAL="1", more=hub.environment()) as lab:
        hub.delay_s, hub.accept_s = size.picture_s, size.accept_s
        at_once = ("--concurrency", str(size.at_once))
        begun_s = time.monotonic()
        killed = in_flight = exposed = 0
        wanted = set[int]()
        # At each kill: how many pictures were made, and of which seeds a handle or a picture is saved.
        saved: list[tuple[int, set[int]]] = []
        while killed < size.kills and (killed == 0 or lab.unfinished()):
            asked = _asked_for(lab)
            process = lab.work(*at_once) if killed else lab.start(*_asked(provider, size), *at_once)
            before = len(hub.calls)
            lab.until(lambda: len(hub.calls) > before or process.poll() is not None, "a call began")  # noqa: B023
            time.sleep(chance.uniform(0, size.picture_s))  # the moment is the point
            if not _kill(process):
                continue
            killed += 1
            in_flight += hub.under_way()
            saved.append((len(hub.pictures), _saved(lab)))
            called = {seed for seed, attempt in _asked_for(lab).items() if attempt > asked.get(seed, 0)}
            exposed += len(called - saved[-1][1] - _made(lab))
            if killed == 1:  # what the run had not made has failed: it may have been killed to stop it
                wanted = {seed for (seed,) in lab.rows("SELECT seed FROM generations")}
                lab.run("retry", "--failed", CHAOS_NOBODY="1")
        lab.run("worker", "run", "--idle", "0", *at_once)
        report.count("seconds", round(time.monotonic() - begun_s))
        report.count("kills", killed)
        report.count("in flight at kills", in_flight)
        report.count("called, and nothing saved", exposed)
        later = [(seeds, {made.seed for made in hub.pictures[count:]}) for count, seeds in saved]
        report.never("paid again though saved", [seed for seeds, made in later for seed in seeds & made])
        report.most("paid again", len(hub.pictures) - size.pictures, exposed)
        report.most("pictures not asked for", size.pictures - len(wanted))
        _check(lab, report, size, wanted)
    return report


def _asked(provider: str, size: Size) -> tuple[str, ...]:
    small = ("--width", "512", "--height", "512", "--seed", "1", "--count", str(size.pictures), "--yes")
    model = ("--model", _MODELS[provider]) if provider in _MODELS else ()
    return ("generate", "--quiet", "--persona-name", "Ann", "--provider", provider, *model, *small)


def _kill(process: subprocess.Popen[str]) -> bool:
    process.kill()
    process.communicate()
    return process.returncode < 0


def _asked_for(lab: Lab) -> dict[int, int]:
    """Return of each seed how often a service was called for it."""
    return dict(lab.rows("SELECT seed, attempt FROM generations")) if lab.home.database.exists() else {}


def _made(lab: Lab) -> set[int]:
    return {seed for (seed,) in lab.rows("SELECT seed FROM avatars")}


def _saved(lab: Lab) -> set[int]:
    """Return the seeds of which a handle or a picture is saved."""
    seeds = dict(lab.rows("SELECT id, seed FROM generations"))
    return {seeds[id_] for id_ in ResponseStore(lab.home.responses).generation_ids()}


def _check(lab: Lab, report: Report, size: Size, wanted: set[int]) -> None:
    made = [seed for (seed,) in lab.rows("SELECT seed FROM avatars")]
    report.never("lost", wanted - set(made))
    report.never("other people", set(made) - wanted)
    report.most("made twice", len(made) - len(set(made)))
    order.check_files(lab, report, most=4 * size.at_once * size.kills)
    lab.run("prune")
    report.most("responses left", len(ResponseStore(lab.home.responses).generation_ids()))
