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
    """Closed while a provider limits the rate: what one thread meets holds for all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opens_s = 0.0
        self._failure: ProviderError | None = None

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
    return Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, ProviderError) and error.backoff is not None),
        stop=lambda state: (gate is not None and watch.is_last_attempt) or _is_enough(state, retry),
        wait=lambda state: _delay_s(state, retry, gate),
        before_sleep=lambda state: watch.wait(state.upcoming_sleep, _failure(state).why),
        sleep=lambda _seconds: None,  # the watch has waited
        reraise=True,
    )


def _failure(state: RetryCallState) -> ProviderError:
    failure = state.outcome and state.outcome.exception()
    assert isinstance(failure, ProviderError)  # noqa: S101 - nothing else is tried again
    return failure


def _is_enough(state: RetryCallState, retry: Retry) -> bool:
    failure = _failure(state)
    most = min(retry.attempts, (failure.backoff and failure.backoff.most) or retry.attempts)
    return state.attempt_number >= most or _is_too_late(failure, retry) or state.idle_for >= _WAITED_MOST_S


def _is_too_late(failure: ProviderError, retry: Retry) -> bool:
    return failure.retry_after_s is not None and failure.retry_after_s > retry.max_s


def _delay_s(state: RetryCallState, retry: Retry, gate: RateGate | None) -> float:
    """Return the wait that the service asks for, else one that grows each time. A rate limit closes the gate."""
    failure = _failure(state)
    if failure.retry_after_s is not None:
        seconds = failure.retry_after_s
        if failure.is_rate_limit and isinstance(failure.error, EngineError):  # it holds for all other pictures too
            failure.error.ends_run = _is_too_late(failure, retry)
    else:
        assert failure.backoff is not None  # noqa: S101 - nothing else is tried again
        base_s = retry.base_s if gate else min(retry.base_s, _DOWNLOAD_BASE_S)
        seconds = base_s * failure.backoff.wait_s * failure.backoff.growth ** (state.attempt_number - 1)
        seconds += wait_random(0, _JITTER * seconds)(state)
    if gate and failure.is_rate_limit:
        gate.close(seconds, failure)
    return min(seconds, retry.max_s)
