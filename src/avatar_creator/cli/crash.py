"""Where the traceback of a bug goes: a file in the home, never the terminal."""

import traceback
from pathlib import Path

from avatar_creator.domain.text import visible, without_tokens
from avatar_creator.home import OWNER_FOLDER, find_home

_LOG = "crash.log"


def write_crash_log(error: Exception) -> Path | None:
    """Append the traceback and return the log's path; None if the home cannot take it."""
    try:
        home = find_home()
        home.create()
        logs = home.logs
        logs.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        path = logs / _LOG
        with path.open("a", encoding="utf-8") as file:
            for line in traceback.format_exception(error):
                file.write("\n".join(visible(part) for part in without_tokens(line).split("\n")))
    except Exception:  # noqa: BLE001 - whatever keeps it from being written, the failure itself is still said
        return None
    return path
