"""The folder of a plan, written as its rows are read: a million pictures are never in memory together."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.shards.layout import PLAN, SHARDS, shard_name
from avatar_creator.shards.plan import Shard, ShardPlan
from avatar_creator.storage.durable import is_temporary, refused, write_over

_HELD_MOST = 32 * 2**20  # characters of lines, before they are written
# Its lists until the plan is written, and those of an earlier plan that is replaced meanwhile.
_NEW, _OLD = f".{SHARDS}.new", f".{SHARDS}.old"
_ANY_FILE = 0o666  # less the umask


class PlanWriter:
    """Writes the lines of pictures into shards, the first into the first one, and so on, all equally many.

    The plan is there once `finish` has written plan.json, the last file of it.
    """

    def __init__(self, folder: Path, shards: int, *, force: bool = False) -> None:
        """Raises InvalidInput for a folder with other files in it, or another plan unless ``force`` is said."""
        self._folder = folder
        self._hashes = [hashlib.sha256() for _ in range(shards)]
        self._counts = [0] * shards
        self._held: list[list[str]] = [[] for _ in range(shards)]
        self._held_characters = 0
        self.pictures = 0
        self._force = force
        self._new, self._old = folder / _NEW, folder / _OLD
        self._check()

    def _check(self) -> None:
        said = f"output is {shown(str(self._folder))}"
        try:
            if self._folder.exists() and not self._folder.is_dir():
                raise InvalidInput(f"{said}, which is a file.", hint="Name a folder that is not there yet.")
            if not self._folder.parent.is_dir():
                raise InvalidInput(f"{said}; there is no folder above it.", hint="Make that first, or name another.")
            there = self._folder.iterdir() if self._folder.exists() else ()
            found = {each.name for each in there if not is_temporary(each)}
        except OSError as error:
            raise refused("read", self._folder, error) from error
        if PLAN in found and not self._force:
            raise InvalidInput(f"{said}, where a plan is already.", hint="Give another name, or say --force.")
        if (
            not found <= {PLAN, SHARDS, _NEW, _OLD} and not self._force
        ):  # what a plan that was not finished may have left
            raise InvalidInput(f"{said}, a folder with other files in it.", hint="Name one that is not there yet.")

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Make the folder; what fails leaves none of this plan there, and an earlier one as it was.

        Raises StorageError.
        """
        existed = self._folder.exists()
        try:
            self._begin()
            yield
        except BaseException:
            with suppress(OSError):
                self._take_back(existed=existed)
            raise

    def _begin(self) -> None:
        try:
            for left in (self._new, self._old):  # by one that was killed
                if left.exists():
                    shutil.rmtree(left)
            self._new.mkdir(parents=True)
            for number in range(len(self._counts)):
                self._path(number).touch()
        except OSError as error:
            raise refused("written", self._folder / SHARDS, error) from error

    def _take_back(self, *, existed: bool) -> None:
        shards = self._folder / SHARDS
        if self._old.exists():  # the lists were in place, and the plan was not written
            shutil.rmtree(shards, ignore_errors=True)
            self._old.rename(shards)
        elif not (self._folder / PLAN).exists():
            shutil.rmtree(shards, ignore_errors=True)
        shutil.rmtree(self._new, ignore_errors=True)
        if not existed:
            self._folder.rmdir()

    def add(self, line: str) -> None:
        """Add a picture. Raises StorageError."""
        number = self.pictures % len(self._counts)
        self._held[number].append(line)
        self._counts[number] += 1
        self.pictures += 1
        self._held_characters += len(line)
        if self._held_characters >= _HELD_MOST:
            self._flush()

    def finish(self, plan: ShardPlan) -> ShardPlan:
        """Write the plan, whose shards are those that were written, and return it. Raises StorageError.

        The shards are not synced, which would take minutes for thousands: after a power cut their SHA-256 tells.
        """
        self._flush()
        whole = plan._replace(
            shards=[Shard(*each) for each in zip(self._counts, (h.hexdigest() for h in self._hashes), strict=True)]
        )
        path, shards = self._folder / PLAN, self._folder / SHARDS
        try:
            if shards.exists():
                shards.rename(self._old)
            self._new.rename(shards)
            write_over(path, whole.as_bytes(), _ANY_FILE)
        except OSError as error:
            raise refused("written", path, error) from error
        shutil.rmtree(self._old, ignore_errors=True)
        return whole

    def _path(self, number: int) -> Path:
        return self._new / f"{shard_name(number)}.jsonl"

    def _flush(self) -> None:
        for number, lines in enumerate(self._held):
            if not lines:
                continue
            data = "".join([f"{line}\n" for line in lines]).encode()
            self._hashes[number].update(data)
            path = self._path(number)
            try:
                with path.open("ab") as file:
                    file.write(data)
            except OSError as error:
                raise refused("written", path, error) from error
            lines.clear()
        self._held_characters = 0
