"""Taking what a run yields, which Ctrl-C may end at any moment."""

from collections.abc import Callable, Generator
from typing import TypeVar

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
