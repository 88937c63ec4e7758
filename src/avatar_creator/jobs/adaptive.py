"""How many pictures an engine is given at once: at once fewer while its service is busy, then slowly more.

A service that refuses calls says when to come back (the engine waits so long), and not how many it would take. That
is found out as TCP does: half as many after a refusal, one more after a number of successes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from avatar_creator.jobs.attempt import Report, State
from avatar_creator.jobs.in_flight import InFlight

_SUCCESSES = 25  # until one more is tried
_SUCCESSES_MOST = 200  # after such a try was refused, twice as many as before, up to so many
_REFUSED = {State.WAITING, State.READY}


@dataclass(slots=True)
class _Limit:
    """What one engine is given; ``round`` counts the decreases: each call belongs to the round that it began in."""

    most: int
    said: int  # the lowest that was said
    round: int = 0
    successes: int = 0
    until_more: int = _SUCCESSES
    is_trying: bool = False  # whether the last change was one more


class Adaptive:
    """The limits of a process, by engine; none at first."""

    def __init__(self) -> None:
        self._limits: dict[str, _Limit] = {}

    def most(self, engine: str, at_once: int) -> int:
        """Return how many an engine is given at once, where the user likes ``at_once``."""
        limit = self._limits.get(engine)
        return at_once if limit is None else min(limit.most, at_once)

    def round(self, engine: str) -> int:
        """Return the round that a call of an engine belongs to if it begins now."""
        limit = self._limits.get(engine)
        return 0 if limit is None else limit.round

    def read(self, flight: InFlight, before: Report, flights: Iterable[InFlight], at_once: int) -> str | None:
        """Read what a flight has reported since ``before``. Return what is to be said of a decrease, if anything."""
        engine, report = flight.lease.engine, flight.report
        for _ in range(len(report.charges) - len(before.charges)):
            self._succeed(engine, at_once)
        # A round has one decrease: all of its calls were made before that.
        if report.refusals == before.refusals or report.busy is None or flight.round != self.round(engine):
            return None
        called = [each for each in flights if each.lease.engine == engine and each.was_called]
        refused = sum(each.state in _REFUSED and each.round == flight.round for each in called)
        under_way = refused + sum(each.state is State.CALLING for each in called)
        return self._refuse(engine, under_way, report.busy)

    def _refuse(self, engine: str, under_way: int, service: str) -> str | None:
        limit = self._limits.setdefault(engine, _Limit(under_way, under_way))
        if limit.is_trying:
            limit.most -= 1
            limit.until_more = min(2 * limit.until_more, _SUCCESSES_MOST)
        else:
            limit.most = max(min(limit.most, under_way) // 2, 1)
            limit.until_more = _SUCCESSES
        limit.round, limit.successes, limit.is_trying = limit.round + 1, 0, False
        if limit.most >= limit.said:
            return None
        said, limit.said = limit.said, limit.most
        return f"{service} is busy: {limit.most} at once instead of {said}."

    def _succeed(self, engine: str, at_once: int) -> None:
        limit = self._limits.get(engine)
        if limit is None:
            return
        limit.successes += 1
        if limit.successes >= limit.until_more:
            if limit.is_trying:  # the one more is taken
                limit.until_more = _SUCCESSES
            limit.is_trying = limit.most < at_once
            limit.most, limit.successes = min(limit.most + 1, at_once), 0
