"""Parquet, read in batches of rows."""

from collections.abc import Collection, Iterator, Sequence

from arro3.core import Array, RecordBatch, RecordBatchReader, Schema
from arro3.io import read_parquet

from avatar_creator.domain.text import shown
from avatar_creator.persona_files.formats.base import CELLS_MOST, RECORD_MOST, BadRecord, Choices, Record
from avatar_creator.persona_files.formats.cells import PLAIN, plain
from avatar_creator.persona_files.formats.header import ordinal
from avatar_creator.persona_files.formats.native import damage, no_panic_shown
from avatar_creator.persona_files.formats.source import Source

_MAGIC = b"PAR1"
_WHAT = "a Parquet file"
_TAIL = 8  # the length of the metadata, and the magic
_BATCH_ROWS, _BATCH_BYTES, _TRIED_ROWS = 1024, 2**23, 16


class ParquetTable:
    """A Parquet file; structs are dicts. Its rows are counted from 1."""

    format = "Parquet"
    notes: tuple[str, ...] = ()

    def __init__(self, source: Source, _: Choices) -> None:
        self._source = source
        self._check_tail()
        reader = self._reader(_TRIED_ROWS)
        self.columns = tuple(reader.schema.names)
        if len(self.columns) > CELLS_MOST:
            raise source.refusal(f"has {len(self.columns)} columns, at most {CELLS_MOST} are read", "Drop some.")
        for place, name in enumerate(self.columns, start=1):
            if (first := self.columns.index(name) + 1) != place:
                where = f"the {ordinal(first)} and the {ordinal(place)}"
                raise source.refusal(f"has two columns {shown(name)}, {where}", "Rename one of them.")
        with damage(source, _WHAT):
            tried = next(iter(reader), None)
        if tried is None:
            raise source.refusal("has no rows", "Write a row for each persona.")
        # A batch of rows with pictures in them would fill the memory.
        self._batch_rows = max(1, min(_BATCH_ROWS, _BATCH_BYTES * tried.num_rows // max(1, tried.nbytes)))

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:
        names = [name for name in self.columns if wanted is None or name in wanted]
        places = [self.columns.index(name) for name in names]
        number = 0
        with damage(self._source, _WHAT):
            for batch in self._reader(self._batch_rows):
                columns = [_values(batch.column(place)) for place in places]
                is_long = batch.nbytes > RECORD_MOST and sum(map(_longest, columns)) > RECORD_MOST
                for cells in zip(*columns, strict=True) if columns else [()] * batch.num_rows:
                    number += 1
                    if is_long and sum(len(cell) for cell in cells if isinstance(cell, str)) > RECORD_MOST:
                        yield BadRecord(number, f"is longer than {RECORD_MOST:,} characters")
                    else:
                        yield Record(number, dict(zip(names, cells, strict=True)))
                self._source.check()
        self._source.check()

    @property
    def schema(self) -> Schema:
        return self._reader(_TRIED_ROWS).schema

    def batches(self) -> Iterator[RecordBatch]:
        """Yield all rows as they are typed. Raises InvalidInput as `records` does."""
        with damage(self._source, _WHAT):
            yield from self._reader(self._batch_rows)
            self._source.check()

    def _reader(self, rows: int) -> RecordBatchReader:
        with no_panic_shown(), damage(self._source, _WHAT):
            return read_parquet(self._source.path, batch_size=rows)

    def _check_tail(self) -> None:
        """Raise InvalidInput for a file that is cut short: what is in it is said at its end."""
        with self._source.open() as file:
            file.seek(max(0, self._source.size - _TAIL))
            tail = file.read(_TAIL)
        is_whole = tail[4:] == _MAGIC and int.from_bytes(tail[:4], "little") + _TAIL + len(_MAGIC) <= self._source.size
        if not is_whole:
            raise self._source.refusal("is a Parquet file that is cut short", "Copy or download it once more.")


def _values(column: Array) -> Sequence[object]:
    values: list[object] = list(column.to_pylist())
    return values if PLAIN.issuperset(map(type, values)) else [plain(value) for value in values]


def _longest(values: Sequence[object]) -> int:
    return max((len(value) for value in values if isinstance(value, str)), default=0)
