"""Asking again, as often and as late as each failure allows, and one gate for all threads of a provider."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception
from tenacity.wait import wait_base, wait_random

from avatar_creator.engines.base import Retry, Watch
from avatar_creator.engines.huggingface.provider_errors import ProviderError
from avatar_creator.errors import EngineError

_WAITED_MOST_S = 300.0  # in all, for one picture
_FETCHED_S = 1.0  # what is paid and lies there costs nobody anything, and may not lie there for long
_JITTER = 0.25  # of a wait of our own: callers that failed together do not come back together

_Result = TypeVar("_Result")


class RateGate:
    """Closed while a provider limits the rate: what one thread is told holds for all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opens_s = 0.0
        self._trouble: ProviderError | None = None

    def close(self, seconds: float, failure: ProviderError) -> None:
        with self._lock:
            self._opens_s = max(self._opens_s, time.monotonic() + seconds)
            self._trouble = failure

    def wait(self, watch: Watch, retry: Retry) -> None:
        """Wait until it is open. Raises the Trouble that closed it when that takes longer than anybody waits."""
        while self._trouble and (left_s := self._opens_s - time.monotonic()) > 0:
            if left_s > retry.max_s:
                raise ProviderError(self._trouble.error)
            watch.wait(left_s, self._trouble.why)


def with_retries(work: Callable[[], _Result], retry: Retry, watch: Watch, gate: RateGate | None = None) -> _Result:
    """Return what ``work`` returns, asking again where its Trouble says so. Raises the last Trouble.

    Without a ``gate`` nothing is ordered, only looked up or fetched.
    """
    why = ""

    def backoff(state: RetryCallState) -> None:
        nonlocal why
        why = _trouble(state).why

    asking = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, ProviderError) and error.backoff is not None),
        stop=lambda state: (gate is not None and watch.is_last_attempt) or _is_enough(state, retry),
        wait=_Wait(retry, gate),
        before_sleep=backoff,
        sleep=lambda seconds: watch.wait(seconds, why),
        reraise=True,
    )
    return asking(work)


def _trouble(state: RetryCallState) -> ProviderError:
    assert state.outcome is not None  # noqa: S101 - tenacity asks only after a try
    failure = state.outcome.exception()
    assert isinstance(failure, ProviderError)  # noqa: S101
    return failure


def _is_enough(state: RetryCallState, retry: Retry) -> bool:
    failure = _trouble(state)
    assert failure.backoff is not None  # noqa: S101
    most = min(retry.attempts, failure.backoff.most or retry.attempts)
    return state.attempt_number >= most or _is_too_late(failure, retry) or state.idle_for >= _WAITED_MOST_S


def _is_too_late(failure: ProviderError, retry: Retry) -> bool:
    return failure.retry_after_s is not None and failure.retry_after_s > retry.max_s


class _Wait(wait_base):
    """The service's own word where it gave one, else longer each time."""

    def __init__(self, retry: Retry, gate: RateGate | None) -> None:
        self._retry = retry
        self._gate = gate

    def __call__(self, retry_state: RetryCallState) -> float:
        failure = _trouble(retry_state)
        if failure.retry_after_s is not None:
            seconds = failure.retry_after_s
            if failure.is_rate_limit and isinstance(
                failure.error, EngineError
            ):  # it would be so for every other picture
                failure.error.ends_run = _is_too_late(failure, self._retry)
        else:
            assert failure.backoff is not None  # noqa: S101
            base_s = self._retry.base_s if self._gate else min(self._retry.base_s, _FETCHED_S)
            grown = failure.backoff.wait_s * failure.backoff.growth ** (retry_state.attempt_number - 1)
            seconds = base_s * grown
            seconds += wait_random(0, _JITTER * seconds)(retry_state)
        if self._gate and failure.is_rate_limit:
            self._gate.close(seconds, failure)
        return min(seconds, self._retry.max_s)
