"""The worker's log: one file that only the one worker writes, and older ones beside it."""

import faulthandler
import logging
import os
import sys
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler

from avatar_creator.home import OWNER_FOLDER, Home

_BYTES_MOST, _OLDER = 1_000_000, 3


def write_worker_log(home: Home, *, on_stderr: bool) -> None:
    """Write the worker's log from now on; ``on_stderr``: there too, for whoever watches it."""
    home.logs.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    with suppress(OSError, RuntimeError):  # where there is no stderr, or none of the system's: in a notebook, say
        faulthandler.enable()
    logging.raiseExceptions = False  # a full disk would fill the other log with tracebacks of this one
    handlers: list[logging.Handler] = [
        RotatingFileHandler(home.worker_log, maxBytes=_BYTES_MOST, backupCount=_OLDER, encoding="utf-8", delay=True)
    ]
    if on_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    log = logging.getLogger("avatar_creator.worker")
    log.setLevel(logging.INFO)
    log.propagate = False
    while log.handlers:
        log.handlers.pop().close()
    for handler in handlers:
        handler.setFormatter(form)
        log.addHandler(handler)


def forget_failures(home: Home) -> None:
    """Empty what workers that could not start left: this one could."""
    if home.worker_errors.exists():
        os.truncate(home.worker_errors, 0)
