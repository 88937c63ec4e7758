"""Libraries that are not written in Python: how they fail."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from avatar_creator.errors import AvatarError
from avatar_creator.persona_files.formats.source import Source

AGAIN = "Save it anew, or copy it once more."
# In a library's own words, which stay in the cause of the error.
_NOT_READ = re.compile(r"not (?:yet )?(?:supported|implemented)|unsupported|disabled", re.IGNORECASE)


@contextmanager
def damage(source: Source, what: str) -> Iterator[None]:
    """Have any failure of a library say that the file is damaged, unless it has changed."""
    try:
        yield
    except (AvatarError, MemoryError):
        raise
    except BaseException as error:
        # The second is how libraries in Rust give up; it can be imported from nowhere.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        source.check()
        if _NOT_READ.search(str(error)):
            raise source.refusal(f"is {what}, written in a way that is not read here", "Save it as CSV.") from error
        raise source.refusal(f"is {what} that is damaged", AGAIN) from error


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
