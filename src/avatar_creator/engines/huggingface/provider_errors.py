"""Failures as the user is told of them, with what to do about each, and the functions that make them."""

import math
import re
from enum import StrEnum
from typing import NamedTuple

from avatar_creator.engines.hub.credentials import Credential, hub_name
from avatar_creator.engines.hub.response_body import shorten
from avatar_creator.errors import AvatarError, EngineBusy, EngineError, EngineRefused, NotConfigured

OFFLINE = "or draw it: --engine offline"
FILTERED = re.compile(r"nsfw|content.?policy|safety|sensitive", re.IGNORECASE)


class Operation(StrEnum):
    """What was being done when it failed."""

    LOOKUP = "asking the Hub"
    CALL = "asking for the picture"
    DOWNLOAD = "fetching the picture"


class Backoff(NamedTuple):
    """Another attempt after ``wait_s`` times the base of all waits, ``growth`` times as long each time.

    ``most`` limits the attempts where each may cost; None leaves it to the settings.
    """

    wait_s: float
    growth: float = 2.0
    most: int | None = None


# The waits that providers recommend, for a base of 1 s.
NETWORK, SERVER, BUSY, RATE = Backoff(1), Backoff(2), Backoff(5), Backoff(5, growth=3)
BILLED, _COLD = Backoff(2, most=2), Backoff(15, most=2)


class Target(NamedTuple):
    """The request that failed: what for, of which model, by whom."""

    operation: Operation
    model: str
    provider: str | None = None
    credential: Credential | None = None
    timeout_s: float | None = None

    @property
    def is_endpoint(self) -> bool:
        """Whether it is an own endpoint, whose address stands for the model."""
        return "://" in self.model

    @property
    def uses_account(self) -> bool:
        """Whether an account with Hugging Face pays, and not a provider's own key, or nobody."""
        return not self.is_endpoint and not (self.credential and self.credential.direct)

    @property
    def name(self) -> str:
        return hub_name() if self.operation is Operation.LOOKUP or not self.provider else self.provider


class ProviderError(Exception):
    """A failure as the user is told of it, and what to do about it.

    ``backoff`` is None where trying again is no use. ``retry_after_s`` is the wait that the service asks for, and
    ``why`` completes the words "waiting: ". ``busy``: the provider, where it is asked for too much at once and has
    begun nothing. ``is_rate_limit``: that holds for every request to it. ``is_charged``: the provider makes the picture
    all the same; with ``is_in_doubt`` nobody knows whether it does. ``is_gone``: it no longer serves the model.
    ``is_damaged``: the picture came, and cannot be used. ``is_reusable``: the saved response may yet bring it.
    """

    def __init__(
        self, error: AvatarError, *, backoff: Backoff | None = None, retry_after_s: float | None = None, why: str = ""
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.backoff = backoff
        self.retry_after_s = retry_after_s
        self.why = why
        self.busy: str | None = None
        self.is_rate_limit = False
        self.is_charged = self.is_in_doubt = False
        self.is_gone = False
        self.is_damaged = False
        # An error that every picture would meet says nothing of this one's response.
        self.is_reusable = isinstance(error, NotConfigured) or (isinstance(error, EngineError) and error.ends_run)


def bad_response(target: Target, what: str, *, most: int | None = None) -> ProviderError:
    """Return the error of a response that cannot be used, although its status is a success."""
    if target.operation is Operation.LOOKUP:
        what, hint = "cannot be read", "Try again; a proxy or the login page of a network may answer in its place."
    else:
        hint = "Try again; if it stays so, choose another provider with --provider."
    return ProviderError(
        EngineError(f"The answer of {target.name} {what}.", hint=hint, ends_run=target.operation is Operation.LOOKUP),
        backoff=SERVER._replace(most=most),
        why=f"{target.name} gave a bad answer",
    )


def failed_task(target: Target, reason: str) -> ProviderError:
    """Return the error of a task that was accepted, and failed for the reason that the provider gives."""
    reason = shorten(reason, target.credential).rstrip(".")
    if FILTERED.search(reason):
        return filtered(target, f"refused the picture: {reason}")
    return refused(f"{target.name} failed: {reason}.", "Try another seed or wording.")


def filtered(target: Target, what: str) -> ProviderError:
    """Return the error of a picture that the provider's filter held back."""
    return ProviderError(
        EngineRefused(f"The content filter of {target.name} {what}.", hint="Change the wording of the prompt.")
    )


def timed_out(target: Target, detail: str = "") -> ProviderError:
    """Return the error of a picture that did not come in time. It may be charged all the same."""
    limit = f" within {target.timeout_s:g} s" if target.timeout_s and not detail else ""
    if target.operation is Operation.DOWNLOAD:
        return undelivered(target, f"no answer{limit}")
    if target.operation is Operation.LOOKUP:
        return busy(target, f"The Hub gave no answer{limit}.", NETWORK, "gave no answer")
    return ProviderError(
        EngineBusy(
            f"{target.name} gave no picture{limit}{detail}. Each try may have been billed.",
            hint="Give it longer with --timeout, or ask for less: --steps, --width, --height.",
        ),
        backoff=BILLED,
        why=f"{target.name} gave no answer",
    )


def unfinished(target: Target) -> ProviderError:
    """Return the error of a task that goes on. It is not retried, which would be to pay for two pictures."""
    failure = ProviderError(
        EngineBusy(
            f"{target.name} gave no picture within {target.timeout_s:g} s, and goes on with it.",
            hint="Fetch it later with avatar retry, which orders nothing anew; or give it longer with --timeout.",
        )
    )
    failure.is_charged = failure.is_reusable = True
    return failure


def unknown_task(target: Target) -> ProviderError:
    """Return the error of a task that was accepted, and is not known any more. It may be charged all the same."""
    return doubtful(
        refused(
            f"{target.name} knows nothing any more of the picture that it accepted.", "To order it anew: avatar retry"
        )
    )


def cold_model(target: Target) -> ProviderError:
    """Return the error of a prediction that was accepted, and cannot be polled."""
    return doubtful(
        ProviderError(
            EngineBusy(
                f"{target.name} made no picture within 60 s: the model was cold. Each try may have been billed.",
                hint="Try again in a minute, or choose another provider with --provider.",
            ),
            backoff=_COLD,
            why=f"the model of {target.name} is cold",
        )
    )


def doubtful(failure: ProviderError) -> ProviderError:
    """Return the error as one of a call of which nobody knows whether it is charged."""
    failure.is_in_doubt = True
    return failure


def unreadable(target: Target, failure: ProviderError) -> ProviderError:
    """Return the error of a response that cannot be read, which is not retried: it may hold a picture."""
    if target.operation is Operation.CALL:
        failure.error.message = f"{failure.error.message} It may have been billed."
    failure.backoff = None
    return failure


def unpollable(target: Target) -> ProviderError:
    """Return the error of a task that was accepted, and gives no address to poll. It is not started again."""
    failure = bad_response(target, "tells of a picture at an address that cannot be asked")
    failure.backoff, failure.is_charged = None, True
    return failure


def undelivered(target: Target, what: str, *, reusable: bool = True) -> ProviderError:
    """Return the error of a picture that was made; ``reusable``: it may still be at its address."""
    failure = ProviderError(
        EngineError(f"{target.name} made the picture, and it cannot be fetched: {what}."),
        backoff=NETWORK,
        why="the picture could not be fetched",
    )
    failure.is_reusable = reusable
    return failure


def busy(target: Target, message: str, backoff: Backoff, why: str, retry_after_s: float | None = None) -> ProviderError:
    later = "later" if retry_after_s is None else f"in {_long(retry_after_s)}"
    return ProviderError(
        EngineBusy(
            message,
            hint=f"Try again {later}, {OFFLINE}",
            ends_run=target.operation is Operation.LOOKUP,
            retry_after_s=retry_after_s,
        ),
        backoff=backoff,
        retry_after_s=retry_after_s,
        why=f"{target.name} {why}",
    )


def _long(seconds: float) -> str:
    """Return a duration in the largest unit of which it has two."""
    for unit, unit_s in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * unit_s:
            return f"{math.ceil((seconds - 1) / unit_s)} {unit}"  # without the second that is added to every wait
    return f"{seconds:.0f} s"


def refused(message: str, hint: str, *, ends_run: bool = False) -> ProviderError:
    return ProviderError(EngineRefused(message, hint=hint, ends_run=ends_run))


def failed(target: Target, message: str) -> ProviderError:
    is_lookup = target.operation is Operation.LOOKUP
    return ProviderError(EngineError(message, hint="Choose another: --provider", ends_run=is_lookup))


def source_of(target: Target) -> str:
    if target.credential is None:
        return "A request without a token"
    kind = "key" if target.credential.direct else "token"
    return f"The {kind} from {target.credential.source}"
