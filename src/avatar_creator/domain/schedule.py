"""When a generation that waits is to be made, and what is to happen when it has ended."""

from collections.abc import Sequence
from typing import NamedTuple

from avatar_creator.domain.text import clean_number, shown
from avatar_creator.errors import InvalidInput

PRIORITY_MOST = 1000  # either way


class Schedule(NamedTuple):
    """What `avatar generate --detach` is given besides the request.

    The higher the ``priority`` the earlier, 0 if it is None; ``not_before`` is a time in UTC, ``after`` the id of the
    generation that must be completed first, ``on_done`` a command and its arguments.
    """

    priority: int | None = None
    not_before: str | None = None
    after: str | None = None
    on_done: Sequence[str] | None = None

    def check(self) -> None:
        """Raise InvalidInput for a priority outside -1000..1000."""
        if self.priority is not None:
            clean_number("priority", self.priority, least=-PRIORITY_MOST, most=PRIORITY_MOST)


def parse_command(given: str) -> list[str]:
    """Return a command line as the words of which no shell makes anything more. Raises InvalidInput."""
    import shlex  # noqa: PLC0415 - most orders name no command

    try:
        words = shlex.split(given)
    except ValueError as error:
        raise InvalidInput(f"on done is {shown(given)}: {error}.", hint="Close the quotes.") from error
    if not words:
        raise InvalidInput("on done is empty.", hint="Name a program, for example: --on-done 'notify-send done'")
    return words
