"""What a worker pays for pictures that engine processes make: `python -m benchmarks.engines`.

Six of them take half a second for each picture, and give back the same one: of 256 px, then of 1 MB. A line for each
says what this process, the worker, took: CPU time for each picture, how much longer all took than six at once need, and
how its memory grew. It ends with 1 where a figure is over its limit. On a busy machine the second figure is; the first
hardly changes. For memory: --pictures 2000 --picture-s 0.1.
"""

import argparse
import os
import resource
import shlex
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

from PIL import Image

from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.engines.base import Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.library import open_library

_AT_ONCE = 6
_CPU_MS = {256: 10.0, 1024: 25.0}  # by the side in px: at most, for a picture
_OVER_IDEAL = 1.05
_GROWN = 1.10  # from a tenth of the time on
_NOISE, _QUALITY = 60, 95  # so that 1024 px have 1 MB
_SAMPLE_S = 0.25
_STATM = Path("/proc/self/statm")


def main() -> int:
    given = _arguments()
    if given.serve:
        _serve(given.serve, given.picture_s)
        return 0
    setattr(WorkerProcess, "ensure", lambda *_given, **_named: None)  # noqa: B010 - this process is the worker
    return 1 if sum(_measure(px, given.pictures, given.picture_s) for px in _CPU_MS) else 0


def _measure(px: int, pictures: int, picture_s: float) -> bool:
    """Have a worker in this process make so many pictures; print what it took, and return whether that is too much."""
    with tempfile.TemporaryDirectory(prefix="avatar-engines-") as folder, open_library(folder) as library:
        asked = library.request(persona=Persona("P"), engine="offline", width_px=px, height_px=px, count=pictures)
        library.submit(library.plan(asked))
        command = [sys.executable, "-m", "benchmarks.engines", f"--serve={px}", f"--picture-s={picture_s}"]
        memory = _Memory()
        before_s = time.process_time()
        library.worker.run(idle_s=0, engine_processes=[f"env PYTHONPATH={Path.cwd()} {shlex.join(command)}*{_AT_ONCE}"])
        cpu_ms = (time.process_time() - before_s) * 1000 / pictures
        grown = memory.grown()
        made, wall_s = _ends(library.home.database)
    ratio = wall_s / ((pictures / _AT_ONCE - 1) * picture_s)
    print(
        f"{made} of {px} px: CPU {cpu_ms:.1f} ms each (limit {_CPU_MS[px]}), wall/ideal {ratio:.3f} ({_OVER_IDEAL}),"
        f" memory {memory.now_mb():.0f} MB, grown by {grown:.3f} ({_GROWN:g}); load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return made != pictures or cpu_ms > _CPU_MS[px] or ratio > _OVER_IDEAL or grown > _GROWN


def _ends(database: Path) -> tuple[int, float]:
    """Return how many are completed, and the seconds from the first end to the last: starting them is left out."""
    sql = "SELECT count(*), min(finished_at), max(finished_at) FROM generations WHERE status = 'completed'"
    with closing(sqlite3.connect(database)) as connection:
        made, first, last = connection.execute(sql).fetchone()
    return made, (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


class _Memory:
    """The memory of this process, four times a second."""

    def __init__(self) -> None:
        self._seen: list[float] = []
        self._ended = Event()
        Thread(target=self._sample, daemon=True).start()

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_S):
            self._seen.append(self.now_mb())

    def grown(self) -> float:
        """Return the last of all as a ratio to the one after a tenth of the time, and look no more."""
        self._ended.set()
        return self._seen[-1] / self._seen[len(self._seen) // 10]

    @staticmethod
    def now_mb() -> float:
        if _STATM.exists():
            return int(_STATM.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # the peak, which is all that macOS says


def _serve(px: int, picture_s: float) -> None:
    """Be an engine process that gives back the same picture."""
    from avatar_creator.jobs.engine_processes.child import main as serve  # noqa: PLC0415 - the worker needs none of it

    file = BytesIO()
    Image.effect_noise((px, px), _NOISE).convert("RGB").save(file, "JPEG", quality=_QUALITY)
    picture = Picture(file.getvalue(), PictureFormat.JPEG, px, px, "same", DigitalSourceType.ALGORITHMIC, {})

    def generate(_engine: OfflineEngine, _request: PictureRequest, watch: Watch) -> Picture:
        watch.progress(0.5)
        time.sleep(picture_s)
        return picture

    OfflineEngine.generate = generate  # type: ignore[assignment,method-assign]
    serve()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--pictures", type=int, default=240, help="default: %(default)s")
    parser.add_argument("--picture-s", type=float, default=0.5, help="that each takes (default: %(default)s)")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
