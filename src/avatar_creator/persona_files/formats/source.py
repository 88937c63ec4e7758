"""The file itself: opened without waiting for it, read several times, watched for changes."""

import hashlib
import io
import itertools
import os
import re
import stat
from pathlib import Path
from typing import Any, BinaryIO

from avatar_creator.decoding.reading import NoFile, open_regular
from avatar_creator.decoding.signatures import SPECIAL
from avatar_creator.domain.text import nearest, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats.advice import advice

HEAD_BYTES = 2**18
_HASHED_MOST = 2**20  # so small a file is compared by its content
_BLOCK = 2**18
_ADDRESS = re.compile(r"'(?:https?|ftp)://", re.IGNORECASE)
_NAMES_MOST = 1000  # of files beside one that is not there
_HINT = "Name a table of personas: CSV, TSV, JSON, JSON lines, YAML, Excel or Parquet."
_PIPE_HINT = "A file is read more than once. Give what is in a pipe on standard input: ... | avatar batch -"
PASSWORD = "is protected by a password", "Save it without one, or as CSV."
AGAIN = "Save it, and run the same command again: what is made already is not made again."


class Source:
    """A file of the user. Raises InvalidInput where it cannot be read."""

    def __init__(self, path: Path, named: str | None = None) -> None:
        self.path = path
        self.suffix = path.suffix.lower()
        self.typed = named or str(path)
        self.shown = "Standard input" if named == "-" else f"'{visible(named or str(path))}'"
        self._digest: bytes | None = None
        with self._opened() as file:
            self._stamp = _stamp(os.fstat(file.fileno()))
            self.size = self._stamp[2]
            if self.size <= _HASHED_MOST:
                self._digest = hashlib.sha256(file.read(_HASHED_MOST + 1)).digest()
                file.seek(0)
            self.head = file.read(HEAD_BYTES)
        if not self.head.strip():
            raise self.refusal("is empty")

    def refusal(self, what: str, hint: str = _HINT) -> InvalidInput:
        """Return the error that says of the file ``what``: "is a PDF document"."""
        return InvalidInput(f"{self.shown} {what}.", hint=hint)

    def no_table(self, what: str) -> InvalidInput:
        """Return the error that says what the file is instead of a table: "a PDF document"."""
        return self.refusal(f"is {what}, not a table of personas", advice(what, self.typed) or _HINT)

    def open(self) -> BinaryIO:
        """Return the content from its first byte. Raises InvalidInput as soon as it is no longer what it was."""
        if self._digest is None:
            return io.BufferedReader(_Watched(self, self._opened()), _BLOCK)
        with self._opened() as file:
            data = file.read(_HASHED_MOST + 1)
        if hashlib.sha256(data).digest() != self._digest:
            raise self._changed()
        return io.BytesIO(data)

    def check(self) -> None:
        """Raise InvalidInput when the file has changed since it was opened first."""
        if self._digest is None:
            try:
                now = _stamp(self.path.stat())
            except OSError as error:
                raise self._changed() from error
            if now != self._stamp:
                raise self._changed()
        else:
            self.open().close()

    def _opened(self) -> io.FileIO:
        try:
            return open_regular(self.path)
        except NoFile as error:
            kind = SPECIAL.get(error.kind, "not a file")
            hint = _PIPE_HINT if error.kind == stat.S_IFIFO else _HINT
            raise self.refusal(f"is {kind}, not a table of personas", hint) from error
        except ValueError as error:  # a NUL, or half of a character
            raise self.refusal("is no name that a file can have", "Check its name.") from error
        except OSError as error:
            if _ADDRESS.match(self.shown):
                hint = f"Fetch it first: curl -L {self.shown} | avatar batch -"
                raise self.refusal("is an address, not a file", hint) from error
            near = self._near() if isinstance(error, FileNotFoundError) else None
            hint = f"Did you mean '{visible(near)}'?" if near else "Check its name and permissions."
            raise self.refusal(f"cannot be read: {error.strerror or error}", hint) from error

    def _near(self) -> str | None:
        """Return the name of a file beside this one that may be meant."""
        try:
            with os.scandir(self.path.parent) as entries:
                names = [each.name for each in itertools.islice(entries, _NAMES_MOST)]
        except OSError:
            return None
        name = nearest(self.path.name, names)
        return name and str(self.path.with_name(name))

    def _changed(self) -> InvalidInput:
        return self.refusal("changed while it was read", AGAIN)


class _Watched(io.RawIOBase):
    """Looks at the file before each block, and at its end."""

    def __init__(self, source: Source, file: io.FileIO) -> None:
        self._source, self._file = source, file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any, /) -> int:
        count = self._file.readinto(buffer)
        self._source.check()
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _stamp(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
