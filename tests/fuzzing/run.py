"""Spoilt pictures given to all that reads pictures of strangers, and what came of it."""

import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from avatar_creator.decoding.processes import POOL
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.domain.prompt import Prompt
from avatar_creator.engines.huggingface.image_check import UnusableImage, normalize
from avatar_creator.errors import AvatarError
from avatar_creator.storage.pictures.inspection import inspect_file
from avatar_creator.storage.pictures.intake import examine
from avatar_creator.storage.pictures.pixels import convert
from fuzzing.mutants import Mutator
from fuzzing.seeds import seeds

SLOW_S = 2.0
_REQUEST = PictureRequest(Persona(), Attributes(), Prompt("x", "x", "y"), 1, width_px=96, height_px=104)


@dataclass(slots=True)
class Report:
    """What came of so many files; an outcome is what was done with one, and how it ended."""

    files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    tracebacks: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    @property
    def peak_mb(self) -> float:
        """Return the largest memory of any process so far, this one and those that decoded for it; 0 on Windows."""
        POOL.close()  # only of those that have ended it is known
        try:
            import resource  # noqa: PLC0415 - Windows has none
        except ImportError:
            return 0.0
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return peak / 2**20 if sys.platform == "darwin" else peak / 2**10  # bytes there, kilobytes elsewhere


def run(mutants: int, seed: int, only: str | None = None, keep: Path | None = None) -> Iterator[tuple[str, Report]]:
    """Yield, for each picture, its name and the report of so many files made of it, the picture itself first."""
    known = seeds()
    mutator = Mutator(random.Random(seed), known)
    with tempfile.TemporaryDirectory(prefix="avatar-fuzz-") as folder:
        path = Path(folder) / "picture"
        for name, whole in known.items():
            if only not in {None, name}:
                continue
            report = Report()
            for number in range(mutants):
                data = mutator.spoilt(whole) if number else whole
                path.write_bytes(data)
                _try_all(path, data, number, report, keep and keep / f"{name}-{seed}-{number}")
            yield name, report


def _try_all(path: Path, data: bytes, number: int, report: Report, keep: Path | None) -> None:
    report.files += 1
    wanted = [*PictureFormat][number % 3]

    def read() -> None:
        inspect_file(path).as_json()

    def take() -> None:
        kept = examine(path).data
        if number % 4 == 0:
            convert(kept, wanted)

    def answer() -> None:
        normalize(data, _REQUEST._replace(format=wanted))

    for what, use in (("inspect", read), ("upload", take), ("develop", answer)):
        _try(what, use, report, data, keep)


def _try(what: str, use: Callable[[], None], report: Report, data: bytes, keep: Path | None) -> None:
    outcome, took_s = _timed(what, use, report.tracebacks)
    if took_s > SLOW_S:  # or the machine had something else to do
        took_s = min(took_s, _timed(what, use, [])[1])
    report.outcomes[f"{what} {outcome}"] += 1
    if took_s > SLOW_S:
        report.slow.append(f"{what} {keep or ''}")
    if keep and (took_s > SLOW_S or outcome in {"traceback", "crashed"}):
        keep.write_bytes(data)


def _timed(what: str, use: Callable[[], None], tracebacks: list[str]) -> tuple[str, float]:
    begun = time.perf_counter()
    try:
        use()
        outcome = "taken"
    except (AvatarError, UnusableImage) as error:
        outcome = "crashed" if "crashes" in str(error) else "refused"
    except Exception:  # noqa: BLE001 - it is what is looked for
        outcome = "traceback"
        tracebacks.append(f"{what}: {traceback.format_exc(limit=-3)}")
    return outcome, time.perf_counter() - begun
