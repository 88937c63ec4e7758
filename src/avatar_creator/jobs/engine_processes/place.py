"""What a pool of engine processes knows of one of its transports."""

import time
from typing import TYPE_CHECKING, Protocol

from avatar_creator.domain.assignments import MASK
from avatar_creator.errors import AvatarError, EngineError, InvalidInput, NotConfigured

if TYPE_CHECKING:
    from avatar_creator.jobs.engine_processes.process import EngineProcess

TRIES_MOST = 3  # to start a process, for one picture
_AGAIN_S, _AGAIN_MOST_S = 1.0, 60.0  # after one could not be started: the first pause, and the longest


class TransportGone(EngineError):
    """What starts engine processes has worked, and does not now: pictures wait for it."""


class EngineTransport(Protocol):
    """What starts engine processes: a command, or a cluster.

    ``name`` is what its user wrote, ``by_hand`` the command with which a user can try what it does.
    """

    @property
    def name(self) -> str: ...

    @property
    def is_here(self) -> bool: ...

    @property
    def by_hand(self) -> str | None: ...

    @property
    def most(self) -> int:
        """How many processes it may have now. Read each time."""

    def open(self) -> None:
        """Raise AvatarError if it cannot be used; what that says of a command is known at its first process."""

    def start(self, engine: str) -> "EngineProcess":
        """Start a process for an engine. Raises OSError, AvatarError."""

    def close(self) -> None:
        """Give back what it holds beside processes."""


class Place:
    """One transport: how many processes it has, and when it may be asked for another. Its pool's lock guards it."""

    def __init__(self, transport: EngineTransport) -> None:
        self.transport = transport
        self.running = 0  # those that are being started, too
        self.failed = 0  # tries to start one, up to now
        self.why: AvatarError | None = None  # the last one failed; None where it did not
        self._pause_s = _AGAIN_S
        self._not_before_s = 0.0

    def has_room(self) -> bool:
        """Return whether another process may be started now."""
        return self.running < self.transport.most and time.monotonic() >= self._not_before_s

    def note_ready(self) -> None:
        self.why, self._pause_s, self._not_before_s = None, _AGAIN_S, 0.0

    def note_failed(self, why: AvatarError) -> None:
        """Note that one could not be started; the next is started after a pause that grows."""
        self.failed += not isinstance(why, TransportGone)
        self.why = why
        self._not_before_s = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, _AGAIN_MOST_S)

    def is_given_up(self, failed_before: int) -> bool:
        """Return whether a picture waits for it in vain, which came when so many tries had failed."""
        return isinstance(self.why, NotConfigured | InvalidInput) or self.failed - failed_before >= TRIES_MOST

    def not_started(self, how: str) -> EngineError:
        """Return what is said of a process that has ended before it was ready."""
        if self.transport.is_here:
            return EngineError(f"The engine process cannot be started: {how}.")
        by_hand = self.transport.by_hand
        masked = f", with your value for {MASK}" if by_hand and MASK in by_hand else ""
        return EngineError(
            f"The engine process {self.transport.name} cannot be started: {how}.",
            hint=by_hand and f"Try it{masked}, it should wait and say nothing: {by_hand}",
        )

    def named(self, error: AvatarError) -> AvatarError:
        """Return what an engine says, with where it says that."""
        if self.transport.is_here:
            return error
        return type(error)(f"{self.transport.name}: {error.message}", hint=error.hint)


def unable(errors: list[AvatarError]) -> AvatarError:
    """Return one error for all transports of a pool."""
    if len(errors) == 1:
        return errors[0]
    kind = NotConfigured if all(isinstance(error, NotConfigured) for error in errors) else EngineError
    said = " ".join(dict.fromkeys(error.message for error in errors))
    return kind(said, hint=next((error.hint for error in errors if error.hint), None))
