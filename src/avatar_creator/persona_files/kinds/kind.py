"""What is known of a kind of persona files: how it is recognised, and what its columns mean."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple


def the_value(value: object) -> object:
    """Return the value of a single column as it is."""
    return value


class Source(NamedTuple):
    """Where the value of a field stands.

    ``combine`` is called with the values of ``columns``, then of ``beside``, which say whether it is one; None for
    empty ones.
    """

    field: str
    columns: tuple[str, ...]
    combine: Callable[..., object] = the_value
    beside: tuple[str, ...] = ()


class Sample(NamedTuple):
    """The first records of a file, with what is nested in them under paths ("person.age"), and all columns of these."""

    columns: tuple[str, ...]
    records: tuple[Mapping[str, object], ...]

    def texts(self, column: str) -> list[str]:
        """Return the texts in a column that are not blank."""
        values = (record.get(column) for record in self.records)
        return [value for value in values if isinstance(value, str) and value.strip()]


class Kind(NamedTuple):
    """A kind of persona files.

    ``sources`` are in their order: of several for one field, the first that has a value counts. ``columns`` are
    those of this kind that mean nothing else, used or not; "recipe." are all below that. ``remarks`` say what users
    would wonder about. Records of one that ``is_whole`` say all of a picture, also what its preset said.
    """

    name: str
    recognises: Callable[[Sample], bool]
    sources: Callable[[Sample], Sequence[Source]]
    columns: Collection[str] = ()
    remarks: tuple[str, ...] = ()
    is_whole: bool = False

    def has(self, column: str) -> bool:
        """Return whether a column is one of this kind."""
        return column in self.columns or column.partition(".")[0] + "." in self.columns
