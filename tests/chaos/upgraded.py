"""A cast that is drawn, and photographed while processes are killed and the service fails: each avatar stays itself."""

import time
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from standin import StandIn, behaviours

from .lab import Lab
from .pay_once import asked_for, saved_seeds
from .report import Report

_RUNS_MOST = 40  # until all are made, with a service that refuses some of them again and again
_SMALL = ("--width", "512", "--height", "512")


class Size(NamedTuple):
    """How many are drawn, how often a process is killed, and how many pictures of a hundred the service refuses."""

    pictures: int
    kills: int
    refused: float = 0.2
    picture_s: float = 0.5
    at_once: int = 8


def upgrade(folder: Path, size: Size, seed: int) -> Report:
    """Draw a cast, upgrade it with kills and failures, and go back to the drawings."""
    report = Report("upgrade")
    people, copies = folder / "people.csv", folder / "copies"
    rows = (f"p{n},Person {n},{20 + n % 60}\n" for n in range(size.pictures))
    people.write_text("id,name,age\n" + "".join(rows), "utf-8")
    copies.mkdir()
    with StandIn(folder) as hub, Lab(folder, CHAOS_REAL="1", more=hub.environment()) as lab:
        lab.run("batch", str(people), "--quiet", "--engine", "offline", *_SMALL, "-o", str(copies / "{name}.jpg"))
        (one,) = lab.rows("SELECT id FROM avatars ORDER BY id LIMIT 1")
        lab.run("use", one[0], "--app", "blog", "--action", "header")
        drawn, drawings = _avatars(lab), _files(copies)
        hub.delay_s = size.picture_s
        hub.chance(size.refused, [behaviours.bad_request], seed)
        command: tuple[str, ...] = (
            "upgrade",
            "--all",
            "--engine",
            "huggingface",
            "--provider",
            "fal-ai",
            "--retry-failed",
            "--quiet",
        )
        command = (*command, "--yes", "--concurrency", str(size.at_once))
        begun_s, runs = time.monotonic(), 0
        killed = _kill(lab, hub, command, size, drawn, Random(seed))
        while runs < _RUNS_MOST and lab.rows("SELECT 1 FROM avatars WHERE engine != 'huggingface' LIMIT 1"):
            lab.run(*command, code=None)
            runs += 1
        report.count("seconds", round(time.monotonic() - begun_s))
        report.count("kills", killed.kills)
        report.count("in flight at kills", killed.in_flight)
        report.count("runs after them", runs)
        report.count("refused", len(hub.calls) - len(hub.pictures))
        report.never("neither drawn nor photographed", [*killed.broken, *_broken(lab, drawn)])
        report.never("drawn still", lab.rows("SELECT name FROM avatars WHERE engine != 'huggingface'"))
        report.never("other avatars", _changed(drawn, _avatars(lab)))
        report.most("paid again", len(hub.pictures) - size.pictures, killed.exposed)
        photographs = _files(copies)
        report.never("other names of copies", photographs.keys() ^ drawings.keys())
        report.never("copies that are drawings", [name for name in drawings if photographs.get(name) == drawings[name]])
        calls = len(hub.calls)
        lab.run(*command)
        report.most("calls when all are made", len(hub.calls) - calls)
        lab.run("revert", "--quiet", *(id_ for (id_,) in lab.rows("SELECT id FROM avatars")))
        report.never("other drawings", _changed(drawn, _avatars(lab), *_PICTURE))
        report.never(
            "other copies of drawings", [name for name, data in _files(copies).items() if data != drawings[name]]
        )
        lab.run(*command)
        report.most("calls to have photographs back", len(hub.calls) - calls)
        report.never(
            "photographs that did not come back", [n for n, data in _files(copies).items() if data != photographs[n]]
        )
    return report


class _Killed(NamedTuple):
    """How often, how many pictures were made then, and of how many no answer was saved; avatars that were broken."""

    kills: int
    in_flight: int
    exposed: int
    broken: list[str]


def _kill(
    lab: Lab, hub: StandIn, command: tuple[str, ...], size: Size, drawn: dict[str, dict[str, Any]], chance: Random
) -> _Killed:
    in_flight = exposed = 0
    broken: list[str] = []
    for kills in range(size.kills):
        asked, before = asked_for(lab), len(hub.calls)
        process = lab.start(*command)
        lab.until(lambda: len(hub.calls) > before or process.poll() is not None, "a call began")  # noqa: B023
        time.sleep(chance.uniform(0, 2 * size.picture_s))  # the moment is the point
        process.kill()
        process.communicate()
        if process.returncode >= 0:  # all are made
            return _Killed(kills, in_flight, exposed, broken)
        in_flight += hub.under_way()
        called = {each for each, times in asked_for(lab).items() if times > asked.get(each, 0)}
        photographed = {each for (each,) in lab.rows("SELECT seed FROM avatars WHERE engine = 'huggingface'")}
        exposed += len(called - saved_seeds(lab) - photographed)
        broken += _broken(lab, drawn)
    return _Killed(size.kills, in_flight, exposed, broken)


_KEPT = ("name", "persona_name", "persona_age", "persona_id", "seed", "usage_count", "created_at", "copy_path")
_PICTURE = ("sha256", "image_path", "engine", "recipe", "alt_text", "bytes")


def _avatars(lab: Lab) -> dict[str, dict[str, Any]]:
    names = (*_KEPT, *_PICTURE)
    rows = lab.rows(f"SELECT id, {', '.join(names)} FROM avatars")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def _changed(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], *more: str) -> list[str]:
    """Return the avatars of which something is not as it was that should be."""
    names = (*_KEPT, *more)
    same = {id_ for id_ in before.keys() & after.keys() if all(before[id_][n] == after[id_][n] for n in names)}
    return sorted((before.keys() | after.keys()) - same)


def _broken(lab: Lab, drawn: dict[str, dict[str, Any]]) -> list[str]:
    """Return the avatars that have not their drawing or one photograph, with its file."""
    return [
        id_
        for id_, each in _avatars(lab).items()
        if not (lab.home.pictures / each["image_path"]).is_file()
        or (each["engine"] != "huggingface" and each["sha256"] != drawn[id_]["sha256"])
    ]


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
