"""Whether everything is in order: the home, the database, the engines, rows against files."""

import os
import platform
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from avatar_creator._version import __version__
from avatar_creator.domain.findings import Finding, Level, Report
from avatar_creator.domain.text import counted
from avatar_creator.domain.worker_status import suspension
from avatar_creator.engines import ENGINES, Choice, licenses
from avatar_creator.engines.base import Engine
from avatar_creator.engines.table import Apart, engine_names
from avatar_creator.errors import AvatarError, NotConfigured, StorageError
from avatar_creator.home import Home, owner_hint
from avatar_creator.jobs.recovery import Recovery
from avatar_creator.jobs.save import Stores
from avatar_creator.services.permissions import ownership, privacy
from avatar_creator.services.picture_check import PictureCheck
from avatar_creator.storage import backups, liveness
from avatar_creator.storage.database import (
    Connection,
    connect,
    has_wal_reset_bug,
    how_to_restore,
    storage_error,
)
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.index import Index
from avatar_creator.storage.index_errors import is_of_index
from avatar_creator.storage.leases import Leases
from avatar_creator.storage.locks import is_held
from avatar_creator.storage.migrations import MIGRATIONS
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.responses import ResponseStore
from avatar_creator.storage.suspension import is_suspended
from avatar_creator.storage.workers import Workers

_LEFT_S = 600  # an unfinished file that nobody has written to for so long is left over
_LOW_DISK_BYTES = 200_000_000  # some hundred pictures


class Doctor:
    """Checks everything, and mends what can be mended without losing anything."""

    def __init__(
        self,
        home: Home,
        load_engine: Callable[[str], Engine],
        pictures: PictureStore,
        read_settings: Callable[[], object],
        set_engine: Callable[[], str],
        automatic: Callable[[], Choice],
        set_options: Callable[[str], Mapping[str, Any]],
        attempts_most: Callable[[], int],
        commercial: Callable[[], bool],
    ) -> None:
        self._home = home
        self._load_engine = load_engine
        self._pictures = pictures
        self._read_settings = read_settings
        self._set_engine = set_engine
        self._automatic = automatic
        self._set_options = set_options
        self._attempts_most = attempts_most
        self._commercial = commercial

    def examine(self, *, fix: bool, online: bool = False) -> Report:
        """Return what was found; ``fix`` mends on the way, ``online`` asks the services of engines, too.

        Raises nothing for what is merely broken.
        """
        settings = list(self._settings())
        findings = [*self._versions(), *settings]
        try:
            self._home.create()
        except AvatarError as error:  # no service is called: responses are saved there
            return Report((*findings, Finding(Level.PROBLEM, "home", error.message, error.hint)))
        findings += self._home_findings(fix)
        try:
            connection = connect(self._home.database, self._home.backups)
        except AvatarError as error:
            findings.append(Finding(Level.PROBLEM, "database", error.message, error.hint))
        else:
            with closing(connection):
                findings += self._contents(connection, fix)
        if all(finding.level is Level.OK for finding in settings):  # engines are set up from them
            findings += self._engines(online)
            findings += self._licenses()
        return Report(tuple(findings))

    def _contents(self, connection: Connection, fix: bool) -> list[Finding]:
        """Check rows and files. Nothing is mended by a database that is damaged itself."""
        findings: list[Finding] = []
        try:
            findings += self._database(connection)
            if all(finding.level is not Level.PROBLEM for finding in findings):
                findings += self._search(connection, fix)
                findings += self._generations(connection, fix)
                findings += self._worker(connection)
                findings += PictureCheck(self._home, self._pictures).findings(connection, fix=fix)
                findings += self._runners(fix)
                findings += self._unfinished(fix)
        except sqlite3.Error as error:
            known = storage_error(error, self._home.database)
            findings.append(Finding(Level.PROBLEM, "database", known.message, known.hint))
        except (
            AvatarError,
            OSError,
        ) as error:  # a file that cannot be mended, say
            said, hint = (error.message, error.hint) if isinstance(error, AvatarError) else (f"{error}.", None)
            findings.append(Finding(Level.PROBLEM, "home", said, hint))
        return findings

    def _versions(self) -> Iterator[Finding]:
        yield Finding(
            Level.OK,
            "versions",
            f"avatar {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
            f"{platform.system()} {platform.machine()}",
        )
        if has_wal_reset_bug(sqlite3.sqlite_version_info):
            yield Finding(
                Level.NOTE,
                "sqlite",
                f"SQLite {sqlite3.sqlite_version} can damage a database, very rarely: "
                "two processes must write in the very instant in which its log begins anew.",
                "Get a Python that brings SQLite 3.51.3 or newer, or upgrade your system's; until then, keep a backup.",
            )

    def _settings(self) -> Iterator[Finding]:
        try:
            self._read_settings()
        except AvatarError as error:
            yield Finding(Level.PROBLEM, "settings", error.message, error.hint)
        else:
            there = "and" if self._home.config.exists() else "is not there;"
            yield Finding(Level.OK, "settings", f"{self._home.config} {there} AVATAR_* are fine.")

    def _home_findings(self, fix: bool) -> Iterator[Finding]:
        root = self._home.root
        if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
            hint = owner_hint(root) or "Mend its permissions, or set AVATAR_HOME to another folder."
            yield Finding(Level.PROBLEM, "home", f"{root} cannot be written to.", hint)
        else:
            yield Finding(Level.OK, "home", str(root))
            yield from ownership(self._home)
            yield from privacy(self._home, fix=fix)
        free = shutil.disk_usage(root).free
        low = free < _LOW_DISK_BYTES
        yield Finding(Level.NOTE if low else Level.OK, "disk", f"{free / 1e9:.1f} GB free.")

    def _unfinished(self, fix: bool) -> Iterator[Finding]:
        """Files of a first run, a migration or a `config set` that was killed.

        Nobody needs them once the database is open, and so made and migrated. A file that is still written to is
        another command's, such as a backup that is put back.
        """
        made = [*self._home.root.glob(".*.new*"), *backups.unfinished(self._home.database, self._home.backups)]
        left = [path for path in made if _is_left(path)]
        if left and fix:
            for path in left:
                path.unlink(missing_ok=True)
            yield Finding(Level.FIXED, "home", f"{len(left)} unfinished files removed.")
        elif left:
            names = ", ".join(path.name for path in left)
            yield Finding(Level.NOTE, "home", f"Killed processes left {names}.", "Run: avatar doctor --fix")

    def _database(self, connection: Connection) -> Iterator[Finding]:
        damage = _damage(connection)
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        if damage or orphans:
            what = "; ".join(damage) or f"{counted(len(orphans), 'row points', 'rows point')} to rows that are gone"
            hint = how_to_restore(self._home.database)
            yield Finding(Level.PROBLEM, "database", f"{self._home.database}: {what}.", hint)
        else:
            yield Finding(Level.OK, "database", f"{self._home.database}, schema {len(MIGRATIONS)}, intact.")

    def _search(self, connection: Connection, fix: bool) -> Iterator[Finding]:
        index = Index(connection, self._home.database)
        try:
            if index.is_damaged() and fix:
                index.remake()
                yield Finding(
                    Level.FIXED, "search", "The index that avatars are found by was damaged, and is made anew."
                )
            elif index.is_damaged():
                said = "The index that avatars are found by is damaged: filters and texts do not find all of them."
                yield Finding(Level.PROBLEM, "search", said, "Make it anew from the avatars: avatar doctor --fix")
        except StorageError as error:  # all that is not found by words is found without it, though not as fast
            yield Finding(Level.NOTE, "search", error.message, error.hint)

    def _generations(self, connection: Connection, fix: bool) -> Iterator[Finding]:
        leases = Leases(connection, self._home.database)
        generations = Generations(connection, self._home.database)
        stores = Stores(self._pictures, ResponseStore(self._home.responses), connection.check_home)
        recovery = Recovery(leases, generations, lambda: stores, self._home.runners, self._attempts_most)
        for lease in leases.find_running():
            if not recovery.is_orphan(lease):
                yield Finding(Level.OK, "generation", f"{lease.id} is being made now.")
            elif fix:
                became = recovery.recover_one(lease)
                yield Finding(Level.FIXED, "generation", f"{lease.id} was interrupted, and {became}.")
            else:
                yield _interrupted(f"{lease.id} was interrupted: its process was killed.")
        for owner in recovery.find_dead_owners():
            if fix:
                ended = recovery.end_of(owner)
                yield Finding(Level.FIXED, "generation", f"{ended} that {owner} had not begun were interrupted.")
            else:
                yield _interrupted(f"What {owner} had not begun was interrupted: that process was killed.")

    def _worker(self, connection: Connection) -> Iterator[Finding]:
        worker = Workers(connection, self._home.database).find()
        if worker is None:
            return
        try:
            lives = is_held(self._home.worker_lock)
        except AvatarError as error:
            yield Finding(Level.PROBLEM, "worker", error.message, error.hint)
        else:
            if lives and is_suspended(worker.pid):
                yield Finding(Level.PROBLEM, "worker", *suspension(worker.pid))

    def _runners(self, fix: bool) -> Iterator[Finding]:
        """Lock files of killed processes do no harm, so they are only mentioned when they are removed."""
        swept = liveness.sweep(self._home.runners) if fix else 0
        if swept:
            yield Finding(Level.FIXED, "runners", f"{swept} lock files of killed processes removed.")

    def _engines(self, online: bool) -> Iterator[Finding]:
        for name in ENGINES:
            engine = None
            try:
                engine, options = self._load_engine(name), self._set_options(name)
                engine.check(options)
            except AvatarError as error:
                level = self._level_of(name) if isinstance(error, NotConfigured) else Level.PROBLEM
                yield Finding(level, f"engine {name}", error.message, error.hint)
                if online and engine and ENGINES[name].apart is Apart.ALWAYS:  # which card there is decides on a model
                    yield from (each for each in _probes(engine, self._set_options(name)) if each.level is Level.OK)
                continue
            yield Finding(Level.OK, f"engine {name}", "ready.")
            if online:
                yield from _probes(engine, options)
        try:
            choice = self._automatic()
        except AvatarError as error:
            yield Finding(Level.NOTE, "engine auto", error.message, error.hint)
        else:
            yield Finding(Level.OK, "engine auto", f"takes {choice.name}. {choice.reason}")

    def _level_of(self, engine: str) -> Level:
        """Return how much it matters that an engine lacks something: nothing, where nobody has chosen it."""
        if ENGINES[engine].ready is not None:
            return Level.NOTE
        with suppress(AvatarError):  # reported with the settings already
            if engine in engine_names(self._set_engine()):
                return Level.NOTE
        return Level.OK

    def _licenses(self) -> Iterator[Finding]:
        """Name the licence of each work that the settings choose, and whether it would be refused as they are."""
        for name in ENGINES:
            with suppress(AvatarError):  # reported with the engine already
                for license_ in licenses(name, self._set_options(name)):
                    refused = self._commercial() and license_.commercial_use != "yes"
                    hint = f"The setting commercial refuses it. Choose what is allowed: {ENGINES[name].commercial}"
                    yield Finding(
                        Level.NOTE if refused else Level.OK, "licence", str(license_), hint if refused else None
                    )


def _damage(connection: Connection) -> list[str]:
    """Return what SQLite finds damaged, but for the full-text index: that is checked by itself, and made anew."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    try:
        rows = connection.execute("PRAGMA integrity_check(5)").fetchall()
    except sqlite3.Error as error:  # SQLite 3.44 and newer open the index for it
        if not is_of_index(error):
            raise
        names = [name for (name,) in connection.execute(tables).fetchall()]
        rows = [row for name in names for row in connection.execute(f"PRAGMA integrity_check({name})")]
    return [said for (said,) in rows if said != "ok" and "avatar_words" not in said]


def _is_left(path: Path) -> bool:
    with suppress(OSError):  # its process has just finished it
        return time.time() - path.stat().st_mtime > _LEFT_S
    return False


def _probes(engine: Engine, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Ask the services of an engine that is ready; what they refuse now is a problem."""
    try:
        for ok, subject, message, hint in engine.probe(options):
            yield Finding(Level.OK if ok else Level.PROBLEM, f"{engine.name} {subject}", message, hint)
    except AvatarError as error:
        yield Finding(Level.PROBLEM, f"engine {engine.name}", error.message, error.hint)


def _interrupted(message: str) -> Finding:
    return Finding(Level.NOTE, "generation", message, "Run: avatar doctor --fix")
