"""What every format gives: records, one after the other."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple, Protocol

RECORD_MOST = 2**20  # characters of one record: more is a picture, or a quote that is never closed
CELLS_MOST = 2**14  # columns, as many as a sheet of Excel can have


class Record(NamedTuple):
    """A row, line or item as the file says it; ``values`` may be nested. ``number`` is `PersonaRow.number`.

    ``seed`` is what its picture was made with, where the file is a manifest.
    """

    number: int
    values: Mapping[str, object]
    seed: int | None = None


class BadRecord(NamedTuple):
    """A line that is no record: broken JSON, more cells than columns, too long."""

    number: int
    message: str


class Choices(NamedTuple):
    """What the caller knows of the file.

    ``known`` says whether a text is the name of a column, which tells a first row of names from one of data. With
    ``numbered`` the columns of a table without such a row are called "1", "2" and so on; otherwise it is refused.
    ``sheet`` is the name of a sheet of a workbook.
    """

    known: Callable[[str], bool] | None = None
    numbered: bool = False
    sheet: str | None = None


class Table(Protocol):
    """A file of records, recognised."""

    @property
    def format(self) -> str:
        """Return the name of the format: "CSV", "Parquet"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what to say of the file, a part of a sentence each; those of single rows come by reading them."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns; of formats without any, the names in the first records."""

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:
        """Yield all records from the first, however often it is called.

        With ``wanted`` other columns may be left out, where that saves time. Raises InvalidInput when the file has
        changed since it was opened, or turns out to be damaged.
        """
