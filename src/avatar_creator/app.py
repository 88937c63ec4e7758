"""Puts the parts together: the one composition root.

Parts are made on first use and import what they need only then, so that a command pays for what it does.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from avatar_creator import domain, jobs, processes, services, settings, storage
from avatar_creator.errors import AvatarError
from avatar_creator.home import Home
from avatar_creator.per_thread import Threads, per_thread

if TYPE_CHECKING:
    from avatar_creator.domain.request import GenerationRequest
    from avatar_creator.domain.spending import Limits
    from avatar_creator.jobs.batch.means import Means
    from avatar_creator.jobs.plan import Plan
    from avatar_creator.settings.engines import ConfiguredEngines
    from avatar_creator.settings.values import Settings

_ENGINES = ("engines", "_patient_engines")  # properties of `App` that hold engines


class App:
    """The parts of one home's library, for any number of threads."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.threads = Threads()
        self._limits: tuple[object, Limits] | None = None  # and when the file that they are of was changed
        _all.add(self)

    def close(self) -> None:
        """Close engines and the database, in all threads; what is asked for afterwards opens them again."""
        for name in _ENGINES:
            if name in self.__dict__:
                self.__dict__[name].close()
        self.threads.close()

    def after_fork(self) -> None:
        """Begin anew in a fork: neither parts nor the connections of engines are shared with another process."""
        self.threads = Threads()
        for name in _ENGINES:
            self.__dict__.pop(name, None)  # what they hold is the other process's to close

    @cached_property
    def settings(self) -> "Settings":
        return settings.loading.load_settings(self.home.config)

    def limits(self) -> "Limits":
        """Return what may be paid for, as config.toml says now: a worker or a web server may run for days."""
        changed = _changed(self.home.config)
        if self._limits is None:
            self._limits = changed, self._read_limits()
        elif self._limits[0] != changed:
            self._limits = changed, self._limits[1]
            with suppress(AvatarError):  # a file that is broken now: what it said before holds
                self._limits = changed, self._read_limits()
        return self._limits[1]

    def _read_limits(self) -> "Limits":
        """Most homes set none: then neither the other settings are loaded nor what checks them."""
        config, limits = self.home.config, domain.spending.Limits
        in_file = settings.file.read_file(config)
        if in_file.keys().isdisjoint(limits._fields) and not settings.variables.is_any_set(limits._fields):
            return limits()
        return settings.loading.load_settings(config).limits

    def at_once(self, concurrency: int | None) -> int:
        """Return how many pictures to make at once: what is given, else what is set. Raises InvalidInput."""
        if concurrency is None:
            return self.settings.concurrency
        return domain.text.clean_number("concurrency", concurrency, least=1, most=domain.picture.AT_ONCE_MOST)

    def processes_most(self, concurrency: int | None) -> int:
        """Return how many processes an engine may have that runs apart: no more than are to be made at once."""
        most = self.settings.processes or processes.cores.count()
        return most if concurrency is None else min(most, concurrency)

    @cached_property
    def engines(self) -> "ConfiguredEngines":
        return settings.engines.ConfiguredEngines(self.settings, self.home.cache)

    @cached_property
    def _patient_engines(self) -> "ConfiguredEngines":
        return settings.engines.ConfiguredEngines(self.settings, self.home.cache, patient=True)

    def check_engine(self, engine: str, options: Mapping[str, Any]) -> None:
        """Raise NotConfigured for what an engine lacks that makes pictures here; other machines say it themselves."""
        if jobs.queued.is_for_worker([engine]) and self._has_machines:
            return
        self.engines.load(engine).check(options)

    @property
    def _has_machines(self) -> bool:
        """Whether engine processes run elsewhere, too: as is set, or of the worker that runs."""
        read = jobs.engine_processes.transport.read_transports
        if self.settings.ray is not None or not all(each.is_here for each in read(self.settings.engine_processes)):
            return True
        if not storage.locks.is_held(self.home.worker_lock):
            return False
        worker = self.workers.find()
        named = [process.transport for process in worker.engine_processes] if worker else []
        return not all(each.is_here for each in read(named))

    def plan(self, request: "GenerationRequest") -> "Plan":
        """Return what would be made of a request. Raises InvalidInput."""
        return jobs.plan.plan_generation(request, self.engines.load, self.settings.prices, self.check_engine)

    def _fingerprint(self, engine: str, options: Mapping[str, Any]) -> str | None:
        return self.engines.fingerprint(engine, options)

    def credential(self, means: "Means") -> str | None:
        """Return the fingerprint of what the pictures of a batch are paid with; None where others may make them."""
        return self.engines.fingerprint(means.engine, means.plan.options, may_lack=not means.makers.is_alone)

    @per_thread
    def _connection(self) -> "storage.database.Connection":
        self.home.create()
        return storage.database.connect(self.home.database, self.home.backups)

    @per_thread
    def queries(self) -> "storage.queries.Queries":
        return storage.queries.Queries(self._connection, self.home.database, self.home.pictures)

    @per_thread
    def finder(self) -> "storage.finding.Finder":
        return storage.finding.Finder(
            self._connection, self.home.database, self.home.pictures, index=lambda: self.index
        )

    @per_thread
    def index(self) -> "storage.index.Index":
        return storage.index.Index(self._connection, self.home.database)

    @per_thread
    def exchange(self) -> "storage.exchange.Exchange":
        return storage.exchange.Exchange(self._connection, self.home.database)

    @per_thread
    def rejects(self) -> "storage.rejects.Rejects":
        return storage.rejects.Rejects(self._connection, self.home.database, self.home.pictures)

    @per_thread
    def hashes(self) -> "storage.hashes.Hashes":
        return storage.hashes.Hashes(self._connection, self.home.database)

    @per_thread
    def tags(self) -> "storage.tags.Tags":
        return storage.tags.Tags(self._connection, self.home.database)

    @per_thread
    def picks(self) -> "storage.picks.Picks":
        return storage.picks.Picks(self._connection, self.home.database, self.finder)

    @per_thread
    def stats(self) -> "storage.stats.StatsQueries":
        return storage.stats.StatsQueries(self._connection, self.home.database, self.limits)

    @per_thread
    def leases(self) -> "storage.leases.Leases":
        return storage.leases.Leases(self._connection, self.home.database, self.limits)

    @per_thread
    def generations(self) -> "storage.generations.Generations":
        return storage.generations.Generations(self._connection, self.home.database, self.limits)

    @per_thread
    def recipes(self) -> "storage.recipes.Recipes":
        return storage.recipes.Recipes(self._connection, self.home.database, self.limits)

    @per_thread
    def casts(self) -> "storage.casts.Casts":
        return storage.casts.Casts(self._connection, self.home.database)

    @per_thread
    def presets(self) -> "storage.presets.Presets":
        return storage.presets.Presets(self._connection, self.home.database)

    @per_thread
    def counts(self) -> "storage.counts.Counts":
        return storage.counts.Counts(self._connection, self.home.database)

    @per_thread
    def workers(self) -> "storage.workers.Workers":
        return storage.workers.Workers(self._connection, self.home.database)

    @per_thread
    def responses(self) -> "storage.responses.ResponseStore":
        return storage.responses.ResponseStore(self.home.responses)

    @per_thread
    def stores(self) -> "jobs.save.Stores":
        return jobs.save.Stores(self.pictures, self.responses, self.leases.check_home)

    @per_thread
    def catalog(self) -> "storage.catalog.Catalog":
        self.home.create()
        return storage.catalog.Catalog(self.home.database, self.home.backups)

    @per_thread
    def pictures(self) -> "storage.pictures.images.PictureStore":
        return storage.pictures.images.PictureStore(self.home.pictures)

    @per_thread
    def context(self) -> "jobs.context.JobContext":
        return jobs.context.JobContext(
            self.queries,
            self.leases,
            self.generations,
            self.workers,
            self.stores,
            self.recovery,
            self.retention,
            self.hooks,
            self.deliverer,
            self.engines.load,
            self.check_engine,
            self._fingerprint,
            self.home.runners,
            self.settings.retry_attempts,
        )

    @per_thread
    def submitter(self) -> "jobs.submit.Submitter":
        return jobs.submit.Submitter(
            self.queries,
            self.generations,
            self.worker_process,
            self._fingerprint,
            commercial=lambda: self.settings.commercial,
            recover=self.recover,
            find_saved=self._find_saved,
        )

    def _find_saved(self) -> set[str]:
        return self.stores.responses.generation_ids()

    @per_thread
    def spending(self) -> "storage.spending.Spending":
        return storage.spending.Spending(self._connection, self.home.database, self.limits)

    @per_thread
    def worker(self) -> "jobs.worker.Worker":
        return jobs.worker.Worker(self.home, self.context._replace(load_engine=self._patient_engines.load))

    @per_thread
    def worker_process(self) -> "jobs.worker_process.WorkerProcess":
        return jobs.worker_process.WorkerProcess(self.home, self.workers)

    @per_thread
    def recovery(self) -> "jobs.recovery.Recovery":
        return jobs.recovery.Recovery(
            self.leases,
            self.generations,
            lambda: self.stores,
            self.home.runners,
            self._attempts_most,
            deliver_left=lambda: self.deliverer.deliver_left(),  # noqa: PLW0108 - most of the time nothing is left
        )

    def recover(self) -> None:
        """Put right what killed processes left, so that whoever asks how generations are doing hears the truth.

        Most of the time nothing is being made: then nothing more is imported.
        """
        if self.queries.is_any_held():
            self.recovery.recover()

    @per_thread
    def retention(self) -> "jobs.retention.Retention":
        chosen = self.settings
        hours = chosen.keep_completed_h, chosen.keep_failed_h
        return jobs.retention.Retention(
            self.generations, self.responses, *hours, self.rejects, remove=lambda paths: self.pictures.remove(*paths)
        )

    @per_thread
    def queue_status(self) -> "jobs.queue_status.QueueStatus":
        return jobs.queue_status.QueueStatus(
            self.home, self.queries, self.workers, self.worker_process, lambda: self.spending
        )

    @per_thread
    def waiter(self) -> "jobs.wait.Waiter":
        return jobs.wait.Waiter(
            self.home, self.queries, self.workers, self.recovery, self.worker_process, self.submitter
        )

    @per_thread
    def wait_context(self) -> "jobs.queued.WaitContext":
        return jobs.queued.WaitContext(self.context, self.waiter, self.queue_status.explained)

    @per_thread
    def outputs(self) -> "storage.outputs.Outputs":
        return storage.outputs.Outputs(self._connection, self.home.database)

    @per_thread
    def deliverer(self) -> "jobs.deliver.Deliverer":
        return jobs.deliver.Deliverer(
            self.outputs, lambda: self.pictures, self.home.runners, self.worker_process.is_running
        )

    @per_thread
    def hooks(self) -> "jobs.hooks.Hooks":
        return jobs.hooks.Hooks(self.home, self.generations, self.queries)

    @per_thread
    def uploads(self) -> "services.upload.Uploader":
        return services.upload.Uploader(
            self.queries, self.generations, self.catalog, self.pictures, self.home.runners, self.settings.project
        )

    @per_thread
    def doctor(self) -> "services.doctor.Doctor":
        return services.doctor.Doctor(
            self.home,
            lambda engine: self.engines.load(engine),  # noqa: PLW0108 - which may fail, as settings do
            self.pictures,
            read_settings=lambda: self.settings,
            set_engine=lambda: self.settings.engine,
            automatic=lambda: self.engines.automatic(()),
            set_options=lambda engine: self.engines.options(engine),  # noqa: PLW0108
            attempts_most=self._attempts_most,
            commercial=lambda: self.settings.commercial,
        )

    def _attempts_most(self) -> int:
        """Return how often a service is asked for a picture; as by default where settings are broken."""
        with suppress(AvatarError):
            return self.settings.retry_attempts
        return settings.values.DEFAULTS.retry_attempts


def _changed(file: Path) -> object:
    with suppress(OSError):
        found = file.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return None


_all: "WeakSet[App]" = WeakSet()


def _after_fork() -> None:
    for parts in list(_all):
        parts.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
