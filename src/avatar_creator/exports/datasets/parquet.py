"""A data set as one Parquet file with the pictures in it, as the Hub shows it and `datasets` loads it."""

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from queue import Full, Queue
from typing import Any, BinaryIO, cast

from arro3 import core, io

from avatar_creator.errors import StorageError
from avatar_creator.exports.datasets.card import Card
from avatar_creator.exports.datasets.columns import COLUMNS, Type
from avatar_creator.exports.datasets.samples import Sample
from avatar_creator.exports.pictures import Exported
from avatar_creator.home import sync_folder
from avatar_creator.storage.durable import opened_beside, put_over, refused

_GROUP_ROWS = 32  # that are in memory together: readers of a few rows read no more, either
_PAUSE_S = 0.2  # after which it is seen whether writing has failed
_ANY_FILE = 0o666  # less the umask
_TEXT, _BYTES, _OFFSET = core.DataType.string(), core.DataType.binary(), core.DataType.int32()
_TEXTS = core.DataType.list(core.Field("element", _TEXT))
_PICTURE = (core.Field("bytes", _BYTES), core.Field("path", _TEXT))
_ARROW = {Type.TEXT: _TEXT, Type.NUMBER: core.DataType.int64(), Type.TRUTH: core.DataType.bool(), Type.TEXTS: _TEXTS}


def _features() -> dict[str, Any]:
    """Return the columns as `datasets` calls them."""
    return {"image": {"_type": "Image"}} | {name: _feature(kind) for name, kind in COLUMNS.items()}


def _feature(kind: Type) -> dict[str, Any]:
    if kind is Type.TEXTS:
        return {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"}
    return {"dtype": kind.value, "_type": "Value"}


# As all readers of Arrow see it, and not in the file's own metadata alone.
_METADATA = {"huggingface": json.dumps({"info": {"features": _features()}})}
_SCHEMA = core.Schema(
    [
        core.Field("image", core.DataType.struct(_PICTURE)),
        *(core.Field(name, _ARROW[kind]) for name, kind in COLUMNS.items()),
    ],
    metadata=_METADATA,
)


class _EndedError(Exception):
    """Ends a file that is not to be written to its end."""


def write(samples: Iterable[Sample | Exported], path: Path) -> Generator[Exported, None, Card]:
    """Yield each sample, and return the card of all; the file is there once it is whole. Raises StorageError."""
    card = Card()
    try:
        with opened_beside(path, _ANY_FILE) as (new, file):
            groups = _Groups(file)
            try:
                waiting: list[Sample] = []
                for sample in samples:
                    if isinstance(sample, Exported):
                        yield sample
                        continue
                    waiting.append(sample)
                    card.add(sample.avatar)
                    if len(waiting) == _GROUP_ROWS:
                        groups.add(_batch(waiting))
                        waiting = []
                    yield sample.exported(sample.file)
                if waiting or not card.samples:
                    groups.add(_batch(waiting))
                groups.end()
            finally:
                groups.close()
            put_over(new, file, path)
        sync_folder(path.parent)
    except OSError as error:
        raise refused("written", path, error) from error
    return card


class _Sink:
    """A file whose errors are known afterwards: what writes Parquet would give up with a report of its own."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.error is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Have it as a file has it; nothing that is written needs it."""
        return self._file.seek(offset, whence)

    def flush(self) -> None:
        """Have nothing left to write: who opened the file does that."""


def write_batches(schema: core.Schema, batches: Iterable[core.RecordBatch], file: BinaryIO, **options: Any) -> None:
    """Write batches as they come; ``options`` are those of arro3. Raises OSError, StorageError, and what they raise."""
    sink = _Sink(file)
    raised: list[Exception] = []

    def checked() -> Iterator[core.RecordBatch]:
        try:
            for batch in batches:
                if sink.error is not None:
                    return
                yield batch
        except Exception as error:
            raised.append(error)  # arro3 has its own in place of it
            raise

    try:
        reader = core.RecordBatchReader.from_batches(schema, checked())
        io.write_parquet(reader, cast("BinaryIO", sink), compression="snappy", **options)
    except Exception as error:
        if raised:
            raise raised[0] from error
        raise StorageError(f"Parquet cannot be written: {error}", hint="Write another format.") from error
    if sink.error is not None:
        raise sink.error


class _Groups:
    """Writes row groups in a thread of its own, as who writes Parquet asks for rows, and who exports has them."""

    def __init__(self, file: BinaryIO) -> None:
        self._waiting: Queue[core.RecordBatch | _EndedError | None] = Queue(1)
        self._threads = ThreadPoolExecutor(1)
        self._written = self._threads.submit(self._write, file)

    def add(self, batch: core.RecordBatch) -> None:
        """Raises OSError, StorageError when writing has failed."""
        self._give(batch)
        if self._written.done():
            self._written.result()

    def end(self) -> None:
        """Have it whole. Raises OSError, StorageError."""
        self._give(None)
        self._written.result()

    def close(self) -> None:
        """Stop writing, if that is not done."""
        self._give(_EndedError())
        self._threads.shutdown()

    def _give(self, what: "core.RecordBatch | _EndedError | None") -> None:
        """Wait until it is taken up, or nobody takes up any more."""
        while not self._written.done():
            with suppress(Full):
                self._waiting.put(what, timeout=_PAUSE_S)
                return

    def _write(self, file: BinaryIO) -> None:
        # Pictures are compressed already, and the same picture is not there twice.
        write_batches(
            _SCHEMA,
            self._batches(),
            file,
            column_compression={("image", "bytes"): "uncompressed"},
            column_dictionary_enabled={("image", "bytes"): False},
            key_value_metadata=_METADATA,
            max_row_group_size=_GROUP_ROWS,
        )

    def _batches(self) -> Iterator[core.RecordBatch]:
        while (batch := self._waiting.get()) is not None:
            if isinstance(batch, _EndedError):
                raise batch
            yield batch


def _batch(samples: Sequence[Sample]) -> core.RecordBatch:
    data = core.Array([sample.data for sample in samples], type=_BYTES)
    paths = core.Array([sample.file for sample in samples], type=_TEXT)
    pictures = core.struct_array([data, paths], fields=_PICTURE)
    columns = (_array(kind, [sample.values[name] for sample in samples]) for name, kind in COLUMNS.items())
    return core.RecordBatch.from_arrays([pictures, *columns], schema=_SCHEMA)


def _array(kind: Type, values: Sequence[Any]) -> core.Array:
    if kind is not Type.TEXTS:
        return core.Array(list(values), type=_ARROW[kind])
    offsets = core.Array(list(accumulate(map(len, values), initial=0)), type=_OFFSET)
    texts = core.Array([text for each in values for text in each], type=_TEXT)
    return core.list_array(offsets, texts, type=_TEXTS)
