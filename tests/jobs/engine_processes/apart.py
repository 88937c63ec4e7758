"""What engine processes are asked for, and who watches."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines import load_engine
from avatar_creator.errors import Cancelled
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.process import PipedProcess
from avatar_creator.jobs.prepare import Made, prepare
from avatar_creator.processes import interpreter
from waiting import LONG_S, until

PERSONA, ATTRIBUTES = Persona("Ann", 34, ("calm",)), Attributes(gender="female", hair_color="black", hair_style="bob")


def request(**fields: Any) -> GenerationRequest:
    prompt = build_prompt(PERSONA, ATTRIBUTES, None)
    given = {"persona": PERSONA, "width_px": 128, "height_px": 128, **fields}
    return GenerationRequest("default", "offline", attributes=ATTRIBUTES, prompt=prompt, seed=7, **given)


# Replaces the engine of a process, with what a test says.
_SCRIPTED = """
import os, signal, sys, time
from avatar_creator.engines.offline.engine import OfflineEngine
drawn = OfflineEngine.generate
def generate(self, request, watch):
    {script}
    return drawn(self, request, watch)
OfflineEngine.generate = generate
from avatar_creator.jobs.engine_processes.child import main; main()
"""


def scripted(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have new engine processes do what ``script`` says before each picture."""
    command = interpreter.command
    monkeypatch.setattr(interpreter, "command", lambda _statement: command(_SCRIPTED.format(script=script)))


class Watcher:
    """Notes what is reported; from ``cancel_at`` reports on it wants nothing any more."""

    is_last_attempt = True

    def __init__(self, cancel_at: int | None = None) -> None:
        self.reported: list[float | str] = []
        self.cancel_at = cancel_at

    def progress(self, fraction: float, /) -> None:
        self._note(fraction)

    def phase(self, what: str, /) -> None:
        self._note(what)

    def _note(self, what: float | str) -> None:
        self.reported.append(what)
        if self.cancel_at is not None and len(self.reported) >= self.cancel_at:
            raise Cancelled("Nobody wants it.")

    def begin_call(self) -> None: ...

    def save_response(self, response: bytes | None, /) -> None: ...

    def saved_response(self) -> bytes | None: ...

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None: ...

    def record_doubt(self) -> None: ...

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None: ...

    def pause(self, seconds: float, /) -> None: ...


def made_here(asked: GenerationRequest, seed: int) -> Made:
    picture = load_engine("offline").generate(asked.picture(seed), Watcher())
    return prepare(asked, seed, picture)


def grown(processes: EngineProcesses, to: int) -> EngineProcesses:
    """Ask for pictures until so many processes are ready."""

    def is_grown() -> bool:
        processes.make(request(), 1, Watcher())
        return processes.ready >= to

    until(is_grown)
    return processes


def pids(processes: EngineProcesses) -> list[int]:
    return [each._process.pid for each in processes._started if isinstance(each, PipedProcess)]


def made_at_once(processes: EngineProcesses, seeds: Sequence[int], asked: GenerationRequest) -> dict[int, Any]:
    """Return what came of each seed, asked for in a thread each."""
    came: dict[int, Any] = {}

    def make(seed: int) -> None:
        try:
            came[seed] = processes.make(asked, seed, Watcher())
        except Exception as error:  # noqa: BLE001 - the test reads it
            came[seed] = error

    threads = [threading.Thread(target=make, args=(seed,)) for seed in seeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    return came
