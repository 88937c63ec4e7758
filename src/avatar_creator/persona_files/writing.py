"""Rows as a persona file: what `open_persona_file` reads is what they said."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput

Cell = str | int


def writer_of(name: str) -> Callable[[Sequence[Mapping[str, Cell]]], bytes]:
    """Return what writes records in the format that a name's suffix says. Raises InvalidInput for another suffix."""
    for suffix, write in WRITERS.items():
        if name.lower().endswith(suffix):
            return write
    raise InvalidInput(
        f"plan is {shown(name)}, which says no format.",
        hint=f"Give it one of these suffixes: {', '.join(WRITERS)}; or - for stdout.",
    )


def as_csv(records: Sequence[Mapping[str, Cell]]) -> bytes:
    file = io.StringIO()
    columns = _columns(records)
    to = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
    to.writeheader()
    to.writerows(records)
    return file.getvalue().encode()


def as_json(records: Sequence[Mapping[str, Cell]]) -> bytes:
    return b"[\n" + b",\n".join(as_json_lines(records).splitlines()) + b"\n]\n"


def as_json_lines(records: Sequence[Mapping[str, Cell]]) -> bytes:
    lines = (json.dumps(each, ensure_ascii=False) for each in _filled(records))
    return "".join(f"{line}\n" for line in lines).encode()


def as_yaml(records: Sequence[Mapping[str, Cell]]) -> bytes:
    """Each value as JSON has it, which is YAML, too."""
    lines: list[str] = []
    for record in _filled(records):
        for at, (name, value) in enumerate(record.items()):
            lines.append(f"{'  ' if at else '- '}{name}: {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines).encode()


def _columns(records: Sequence[Mapping[str, Cell]]) -> list[str]:
    """Return the columns in which something stands, in their order."""
    names = dict.fromkeys(name for record in records for name in record)
    return [name for name in names if any(record.get(name, "") != "" for record in records)]


def _filled(records: Sequence[Mapping[str, Cell]]) -> list[dict[str, Cell]]:
    return [{name: value for name, value in record.items() if value != ""} for record in records]


WRITERS: Mapping[str, Callable[[Sequence[Mapping[str, Cell]]], bytes]] = {
    ".csv": as_csv,
    ".json": as_json,
    ".jsonl": as_json_lines,
    ".ndjson": as_json_lines,
    ".yaml": as_yaml,
    ".yml": as_yaml,
}
