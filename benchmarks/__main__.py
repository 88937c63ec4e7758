"""The one command: prints a table of all ratios, each beside its target."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import batches, casts, commands, drawing, exports, flight, pipeline, sheets
from benchmarks.libraries import Libraries
from benchmarks.measure import Measure, Missing, Pair, Result, compare
from benchmarks.peers import Peers
from benchmarks.setting import MANY, Setting

_SLOW_S = 10.0  # between two lines about the same benchmark


@dataclass(frozen=True, slots=True)
class Benchmark:
    """``target`` is the highest ratio of ours to the other that is good."""

    name: str
    pair: Callable[[Setting], Pair]
    target: float
    measure: Measure
    rounds: int
    ours: str
    other: str


BENCHMARKS = (
    Benchmark("status", commands.status, 6.5, Measure.WALL, 31, "avatar status ID", "python -c pass"),
    Benchmark("status-json", commands.status_json, 6.5, Measure.WALL, 31, "avatar status ID --json", "python -c pass"),
    Benchmark(
        "status-pending", commands.status_pending, 1.5, Measure.WALL, 31, "avatar status, 1 000 000 waiting", "1 000"
    ),
    Benchmark("claim", commands.claims, 1.1, Measure.CPU, 15, "100 claims behind 1 000 000 of full engines", "1 000"),
    Benchmark("detach", commands.detach, 7.5, Measure.WALL, 31, "avatar generate --detach", "python -c pass"),
    Benchmark("help", commands.help_, 0.40, Measure.WALL, 21, "avatar --help", "hf --help"),
    Benchmark("list", commands.list_, 1.05, Measure.WALL, 31, "avatar list --limit 50 of 1 000 000", "of 1 000"),
    *(
        Benchmark(
            f"find-{name}", commands.found(*argv), target, Measure.CPU, 15, f"avatar list {' '.join(argv)}", "1 000"
        )
        for name, target, argv in (
            ("words", 1.1, ("--text", "persona")),
            ("start", 1.1, ("--text", "9")),
            ("nothing", 1.1, ("--text", "zzz")),
            ("filters", 1.1, ("--gender", "female", "--age", "20-30")),
            ("seed", 1.1, ("--seed", "500")),
            ("since", 1.1, ("--since", "90d")),
            ("until", 1.1, ("--until", "1y")),
            ("age", 1.1, ("--age", "80-85", "--sort", "age")),
            ("name", 1.1, ("--sort", "name")),
            ("used", 1.1, ("--sort", "used", "--gender", "male")),
            # No index helps: each filter fits very many and all none, all that match are sorted, all rows are read.
            ("none-of-both", 1.6, ("--gender", "female", "--hair-color", "red", "--age", "20-30")),
            ("words-name", 2.5, ("--text", "persona", "--sort", "name")),
            ("part", 15.0, ("--background", "zzz")),
        )
    ),
    Benchmark("pick", commands.picked, 1.1, Measure.CPU, 15, "avatar pick --least-used of 1 000 000", "of 1 000"),
    Benchmark("stats", commands.stats, 1.05, Measure.WALL, 31, "avatar stats of 1 000 000", "of 1 000"),
    Benchmark("coverage", commands.coverage, 1.1, Measure.WALL, 31, "avatar coverage of 1 000 000", "of 1 000"),
    Benchmark(
        "coverage-read", commands.coverage_read, 18, Measure.WALL, 5, "the same by hair color: a scan", "of 1 000"
    ),
    Benchmark("cast-made", casts.made, 1.1, Measure.CPU, 5, "avatar cast 1000", "avatar batch of the same"),
    Benchmark("cast-10000", casts.plan(10_000), 1.4, Measure.WALL, 7, "avatar cast 10000 --plan", "Faker and dice"),
    Benchmark("cast-100000", casts.plan(100_000), 1.4, Measure.WALL, 3, "avatar cast 100000 --plan", "Faker and dice"),
    Benchmark("sheet", sheets.sheet, 1.5, Measure.WALL, 9, "avatar sheet of 200, JPEG", "a loop with Pillow"),
    Benchmark("one", drawing.one, 0.9, Measure.WALL, 15, "avatar generate", "dicebear avataaars, PNG"),
    Benchmark("one-png", drawing.one_png, 0.9, Measure.WALL, 15, "avatar generate --format png", "the same"),
    Benchmark("thousand", drawing.thousand, 1.1, Measure.CPU, 3, "avatar generate --count 1000", "dicebear, 1000 PNG"),
    Benchmark("thousand-png", drawing.thousand_png, 1.1, Measure.CPU, 3, "the same, --format png", "the same"),
    Benchmark("cores", drawing.thousand, 0.6, Measure.WALL, 3, "avatar generate --count 1000", "dicebear, 1000 PNG"),
    Benchmark("cores-png", drawing.thousand_png, 0.6, Measure.WALL, 3, "the same, --format png", "the same"),
    Benchmark("verify", drawing.verified, 1.1, Measure.CPU, 3, "avatar verify of 1 000", "avatar cast 1000"),
    Benchmark(
        "batch-existing", batches.existing, 45, Measure.WALL, 9, "avatar batch, 10 000 rows made", "csv.DictReader"
    ),
    Benchmark("batch-plan", batches.plan, 28, Measure.WALL, 3, "avatar batch --dry-run of 1 000 000", "arro3, dicts"),
    Benchmark("export", exports.three_sizes, 0.6, Measure.WALL, 5, "avatar export of 200, 3 sizes", "Pillow, one core"),
    Benchmark("pipeline", pipeline.pipeline, 0.40, Measure.CPU, 15, "keep a photograph", "Pillow and SQLModel"),
    Benchmark("flight-2", flight.flight(2), 1.10, Measure.WALL, 5, "24 photographs, 2 at once", "the service alone"),
    Benchmark("flight-8", flight.flight(8), 1.20, Measure.WALL, 5, "96 photographs, 8 at once", "the service alone"),
    Benchmark("flight-32", flight.flight(32), 1.60, Measure.WALL, 5, "384, 32 at once", "the service alone"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one benchmark; ``skipped`` says why nothing did."""

    benchmark: Benchmark
    result: Result | None
    skipped: str | None = None

    @property
    def met(self) -> bool | None:
        return None if self.result is None else self.result.ratio <= self.benchmark.target

    def as_json(self) -> dict[str, Any]:
        described = {name: getattr(self.benchmark, name) for name in ("name", "ours", "other", "target", "measure")}
        measured = asdict(self.result) if self.result else {}
        return described | measured | {"met": self.met, "skipped": self.skipped}


def main() -> None:
    given = _arguments()
    chosen = [benchmark for benchmark in BENCHMARKS if not given.only or benchmark.name in given.only]
    with tempfile.TemporaryDirectory(prefix="avatar-benchmarks-") as scratch:
        setting = Setting(Peers(given.peers), Libraries(given.cache), Path(scratch), given.pending)
        lines = _measured(chosen, setting, given.rounds)
        if given.json:
            print(json.dumps([line.as_json() for line in lines], indent=2))
        else:
            _print_table(lines)


def _arguments() -> argparse.Namespace:
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=names, help="this one; may be repeated")
    parser.add_argument("--rounds", type=int, help="how many pairs, instead of each benchmark's own number")
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    parser.add_argument("--peers", type=Path, metavar="DIR", help="install hf and dicebear there if they are missing")
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        default=Path(tempfile.gettempdir()) / "avatar-benchmarks",
        help="keep libraries there between runs: 11 GB (default: %(default)s)",
    )
    parser.add_argument(
        "--pending",
        type=int,
        default=MANY,
        metavar="N",
        help="how many generations wait where many do (default: %(default)s)",
    )
    return parser.parse_args()


def _measured(chosen: list[Benchmark], setting: Setting, rounds: int | None) -> Iterator[Line]:
    for benchmark in chosen:
        print(f"preparing {benchmark.name} ...", file=sys.stderr)
        try:
            pair = benchmark.pair(setting)
            result = compare(pair, benchmark.measure, rounds or benchmark.rounds, on_rounds=_Slow(benchmark.name))
            yield Line(benchmark, result)
        except Missing as missing:
            yield Line(benchmark, None, str(missing))


class _Slow:
    """Says how far a benchmark is that takes long."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said_s = time.monotonic()

    def __call__(self, rounds: int) -> None:
        if time.monotonic() - self._said_s >= _SLOW_S:
            self._said_s = time.monotonic()
            print(f"{self._name}: {rounds} rounds ...", file=sys.stderr)


def _print_table(lines: Iterator[Line]) -> None:
    """Print each line as soon as it is measured."""
    row = "{:17} {:>10} {:>10} {:>6}  {:13} {:>6} {:>6}  {:3}  {}"
    print(row.format("name", "ours", "other", "ratio", "quartiles", "of cpu", "target", "met", "what"))
    for line in lines:
        benchmark, result = line.benchmark, line.result
        if result is None:
            print(f"{benchmark.name:17} skipped: {line.skipped}")
            continue
        print(
            row.format(
                benchmark.name,
                _time(result.ours_s),
                _time(result.other_s),
                f"{result.ratio:.3g}",
                f"{result.ratio_low:.3g} - {result.ratio_high:.3g}",
                f"{result.cpu_ratio:.3g}",
                f"{benchmark.target:g}",
                "yes" if line.met else "NO",
                f"{benchmark.ours} / {benchmark.other} ({benchmark.measure}, {result.rounds} rounds)",
            ),
            flush=True,
        )
    sys.stdout.flush()


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main()
