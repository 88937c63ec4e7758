"""One engine process, as the process that started it knows it."""

import select
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Watch
from avatar_creator.errors import AvatarError, Cancelled, EngineError
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.jobs.prepare import Made
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Broken, Message
from avatar_creator.processes.process import Process, signal_of

_ENDED_S = 1.0  # for the system to end one that has closed its pipes
_LOOK_MS = 1000  # between two looks whether it was killed


class EngineProcess(ABC):
    """One engine process, used by one thread at a time, however its messages come and go.

    ``name`` is that of its transport. ``quiet_s`` counts the seconds since it said or was asked something. One that is
    killed for that ``is_frozen``. ``facts`` are what it says of where it runs, ``pictures`` how many it has made.
    ``waits_for`` is what it waits for before it is ready. One that has ended ``is_lost`` if what carries it ended it.
    One that ``is_unwanted`` was asked to leave its picture, ``unwanted_s`` seconds ago. One that ``is_ending`` was
    killed for good.
    """

    def __init__(self, engine: str, name: str) -> None:
        self.name = name
        self.is_busy = True  # until it is ready
        self.has_begun = False  # to say anything
        self.is_frozen = False
        self.is_lost = False
        self.is_unwanted = False
        self.is_ending = False
        self.quiet_s = self.unwanted_s = 0
        self.facts: Mapping[str, str] = {}
        self.pictures = 0
        self.waits_for: str | None = None
        self._engine = engine

    @property
    @abstractmethod
    def has_ended(self) -> bool: ...

    @abstractmethod
    def send(self, message: Message, /) -> None:
        """Send a message. Raises OSError when it has ended."""

    @abstractmethod
    def receive(self) -> Message:
        """Return its next message. Raises Broken or OSError when there is none, for whatever reason."""

    def on_part(self) -> None:
        """Note that it is not silent, though what it says may take longer: a large picture through a slow line."""
        self.quiet_s = 0

    @abstractmethod
    def how_ended(self) -> str:
        """Return how it ended. One that has not is killed."""

    @abstractmethod
    def kill(self) -> None:
        """Have it end; the thread that waits for it notices."""

    @abstractmethod
    def end(self) -> None:
        """End it, wait until it is gone, and give back what is held for it. Its driver may hang: then it takes long."""

    @abstractmethod
    def release(self) -> None:
        """Give back what is held for it, in a fork of the process that started it."""

    def await_ready(self) -> None:
        """Return when its engine is loaded. Raises AvatarError where it cannot be, Broken or OSError when it ends."""
        self.send(wire.start(self._engine))
        while (message := self.receive()) == wire.ALIVE or "phase" in message.head:
            self.has_begun = True
            self.waits_for = wire.phase_of(message)
        self.has_begun = True
        error = wire.failure_of(message)
        if error is not None:
            raise error if isinstance(error, AvatarError) else EngineError(f"The engine cannot be loaded: {error}")
        self.facts = wire.facts_of(message)

    def make(self, request: GenerationRequest, seed: int, watch: Watch) -> Made | Exception:
        """Return a picture, or why the engine did not make it. Raises Broken or OSError when the process ends."""
        self.send(wire.request(request, seed))
        fraction = 0.0
        while True:
            message = self.receive()
            error = wire.failure_of(message)
            if error is not None:
                return error
            if "made" in message.head:
                self.pictures += 1
                return wire.made_of(message)
            try:
                phase = wire.phase_of(message)
                if phase is not None:
                    watch.phase(phase)
                else:
                    fraction = _fraction(message, fraction)
                    watch.progress(fraction)  # also where it only says that it is alive: it may be unwanted
            except Cancelled:
                if not self.is_unwanted:
                    self.is_unwanted = True
                    self.send(wire.CANCEL)


class PipedProcess(Process, EngineProcess):
    """An engine process behind the pipes of a command."""

    def __init__(
        self,
        engine: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        name: str,
        own_session: bool,
        unsaid: Sequence[str] = (),
    ) -> None:
        """Start it. ``unsaid`` is not repeated of what it says on standard error. Raises OSError."""
        Process.__init__(self, command, environment, saves_errors=True, own_session=own_session)
        EngineProcess.__init__(self, engine, name)
        self._is_killed = False
        self._unsaid = unsaid

    def receive(self) -> Message:
        if hasattr(select, "poll"):  # Windows has none
            self._await_message()
        return messages.read(self._from, self.on_part)

    def _await_message(self) -> None:
        """Raise Broken for one that was killed and does not end: in a driver that hangs it keeps its pipe open."""
        replies = select.poll()
        replies.register(self._from, select.POLLIN)
        while not replies.poll(_LOOK_MS):
            if self._is_killed:
                raise Broken

    def kill(self) -> None:
        self._is_killed = True
        super().kill()

    def how_ended(self) -> str:
        """Return how it ended, with the last that it said on standard error. One that has not is killed."""
        code = self.code(_ENDED_S)
        self.kill()
        if self.is_frozen:
            how = f"it said nothing for {self.quiet_s} s"
        elif code is None:
            how = "it sent what is no message"
        else:
            how = signal_of(code) or f"exit code {code}"
        last = self.last_lines(self._unsaid)
        return f"{how}: {last}" if last else how


def _fraction(message: Message, before: float) -> float:
    said = message.head.get("progress", before)
    return float(said) if isinstance(said, int | float) and 0 <= said <= 1 else before
