"""What a Python program may ask for by name, and what is said of a name or a type that is not among it."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeVar

from avatar_creator.domain.text import expect, nearest, shown
from avatar_creator.errors import InvalidInput

if TYPE_CHECKING:
    from avatar_creator.domain.attributes import Attributes
    from avatar_creator.domain.persona import Persona

_Choice = TypeVar("_Choice", bound=StrEnum)


class UploadChoices(TypedDict, total=False):
    """What `upload` takes beside the file."""

    project: str | None
    name: str | None
    persona: "Persona | None"
    attributes: "Attributes | None"
    keep_metadata: bool


def check_names(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidInput for an argument that is not known, with the nearest that is."""
    expect("arguments", given, Iterable, "their names in a list")
    names = sorted(known)
    for name in given:
        if name not in names:
            near = nearest(name, names)
            hint = f"Did you mean {near}?" if near else f"Arguments: {', '.join(names)}."
            raise InvalidInput(f"There is no argument {name!r}.", hint=hint)


def path_of(field: str, value: Path | str) -> Path:
    """Return a path that was given as a text, too. Raises InvalidInput for what is none, as an empty text."""
    if not isinstance(value, str | Path):
        raise InvalidInput(
            f"{field} is of type {type(value).__name__}, which is no path.", hint="Give a pathlib.Path, or its text."
        )
    if value == "":  # for Path, the folder that one is in
        raise InvalidInput(f"{field} is empty.", hint="Give a path.")
    try:
        str(value).encode("utf-8", "surrogateescape")  # as the names of files are written
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"{field} is {shown(value)}, which no file can be called.", hint="Give another one."
        ) from error
    return Path(value)


def member(kind: type[_Choice], field: str, value: str) -> _Choice:
    """Return the member of an enum that a text names. Raises InvalidInput, naming all, for any other."""
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise InvalidInput(f"{field} is {shown(value)}, which does not exist.", hint=f"Known: {known}.") from None
