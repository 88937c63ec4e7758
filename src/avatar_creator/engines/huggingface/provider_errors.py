"""Troubles: failures in our words, with what to do about them; and the ways in which they come to be.

What the client raises is turned into them by failures.py.
"""

import math
import re
from enum import StrEnum
from typing import NamedTuple

from avatar_creator.engines.huggingface.credentials import Credential, hub_name
from avatar_creator.engines.huggingface.response_body import short
from avatar_creator.errors import AvatarError, EngineBusy, EngineError, EngineRefused, NotConfigured

OFFLINE = "or draw it: --engine offline"
FILTERED = re.compile(r"nsfw|content.?policy|safety|sensitive", re.IGNORECASE)


class Doing(StrEnum):
    """What was being done when it failed."""

    LOOKUP = "asking the Hub"
    CALL = "asking for the picture"
    DOWNLOAD = "fetching the picture"


class Again(NamedTuple):
    """Asking once more: after ``wait_s`` x the base of all waits, ``growth`` times as long each time.

    ``most`` limits the tries where more of them may cost; None leaves it to the settings.
    """

    wait_s: float
    growth: float = 2.0
    most: int | None = None


# The waits that providers recommend, for a base of 1 s.
NETWORK, SERVER, BUSY, RATE = Again(1), Again(2), Again(5), Again(5, growth=3)
BILLED, _COLD = Again(2, most=2), Again(15, most=2)


class Where(NamedTuple):
    """What was asked of whom."""

    doing: Doing
    model: str
    provider: str | None = None
    credential: Credential | None = None
    timeout_s: float | None = None

    @property
    def is_own(self) -> bool:
        """Whether an own endpoint is asked, whose address stands for the model."""
        return "://" in self.model

    @property
    def by_account(self) -> bool:
        """Whether it is an account with Hugging Face that asks, and not a key of somebody else's, or nobody."""
        return not self.is_own and not (self.credential and self.credential.direct)

    @property
    def who(self) -> str:
        return hub_name() if self.doing is Doing.LOOKUP or not self.provider else self.provider


class Trouble(Exception):
    """A failure in our words, whether asking again is worth it, and how long the service wants us to wait.

    ``why`` goes on from "waiting: ". ``charged``: the provider makes the picture all the same; ``limits_rate``: it
    holds for every request to the provider; ``gone``: that does not serve the model any more; ``keeps``: what was
    answered may yet bring the picture; ``damaged``: that came, and cannot be used.
    """

    def __init__(
        self,
        error: AvatarError,
        *,
        again: Again | None = None,
        after_s: float | None = None,
        why: str = "",
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.again = again
        self.after_s = after_s
        self.why = why
        self.limits_rate = False
        self.charged = False
        self.gone = False
        self.damaged = False
        # What every other picture would meet says nothing of this one's answer.
        self.keeps = isinstance(error, NotConfigured) or (isinstance(error, EngineError) and error.ends_run)


def bad_answer(where: Where, what: str, *, most: int | None = None) -> Trouble:
    """Return the trouble of an answer that cannot be used, though the service called it a success."""
    if where.doing is Doing.LOOKUP:
        what, hint = "cannot be read", "Try again; a proxy or the login page of a network may answer in its place."
    else:
        hint = "Try again; if it stays so, choose another provider with --provider."
    return Trouble(
        EngineError(f"The answer of {where.who} {what}.", hint=hint, ends_run=where.doing is Doing.LOOKUP),
        again=SERVER._replace(most=most),
        why=f"{where.who} gave a bad answer",
    )


def failed_task(where: Where, reason: str) -> Trouble:
    """Return the trouble of a task that was taken on, and failed for the reason that the provider gives."""
    reason = short(reason, where.credential).rstrip(".")
    if FILTERED.search(reason):
        return filtered(where, f"refused the picture: {reason}")
    return refused(f"{where.who} failed: {reason}.", "Try another seed or wording.")


def filtered(where: Where, what: str) -> Trouble:
    """Return the trouble of a picture that the provider's filter held back."""
    return Trouble(
        EngineRefused(f"The content filter of {where.who} {what}.", hint="Change the wording of the prompt.")
    )


def timed_out(where: Where, said: str = "") -> Trouble:
    """Return the trouble of a picture that did not come in time: it may be charged all the same."""
    limit = f" within {where.timeout_s:g} s" if where.timeout_s and not said else ""
    if where.doing is Doing.DOWNLOAD:
        return undelivered(where, f"no answer{limit}")
    if where.doing is Doing.LOOKUP:
        return busy(where, f"The Hub gave no answer{limit}.", NETWORK, "gave no answer")
    return Trouble(
        EngineBusy(
            f"{where.who} gave no picture{limit}{said}. Each try may have been billed.",
            hint="Give it longer with --timeout, or ask for less: --steps, --width, --height.",
        ),
        again=BILLED,
        why=f"{where.who} gave no answer",
    )


def cold(where: Where) -> Trouble:
    """Return the trouble of a prediction that was accepted, and cannot be followed."""
    return Trouble(
        EngineBusy(
            f"{where.who} made no picture within 60 s: the model was cold. Each try may have been billed.",
            hint="Try again in a minute, or choose another provider with --provider.",
        ),
        again=_COLD,
        why=f"the model of {where.who} is cold",
    )


def unreadable(where: Where, error: AvatarError) -> Trouble:
    """Return the trouble of an answer that cannot be read: a picture may be in it, or have been."""
    if where.doing is Doing.CALL:
        error.message = f"{error.message} It may have been billed."
    return Trouble(error)


def unfollowable(where: Where) -> Trouble:
    """Return the trouble of a task that was taken on, and will not be told of: it is not asked for once more."""
    trouble = bad_answer(where, "tells of a picture at an address that cannot be asked")
    trouble.again, trouble.charged = None, True
    return trouble


def undelivered(where: Where, what: str, *, keeps: bool = True) -> Trouble:
    """Return the trouble of a picture that was made; ``keeps`` tells whether it may yet be where it was."""
    trouble = Trouble(
        EngineError(f"{where.who} made the picture, and it cannot be fetched: {what}."),
        again=NETWORK,
        why="the picture could not be fetched",
    )
    trouble.keeps = keeps
    return trouble


def busy(where: Where, message: str, again: Again, why: str, after_s: float | None = None) -> Trouble:
    later = "later" if after_s is None else f"in {_long(after_s)}"
    return Trouble(
        EngineBusy(
            message,
            hint=f"Try again {later}, {OFFLINE}",
            ends_run=where.doing is Doing.LOOKUP,
            retry_after_s=after_s,
        ),
        again=again,
        after_s=after_s,
        why=f"{where.who} {why}",
    )


def _long(seconds: float) -> str:
    """Say how long that is, in the largest unit of which there are two."""
    for unit, unit_s in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * unit_s:
            return f"{math.ceil((seconds - 1) / unit_s)} {unit}"  # a second is added to every wait
    return f"{seconds:.0f} s"


def refused(message: str, hint: str, *, ends_run: bool = False) -> Trouble:
    return Trouble(EngineRefused(message, hint=hint, ends_run=ends_run))


def failed(where: Where, message: str) -> EngineError:
    return EngineError(message, hint="Choose another: --provider", ends_run=where.doing is Doing.LOOKUP)


def source_of(where: Where) -> str:
    if where.credential is None:
        return "A request without a token"
    kind = "key" if where.credential.direct else "token"
    return f"The {kind} from {where.credential.source}"
