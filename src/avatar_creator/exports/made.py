"""What was made of which picture: so that nothing is made twice, and those who get the files can check them."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from avatar_creator._version import __version__
from avatar_creator.archives.layout import DELIVERY
from avatar_creator.archives.writing import Target
from avatar_creator.storage.durable import refused
from avatar_creator.storage.pictures.renditions import RULES, Wanted

HEAD: Mapping[str, Any] = {"kind": "head", "format": "avatar-delivery", "version": 1, "program": __version__}
_APPENDED = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_ANY_FILE = 0o666  # less the umask


class Made(NamedTuple):
    """A file that was made; ``recipe`` is the hash of all that decides its bytes."""

    file: str
    sha256: str
    width_px: int
    height_px: int
    recipe: str

    def as_json(self) -> dict[str, Any]:
        return {"kind": "file", **self._asdict()}


def recipe_of(picture_sha256: str, wanted: Wanted, size: int | None) -> str:
    """Return the hash of all that decides what is made of a picture."""
    parts = (RULES, picture_sha256, size, wanted.shape, wanted.format, wanted.embed, wanted.middle)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def line(value: Mapping[str, Any]) -> bytes:
    """Return a line of it, and of any other file of JSON lines."""
    return json.dumps(value, ensure_ascii=False).encode(errors="replace") + b"\n"


class MadeFiles:
    """The file of a target that says it: a line is added as soon as a file is there, by any thread."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._made: dict[str, Made] = {}
        self._lock = Lock()
        self._file = -1

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Read what was made before, and have lines added. Raises StorageError."""
        path = self._target.root / DELIVERY
        try:
            self._made = {made.file: made for made in _read(path)}
            self._file = os.open(path, _APPENDED, _ANY_FILE)
        except OSError as error:
            raise refused("written", path, error) from error
        try:
            # What a killed process wrote half of has no end.
            self._write(b"\n" if os.fstat(self._file).st_size else line(HEAD))
            yield
        finally:
            os.close(self._file)

    def find(self, file: str, recipe: str) -> Made | None:
        """Return a file that was made so before, and is still as it was."""
        made = self._made.get(file)
        return made if made and made.recipe == recipe and self._target.has(file, made.sha256) else None

    def add(self, made: Made) -> None:
        """Have it that a file is there. Raises StorageError."""
        self._write(line(made.as_json()))

    def _write(self, data: bytes) -> None:
        try:
            with self._lock:
                os.write(self._file, data)
        except OSError as error:
            raise refused("written", self._target.root / DELIVERY, error) from error


def _read(path: Path) -> Iterator[Made]:
    """Yield what whole lines say; one that is half written says nothing."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        for each in file:
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                values = json.loads(each)
                if values.pop("kind") == "file":
                    yield Made(**values)
