"""A persona file as Parquet: of a Parquet file all columns are of the types that they have there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO

from arro3 import core

from avatar_creator.exports.datasets.parquet import write_batches
from avatar_creator.persona_files.formats.parquet import ParquetTable

_TEXT = core.DataType.string()
_PORTION = 1000  # rows of texts that are in memory together
_GROUP_ROWS = 100_000


def with_column(table: ParquetTable, name: str, said: Mapping[int, str], to: BinaryIO) -> None:
    """Write a table with a column of texts more, by the numbers of rows. Raises OSError."""
    field = core.Field(name, _TEXT)

    def batches() -> Iterator[core.RecordBatch]:
        number = 0
        for batch in table.batches():
            texts = [said.get(number + at) for at in range(1, batch.num_rows + 1)]
            number += batch.num_rows
            yield batch.append_column(field, core.Array(texts, type=_TEXT))

    write_batches(table.schema.append(field), batches(), to, max_row_group_size=_GROUP_ROWS)


def of_texts(columns: Sequence[str], rows: Iterable[Sequence[str]], to: BinaryIO) -> None:
    """Write rows whose cells are texts; an empty one is null. Raises OSError."""
    schema = core.Schema([core.Field(name, _TEXT) for name in columns])

    def batches() -> Iterator[core.RecordBatch]:
        waiting = iter(rows)
        while portion := list(islice(waiting, _PORTION)):
            cells = zip(*portion, strict=True)
            arrays = [core.Array([text or None for text in column], type=_TEXT) for column in cells]
            yield core.RecordBatch.from_arrays(arrays, schema=schema)

    write_batches(schema, batches(), to, max_row_group_size=_GROUP_ROWS)
