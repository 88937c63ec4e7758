"""A workbook, as another process reads it: see `workbook_server`."""

import json
from collections.abc import Iterator
from typing import Any

from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.persona_files.formats.archives import ZIP
from avatar_creator.persona_files.formats.native import AGAIN
from avatar_creator.persona_files.formats.source import PASSWORD, Source
from avatar_creator.processes import interpreter, messages
from avatar_creator.processes.messages import Message
from avatar_creator.processes.process import Process

_START = "from avatar_creator.persona_files.formats.workbook_server import main; main()"
_CSV_HINT = 'Save the sheet as CSV: "CSV UTF-8", as Excel calls it.'


def sheets(source: Source) -> list[tuple[str, bool]]:
    """Return the names of the sheets, and whether they are shown. Raises InvalidInput."""
    ((found),) = _replies(source, None, None)
    return [(name, is_shown) for name, is_shown in found]


def rows(source: Source, sheet: str, rows_most: int | None = None) -> Iterator[Any]:
    """Yield first where the sheet begins and which cells are merged, then its rows from the first."""
    replies = _replies(source, sheet, rows_most)
    yield next(replies)
    for some in replies:
        yield from some


def _replies(source: Source, sheet: str | None, rows_most: int | None) -> Iterator[Any]:
    try:
        process = Process(interpreter.command(_START), interpreter.environment())
    except OSError as error:
        raise StorageError(
            f"Workbooks are read in a process of its own, and it cannot be started: {error.strerror}.",
            hint="See how many processes and how much memory it may have: ulimit -u -v",
        ) from error
    try:
        process.send(Message({"path": str(source.path.absolute()), "sheet": sheet, "rows_most": rows_most}))
        while True:
            reply = process.receive()
            if "error" in reply.head:
                raise _refusal(source, reply.head["error"])
            if not reply.parts:
                return
            yield json.loads(reply.parts[0])
            if sheet is None:
                return
    except (messages.Broken, OSError) as error:
        source.check()
        raise _refusal(source, "memory" if process.code() is None else "crash") from error
    finally:
        process.end()


def _refusal(source: Source, error: str) -> InvalidInput:
    source.check()
    match error:
        case "password":
            return source.refusal(*PASSWORD)
        case "memory":
            return source.refusal("is a workbook that takes too much memory", _CSV_HINT)
        case "crash":
            return source.refusal("is a workbook that is damaged, or takes too much memory", _CSV_HINT)
    if not source.head.startswith(ZIP):
        return source.refusal("is an old Office document in which no workbook can be read", _CSV_HINT)
    return source.refusal("is a workbook that is damaged", AGAIN)
