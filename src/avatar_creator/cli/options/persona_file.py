"""The file of personas that `batch` is given, and what is said of its columns."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats import spooled

_STDIN = "-"
_EXAMPLES = {
    "map": "--map 'Full name=persona_name'",
    "set": "--set gender=female",
    "each": "--each hair-color=black,red",
    "pick": "--pick hair-color=black,red",
}


@contextmanager
def given_file(name: str) -> Iterator[Path]:
    """Yield the path of a file; stdin is written to one first, since rows are read twice."""
    if name != _STDIN:
        yield Path(name)
        return
    with spooled(sys.stdin.buffer) as path:
        yield path


def pairs(option: str, given: Sequence[str] | None) -> dict[str, str]:
    """Return NAME=VALUE options as a dict. Raises InvalidInput for one without a =, or that is given twice."""
    found = dict[str, str]()
    for each in given or ():
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            missing = "no name before its =" if equals else "no = with what is meant behind it"
            raise InvalidInput(f"{option} is {shown(each)}, which has {missing}.", hint=f"Such as: {_EXAMPLES[option]}")
        if found.setdefault(name.strip(), value.strip()) != value.strip():
            raise InvalidInput(f"{option} says {shown(name.strip())} twice.", hint="Leave out one of the two.")
    return found


def day(option: str, given: str) -> date:
    """Return a day that is given as 2026-01-31. Raises InvalidInput."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidInput(f"{option} is {shown(given)}, which is no day.", hint="Write it as 2026-01-31.") from None
