"""The worker's log: one file that only the one worker writes, and older ones beside it."""

import faulthandler
import logging
import os
import sys
import time
from logging.handlers import RotatingFileHandler

from avatar_creator.home import Home

_BYTES_MOST, _OLDER = 1_000_000, 3


def keep_journal(home: Home, *, on_stderr: bool) -> None:
    """Write the worker's log from now on; ``on_stderr``: there too, for whoever watches it."""
    home.logs.mkdir(mode=0o700, exist_ok=True)
    faulthandler.enable()
    handlers: list[logging.Handler] = [
        RotatingFileHandler(home.worker_log, maxBytes=_BYTES_MOST, backupCount=_OLDER, encoding="utf-8", delay=True)
    ]
    if on_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    journal = logging.getLogger("avatar_creator.worker")
    journal.setLevel(logging.INFO)
    journal.propagate = False
    journal.handlers.clear()
    for handler in handlers:
        handler.setFormatter(form)
        journal.addHandler(handler)


def forget_failures(home: Home) -> None:
    """Empty what workers that could not start left: this one could."""
    if home.worker_errors.exists():
        os.truncate(home.worker_errors, 0)
