"""Whether the home is its user's, and nobody else's."""

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from avatar_creator.domain.findings import Finding, Level
from avatar_creator.domain.text import visible
from avatar_creator.home import OTHERS, OWNER_FILE, Home, is_others, take_back, user_name

_NAMED = 5  # files that a finding names


def ownership(home: Home) -> Iterator[Finding]:
    """Name what belongs to another user, as after one run under sudo, and what its own user cannot open."""
    if os.name != "posix":
        return
    others, shut, hinders = _Some(), _Some(), False
    for path, status in _walk(home.root):
        if is_others(status):
            others.add(f"{visible(str(path))} ({user_name(status.st_uid)})")
            hinders = hinders or not _can_use(path, status)
        elif not _can_use(path, status) or (_is_database(home, path) and not os.access(path, os.W_OK)):
            shut.add(visible(str(path)))
    if others.number:
        belong = "belongs" if others.number == 1 else "belong"
        yield Finding(
            Level.PROBLEM if hinders else Level.NOTE,
            "home",
            f"{others} {belong} to somebody else.",
            f"Run: {take_back(home.root)}",
        )
    if shut.number:
        hint = f"Give yourself the permission: chmod -R u+rwX {shlex.quote(str(home.root))}"
        yield Finding(Level.PROBLEM, "home", f"{shut} cannot be read and written by you.", hint)


def privacy(home: Home, *, fix: bool) -> Iterator[Finding]:
    """Find what others can read, or lock."""
    if os.name != "posix":
        return
    locks = (home.worker_lock, *home.standby.glob("*.lock"), *home.runners.glob("*.lock"), *home.root.glob(".*.lock"))
    files = (home.root, home.config, home.pictures, home.backups, home.cache, *home.root.glob("library.db*"), *locks)
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue
        mode = stat.S_IMODE(status.st_mode)
        if not mode & OTHERS or is_others(status):
            continue
        if fix:
            path.chmod(mode & ~OTHERS)
            yield Finding(Level.FIXED, "home", f"{path} is now readable by you only.")
        else:
            yield Finding(Level.NOTE, "home", f"{path} can be read by other users.", "Run: avatar doctor --fix")


def _walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield all that is in a folder that can be read, and in those of this user below it."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        yield Path(entry.path), status
        if stat.S_ISDIR(status.st_mode) and not is_others(status):  # another's folder is named as a whole
            yield from _walk(Path(entry.path))


def _is_database(home: Home, path: Path) -> bool:
    return path.parent == home.root and path.name.startswith(home.database.name)


def _can_use(path: Path, status: os.stat_result) -> bool:
    if stat.S_ISLNK(status.st_mode):
        return True
    enter = os.X_OK if stat.S_ISDIR(status.st_mode) else 0
    write = (
        os.W_OK if status.st_mode & OWNER_FILE & stat.S_IWUSR or enter else 0
    )  # a file that its owner made read-only may stay so
    return os.access(path, os.R_OK | write | enter)


class _Some:
    """Names, of which only the first few are stored and shown: there may be a million."""

    def __init__(self) -> None:
        self.number = 0
        self._first: list[str] = []

    def add(self, name: str) -> None:
        self.number += 1
        if len(self._first) < _NAMED:
            self._first.append(name)

    def __str__(self) -> str:
        more = f" and {self.number - _NAMED} more" if self.number > _NAMED else ""
        return ", ".join(self._first) + more
