"""The manifest of a batch: all its rows with what became of them, in a file that is whole at every moment."""

import csv
import io
import json
import os
import time
from array import array
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from avatar_creator.domain.batch import RowOutcome
from avatar_creator.domain.records import Status
from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.home import whole
from avatar_creator.persona_files.manifests import ADDED, guarded, renamed
from avatar_creator.storage.durable import opened_beside, refused, write_over
from avatar_creator.storage.pictures import copies

_SUFFIXES = (".csv", ".jsonl")
_IDLE = 10  # for so many times as long as it took it is not written again
_READABLE = 0o644
_HEAD_MOST = 1_000_000  # bytes of a file that stands there, which are read to know it


class Manifest:
    """Rows in the order of their file: each is added first, then what becomes of it is recorded.

    What it says to be completed is always there. It may lag behind by some percent of the time that a batch takes.
    """

    def __init__(self, path: Path, *, of: Path | None = None, force: bool) -> None:
        """Raises InvalidInput for a path that cannot be written, or at which a file stands that is no manifest.

        ``force`` replaces such a file, but never ``of``: the persona file, which is still read.
        """
        self.path = _checked(path, of=of, force=force)
        self._encoding: _Csv | _Jsonl = _Csv() if self.path.suffix.lower() == ".csv" else _Jsonl()
        self._cells: list[bytes] = []  # of each line, as it is in the file
        self._own: list[bytes] = []
        self._rows = array("q")
        self._places: dict[tuple[int, int], list[int]] = {}  # of a row's n-th picture, and of rows that equal it
        self._is_changed = True
        self._next_s = 0.0

    def add(self, outcome: RowOutcome) -> None:
        """Add a line: a row's picture as it is before the batch, or a row that has none."""
        place = len(self._rows)
        self._rows.append(outcome.row)
        self._cells.append(self._encoding.cells(outcome.cells))
        if outcome.duplicate_of is None:
            self._own.append(self._line(outcome.row, outcome))
            self._places[outcome.row, outcome.n] = [place]
            return
        same = self._places[outcome.duplicate_of, outcome.n]
        self._own.append(self._encoding.copied(self._own[same[0]], outcome.row))
        same.append(place)

    def record(self, outcome: RowOutcome) -> None:
        """Take in how a picture ended."""
        for place in self._places.get((outcome.row, outcome.n), ()):
            self._own[place] = self._line(self._rows[place], outcome)
            self._is_changed = True

    def write_if_due(self) -> None:
        """Write it if it says something new, but no more of the time than some percent. Raises StorageError."""
        if self._is_changed and time.monotonic() >= self._next_s:
            self.write()

    def write(self) -> None:
        """Write it whole, in place of the one before. Raises StorageError."""
        if not self._is_changed:
            return
        began_s = time.monotonic()
        try:
            write_over(self.path, self._encoding.whole(self._cells, self._own), _READABLE)
        except OSError as error:
            raise refused("written", self.path, error) from error
        self._is_changed = False
        now_s = time.monotonic()
        self._next_s = now_s + _IDLE * (now_s - began_s)

    def _line(self, row: int, outcome: RowOutcome) -> bytes:
        error = outcome.error
        has_picture, status = outcome.result.has_picture, outcome.result.status
        return self._encoding.own(
            row,
            {
                "avatar_id": outcome.avatar_id if has_picture else None,
                "path": str(outcome.path) if has_picture and outcome.path else None,
                "status": status,
                "seed": outcome.seed,
                "error": error.message if error and status != Status.PENDING else None,
                "picture": str(outcome.picture) if has_picture and outcome.picture else None,
            },
        )


class _Csv:
    """Lines of comma-separated values; cells that a spreadsheet would take for formulas are written as texts."""

    def __init__(self) -> None:
        self._columns: dict[str, None] = {}
        self._counts = array("l")  # how many columns were known when each line was added

    def cells(self, cells: Mapping[str, str]) -> bytes:
        self._columns.update(dict.fromkeys(cells))
        self._counts.append(len(self._columns))
        return _csv([guarded(cells.get(name) or "") for name in self._columns])

    def own(self, row: int, values: Mapping[str, object]) -> bytes:
        return _csv([row, *("" if value is None else guarded(str(value)) for value in values.values())])

    def copied(self, own: bytes, row: int) -> bytes:
        return str(row).encode() + own[own.index(b",") :]

    def whole(self, cells: Sequence[bytes], own: Sequence[bytes]) -> bytes:
        count = len(self._columns)
        head = _csv([*(guarded(renamed(name)) for name in self._columns), *ADDED])
        parts = [head, b"\r\n"]
        for line, known, rest in zip(cells, self._counts, own, strict=True):
            parts += (line, b"," * (count - known + bool(known)), rest, b"\r\n")
        return b"".join(parts)


class _Jsonl:
    """Lines of JSON objects."""

    def cells(self, cells: Mapping[str, str]) -> bytes:
        text = json.dumps({renamed(name): value for name, value in cells.items()}, ensure_ascii=False)
        return text[:-1].encode(errors="replace") + (b", " if cells else b"")

    def own(self, row: int, values: Mapping[str, object]) -> bytes:
        return json.dumps({"row": row, **values}, ensure_ascii=False)[1:].encode(errors="replace")

    def copied(self, own: bytes, row: int) -> bytes:
        return f'"row": {row}'.encode() + own[own.index(b",") :]

    def whole(self, cells: Sequence[bytes], own: Sequence[bytes]) -> bytes:
        return b"".join(part for line in zip(cells, own, strict=True) for part in (*line, b"\n"))


def _csv(values: Sequence[object]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow(values)
    return file.getvalue().encode(errors="replace")


def _checked(path: Path, *, of: Path | None, force: bool) -> Path:
    """Return the whole path of a manifest. Raises InvalidInput where none can be written, or is to be."""
    said = f"manifest is {shown(str(path))}"
    if path.suffix.lower() not in _SUFFIXES:
        raise InvalidInput(
            f"{said}, which says no format.", hint=f"Give it one of these suffixes: {', '.join(_SUFFIXES)}"
        )
    path = Path(os.path.realpath(whole(path, said)))  # what a link names is replaced, and not the link
    copies.check_folder(path.parent, said)
    if path.exists():
        if not path.is_file():
            raise InvalidInput(f"{said}, which is no file.", hint="Give another name.")
        if of is not None and of.exists() and path.samefile(of):  # a sheet is no file
            raise InvalidInput(f"{said}, which is the persona file itself.", hint="Give another name.")
        if not force and not _is_ours(path):
            raise InvalidInput(
                f"{said}, which is there already, and is no manifest.",
                hint="Give another name, or say --force to replace what is there.",
            )
    try:
        with opened_beside(path):
            pass
    except OSError as error:
        raise InvalidInput(
            f"{said}; nothing can be written to {visible(str(path.parent))}: {error.strerror}.",
            hint="Name another folder.",
        ) from error
    return path


def _is_ours(path: Path) -> bool:
    """Return whether a file that stands there is a manifest, or empty."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_MOST).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    if not head.strip():
        return True
    if path.suffix.lower() == ".csv":
        return tuple(next(csv.reader(io.StringIO(head)), ())[-len(ADDED) :]) == ADDED
    with suppress(ValueError):
        first = json.loads(head.partition("\n")[0])  # other line breaks may stand within its texts
        return isinstance(first, dict) and first.keys() >= set(ADDED)
    return False
