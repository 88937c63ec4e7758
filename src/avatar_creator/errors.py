"""Every failure a user can meet.

- AvatarError: ``error``, exit 1
  - InvalidInput: ``invalid``, exit 2
  - NotFound: ``not_found``, exit 3
  - NotConfigured: ``not_configured``, exit 4
  - EngineError: ``engine``, exit 5
    - EngineBusy: ``engine_busy``, the only one worth a retry
    - EngineRefused: ``engine_refused``
    - LimitReached: ``limit``
  - Unbalanced: ``unbalanced``, exit 5
  - Rejected: ``rejected``, exit 5
  - Incomplete: ``incomplete``, exit 5
  - StorageError: ``storage``, exit 6
    - NotStarted: the same; what was queued stays queued
    - HomeGone: the same; it was deleted or replaced meanwhile
  - Cancelled: ``cancelled``, exit 130

Anything else that reaches the command line is a bug: ``bug``, exit 70.
"""

from collections.abc import Sequence
from typing import ClassVar

NO_THREADS = "this system lets avatar start no more threads or processes."
NO_THREADS_HINT = "End other programs, or raise the limit of processes; see: ulimit -u"
BUG_CODE = "bug"
BUG_EXIT = 70  # EX_SOFTWARE of sysexits.h


class AvatarError(Exception):
    """A failure with one sentence of what happened and one of what to do next.

    ``code`` is stable and stands in JSON and in a failed generation's row; ``exit_code`` is the process's.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidInput(AvatarError):
    """A value the user gave cannot be used; the message names the field and the value."""

    code = "invalid"
    exit_code = 2


class NotFound(AvatarError):
    """No row has that id or name."""

    code = "not_found"
    exit_code = 3


class NotConfigured(AvatarError):
    """An engine lacks a token, an extra or an accepted licence."""

    code = "not_configured"
    exit_code = 4


class EngineError(AvatarError):
    """The engine failed to make the picture; with ``ends_run`` it would fail for every other one too."""

    code = "engine"
    exit_code = 5

    def __init__(self, message: str, *, hint: str | None = None, ends_run: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.ends_run = ends_run


class EngineBusy(EngineError):
    """The engine may succeed later; ``retry_after_s`` is its own word on when, if it gave one."""

    code = "engine_busy"

    def __init__(
        self, message: str, *, hint: str | None = None, ends_run: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, hint=hint, ends_run=ends_run)
        self.retry_after_s = retry_after_s


class EngineRefused(EngineError):
    """The engine will not make this picture, however often it is asked."""

    code = "engine_refused"


class LimitReached(EngineError):
    """A limit of the user's own, of what may be paid for in a day or a month, allows no further picture."""

    code = "limit"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint, ends_run=True)


class Unbalanced(AvatarError):
    """People are not balanced as it is required."""

    code = "unbalanced"
    exit_code = 5


class Rejected(AvatarError):
    """A picture fails the check that it has to pass."""

    code = "rejected"
    exit_code = 5


class Incomplete(AvatarError):
    """Shards or pictures of a plan are missing or damaged."""

    code = "incomplete"
    exit_code = 5


class StorageError(AvatarError):
    """Disk full, database locked or newer than this program, picture damaged."""

    code = "storage"
    exit_code = 6


class NotStarted(StorageError):
    """Generations were queued, and no worker could be started for them."""

    def __init__(self, error: StorageError, ids: Sequence[str]) -> None:
        super().__init__(error.message, hint=error.hint)
        self.ids = ids


class HomeGone(StorageError):
    """The home was deleted or replaced while this process worked in it: nothing more is made there, or paid."""


class Cancelled(AvatarError):
    """The user stopped it."""

    code = "cancelled"
    exit_code = 130  # 128 + SIGINT, as shells report it
