"""The other process that reads workbooks. A damaged one may make its reader take all memory, or crash.

It is asked for the sheets of a workbook or for the rows of a sheet, which it sends as JSON, some at once.
"""

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from io import FileIO
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError

from avatar_creator.persona_files.formats.cells import plain
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Message

_MEMORY_MOST = 2**31  # bytes
_CPU_S_MOST = 300  # a million rows take ten
_ROWS_AT_ONCE = 256
_WHOLE = 2.0**53  # numbers below are exact
_resource: Any = import_module("resource") if os.name == "posix" else None
_SHOWN = {"WorkSheet", "Visible"}


def main() -> None:
    """Reply to one request."""
    _limit()
    with suppress(messages.Broken, OSError):
        replies = FileIO(1, "w")
        request = messages.read(FileIO(0)).head
        try:
            for reply in _replies(request["path"], request["sheet"], request["rows_most"]):
                messages.write(replies, reply)
        except PasswordError:
            messages.write(replies, Message({"error": "password"}))
        except MemoryError:
            messages.write(replies, Message({"error": "memory"}))
        except Exception:  # noqa: BLE001 - whatever it raises, the workbook is the cause
            messages.write(replies, Message({"error": "damage"}))
    os._exit(0)  # nothing is to be cleaned up


def _replies(path: str, sheet: str | None, rows_most: int | None) -> Iterator[Message]:
    with CalamineWorkbook.from_filelike(FileIO(path)) as book:
        if sheet is None:
            yield _message(
                [[each.name, _is_shown(each.typ) and _is_shown(each.visible)] for each in book.sheets_metadata]
            )
            return
        table = book.get_sheet_by_name(sheet)
        yield _message([table.start or (0, 0), table.merged_cell_ranges or ()])
        rows = itertools.islice(table.iter_rows(), rows_most)
        while some := [[_value(value) for value in row] for row in itertools.islice(rows, _ROWS_AT_ONCE)]:
            yield _message(some)
    yield Message({"end": True})


def _message(value: object) -> Message:
    return Message({}, [json.dumps(value).encode()])


def _value(value: object) -> object:
    if type(value) is float and value.is_integer() and abs(value) < _WHOLE:
        return int(value)  # a workbook has no other numbers
    return value if type(value) is str else plain(value)


def _is_shown(kind: object) -> bool:
    return str(kind).rpartition(".")[2] in _SHOWN


def _limit() -> None:
    """Limit memory and time, on systems that can."""
    if _resource is not None:
        with suppress(OSError, ValueError):
            _resource.setrlimit(_resource.RLIMIT_CORE, (0, 0))
            _resource.setrlimit(_resource.RLIMIT_CPU, (_CPU_S_MOST, _CPU_S_MOST))
            _resource.setrlimit(_resource.RLIMIT_AS, (_MEMORY_MOST, _MEMORY_MOST))
