"""The cursor, which rich hides while it draws anew again and again: a suspended process gives it to its shell."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_SHOW, _HIDE = b"\x1b[?25h", b"\x1b[?25l"


class _Terminal:
    """Where the cursor is hidden now, by its descriptor, and whether it was hidden here after being shown."""

    descriptor: int | None = None
    hidden_anew = False


@contextmanager
def hidden_cursor(screen: "Console") -> Iterator[None]:
    """Note that rich hides the cursor of ``screen`` in this time."""
    if screen.is_terminal and not screen.is_dumb_terminal:
        _Terminal.descriptor = screen.file.fileno()
    try:
        yield
    finally:
        if _Terminal.hidden_anew:  # a Ctrl-Z may have come when rich had just shown it
            _write(_SHOW)
        _Terminal.descriptor, _Terminal.hidden_anew = None, False


def give_cursor(*, shell: bool) -> None:
    """Show the cursor when the process is about to be suspended, and hide it when that goes on.

    Without rich: the thread that was interrupted may hold its lock.
    """
    if _Terminal.descriptor is not None:
        _Terminal.hidden_anew = not shell
        _write(_SHOW if shell else _HIDE)


def _write(escape: bytes) -> None:
    if _Terminal.descriptor is not None:
        with suppress(OSError):
            os.write(_Terminal.descriptor, escape)
