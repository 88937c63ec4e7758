"""How much of a list is shown: a screenful on a terminal, all in a pipe, or as much as the user says."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Annotated, Any, TypeVar

import typer

from avatar_creator.cli.render.output import talk
from avatar_creator.domain.records import LIMIT_MOST


def limit_option(usual: int, help: str = "How many at most.") -> Any:  # noqa: A002  typer's own word
    """Return the option for how much of a list is shown; the ``usual`` limit is that of terminals."""
    return typer.Option("--limit", "-n", min=1, help=help, show_default=f"{usual} on a terminal, else all")


AllOption = Annotated[bool, typer.Option("--all", help="No limit.")]

_Record = TypeVar("_Record")


class Limit:
    """How many records are shown at most; a list that is cut says so.

    The ``usual`` limit is that of terminals, or holds ``always``.
    """

    def __init__(self, given: int | None, *, all_: bool, usual: int, always: bool = False) -> None:
        if all_:
            self.most: int | None = None
        elif given is not None:
            self.most = min(given, LIMIT_MOST - 1)  # one more is asked for
        else:
            self.most = usual if always or sys.stdout.isatty() else None
        self.cuts = False

    @property
    def fetched(self) -> int | None:
        """How many to fetch: one more than is shown, to see whether there are more."""
        return None if self.most is None else self.most + 1

    def shown(self, records: Iterable[_Record]) -> Iterator[_Record]:
        """Yield as many of the records as are to be shown; `fetched` of them were read."""
        rest = iter(records)
        yield from islice(rest, self.most)
        self.cuts = next(rest, None) is not None

    def note_rest(self, count: Callable[[], int | str], *, then: str | None = None) -> None:
        """Say that a list was cut, in every mode: a reader would take it for the whole one.

        ``then`` is how to go on.
        """
        if self.cuts:
            talk(f"{self.most} of {count()}; --all for all{f', {then}' if then else ''}.")
