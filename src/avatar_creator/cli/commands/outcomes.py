"""What Ctrl-C ends, at any moment: what a run yields is taken, and it is said how to go on."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

from avatar_creator.errors import Cancelled

_Ended = TypeVar("_Ended")


def take_each(outcomes: Generator[_Ended, None, None], take: Callable[[_Ended], None]) -> None:
    """Give ``take`` each that a run yields.

    Ctrl-C that comes while ``take`` has one is passed on to the run: only there is it known what was saved, and left.
    """
    stop: KeyboardInterrupt | None = None
    while True:
        try:
            each = next(outcomes) if stop is None else outcomes.throw(stop)
            stop = None
            take(each)
        except StopIteration:
            return
        except KeyboardInterrupt as pressed:
            if pressed is stop:  # the run has ended, and raises it again
                raise
            stop = pressed


@contextmanager
def stoppable(stays: str, hint: str) -> Iterator[None]:
    """Say of Ctrl-C what stays of the work, and how to go on with it."""
    try:
        yield
    except KeyboardInterrupt:
        raise Cancelled(f"Stopped by the user; {stays}", hint=hint) from None
