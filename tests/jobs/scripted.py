"""An engine that does what a test says, and what it works with."""

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PIL import Image

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.domain.progress import Progress
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Engine, EnginePlan, Watch
from avatar_creator.jobs.context import JobContext
from avatar_creator.jobs.coordinator import Coordinator
from avatar_creator.jobs.executor import ThreadExecutor
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.library import Library
from avatar_creator.storage import ids
from avatar_creator.storage.leases import Claimed, Lease
from avatar_creator.storage.new_generation import NewGeneration
from stored_files import half_written, stored_files
from waiting import LONG_S, until

Script = Callable[[int, Watch], object]


def photograph() -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, "JPEG")
    return Picture(file.getvalue(), PictureFormat.JPEG, 64, 64, "flux", DigitalSourceType.TRAINED, {"steps": 28})


class Scripted(Engine):
    """Does for its nth picture what a test says; returns what that returns, or a photograph."""

    name = "scripted"
    most_at_once: int | None = None

    def __init__(self, script: Script, most_at_once: int | None = None) -> None:
        self.script = script
        self.most_at_once = most_at_once
        self.begun = 0
        self.under_way = self.peak = 0
        self._lock = threading.Lock()

    def plan(self, _request: PictureRequest) -> EnginePlan:
        return EnginePlan("flux", {}, paid=True, provider="fal-ai")

    def generate(self, _request: PictureRequest, watch: Watch) -> Picture:
        with self._lock:
            n = self.begun
            self.begun += 1
            self.under_way += 1
            self.peak = max(self.peak, self.under_way)
        try:
            made = self.script(n, watch)
        finally:
            with self._lock:
                self.under_way -= 1
        return made if isinstance(made, Picture) else photograph()


def files(library: Library) -> list[str]:
    return [*stored_files(library.app.pictures), *half_written(library.app.pictures)]


@contextmanager
def statements(library: Library) -> Iterator[list[str]]:
    """Give what the library's connection is asked meanwhile, with all values."""
    asked: list[str] = []
    library.app._connection.set_trace_callback(asked.append)
    try:
        yield asked
    finally:
        library.app._connection.set_trace_callback(None)


RUNNER = ids.RUNNER + "0000000000000"


def request() -> GenerationRequest:
    persona, attributes = Persona("Ann"), Attributes()
    return GenerationRequest("default", "scripted", persona, attributes, build_prompt(persona, attributes, None), 7)


def queued(library: Library, **orders: Any) -> str:
    """Queue a generation for the worker and return its id."""
    new = NewGeneration(library.app.generations.ensure_project("default"), "scripted", "flux", 7, request().as_json())
    library.app.generations.add(replace(new, **orders))
    return new.id


def claimed(library: Library, runner: str = RUNNER, **orders: Any) -> Lease:
    """Queue a generation and take it up."""
    id_ = queued(library, **orders)
    return reclaimed(library, id_, runner)


def reclaimed(library: Library, id_: str, runner: str = RUNNER) -> Lease:
    taken = library.app.leases.claim(runner, [], idle=True)
    assert taken is not None
    assert taken.lease.id == id_
    return taken.lease


def inline(library: Library, runner: str = RUNNER, **orders: Any) -> Lease:
    """Begin a generation whose command waits for it."""
    queued(library, owner=runner, **orders)
    taken = library.app.leases.claim_owned(runner)
    assert taken is not None
    return taken.lease


def context(library: Library, engine: Scripted) -> JobContext:
    """What makes pictures, at a home whose only engine is scripted."""
    return library.app.context._replace(
        load_engine=lambda _name: engine,
        check_engine=lambda _name, options: engine.check(options),
        fingerprint=lambda _name, _options: None,
    )


class Driver:
    """A coordinator of one process, driven by hand."""

    def __init__(self, library: Library, script: Script, *, runner: str = RUNNER, attempts_most: int = 3) -> None:
        self.engine = Scripted(script)
        self.reported: list[Progress] = []
        self.executor = ThreadExecutor(lambda _name: self.engine, library.app.stores, attempts_most=attempts_most)
        self.coordinator = Coordinator(
            library.app.leases,
            self.executor,
            library.app.stores,
            runner,
            self._claim,
            on_progress=self.reported.append,
        )
        self._claimed: list[Lease] = []

    def _claim(self, _busy: Sequence[str], _idle: bool) -> Claimed | None:
        return Claimed(self._claimed.pop(0), request().as_json()) if self._claimed else None

    def begin(self, lease: Lease) -> InFlight:
        """Begin to make what was claimed."""
        self._claimed.append(lease)
        self.coordinator.may_claim = True
        self.coordinator.step(at_once=LONG_S)
        return self.coordinator.flights[lease.id]

    def make(self, lease: Lease) -> InFlight:
        """Make it, to its end."""
        flight = self.begin(lease)
        self.finish()
        return flight

    def finish(self) -> None:
        """Go on until all have ended."""
        until(self.step)

    def step(self) -> bool:
        """Take one step; tell whether nothing is in flight."""
        self.coordinator.finalize(self.coordinator.step(at_once=1))
        self.executor.wait(0.02)
        return not self.coordinator.flights
