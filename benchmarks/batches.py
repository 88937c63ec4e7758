"""Persona files, read for a batch that makes nothing."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from avatar_creator.home import HOME_VARIABLE
from benchmarks.commands import AVATAR
from benchmarks.measure import PYTHON, Pair, Run, command
from benchmarks.setting import MANY, Setting

_FILE = "people.csv"
_EXISTING = 10_000
_BATCH = 100_000  # rows that are written at once
_SIDE = "64"  # px: the pictures are made, but not measured
_COLUMNS = ("id", "name", "age", "gender", "ethnicity", "personality", "hair_color", "background")
_GENDERS = ("female", "male", "non-binary")
_ETHNICITIES = ("black", "east-asian", "hispanic", "south-asian", "white")
_TRAITS = ("bold; funny", "calm", "curious; warm")
_HAIR_COLORS = ("auburn", "black", "brown", "gray", "red")
_READ_CSV = "import csv, sys\nwith open(sys.argv[1], newline='') as file:\n    for _ in csv.DictReader(file): pass"
_READ_PARQUET = (
    "import sys\nfrom arro3.io import read_parquet\n"
    "for batch in read_parquet(sys.argv[1], batch_size=1024):\n"
    "    names = batch.schema.names\n"
    "    for cells in zip(*[batch.column(name).to_pylist() for name in names]): dict(zip(names, cells))"
)


def existing(setting: Setting) -> Pair:
    """Run a batch again of which all is made: not a picture, and nothing is written."""

    def build(new: Path) -> None:
        new.mkdir(parents=True)
        with (new / _FILE).open("w", encoding="utf-8", newline="") as to:
            csv.writer(to).writerows([_COLUMNS, *_people(0, _EXISTING)])
        _again(new)()

    home = setting.libraries.made(f"batch-{_EXISTING}", build)
    return Pair(_again(home), command([PYTHON, "-c", _READ_CSV, home / _FILE]))


def _again(home: Path) -> Run:
    ours = (AVATAR, "batch", home / _FILE, "--engine", "offline", "--width", _SIDE, "--height", _SIDE, "--quiet")
    return command(ours, variables={HOME_VARIABLE: home})


def plan(setting: Setting) -> Pair:
    """Say what would be made of a large file."""
    file = setting.scratch / "people.parquet"
    types = [DataType.int64() if name == "age" else DataType.string() for name in _COLUMNS]
    schema = Schema([Field(name, type_) for name, type_ in zip(_COLUMNS, types, strict=True)])
    write_parquet(RecordBatchReader.from_batches(schema, _batches(schema, types)), file)
    ours = (AVATAR, "batch", file, "--engine", "offline", "--dry-run", "--quiet")
    return Pair(
        command(ours, variables={HOME_VARIABLE: setting.scratch / "plan"}), command([PYTHON, "-c", _READ_PARQUET, file])
    )


def _batches(schema: Schema, types: Sequence[DataType]) -> Iterator[RecordBatch]:
    for first in range(0, MANY, _BATCH):
        columns = zip(zip(*_people(first, _BATCH), strict=True), types, strict=True)
        yield RecordBatch.from_arrays([Array(list(values), type=type_) for values, type_ in columns], schema=schema)


def _people(first: int, count: int) -> Iterator[Sequence[object]]:
    """Yield people, no two of whom are alike."""
    for n in range(first, first + count):
        yield (
            f"p{n}",
            f"Sarah {n}",
            18 + n % 63,
            _GENDERS[n % 3],
            _ETHNICITIES[n % 5],
            _TRAITS[n // 3 % 3],
            _HAIR_COLORS[n // 5 % 5],
            f"Grew up in town {n % 4999}, and works there as a nurse.",
        )
