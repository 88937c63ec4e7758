"""huggingface_hub as it is used here: it says nothing on stderr, and moves files itself."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from huggingface_hub import constants
from huggingface_hub.utils import disable_progress_bars

from avatar_creator.engines.hub.http_limits import THREAD


@contextmanager
def plain_client() -> Iterator[None]:
    """Have the client send files itself, and draw no bars of its own.

    Bars are not drawn afterwards either: where one file fails, threads of the client begin with others for a moment.
    """
    before = constants.HF_HUB_DISABLE_XET
    constants.HF_HUB_DISABLE_XET = True
    disable_progress_bars()
    for handler in logging.getLogger("huggingface_hub").handlers:
        handler.addFilter(_is_not_ours)  # once, however often it is added
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        constants.HF_HUB_DISABLE_XET = before


def _is_not_ours(record: logging.LogRecord) -> bool:
    """Return whether something else logs it: of our requests it would print addresses that are signed."""
    return record.threadName != THREAD
