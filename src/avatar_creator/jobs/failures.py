"""How generations fail, as their rows have it, and what makes them then."""

from time import monotonic

from avatar_creator.domain.records import Failure, Status
from avatar_creator.domain.text import encodable, without_tokens
from avatar_creator.errors import (
    BUG_CODE,
    AvatarError,
    Cancelled,
    EngineBusy,
    EngineError,
    EngineRefused,
    InvalidInput,
    LimitReached,
    NotConfigured,
    NotFound,
    Rejected,
    StorageError,
)
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.storage.leases import Lease, Leases
from avatar_creator.storage.responses import ResponseStore

_KINDS: dict[str, type[AvatarError]] = {
    kind.code: kind
    for kind in (
        *(AvatarError, Cancelled, InvalidInput, NotFound, NotConfigured),
        *(EngineError, EngineBusy, EngineRefused, LimitReached, Rejected, StorageError),
    )
}
# Codes of failures that are about an engine, or what it is asked for.
_OF_THE_ENGINE = {kind.code for kind in (InvalidInput, NotConfigured, EngineError, EngineBusy, EngineRefused)}
_DOWN_S = 60.0  # for which an engine is not asked that fails for all pictures, where another one makes them


class Fallbacks:
    """Has other engines make what the one that was asked cannot, where the user named such."""

    def __init__(self, leases: Leases, responses: ResponseStore) -> None:
        self._leases = leases
        self._responses = responses
        self._down: dict[str, tuple[BaseException, float]] = {}  # by engine: why, and until when

    def take(self, flight: InFlight, error: BaseException) -> bool:
        """Have the next engine make what failed; return whether there is one, or else note whether its avatar is left.

        What a service may still be making, or has been paid for, is left to it.
        """
        lease = flight.lease
        if lease.fallback is None or flight.stop_asked or flight.refused is not None or not _falls(error):
            return False
        if self._responses.find(lease.id) is not None:
            return False
        if ends_run(error):
            self._down[lease.engine] = error, monotonic() + _DOWN_S
        if lease.has_stand_in:
            flight.is_left = True
            return False
        calls = flight.report.calls_ended
        flight.waits_again = self._leases.fall_back(
            lease, failure_of(error), ends_run=ends_run(error), calls_ended=calls
        )
        return flight.waits_again

    @property
    def down(self) -> list[str]:
        """The engines that failed for all pictures a moment ago."""
        now_s = monotonic()
        return [engine for engine, (_, until_s) in self._down.items() if until_s > now_s]

    def skip(self, lease: Lease) -> bool:
        """Have the next engine make what was not asked for yet, if its own failed for all pictures a moment ago.

        One whose avatar has a picture that stands for it has failed then.
        """
        error, until_s = self._down.get(lease.engine, (None, 0.0))
        if error is None or lease.fallback is None or lease.attempt or monotonic() > until_s:
            return False
        if lease.has_stand_in:
            return self._leases.end(lease, Status.FAILED, failure_of(error), ends_run=True)
        return self._leases.fall_back(lease, failure_of(error), ends_run=True)


def _falls(error: BaseException) -> bool:
    return isinstance(error, AvatarError) and may_fall_back(error.code)


def may_fall_back(code: str) -> bool:
    """Return whether another engine may make what failed so: a limit, a full disk and a bug concern it as well."""
    return code in _OF_THE_ENGINE


def status_of(error: BaseException) -> Status:
    """Return the status of a generation that ended with an error."""
    return Status.CANCELLED if isinstance(error, Cancelled) else Status.FAILED


def ends_run(error: BaseException) -> bool:
    """Return whether an error says nothing of the one picture: every other would fail alike."""
    return error.ends_run if isinstance(error, EngineError) else isinstance(error, NotConfigured | StorageError)


def failure_of(error: BaseException) -> Failure:
    """Return an error as a row has it."""
    if isinstance(error, AvatarError):
        return Failure(error.code, encodable(error.message), error.hint and encodable(error.hint))
    return Failure(BUG_CODE, encodable(without_tokens(f"{type(error).__name__}: {error}")), None)


def error_of(failure: Failure, *, ends_run: bool = False) -> AvatarError:
    """Return a failure that a row has as the error that it was."""
    error = _KINDS.get(failure.code, AvatarError)(failure.message, hint=failure.hint)
    if isinstance(error, EngineError):
        error.ends_run = ends_run
    return error
