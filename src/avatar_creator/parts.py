"""Puts the parts together: the one composition root.

Parts are made on first use and import what they need only then, so that a command pays for what it does.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from threading import Lock, local
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload
from weakref import WeakSet

from avatar_creator.errors import AvatarError
from avatar_creator.home import Home

if TYPE_CHECKING:
    from avatar_creator.engines.base import Engine, Setup
    from avatar_creator.services.backup import BackupService
    from avatar_creator.services.deletion import DeletionService
    from avatar_creator.services.enqueue import EnqueueService
    from avatar_creator.services.generation import GenerationService
    from avatar_creator.services.health import HealthService
    from avatar_creator.services.launch import Launcher
    from avatar_creator.services.making import Stores
    from avatar_creator.services.outlook import Outlook
    from avatar_creator.services.recovery import Recovery
    from avatar_creator.services.retention import Retention
    from avatar_creator.services.telling import Teller
    from avatar_creator.services.upload import UploadService
    from avatar_creator.services.waiting import Waiting
    from avatar_creator.services.worker import WorkerService
    from avatar_creator.settings.values import Settings
    from avatar_creator.storage.answers import AnswerStore
    from avatar_creator.storage.backlog import Backlog
    from avatar_creator.storage.catalog import Catalog
    from avatar_creator.storage.database import Connection
    from avatar_creator.storage.figures import Figures
    from avatar_creator.storage.pictures.images import PictureStore
    from avatar_creator.storage.queue import Queue
    from avatar_creator.storage.reading import Reading
    from avatar_creator.storage.service import Service


_Part = TypeVar("_Part")


class part(Generic[_Part]):  # noqa: N801 - it is used as a decorator
    """A part that each thread makes for itself on first use: what holds a connection serves one thread."""

    def __init__(self, make: "Callable[[Any], _Part]") -> None:
        self._make = make
        self._name = make.__name__

    @overload
    def __get__(self, parts: None, owner: type) -> Self: ...
    @overload
    def __get__(self, parts: "Parts", owner: type) -> _Part: ...
    def __get__(self, parts: "Parts | None", owner: type) -> "Self | _Part":
        if parts is None:
            return self
        made = parts.of_this_thread().made
        if self._name not in made:
            made[self._name] = self._make(parts)
        found: _Part = made[self._name]
        return found


class _OfThread:
    """The parts that one thread has made."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def close(self) -> None:
        opened = [made for name in ("catalog", "_connection") if (made := self.made.pop(name, None)) is not None]
        if not opened:
            return
        from avatar_creator.storage.sharing import alone

        with alone():
            for each in opened:
                each.close()

    def __del__(self) -> None:
        if not sys.is_finalizing():  # its thread has ended
            self.close()


class Parts:
    """The parts of one home's library, for any number of threads."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = Lock()
        self._local = local()
        self._opened: WeakSet[_OfThread] = WeakSet()
        _all.add(self)

    def close(self) -> None:
        """Close the database, in all threads; parts asked for afterwards open it again. For any thread."""
        with self._lock:
            opened, self._opened, self._local = list(self._opened), WeakSet(), local()
        for each in opened:
            each.close()

    def of_this_thread(self) -> _OfThread:
        found: _OfThread | None = getattr(self._local, "parts", None)
        if found is None:
            with self._lock:
                found = self._local.parts = _OfThread()
                self._opened.add(found)
        return found

    def after_fork(self) -> None:
        """Begin anew in a fork: neither parts nor the connections of engines are shared with another process."""
        self._lock, self._local, self._opened = Lock(), local(), WeakSet()
        self.__dict__.pop("_load_engine", None)

    @cached_property
    def settings(self) -> "Settings":
        from avatar_creator.settings import load_settings

        return load_settings(self.home.config)

    @cached_property
    def _setup(self) -> "Setup":
        from avatar_creator.engines.base import Retry, Setup

        settings = self.settings
        return Setup(
            cache=self.home.cache,
            retry=Retry(settings.retry_attempts, settings.retry_base_s, settings.retry_max_s),
            hf_token=settings.hf_token,
        )

    @cached_property
    def _load_engine(self) -> "Callable[[str], Engine]":
        return _loader(self._setup)

    def _fingerprint(self, engine: str, options: Mapping[str, Any]) -> str | None:
        from avatar_creator.engines import fingerprint

        return fingerprint(engine, options, self._setup)

    @part
    def _connection(self) -> "Connection":
        from avatar_creator.storage.database import connect

        self.home.create()
        return connect(self.home.database, self.home.backups)

    @part
    def reading(self) -> "Reading":
        from avatar_creator.storage.reading import Reading

        return Reading(self._connection, self.home.database, self.home.pictures)

    @part
    def figures(self) -> "Figures":
        from avatar_creator.storage.figures import Figures

        return Figures(self._connection, self.home.database)

    @part
    def queue(self) -> "Queue":
        from avatar_creator.storage.queue import Queue

        return Queue(self._connection, self.home.database)

    @part
    def backlog(self) -> "Backlog":
        from avatar_creator.storage.backlog import Backlog

        return Backlog(self._connection, self.home.database)

    @part
    def service(self) -> "Service":
        from avatar_creator.storage.service import Service

        return Service(self._connection, self.home.database)

    @part
    def answers(self) -> "AnswerStore":
        from avatar_creator.storage.answers import AnswerStore

        return AnswerStore(self.home.answers)

    @part
    def stores(self) -> "Stores":
        from avatar_creator.services.making import Stores

        return Stores(self.pictures, self.answers, self.queue.check_home)

    @part
    def catalog(self) -> "Catalog":
        from avatar_creator.storage.catalog import Catalog

        self.home.create()
        return Catalog(self.home.database, self.home.backups)

    @part
    def pictures(self) -> "PictureStore":
        from avatar_creator.storage.pictures.images import PictureStore

        return PictureStore(self.home.pictures)

    @part
    def generation(self) -> "GenerationService":
        from avatar_creator.services.generation import GenerationService

        return GenerationService(
            self._load_engine,
            self.reading,
            self.queue,
            self.service,
            self.stores,
            self.recovery,
            self.retention,
            self.home.runners,
            self.settings.retry_attempts,
        )

    @part
    def enqueue(self) -> "EnqueueService":
        from avatar_creator.services.enqueue import EnqueueService

        return EnqueueService(
            self.reading,
            self.queue,
            self.backlog,
            self.launcher,
            self._fingerprint,
            commercial=lambda: self.settings.commercial,
        )

    @part
    def worker(self) -> "WorkerService":
        from avatar_creator.services.shift import Desk
        from avatar_creator.services.worker import WorkerService

        patient = self._setup._replace(retry=self._setup.retry._replace(base_s=self.settings.worker_retry_base_s))
        desk = Desk(
            self.queue,
            self.backlog,
            self.service,
            self.stores,
            self.recovery,
            self.retention,
            self.teller,
            _loader(patient),
            self._fingerprint,
        )
        return WorkerService(self.home, desk)

    @part
    def launcher(self) -> "Launcher":
        from avatar_creator.services.launch import Launcher

        return Launcher(self.home, self.service)

    @part
    def recovery(self) -> "Recovery":
        from avatar_creator.services.recovery import Recovery

        return Recovery(self.queue, lambda: self.stores, self.home.runners, self._attempts_most)

    @part
    def retention(self) -> "Retention":
        from avatar_creator.services.retention import Retention

        return Retention(self.backlog, self.answers, self.settings.keep_completed_h, self.settings.keep_failed_h)

    @part
    def outlook(self) -> "Outlook":
        from avatar_creator.services.outlook import Outlook

        return Outlook(self.home, self.reading, self.service, self.launcher)

    @part
    def waiting(self) -> "Waiting":
        from avatar_creator.services.waiting import Waiting

        return Waiting(self.home, self.reading, self.service, self.recovery, self.launcher, self.enqueue)

    @part
    def teller(self) -> "Teller":
        from avatar_creator.services.telling import Teller

        return Teller(self.home, self.backlog, self.reading)

    @part
    def uploads(self) -> "UploadService":
        from avatar_creator.services.upload import UploadService

        return UploadService(
            self.reading, self.queue, self.catalog, self.pictures, self.home.runners, self.settings.project
        )

    @part
    def deletion(self) -> "DeletionService":
        from avatar_creator.services.deletion import DeletionService

        return DeletionService(self.catalog, self.pictures)

    @part
    def backup(self) -> "BackupService":
        from avatar_creator.services.backup import BackupService

        return BackupService(self.home)

    @part
    def health(self) -> "HealthService":
        from avatar_creator.engines import automatic
        from avatar_creator.services.health import HealthService

        return HealthService(
            self.home,
            self._load_for_doctor,
            self.pictures,
            read_settings=lambda: self.settings,
            automatic=lambda: automatic((), self._setup),
            set_options=self._set_options,
            attempts_most=self._attempts_most,
            commercial=lambda: self.settings.commercial,
        )

    def _load_for_doctor(self, engine: str) -> "Engine":
        """Load an engine; it is set up only then, so that the doctor can tell of broken settings."""
        return self._load_engine(engine)

    def _attempts_most(self) -> int:
        """Return how often a service is asked for a picture; as by default where settings are broken."""
        from avatar_creator.settings.values import DEFAULTS

        with suppress(AvatarError):
            return self.settings.retry_attempts
        return DEFAULTS.retry_attempts

    def _set_options(self, engine: str) -> dict[str, Any]:
        """Return the options of an engine that the user has set."""
        from avatar_creator.engines import ENGINES

        own = ENGINES[engine].options if engine in ENGINES else ()
        settings = {name: getattr(self.settings, name, None) for name in own}
        return {name: value for name, value in settings.items() if value is not None}


_all: "WeakSet[Parts]" = WeakSet()


def _after_fork() -> None:
    for parts in list(_all):
        parts.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _loader(setup: "Setup") -> "Callable[[str], Engine]":
    """Return what loads each engine once: it knows what the network told it, and shares its connections."""
    from avatar_creator.engines import load_engine

    engines: dict[str, Engine] = {}
    loading = Lock()  # threads ask for it too

    def load(name: str) -> "Engine":
        with loading:
            if name not in engines:
                engines[name] = load_engine(name, setup)
            return engines[name]

    return load
