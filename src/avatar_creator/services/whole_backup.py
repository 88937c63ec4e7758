"""A whole home as one ZIP file: its database, every picture that rows name, settings without tokens, and logs."""

import hashlib
import json
import re
import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator._version import __version__
from avatar_creator.archives.layout import BACKUP, PICTURE_BYTES_MOST, RECORDS
from avatar_creator.archives.packing import SUMS, packing
from avatar_creator.archives.reading import HEAD, Archive, is_packed, open_archive
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.text import counted, shown, visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import OWNER_FILE, OWNER_FOLDER, Home
from avatar_creator.services.backup import Backups, Restored
from avatar_creator.storage import backups
from avatar_creator.storage.database import connect, translated
from avatar_creator.storage.durable import refused, write_over
from avatar_creator.storage.filesystem import is_read_only
from avatar_creator.storage.migrations import MIGRATIONS
from avatar_creator.storage.records import is_inside

_FORMAT, _VERSION = "avatar-backup", 1
_PICTURES = "pictures/"
_FOLDERS = ("answers", "logs")  # responses that are paid and not yet saved, and what workers wrote
_LINE_MOST = 2000
_COPY = ".whole-"  # folders of copies that are being packed
_LEFT_S = 24 * 3600.0
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")
_SHA256 = {  # of the picture of a row
    "avatars": "sha256",
    **dict.fromkeys(
        ("avatar_versions", "rejects"), "CASE WHEN json_valid(record) THEN json_extract(record, '$.sha256') END"
    ),
}
_NAMED = " UNION ALL ".join(
    f"SELECT image_path, bytes, {sha256} FROM {table}"
    f" UNION ALL SELECT thumbnail_path, thumbnail_bytes, NULL FROM {table}"
    for table, sha256 in _SHA256.items()
)
_NOT_OURS = "Give what avatar backup wrote."


class Whole(NamedTuple):
    """A backup of a home; ``missing`` are files that rows name and that were not there.

    ``damaged`` are files that were not as their rows say.
    """

    path: Path
    avatars: int
    files: int
    bytes: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {
            "path": str(self.path),
            "missing": list(self.missing),
            "damaged": list(self.damaged),
        }


class _Content(NamedTuple):
    """What a file holds; a thumbnail's row does not say its ``sha256``."""

    bytes: int
    sha256: str | None


class WholeBackups:
    """Writes backups of a home, checks them, and makes homes of them."""

    def __init__(self, home: Home, databases: Backups, secrets: Collection[str]) -> None:
        """``secrets`` are settings that no backup holds."""
        self._home = home
        self._secrets = secrets
        self._databases = databases

    @staticmethod
    def is_whole(path: Path) -> bool:
        """Return whether a file is to be taken for a backup of a home, and not for a copy of a database."""
        with suppress(OSError, ValueError):  # whoever opens it reports what is wrong with it
            if path.is_dir():
                heads = [path / RECORDS, *(folder / BACKUP for folder in (path, *path.iterdir()))]
                return any(head.is_file() for head in heads)
            return is_packed(read_regular(path, HEAD))
        return False

    def write(self, path: Path, *, force: bool = False, done: Callable[[], None] = lambda: None) -> Whole:
        """Back up the home into a ZIP file, also while others write; ``done`` is called for each file.

        Raises InvalidInput for a file that is there already, unless ``force``; StorageError when the disk refuses it.
        """
        if path.is_dir() or (path.exists() and not force):
            raise InvalidInput(
                f"'{visible(str(path))}' is there already.", hint="Name another file, or say --force to replace it."
            )
        if not path.parent.is_dir():
            raise InvalidInput(f"There is no folder '{visible(str(path.parent))}'.", hint="Make it first.")
        with self._copied() as copy:
            return self._packed(path, copy, force=force, done=done)

    def _packed(self, path: Path, copy: Path, *, force: bool, done: Callable[[], None] = lambda: None) -> Whole:
        try:
            contents = backups.examine(copy, self._home.database)
            with packing(path, replace=force) as packed:
                named, missing, damaged = _named(copy), [], []
                for name, file in self._files(copy, named):
                    try:
                        with file.open("rb") as opened:
                            added = _Content(*packed.add(name, opened))
                        if name in named and not _is_same(added, named[name]):
                            damaged.append(name)
                    except FileNotFoundError:
                        missing.append(name)
                    done()
                if settings := self._settings():
                    packed.add("config.toml", BytesIO(settings))
                head = {"format": _FORMAT, "version": _VERSION, "schema": len(MIGRATIONS), "program": __version__}
                packed.add(BACKUP, BytesIO(json.dumps(head | {"missing": missing}).encode()))
        except FileExistsError as error:
            raise InvalidInput(f"'{visible(str(path))}' is there already.", hint="Name another file.") from error
        return Whole(path, contents.avatars, packed.files, packed.bytes, tuple(missing), tuple(damaged))

    @contextmanager
    def _copied(self) -> Iterator[Path]:
        """Copy the database, as it is at one moment. What killed processes left of such copies is removed."""
        self._home.create()
        database, folder = self._home.database, self._home.backups
        with translated(database), closing(connect(database, folder)) as connection, ExitStack() as until:
            try:
                if not is_read_only(self._home.root):
                    folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)
                    for left in folder.glob(f"{_COPY}*"):
                        if time.time() - left.stat().st_mtime > _LEFT_S:
                            shutil.rmtree(left, ignore_errors=True)
                else:
                    folder = Path(tempfile.gettempdir())
                place = until.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix=_COPY))
                copy = Path(place, database.name)
                backups.write_copy(connection, copy)
            except OSError as error:
                raise refused("written", folder, error) from error
            yield copy

    def _files(self, copy: Path, named: Iterable[str]) -> Iterator[tuple[str, Path]]:
        yield self._home.database.name, copy
        for name in named:
            yield name, self._home.pictures / name.removeprefix(_PICTURES)
        for folder in (self._home.responses, self._home.logs):
            for file in sorted(folder.glob("*")):
                if file.is_file() and not file.name.startswith("."):
                    yield f"{folder.name}/{file.name}", file

    def _settings(self) -> bytes | None:
        """Return config.toml without tokens; None if there is none, or one of which that cannot be said."""
        with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            lines = self._home.config.read_text("utf-8").splitlines(keepends=True)
            secret = re.compile(rf"\s*[\"']?({'|'.join(self._secrets)})[\"']?\s*=")
            text = "".join(line for line in lines if not secret.match(line))
            if not set(self._secrets) & set(tomllib.loads(text)):
                return text.encode()
        return None

    def verify(self, path: Path, *, done: Callable[[], None] = lambda: None) -> Whole:
        """Compare every file of a backup with its SHA-256, and check its database; nothing is written.

        Raises InvalidInput for what is no backup, or is damaged, with the names of the files that are.
        """
        with open_archive(path) as given, tempfile.TemporaryDirectory() as folder:
            database = Path(folder, self._home.database.name)
            archive, head = _opened(given)
            found: dict[str, _Content] = {}
            size, damaged = 0, []
            for sha256, name in _sums(archive):
                digest, before = hashlib.sha256(), size
                try:
                    with database.open("xb") if name == database.name else BytesIO() as to:
                        for block in archive.blocks(name):
                            digest.update(block)
                            size += len(block)
                            if name == database.name:
                                to.write(block)
                except InvalidInput:
                    damaged.append(name)
                except OSError as error:
                    raise refused("written", database, error) from error
                else:
                    damaged += [name] if digest.hexdigest() != sha256 else []
                found[name] = _Content(size - before, sha256)
                done()
            if damaged:
                raise _damaged(archive, damaged)
            if database.name not in found:
                raise _no_backup(archive)
            contents = backups.examine(database, path)
            missing = {str(name) for name in head["missing"]}
            named = _named(database)
        lacking = [name for name in named if name not in found]
        damaged = [name for name in named if name in found and not _is_same(found[name], named[name])]
        if unexplained := [name for name in lacking if name not in missing]:
            files = counted(len(unexplained), "file")
            raise InvalidInput(
                f"{archive.said} lacks {files} of pictures, such as {shown(unexplained[0])}.", hint=_NOT_OURS
            )
        return Whole(path, contents.avatars, len(found), size, tuple(lacking), tuple(damaged))

    def restore(self, path: Path, *, done: Callable[[], None] = lambda: None) -> Restored:
        """Make an empty home what a backup holds. Interrupted, the same call goes on: the database comes last.

        Raises InvalidInput for what is no backup, or is damaged, and for a home that has avatars.
        """
        with open_archive(path) as given:
            archive, _ = _opened(given)
            self._home.create()
            self._expect_empty()
            self._home.backups.mkdir(mode=OWNER_FOLDER, exist_ok=True)
            sums = {name: sha256 for sha256, name in _sums(archive)}
            if self._home.database.name not in sums:
                raise _no_backup(archive)
            for name, sha256 in sums.items():
                target = self._target(name)
                if target is not None:
                    _write(target, archive, name, sha256)
                done()
            with self._extracted(archive, sums[self._home.database.name]) as copy:
                return self._databases.restore(copy)

    @contextmanager
    def _extracted(self, archive: Archive, sha256: str) -> Iterator[Path]:
        name = self._home.database.name
        with tempfile.TemporaryDirectory(dir=self._home.backups, prefix=_COPY) as folder:
            copy, digest = Path(folder, name), hashlib.sha256()
            try:
                with copy.open("xb") as file:
                    for block in archive.blocks(name):
                        digest.update(block)
                        file.write(block)
            except OSError as error:
                raise refused("written", copy, error) from error
            if digest.hexdigest() != sha256:
                raise _damaged(archive, [name])
            yield copy

    def _expect_empty(self) -> None:
        database = self._home.database
        if not database.exists():
            return
        with translated(database), closing(connect(database, self._home.backups)) as connection:
            tables = ("avatars", "generations", "projects", "presets")
            if any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in tables):
                raise InvalidInput(
                    f"The home {self._home.root} is not empty, and a whole backup makes a home.",
                    hint="Set AVATAR_HOME to a new folder. To bring avatars together: avatar export, avatar import.",
                )

    def _target(self, name: str) -> Path | None:
        """Return where a file of a backup belongs, None for what is none of a home's or comes later."""
        folder, _, rest = name.partition("/")
        if name == self._home.config.name:
            return None if self._home.config.exists() else self._home.config
        if name.startswith(_PICTURES) and is_inside(rest) and not rest.startswith("."):
            return self._home.pictures / rest
        return self._home.root / name if folder in _FOLDERS and "/" not in rest and is_inside(rest) else None


def _opened(given: Archive) -> tuple[Archive, Mapping[str, Any]]:
    """Return an archive that is a backup, and what it says of itself. Raises InvalidInput."""
    try:
        archive = given.within(BACKUP)
        head = json.loads(archive.read(BACKUP, PICTURE_BYTES_MOST))
    except (InvalidInput, ValueError, RecursionError) as error:
        raise _no_backup(given) from error
    if not isinstance(head, dict) or head.get("format") != _FORMAT or not isinstance(head.get("missing"), list):
        raise _no_backup(given)
    if head.get("version") != _VERSION:
        raise InvalidInput(f"{given.said} was made by a newer version of avatar.", hint="Upgrade avatar-creator.")
    return archive, head


def _named(database: Path) -> dict[str, _Content]:
    """Return the pictures that rows of a copy name, of those that stay in their folder, and what these should hold."""
    with translated(database), closing(backups.open_to_read(database, still=True)) as connection:
        rows = sorted(
            ((str(path), _Content(*said)) for path, *said in connection.execute(_NAMED)), key=lambda row: row[0]
        )
    return {f"{_PICTURES}{path}": content for path, content in rows if is_inside(path)}


def _is_same(found: _Content, said: _Content) -> bool:
    return found.bytes == said.bytes and said.sha256 in {None, found.sha256}


def _sums(archive: Archive) -> Iterator[tuple[str, str]]:
    seen = set()
    for line in archive.lines(SUMS, _LINE_MOST):
        found = _SUM.fullmatch(line.decode("utf-8", "replace"))
        if found is None or found[2] in seen:
            raise _no_backup(archive)
        seen.add(found[2])
        yield found[1], found[2]


def _write(target: Path, archive: Archive, name: str, sha256: str) -> None:
    """Write a file of the home, unless it is there: an earlier try may have written it."""
    with suppress(OSError), target.open("rb") as there:
        if hashlib.file_digest(there, "sha256").hexdigest() == sha256:
            return
    data = archive.read(name, PICTURE_BYTES_MOST)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(archive, [name])
    try:
        for folder in (target.parent.parent, target.parent):
            folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        write_over(target, data, OWNER_FILE, replace=False)
    except FileExistsError as error:
        raise StorageError(
            f"'{visible(str(target))}' is there already, and is another file.", hint="Restore into a new folder."
        ) from error
    except OSError as error:
        raise refused("written", target, error) from error


def _damaged(archive: Archive, names: list[str]) -> InvalidInput:
    said = ", ".join(shown(name) for name in names[:3]) + (" and others" if len(names) > 3 else "")  # noqa: PLR2004
    return InvalidInput(f"{archive.said} is damaged: {said}.", hint="Use another backup, or copy it once more.")


def _no_backup(archive: Archive) -> InvalidInput:
    with suppress(InvalidInput):
        archive.within(RECORDS)
        return InvalidInput(
            f"{archive.said} is an export of avatars, and no backup of a home.",
            hint=f"Run: avatar import {archive.said}",
        )
    return InvalidInput(f"{archive.said} is no backup of a home.", hint=_NOT_OURS)
