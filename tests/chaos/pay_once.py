"""A batch of photographs that is killed again and again: what is paid for twice, and where it may be.

Where a provider polls, its handle is saved before anything is waited for. Only an order whose answer was still under
way at the kill is lost, and made again. Where it blocks, that is every call in flight.
"""

import csv
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
_LIVES = {POLLED: 1.0, BLOCKING: 2.5}  # pictures' times that a process lives at most: a shorter one makes none


class Size(NamedTuple):
    """How much is made and killed; each picture takes ``picture_s``, and to accept one takes ``accept_s``."""

    pictures: int
    kills: int
    at_once: int = 8
    picture_s: float = 1.0
    accept_s: float = 0.0


def kill(folder: Path, provider: str, size: Size, seed: int) -> Report:
    """Run one batch, and kill it at random moments; the same command each time."""
    way = next(way for way in _LIVES if provider in way)
    report, chance = Report(f"{provider}, {'polled' if way is POLLED else 'blocking'}"), Random(seed)
    with StandIn(folder) as hub, Lab(folder, CHAOS_REAL="1", more=hub.environment()) as lab:
        hub.delay_s, hub.accept_s = size.picture_s, size.accept_s
        command, manifest = _command(folder, provider, size), folder / "made.csv"
        begun_s = time.monotonic()
        killed = in_flight = exposed = 0
        # At each kill: how many pictures were made, and of which seeds a handle or a picture is saved.
        saved: list[tuple[int, set[int]]] = []
        wrong: list[str] = []
        while killed < size.kills:
            asked, before = asked_for(lab), len(hub.calls)
            process = lab.start(*command)
            lab.until(lambda: len(hub.calls) > before or process.poll() is not None, "a call began")  # noqa: B023
            time.sleep(chance.uniform(0, _LIVES[way] * size.picture_s))  # the moment is the point
            if not _kill(process):
                break  # all are made
            killed += 1
            in_flight += hub.under_way()
            saved.append((len(hub.pictures), saved_seeds(lab)))
            called = {seed for seed, times in asked_for(lab).items() if times > asked.get(seed, 0)}
            exposed += len(called - saved[-1][1] - _made(lab))
            wrong += _wrong(lab, manifest, size.pictures)
        lab.run(*command)
        wrong += _wrong(lab, manifest, size.pictures)
        calls = len(hub.calls)
        lab.run(*command)
        report.count("seconds", round(time.monotonic() - begun_s))
        report.count("kills", killed)
        report.count("in flight at kills", in_flight)
        report.count("called, and nothing saved", exposed)
        later = [(seeds, {made.seed for made in hub.pictures[count:]}) for count, seeds in saved]
        report.never("paid again though saved", [seed for seeds, made in later for seed in seeds & made])
        report.most("paid again", len(hub.pictures) - size.pictures, exposed)
        report.most("calls when all are made", len(hub.calls) - calls)
        report.never("wrong in the manifest", wrong)
        _check(lab, report, size, {made.seed for made in hub.pictures})
    return report


def _command(folder: Path, provider: str, size: Size) -> tuple[str, ...]:
    people = folder / "people.csv"
    rows = (f"p{n},Person {n},{20 + n % 60}\n" for n in range(size.pictures))
    people.write_text("id,name,age\n" + "".join(rows), "utf-8")
    model = ("--model", _MODELS[provider]) if provider in _MODELS else ()
    asked = ("--provider", provider, *model, "--width", "512", "--height", "512", "--concurrency", str(size.at_once))
    return ("batch", str(people), "--manifest", str(folder / "made.csv"), "--quiet", "--yes", *asked)


def _kill(process: subprocess.Popen[str]) -> bool:
    process.kill()
    process.communicate()
    return process.returncode < 0


def asked_for(lab: Lab) -> dict[int, int]:
    """Return of each seed how often a service was called for it."""
    counted = (
        "SELECT seed, count(*) FROM generation_events JOIN generations ON id = generation_id WHERE event = 'asked'"
        " GROUP BY seed"
    )
    return dict(lab.rows(counted)) if lab.home.database.exists() else {}


def _made(lab: Lab) -> set[int]:
    return {seed for (seed,) in lab.rows("SELECT seed FROM avatars")}


def saved_seeds(lab: Lab) -> set[int]:
    """Return the seeds of which a handle or a picture is saved."""
    seeds = dict(lab.rows("SELECT id, seed FROM generations"))
    return {seeds[id_] for id_ in ResponseStore(lab.home.responses).generation_ids()}


def _wrong(lab: Lab, manifest: Path, pictures: int) -> list[str]:
    """Return what a manifest says that is not so: it is whole at any moment, and what it calls completed is there."""
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    avatars = {id_ for (id_,) in lab.rows("SELECT id FROM avatars")}
    wrong = [] if [row["id"] for row in rows] == [f"p{n}" for n in range(pictures)] else [f"{len(rows)} rows"]
    done = [row for row in rows if row["status"] == "completed"]
    return wrong + [row["id"] for row in done if row["avatar_id"] not in avatars or not Path(row["path"]).is_file()]


def _check(lab: Lab, report: Report, size: Size, asked: set[int]) -> None:
    made = [seed for (seed,) in lab.rows("SELECT seed FROM avatars")]
    names = {name for (name,) in lab.rows("SELECT name FROM avatars")}
    report.never("lost", {f"Person {n}" for n in range(size.pictures)} - names)
    report.most("other people", len(asked) - size.pictures)
    report.most("made twice", len(made) - size.pictures)
    order.check_files(lab, report, most=4 * size.at_once * size.kills)
    lab.run("prune")
    report.most("responses left", len(ResponseStore(lab.home.responses).generation_ids()))
