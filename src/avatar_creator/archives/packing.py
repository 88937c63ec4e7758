"""A ZIP file that is written from begin to end, with the SHA-256 of each file in it. It is whole, or not there."""

import hashlib
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from avatar_creator.home import sync_folder
from avatar_creator.storage.durable import opened_beside, put_over, refused

SUMS = "SHA256SUMS"  # sha256sum --check reads it
_BLOCK = 2**20


class Packing:
    """Files on their way into a ZIP file, each once."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._sums: list[str] = []
        self.bytes = 0  # of all files so far

    @property
    def files(self) -> int:
        return len(self._sums)

    def add(self, name: str, file: BinaryIO) -> tuple[int, str]:
        """Add the content of a file; return how many bytes that is, and its SHA-256."""
        digest, before = hashlib.sha256(), self.bytes
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFREG | 0o600) << 16
        with self._packed.open(entry, "w", force_zip64=True) as to:
            while block := file.read(_BLOCK):
                digest.update(block)
                to.write(block)
                self.bytes += len(block)
        self._sums.append(f"{digest.hexdigest()}  {name}\n")
        return self.bytes - before, digest.hexdigest()

    def end(self) -> None:
        """Add the sums of all files."""
        self._packed.writestr(zipfile.ZipInfo(SUMS), "".join(self._sums))


@contextmanager
def packing(path: Path, *, replace: bool) -> Iterator[Packing]:
    """Write a ZIP file that its owner alone can read. Raises StorageError when the disk refuses it.

    Raises FileExistsError where a file is there that is not to be replaced.
    """
    try:
        with opened_beside(path) as (new, file):
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:  # pictures are compressed already
                made = Packing(packed)
                yield made
                made.end()
            put_over(new, file, path, replace=replace)
        sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise refused("written", path, error) from error
