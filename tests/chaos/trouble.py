"""The trouble that a process of a chaos test is in, as its environment names it."""

import datetime as dt
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

from avatar_creator import _version
from avatar_creator.engines import ENGINES

from . import till


def begin(environment: Mapping[str, str]) -> None:
    """Get into it, before anything else is imported."""
    if "CHAOS_CLOCK" in environment:
        _shift_clock(Path(environment["CHAOS_CLOCK"]))
    if "CHAOS_REAL" not in environment:
        ENGINES["huggingface"] = ENGINES["huggingface"]._replace(place=till.PLACE)
    if "CHAOS_VERSION" in environment:
        _version.__version__ = environment["CHAOS_VERSION"]
    if "CHAOS_NOBODY" in environment:
        _start_nobody()
    if "CHAOS_SLOW_LEAVE_S" in environment:
        _leave_slowly(float(environment["CHAOS_SLOW_LEAVE_S"]))


def _start_nobody() -> None:
    """What is queued waits for a worker that the test starts itself."""
    from avatar_creator.jobs.worker_process import WorkerProcess  # noqa: PLC0415 - not every process

    setattr(WorkerProcess, "_start", lambda _self, _place: None)  # noqa: B010 - mypy knows it as a method


def _leave_slowly(seconds: float) -> None:
    """Take so long between the good-bye and the end, as a worker does that frees a model."""
    from avatar_creator.jobs.worker_loop import WorkerLoop  # noqa: PLC0415 - not every process

    run = WorkerLoop.run

    def run_and_linger(loop: WorkerLoop) -> None:
        run(loop)
        time.sleep(seconds)

    setattr(WorkerLoop, "run", run_and_linger)  # noqa: B010 - mypy knows it as a method


def _shift_clock(file: Path) -> None:
    """Have the clock go wrong by as many seconds as the file says at that moment; waits and timeouts do not see it."""
    true_time = time.time

    def shift() -> float:
        return float(file.read_text("utf-8"))

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(seconds=shift())

    replaced: Any = dt
    replaced.datetime = Shifted
    time.time = lambda: true_time() + shift()
