"""Libraries that are not written in Python: how they fail."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from avatar_creator.errors import AvatarError
from avatar_creator.persona_files.formats.source import Source

_REASON_MOST = 120  # characters of a library's own message


@contextmanager
def damage(source: Source, what: str) -> Iterator[None]:
    """Have any failure of a library say that the file is damaged, unless it has changed."""
    try:
        yield
    except (AvatarError, MemoryError):
        raise
    except Exception as error:
        source.check()
        raise source.refusal(f"is {what} that cannot be read: {_reason(error)}", "Save it anew.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how libraries in Rust give up; it can be imported from nowhere
            raise
        source.check()
        raise source.refusal(f"is {what} that is damaged", "Save it anew, or copy it once more.") from error


@contextmanager
def no_panic_shown() -> Iterator[None]:
    """Keep Rust from writing its own report of a damaged file to stderr, which an error follows."""
    try:
        stderr = os.dup(2)
    except OSError:  # closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(nowhere)
        os.close(stderr)


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:_REASON_MOST].rstrip(".")
