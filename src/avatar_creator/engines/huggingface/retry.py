"""How often and how late something is tried again, and the gate that a rate limit closes for all threads."""

import threading
import time

from tenacity import RetryCallState, Retrying, retry_if_exception
from tenacity.wait import wait_random

from avatar_creator.engines.base import Retry, Watch
from avatar_creator.engines.huggingface.provider_errors import ProviderError
from avatar_creator.errors import EngineError

_WAITED_MOST_S = 300.0  # in all, for one picture
_DOWNLOAD_BASE_S = 1.0  # a download costs nothing, and a picture may not be there for long
_JITTER = 0.25  # of a wait of our own: threads that failed together do not come back together


class RateGate:
    """Closed while a provider limits the rate: what one thread meets holds for all of them.

    It says until when nobody calls. How many call at once is for whoever has the pictures made (`jobs/adaptive.py`).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opens_s = 0.0
        self._failure: ProviderError | None = None
        self.accepted = 0  # calls

    def count_accepted(self) -> None:
        with self._lock:
            self.accepted += 1

    def close(self, seconds: float, failure: ProviderError) -> None:
        with self._lock:
            self._opens_s = max(self._opens_s, time.monotonic() + seconds)
            self._failure = failure

    def wait(self, watch: Watch, retry: Retry) -> None:
        """Wait until it is open. Raises the ProviderError that closed it where that takes longer than ``max_s``."""
        while self._failure and (left_s := self._opens_s - time.monotonic()) > 0:
            if left_s > retry.max_s:
                raise ProviderError(self._failure.error)
            watch.wait(left_s, self._failure.why)


def retrying(retry: Retry, watch: Watch, gate: RateGate | None = None) -> Retrying:
    """Return the attempts at something: another one after each ProviderError that allows it, then that error.

    Calls of a provider give its ``gate``. Look-ups and downloads, which cost nothing, give none.
    """
    attempts = _Attempts(retry, watch, gate)
    return Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, ProviderError) and error.backoff is not None),
        stop=attempts.is_enough,
        wait=attempts.delay_s,
        before_sleep=attempts.sleep,
        sleep=lambda _seconds: None,  # the watch has waited
        reraise=True,
    )


class _Attempts:
    """The attempts at one thing, and which of them count."""

    def __init__(self, retry: Retry, watch: Watch, gate: RateGate | None) -> None:
        self._retry = retry
        self._watch = watch
        self._gate = gate
        self._crowded = 0  # that do not count
        self._accepted = gate.accepted if gate else 0

    def is_enough(self, state: RetryCallState) -> bool:
        retry, failure = self._retry, _failure(state)
        most = min(retry.attempts, (failure.backoff and failure.backoff.most) or retry.attempts)
        return (
            (self._gate is not None and self._watch.is_last_attempt)
            or retry.attempts == 1
            or self._number(state) >= most
            or _is_too_late(failure, retry)
            or state.idle_for >= _WAITED_MOST_S
        )

    def delay_s(self, state: RetryCallState) -> float:
        """Return the wait that the service asks for, else one that grows each time. A rate limit closes the gate.

        Called before `is_enough`.
        """
        failure, retry = _failure(state), self._retry
        if self._gate and failure.busy and self._gate.accepted > self._accepted:
            self._accepted = self._gate.accepted  # it takes others' calls: this one only came at a bad moment
            self._crowded += 1
        if failure.retry_after_s is not None:
            seconds = failure.retry_after_s
            if failure.is_rate_limit and isinstance(failure.error, EngineError):  # it holds for all other pictures too
                failure.error.ends_run = _is_too_late(failure, retry)
        else:
            assert failure.backoff is not None  # noqa: S101 - nothing else is tried again
            base_s = retry.base_s if self._gate else min(retry.base_s, _DOWNLOAD_BASE_S)
            times = max(self._number(state) - 1, 0)
            seconds = base_s * failure.backoff.wait_s * failure.backoff.growth**times
            seconds += wait_random(0, _JITTER * seconds)(state)
        if self._gate and failure.is_rate_limit:
            self._gate.close(seconds, failure)
        return min(seconds, retry.max_s)

    def sleep(self, state: RetryCallState) -> None:
        failure = _failure(state)
        self._watch.wait(state.upcoming_sleep, failure.why, busy=failure.busy)

    def _number(self, state: RetryCallState) -> int:
        return state.attempt_number - self._crowded


def _failure(state: RetryCallState) -> ProviderError:
    failure = state.outcome and state.outcome.exception()
    assert isinstance(failure, ProviderError)  # noqa: S101 - nothing else is tried again
    return failure


def _is_too_late(failure: ProviderError, retry: Retry) -> bool:
    return failure.retry_after_s is not None and failure.retry_after_s > retry.max_s
