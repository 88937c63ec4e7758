"""Puts the parts together: the one composition root.

Parts are made on first use and import what they need only then, so that a command pays for what it does.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from avatar_creator.errors import AvatarError
from avatar_creator.home import Home
from avatar_creator.per_thread import Threads, per_thread

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


class Parts:
    """The parts of one home's library, for any number of threads."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.threads = Threads()
        _all.add(self)

    def close(self) -> None:
        """Close the database, in all threads; parts asked for afterwards open it again. For any thread."""
        self.threads.close()

    def after_fork(self) -> None:
        """Begin anew in a fork: neither parts nor the connections of engines are shared with another process."""
        self.threads = Threads()
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

    @per_thread
    def _connection(self) -> "Connection":
        from avatar_creator.storage.database import connect

        self.home.create()
        return connect(self.home.database, self.home.backups)

    @per_thread
    def reading(self) -> "Reading":
        from avatar_creator.storage.reading import Reading

        return Reading(self._connection, self.home.database, self.home.pictures)

    @per_thread
    def figures(self) -> "Figures":
        from avatar_creator.storage.figures import Figures

        return Figures(self._connection, self.home.database)

    @per_thread
    def queue(self) -> "Queue":
        from avatar_creator.storage.queue import Queue

        return Queue(self._connection, self.home.database)

    @per_thread
    def backlog(self) -> "Backlog":
        from avatar_creator.storage.backlog import Backlog

        return Backlog(self._connection, self.home.database)

    @per_thread
    def service(self) -> "Service":
        from avatar_creator.storage.service import Service

        return Service(self._connection, self.home.database)

    @per_thread
    def answers(self) -> "AnswerStore":
        from avatar_creator.storage.answers import AnswerStore

        return AnswerStore(self.home.answers)

    @per_thread
    def stores(self) -> "Stores":
        from avatar_creator.services.making import Stores

        return Stores(self.pictures, self.answers, self.queue.check_home)

    @per_thread
    def catalog(self) -> "Catalog":
        from avatar_creator.storage.catalog import Catalog

        self.home.create()
        return Catalog(self.home.database, self.home.backups)

    @per_thread
    def pictures(self) -> "PictureStore":
        from avatar_creator.storage.pictures.images import PictureStore

        return PictureStore(self.home.pictures)

    @per_thread
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

    @per_thread
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

    @per_thread
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

    @per_thread
    def launcher(self) -> "Launcher":
        from avatar_creator.services.launch import Launcher

        return Launcher(self.home, self.service)

    @per_thread
    def recovery(self) -> "Recovery":
        from avatar_creator.services.recovery import Recovery

        return Recovery(self.queue, lambda: self.stores, self.home.runners, self._attempts_most)

    @per_thread
    def retention(self) -> "Retention":
        from avatar_creator.services.retention import Retention

        return Retention(self.backlog, self.answers, self.settings.keep_completed_h, self.settings.keep_failed_h)

    @per_thread
    def outlook(self) -> "Outlook":
        from avatar_creator.services.outlook import Outlook

        return Outlook(self.home, self.reading, self.service, self.launcher)

    @per_thread
    def waiting(self) -> "Waiting":
        from avatar_creator.services.waiting import Waiting

        return Waiting(self.home, self.reading, self.service, self.recovery, self.launcher, self.enqueue)

    @per_thread
    def teller(self) -> "Teller":
        from avatar_creator.services.telling import Teller

        return Teller(self.home, self.backlog, self.reading)

    @per_thread
    def uploads(self) -> "UploadService":
        from avatar_creator.services.upload import UploadService

        return UploadService(
            self.reading, self.queue, self.catalog, self.pictures, self.home.runners, self.settings.project
        )

    @per_thread
    def deletion(self) -> "DeletionService":
        from avatar_creator.services.deletion import DeletionService

        return DeletionService(self.catalog, self.pictures)

    @per_thread
    def backup(self) -> "BackupService":
        from avatar_creator.services.backup import BackupService

        return BackupService(self.home)

    @per_thread
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
