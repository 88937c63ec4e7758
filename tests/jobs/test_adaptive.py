"""How many are made at once by an engine whose service is busy."""

from dataclasses import dataclass, field
from typing import Any

from scripted import request

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.jobs.adaptive import Adaptive
from avatar_creator.jobs.attempt import Report, State, Task
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.storage.leases import Charge, Lease

AT_ONCE = 16
ENGINE = "huggingface"


@dataclass
class Crowd:
    """Calls of an engine, and what is read of them."""

    adaptive: Adaptive = field(default_factory=Adaptive)
    flights: list[InFlight] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def most(self) -> int:
        return self.adaptive.most(ENGINE, AT_ONCE)

    def call(self, count: int, engine: str = ENGINE) -> list[InFlight]:
        """Begin so many calls."""
        begun = [_flight(f"gen_{len(self.flights) + n}", engine) for n in range(count)]
        for flight in begun:
            flight.round = self.adaptive.round(engine)
        self.flights += begun
        return begun

    def refuse(self, *flights: InFlight) -> None:
        for flight in flights:
            self._report(flight, state=State.WAITING, refusals=flight.report.refusals + 1, busy="fal-ai")

    def again(self, *flights: InFlight) -> None:
        for flight in flights:
            flight.report = flight.report._replace(state=State.CALLING)
            flight.round = self.adaptive.round(flight.lease.engine)

    def succeed(self, *flights: InFlight) -> None:
        for flight in flights:
            self._report(flight, state=State.ENDED, charges=(Charge("fal-ai", "flux", False),))
            self.flights.remove(flight)

    def _report(self, flight: InFlight, **changes: Any) -> None:
        before, flight.report = flight.report, flight.report._replace(**changes)
        notice = self.adaptive.read(flight, before, self.flights, AT_ONCE)
        self.said += [notice] if notice else []


def _flight(id_: str, engine: str) -> InFlight:
    progress = Progress(id_, attempt=1)
    lease = Lease(id_, "av", "prj", engine, 1, "run", 1, 0)
    asked: GenerationRequest = request()
    return InFlight(Task(lease, asked), Report(progress, State.CALLING), progress)


def test_nothing_is_limited_before_a_refusal() -> None:
    crowd = Crowd()
    crowd.succeed(*crowd.call(30))
    assert (crowd.most, crowd.said) == (AT_ONCE, [])


def test_a_round_of_refusals_halves_what_is_under_way_once() -> None:
    crowd = Crowd()
    calls = crowd.call(16)
    crowd.refuse(*calls[4:])
    assert (crowd.most, crowd.said) == (8, ["fal-ai is busy: 8 at once instead of 16."])
    crowd.succeed(*calls[:4])
    crowd.again(*calls[4:12])
    crowd.refuse(*calls[8:12])
    assert (crowd.most, crowd.said[1:]) == (4, ["fal-ai is busy: 4 at once instead of 8."])


def test_calls_of_an_earlier_round_are_under_way_too() -> None:
    crowd = Crowd()
    calls = crowd.call(8)
    crowd.refuse(*calls[2:])
    assert crowd.most == 4
    crowd.again(*calls[2:4])  # two places are still taken by the others
    crowd.refuse(calls[2])
    assert crowd.most == 2


def test_what_is_under_way_counts_and_not_what_may_be() -> None:
    crowd = Crowd()
    crowd.refuse(crowd.call(6)[0])
    assert (crowd.most, crowd.said) == (3, ["fal-ai is busy: 3 at once instead of 6."])


def test_there_is_always_one() -> None:
    crowd = Crowd()
    (call,) = crowd.call(1)
    for _ in range(3):
        crowd.refuse(call)
        crowd.again(call)
    assert (crowd.most, crowd.said) == (1, [])


def test_one_more_after_25_successes_up_to_all() -> None:
    crowd = Crowd()
    calls = crowd.call(16)
    crowd.refuse(*calls[8:])
    limits = []
    for _ in range(10):
        crowd.succeed(*crowd.call(25))
        limits.append(crowd.most)
    assert limits == [9, 10, 11, 12, 13, 14, 15, 16, 16, 16]


def test_a_try_that_is_refused_takes_back_one_and_comes_half_as_often() -> None:
    crowd = Crowd()
    calls = crowd.call(16)
    crowd.refuse(*calls[8:])
    said = list(crowd.said)
    crowd.succeed(*crowd.call(25))
    assert crowd.most == 9
    (refused, *_) = crowd.call(9)
    crowd.refuse(refused)
    assert (crowd.most, crowd.said) == (8, said), "nobody was told of the ninth"
    crowd.succeed(*crowd.call(25))
    assert crowd.most == 8
    crowd.succeed(*crowd.call(25))
    assert crowd.most == 9
    crowd.succeed(*crowd.call(50))
    assert crowd.most == 10, "it was taken"
    crowd.succeed(*crowd.call(25))
    assert crowd.most == 11


def test_another_engine_has_its_own_limit() -> None:
    crowd = Crowd()
    crowd.refuse(*crowd.call(8))
    assert crowd.adaptive.most("offline", AT_ONCE) == AT_ONCE
    assert crowd.adaptive.round("offline") == 0
