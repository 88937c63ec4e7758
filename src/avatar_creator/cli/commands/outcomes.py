"""Taking what a run yields, which Ctrl-C may end at any moment."""

from collections.abc import Callable, Generator
from typing import TypeVar

_Ended = TypeVar("_Ended")


def take_each(outcomes: Generator[_Ended, None, None], take: Callable[[_Ended], None]) -> None:
    """Give ``take`` each that a run yields.

    Ctrl-C that comes while ``take`` has one is passed on to the run: only there is it known what was saved, and left.
    """
    try:
        for each in outcomes:
            take(each)
    except KeyboardInterrupt as stop:
        take(outcomes.throw(stop))  # a run that has ended itself raises it again
        for each in outcomes:
            take(each)
