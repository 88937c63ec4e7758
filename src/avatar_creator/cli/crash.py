"""Where the traceback of a bug goes: a file in the home, never the terminal."""

import traceback
from pathlib import Path

from avatar_creator.domain.text import visible, without_tokens
from avatar_creator.home import OWNER_FOLDER, find_home, narrow, owner_only

_LOG, _OLDER = "crash.log", "crash.log.1"
_BYTES_MOST = 200_000  # then it is moved aside, in place of the one before: a few crashes say what is wrong


def write_crash_log(error: Exception) -> Path | None:
    """Append the traceback and return the log's path; None if the home cannot take it."""
    try:
        home = find_home()
        home.create()
        logs = home.logs
        logs.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        path = logs / _LOG
        if path.exists() and path.stat().st_size > _BYTES_MOST:
            path.replace(logs / _OLDER)
        text = "".join(traceback.format_exception(error))[-_BYTES_MOST:]
        with open(path, "a", encoding="utf-8", opener=owner_only) as file:
            narrow(file.fileno())
            file.write("\n".join(visible(line) for line in without_tokens(text).split("\n")))
    except Exception:  # noqa: BLE001 - whatever keeps it from being written, the failure itself is still said
        return None
    return path
