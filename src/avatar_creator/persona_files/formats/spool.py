"""Standard input as a file, which can be read more than once."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from avatar_creator.errors import InvalidInput, StorageError

BYTES_MOST = 2**31
_BLOCK = 2**20


@contextmanager
def spooled(stream: BinaryIO) -> Iterator[Path]:
    """Yield a temporary file with all of a stream. Raises InvalidInput for a terminal, and for too much."""
    if stream.isatty():
        raise InvalidInput(
            "- reads the persona file from standard input, which is the terminal.",
            hint="Name a file, or give one: avatar batch - < people.csv",
        )
    try:
        folder = tempfile.TemporaryDirectory(prefix="avatar-")
    except OSError as error:
        raise _no_copy(error) from error
    with folder as name:
        path = Path(name, "stdin")
        try:
            _copy(stream, path)
        except OSError as error:
            raise _no_copy(error) from error
        yield path


def _copy(stream: BinaryIO, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > BYTES_MOST:
                raise InvalidInput(
                    f"Standard input has more than {BYTES_MOST // 2**30} GB.",
                    hint="Write it into a file, and name that.",
                )
            file.write(block)


def _no_copy(error: OSError) -> StorageError:
    return StorageError(
        f"Standard input cannot be copied into a temporary file: {error.strerror or error}.",
        hint="Make room for it, or name another folder in TMPDIR.",
    )
