"""Places for pictures at once: how many a process has left, and which engines can make no more."""

from collections import Counter
from collections.abc import Collection, Mapping

from avatar_creator.engines.table import ENGINES
from avatar_creator.jobs.adaptive import Adaptive
from avatar_creator.jobs.attempt import State
from avatar_creator.jobs.executor import Executor
from avatar_creator.jobs.in_flight import InFlight

_PARKED_MOST = 16  # attempts that wait to call again while others are made; each has a thread

_PLACED = {State.CREATED, State.RUNNING, State.CALLING}
_PARKED = {State.WAITING, State.READY}
_UNDER_WAY = _PLACED | _PARKED


class Places:
    """The places of one process, of which ``at_once`` are shared by all engines that have none of their own."""

    def __init__(self, executor: Executor, adaptive: Adaptive, flights: Mapping[str, InFlight]) -> None:
        """``flights`` are what is being made now, by generation."""
        self.at_once = 1
        self._executor = executor
        self._adaptive = adaptive
        self._flights = flights

    def room(self) -> int:
        """Return how many can begin that take a place all engines share.

        One at a time: the next begins when the one before is saved, so they end in the order of their seeds. Of several
        at once, those that are being saved take no place, until they are as many as there are places. Those that are
        parked take none either, up to _PARKED_MOST. Engines that have places of their own take none at all.
        """
        states = [flight.state for flight in self._sharing() if not flight.has_ended]
        if self.at_once == 1:
            return 1 - len(states)
        placed = sum(state in _PLACED for state in states)
        parked = sum(state in _PARKED for state in states)
        taken = placed + max(parked - _PARKED_MOST, 0)
        unsaved = len(states) - placed - parked
        return self.at_once - taken - max(unsaved - self.at_once, 0)

    def may_resume(self, flight: InFlight) -> bool:
        """Return whether one that is parked may have a place again, and its engine can make more."""
        return self.taken() < self.at_once and flight.lease.engine not in self._busy(_PLACED)

    def taken(self) -> int:
        """Return how many of those that all engines share are taken."""
        return sum(flight.state in _PLACED for flight in self._sharing())

    def has_own(self, engine: str) -> bool:
        """Return whether an engine has places of its own now."""
        return self._executor.has_places(engine)

    def is_own_left(self) -> bool:
        """Return whether an engine that has places of its own can make more."""
        apart = [name for name in ENGINES if self.has_own(name)]
        return bool(apart) and not set(apart) <= set(self.busy())

    def without_own(self) -> list[str]:
        """Return the engines that have no places of their own, those under way included that this version lacks."""
        names = dict.fromkeys((*ENGINES, *(flight.lease.engine for flight in self._flights.values())))
        return [name for name in names if not self.has_own(name)]

    def busy(self) -> list[str]:
        """Return the engines that make as many pictures as they can, or as their service takes."""
        return self._busy(_UNDER_WAY)

    def _busy(self, counted: Collection[State]) -> list[str]:
        """Return them; of a service's those in the states ``counted`` count: what was refused comes before the new."""
        flights = self._flights.values()
        makes = Counter(flight.lease.engine for flight in flights if self._is_placed(flight))
        most = {engine: self._executor.most_at_once(engine) for engine in makes}
        busy = {engine: None for engine, limit in most.items() if limit is not None and makes[engine] >= limit}
        has = Counter(flight.lease.engine for flight in flights if flight.state in counted)
        for engine, number in has.items():
            if number >= self._adaptive.most(engine, self.at_once) < self.at_once:
                busy[engine] = None
        return list(busy)

    def _sharing(self) -> list[InFlight]:
        """Return those that take the places of all engines that have none of their own."""
        return [each for each in self._flights.values() if not self.has_own(each.lease.engine)]

    def _is_placed(self, flight: InFlight) -> bool:
        """Return whether it takes a place of its engine; while it is saved, where the engine has its own."""
        if self.has_own(flight.lease.engine):
            return not flight.has_ended
        return flight.state in _PLACED
