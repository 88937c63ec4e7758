"""How far a generation is, while it is being made."""

from collections.abc import Callable
from typing import NamedTuple

from avatar_creator.domain.records import Stage

ITS_TURN = "its turn"
"""The phase of one that waits until an engine process is free."""


class Wait(NamedTuple):
    """What a generation waits for: a few words that go on from "waiting: ", and until when."""

    why: str
    until: str  # UTC
    until_s: float  # the same moment, by time.monotonic()


class Progress(NamedTuple):
    """Where one generation is; ``ended`` in the last that is reported of it, however it ended.

    ``phase`` is what an engine does before it makes the picture, in its words. ``notice`` is a sentence to be said
    once, of the run and not of this generation.
    """

    generation_id: str
    stage: Stage = Stage.STARTED
    percent: int = Stage.STARTED.percent
    attempt: int = 1
    wait: Wait | None = None
    phase: str | None = None
    ended: bool = False
    notice: str | None = None


OnProgress = Callable[[Progress], None]
"""Told how each generation goes on, several times a second; with several at once, of one after the other."""
