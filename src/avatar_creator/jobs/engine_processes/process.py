"""One engine process, as the process that started it knows it."""

from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Watch
from avatar_creator.errors import Cancelled
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.jobs.prepare import Made
from avatar_creator.processes import interpreter
from avatar_creator.processes.messages import Message
from avatar_creator.processes.process import Process, signal_of

_ENDED_S = 1.0  # for the system to end one that has closed its pipes
_START = "from avatar_creator.jobs.engine_processes.child import main; main()"


class EngineProcess(Process):
    """One engine process, used by one thread at a time.

    ``quiet_s`` counts the seconds since it said or was asked something. One that is killed for that ``is_frozen``.
    """

    def __init__(self, engine: str) -> None:
        super().__init__(interpreter.command(_START), interpreter.environment())
        self.is_busy = True  # until it is ready
        self.is_frozen = False
        self.quiet_s = 0
        self._engine = engine

    def await_ready(self) -> None:
        """Return when its engine is loaded. Raises Broken or OSError when it cannot be."""
        self.send(wire.start(self._engine))
        wire.check_version(self.receive())

    def make(self, request: GenerationRequest, seed: int, watch: Watch) -> Made | Exception:
        """Return a picture, or why the engine did not make it. Raises Broken or OSError when the process ends."""
        self.send(wire.request(request, seed))
        fraction, is_wanted = 0.0, True
        while True:
            message = self.receive()
            self.quiet_s = 0
            error = wire.failure_of(message)
            if error is not None:
                return error
            if "made" in message.head:
                return wire.made_of(message)
            try:
                if "phase" in message.head:
                    watch.phase(str(message.head["phase"]))
                else:
                    fraction = _fraction(message, fraction)
                    watch.progress(fraction)  # also where it only says that it is alive: it may be unwanted
            except Cancelled:
                if is_wanted:
                    self.send(wire.CANCEL)
                is_wanted = False

    def how_ended(self) -> str:
        """Return how it ended, and end it for good."""
        code = self.code(_ENDED_S)
        self.end()
        if self.is_frozen:
            return f"it said nothing for {self.quiet_s} s"
        if code is None:
            return "it sent nonsense"
        return signal_of(code) or f"exit code {code}"


def _fraction(message: Message, before: float) -> float:
    said = message.head.get("progress", before)
    return float(said) if isinstance(said, int | float) else before
