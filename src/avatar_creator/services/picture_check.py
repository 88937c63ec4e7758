"""Whether each avatar has its files, and each file its avatar."""

import json
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from itertools import count, groupby
from pathlib import Path

from avatar_creator.decoding.signatures import SPECIAL
from avatar_creator.domain.findings import Finding, Level
from avatar_creator.domain.text import counted
from avatar_creator.errors import AvatarError
from avatar_creator.home import OWNER_FOLDER, Home, owner_hint
from avatar_creator.storage import liveness
from avatar_creator.storage.database import Connection
from avatar_creator.storage.durable import is_temporary
from avatar_creator.storage.pictures.images import PictureStore

# Sorted by SQLite, which uses a file for that: the folders come one after the other, and only one is in memory.
_FILES = " UNION ALL ".join(
    f"SELECT {id_} AS id, {file}_path AS path, {of}bytes AS bytes, {version} AS version FROM {table}"
    for table, id_, version in (
        ("avatars", "id", "NULL"),
        ("avatar_versions", "avatar_id", "version"),
        ("rejects", "id", "0"),  # no version of an avatar
    )
    for file, of in (("image", ""), ("thumbnail", "thumbnail_"))
)
_FILES_IN_ORDER = f"{_FILES} ORDER BY path"
MISSING = "is missing"
_UNREADABLE = "cannot be read"
_NAMED = f"SELECT path FROM ({_FILES}) WHERE path IN (SELECT value FROM json_each(?1))"


def wrong_with(file: Path, size: int) -> str | None:
    """Return what is wrong with a stored file that should have so many bytes, as what goes on from its name."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except OSError as error:
        return f"{_UNREADABLE}: {error.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return f"is {SPECIAL.get(stat.S_IFMT(found.st_mode), 'no file')}"
    return None if found.st_size == size else f"has {found.st_size} bytes instead of {size}"


class PictureCheck:
    """Compares rows and files both ways, a folder at a time: a million avatars need no more memory than a thousand."""

    def __init__(self, home: Home, pictures: PictureStore) -> None:
        self._home = home
        self._pictures = pictures
        self._unnamed: list[str] = []  # files that no row names
        self._unfinished: list[str] = []

    def findings(self, connection: Connection, *, fix: bool) -> Iterator[Finding]:
        """Yield what is wrong; files without a row are only checked while nothing is being made."""
        away = self._all_away()
        seen: set[str] = set()
        for folder, files in groupby(connection.execute(_FILES_IN_ORDER), key=_folder_of):
            seen.add(folder)
            yield from self._folder(folder, files, away=away is not None)
        avatars = connection.execute("SELECT count(*) FROM avatars").fetchone()[0]
        if avatars and away:
            yield away
        yield Finding(Level.OK, "pictures", f"{counted(avatars, 'avatar')} looked at.")
        for folder in self._pictures.folders():
            if folder not in seen:
                yield from self._folder(folder, (), away=False)
        # Asked last: who runs now may not have made the row of a file yet, and who starts later has none in the list.
        if not liveness.any_alive(self._home.runners):
            yield from self._without_rows(connection, fix)

    def _folder(self, folder: str, rows: Iterable[sqlite3.Row], *, away: bool) -> Iterator[Finding]:
        """Yield what is wrong with the files of rows, all in one folder, and note which of its files have no row."""
        found = dict(self._pictures.files_in(folder))
        for row in rows:
            if found.pop(row["path"], None) != row["bytes"] and not away:
                wrong = self._wrong_with(row)
                if wrong:
                    yield wrong
        for path in found:
            (self._unfinished if is_temporary(path) else self._unnamed).append(path)

    def _without_rows(self, connection: Connection, fix: bool) -> Iterator[Finding]:
        made = {row["path"] for row in connection.execute(_NAMED, (json.dumps(self._unnamed),))}
        for path in sorted(self._unnamed):
            if path not in made and self._pictures.path(path).exists():
                yield self._set_aside(path, fix)
        if self._unfinished:
            yield from self._sweep(self._unfinished, fix)

    def _all_away(self) -> Finding | None:
        """Find a folder of pictures that holds none at all: nobody should delete avatars for a disk that is away."""
        root = self._home.pictures
        try:
            if any(root.iterdir()):
                return None
            what = "is empty"
        except (FileNotFoundError, NotADirectoryError):
            what = "leads nowhere" if root.is_symlink() else "is missing"
        except OSError:
            return None  # each file says why it cannot be read
        hint = "If it is on another disk, mount that. Else put it back from a backup."
        return Finding(
            Level.PROBLEM, "pictures", f"The folder {root} {what}, and avatars have their files there.", hint
        )

    def _wrong_with(self, row: sqlite3.Row) -> Finding | None:
        path, size, avatar_id, version = row["path"], row["bytes"], row["id"], row["version"]
        hint = f"Restore it from a backup, or run: avatar delete {avatar_id}"
        if version == 0:
            hint = f"Restore it from a backup, or run: avatar rejects delete {avatar_id}"
        elif version is not None:  # nobody should delete an avatar for an earlier picture of it
            hint = f"Restore it from a backup. It is version {version}; the avatar has another picture now."
        try:
            file = self._pictures.path(path)
        except AvatarError as error:
            return Finding(Level.PROBLEM, "picture", f"Avatar {avatar_id}: {error.message}", hint)
        wrong = wrong_with(file, size)
        if wrong and wrong.startswith(_UNREADABLE):  # it may be all right
            hint = owner_hint(file) or "Mend its permissions, or the disk."
        return (
            Finding(Level.PROBLEM, "picture", f"The file {file} of avatar {avatar_id} {wrong}.", hint)
            if wrong
            else None
        )

    def _set_aside(self, path: str, fix: bool) -> Finding:
        """A file without a row may be a picture somebody wants: it is moved, never deleted."""
        source, target = self._pictures.path(path), self._free_name(path.rpartition("/")[2])
        if not fix:
            return Finding(
                Level.NOTE,
                "file",
                f"{source} belongs to no avatar.",
                f"avatar doctor --fix moves it to {target}",
            )
        target.parent.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        source.replace(target)
        return Finding(Level.FIXED, "file", f"{source} belonged to no avatar; it is now {target}.")

    def _free_name(self, name: str) -> Path:
        stem, dot, suffixes = name.partition(".")
        names = (name if n == 0 else f"{stem}-{n}{dot}{suffixes}" for n in count())
        return next(path for path in map(self._home.set_aside.joinpath, names) if not path.exists())

    def _sweep(self, leftovers: list[str], fix: bool) -> Iterator[Finding]:
        if fix:
            self._pictures.remove(*leftovers)
            yield Finding(Level.FIXED, "file", f"{len(leftovers)} half-written files removed.")
        else:
            yield Finding(
                Level.NOTE,
                "file",
                f"{len(leftovers)} half-written files are left of killed processes.",
                "Run: avatar doctor --fix",
            )


def _folder_of(row: sqlite3.Row) -> str:
    return str(row["path"]).partition("/")[0]
