"""What must be true of every home, whatever was done to it."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection
from itertools import groupby

from . import till
from .lab import Lab
from .report import Report

_LOG_MARK = re.compile(r"worker (begins|leaves)")


def check(lab: Lab, report: Report, promised: Collection[str], *, also: Collection[str] = ()) -> None:
    """Tell what is out of order when nothing is left to be done.

    ``promised`` are the ids that anybody was told; ``also`` are ends that are as good as completed here.
    """
    statuses = lab.statuses()
    report.count("generations", len(statuses))
    report.never("lost", set(promised) - statuses.keys())
    report.never("stuck", lab.unfinished())
    good = {"completed", "pending", "processing", *also}
    report.never("ended otherwise", [(id_, status) for id_, status in statuses.items() if status not in good])
    _check_avatars(lab, report)
    _check_events(lab, report)
    [(said,)] = lab.rows("PRAGMA integrity_check")
    report.never("damage", [] if said == "ok" else [said])
    processes = [process for process, _ in groupby(line.process for line in lab.lines("called"))]
    report.never("two workers at once", [each for each, times in Counter(processes).items() if times > 1])


def _check_avatars(lab: Lab, report: Report) -> None:
    completed = {row[0] for row in lab.rows("SELECT id FROM generations WHERE status = 'completed'")}
    avatars = lab.rows("SELECT generation_id, image_path, thumbnail_path, sha256, thumbnail_bytes FROM avatars")
    made = Counter(row[0] for row in avatars)
    report.never("double avatars", [id_ for id_, count in made.items() if count > 1])
    report.never("completed without avatar", completed - made.keys())
    report.never("avatars of others", made.keys() - completed)
    pictures = lab.home.pictures
    broken = []
    for id_, image, thumbnail, sha256, size in avatars:
        files = pictures / image, pictures / thumbnail
        if (
            not all(file.is_file() for file in files)
            or files[1].stat().st_size != size
            or hashlib.sha256(files[0].read_bytes()).hexdigest() != sha256
        ):
            broken.append(id_)
    report.never("rows without their file", broken)


def _check_events(lab: Lab, report: Report) -> None:
    """Find what went on after its end, though nobody asked for it again."""
    last: dict[str, str] = {}
    risen = []
    for id_, event in lab.rows("SELECT generation_id, event FROM generation_events ORDER BY rowid"):
        if last.get(id_) in {"completed", "failed", "cancelled"} and event not in {"queued", "on_done", "charged"}:
            risen.append((id_, last[id_], event))
        if event != "on_done" and (event != "charged" or id_ not in last):
            last[id_] = event
    report.never("went on after its end", risen)


def check_money(lab: Lab, report: Report, *, asked_again: int = 0) -> None:
    """Tell what was paid again, and whether more than interruptions and ``asked_again`` explain; and for nothing."""
    called = Counter(line.seed for line in lab.lines("called"))
    [(interrupted,)] = lab.rows("SELECT count(*) FROM generation_events WHERE event = 'interrupted'")
    report.count("interrupted", interrupted)
    report.most("paid again", called.total() - len(called), interrupted + asked_again)
    report.never("paid again though kept", _wasted(lab))
    [(charged,)] = lab.rows("SELECT coalesce(sum(pictures), 0) FROM charge_tally")
    report.most("charges counted too often", charged - len(lab.lines("answered")))
    completed = sum(status == "completed" for status in lab.statuses().values())
    report.most("charges not counted", completed - charged)


def _wasted(lab: Lab) -> list[int]:
    """Return the seeds that were paid by somebody who took them up when the answer was kept already."""
    begun: dict[int, list[str]] = {}
    events = "SELECT seed, at FROM generation_events JOIN generations ON id = generation_id WHERE event = 'begun'"
    for seed, at in lab.rows(events):
        begun.setdefault(seed, []).append(at)
    kept: dict[int, str] = {}
    wasted = []
    for line in till.read(lab.till):
        if line.what == "kept":
            kept.setdefault(line.seed, line.at)
        elif line.what == "called" and line.seed in kept:
            taken_up = max((at for at in begun.get(line.seed, []) if at <= line.at), default="")
            if taken_up > kept[line.seed]:
                wasted.append(line.seed)
    return wasted


def check_files(lab: Lab, report: Report, *, most: int = 0) -> None:
    """Tell how many files have no row; kills may leave ``most``, and the doctor puts them aside."""
    report.most("files without row", len(strays(lab)), most)
    if most:
        lab.run("doctor", "--fix", code=None)
        report.most("files without row after the doctor", len(strays(lab)))


def strays(lab: Lab) -> set[str]:
    """Return the files below pictures that no row knows."""
    known = {path for row in lab.rows("SELECT image_path, thumbnail_path FROM avatars") for path in row}
    there = {path.relative_to(lab.home.pictures).as_posix() for path in lab.home.pictures.rglob("*") if path.is_file()}
    return there - known


def check_log(lab: Lab, report: Report) -> None:
    """Tell whether two workers were there at once: by the log that only the one worker writes."""
    marks = _LOG_MARK.findall(lab.home.worker_log.read_text("utf-8"))
    report.count("workers", marks.count("begins"))
    wrong = [n for n, mark in enumerate(marks) if mark != ("begins", "leaves")[n % 2]]
    report.never("workers that overlap", wrong)
