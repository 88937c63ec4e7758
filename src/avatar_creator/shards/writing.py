"""The folder of a plan, written as its rows are read: a million pictures are never in memory together."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.shards.layout import PLAN, SHARDS, shard_name
from avatar_creator.shards.plan import Shard, ShardPlan
from avatar_creator.storage.durable import is_temporary, refused, write_over

_HELD_MOST = 32 * 2**20  # characters of lines, before they are written
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
        if not found <= {PLAN, SHARDS} and not self._force:  # what a plan that was not finished may have left
            raise InvalidInput(f"{said}, a folder with other files in it.", hint="Name one that is not there yet.")

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Make the folder, without anything of an earlier plan; what fails leaves none of this one there.

        Raises StorageError.
        """
        existed = self._folder.exists()
        self._begin()
        try:
            yield
        except BaseException:
            with suppress(OSError):
                for number in range(len(self._counts)):
                    self._path(number).unlink(missing_ok=True)
                (self._folder / SHARDS).rmdir()
                if not existed:
                    self._folder.rmdir()
            raise

    def _begin(self) -> None:
        shards = self._folder / SHARDS
        try:
            (self._folder / PLAN).unlink(missing_ok=True)  # first: a plan without its shards is none
            shards.mkdir(parents=True, exist_ok=True)
            for each in shards.glob("[0-9]*.jsonl"):
                each.unlink()
            for number in range(len(self._counts)):
                self._path(number).touch()
        except OSError as error:
            raise refused("written", shards, error) from error

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
        path = self._folder / PLAN
        try:
            write_over(path, whole.as_bytes(), _ANY_FILE)
        except OSError as error:
            raise refused("written", path, error) from error
        return whole

    def _path(self, number: int) -> Path:
        return self._folder / SHARDS / f"{shard_name(number)}.jsonl"

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
