"""The worker of a library: the one process of a home that makes what is queued."""

import time
from collections.abc import Sequence

from avatar_creator import jobs
from avatar_creator.app import App
from avatar_creator.domain.worker_status import Start, WorkerStatus, suspension
from avatar_creator.errors import AvatarError, InvalidInput, NotFound
from avatar_creator.jobs.engine_processes.place import EngineTransport
from avatar_creator.jobs.engine_processes.transport import read_transports

_POLL_S = 0.1


class LibraryWorker:
    """Runs, starts, stops and shows the worker of a home."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._finishes = 0

    def status(self) -> WorkerStatus:
        """Tell how it is doing, and how much waits."""
        self._app.recover()
        return self._app.queue_status.worker()

    def start(self) -> Start:
        """Start one in the background, if none runs that will do. Raises StorageError when that cannot be done."""
        process = self._app.worker_process
        was_running, was_coming = process.is_running(), process.is_coming()
        self._app.submitter.ensure_worker(always=True)
        if not was_running:
            return Start.STARTED
        return Start.REPLACES if process.is_coming() and not was_coming else Start.RUNS_ALREADY

    def stop(self, *, at_once: bool = False, timeout_s: float = 60.0) -> None:
        """Have it finish what it makes, or put that back ``at_once``, and wait for its end; the rest stays queued.

        Raises NotFound if there is none, AvatarError if it is suspended or does not leave in time.
        """
        process, until_s = self._app.worker_process, time.monotonic() + timeout_s
        if not process.is_coming() and not process.is_running():
            raise NotFound("No worker runs.", hint="What waits is made when one is started: avatar worker start")
        while process.is_coming() or process.is_running():
            found = self._app.queue_status.worker()
            if at_once or not found.leaving:  # a standby that becomes the worker is asked, too
                process.ask_to_leave(at_once=at_once)
            if found.suspended:
                said, hint = suspension(found.process)
                raise AvatarError(said, hint=f"{hint}. It leaves then; what it makes survives any other end, too.")
            if time.monotonic() >= until_s:
                raise AvatarError(
                    f"The worker, process {found.process}, did not leave within {timeout_s:g} s.",
                    hint="Whatever it makes survives its end by any signal.",
                )
            time.sleep(_POLL_S)

    def run(
        self,
        *,
        concurrency: int | None = None,
        idle_s: float | None = None,
        engine_processes: Sequence[str] | None = None,
        ray: str | None = None,
        gpus_per_actor: float | None = None,
        ray_insecure: bool | None = None,
        standby: bool = False,
        slot: int | None = None,
    ) -> None:
        """Be the worker: make what is queued until `finish` is called, or nothing came for ``idle_s``.

        ``engine_processes`` are what runs engines in place of what is set: "here", "ssh HOST avatar engine-process".
        So do the nodes of the cluster ``ray``, "auto" or HOST:PORT, ``gpus_per_actor`` cards for each.
        ``standby``: wait for one that is about to leave, and leave as the settings say; ``slot`` is the descriptor of
        the lock of a standby, if the starter took one. Raises AvatarError if another one runs.
        """
        if idle_s is not None and (type(idle_s) not in {int, float} or not idle_s >= 0):
            raise InvalidInput(f"idle_s is {idle_s!r}.", hint="Give it seconds, 0 or more, or None for no end.")
        at_once, settings = self._app.at_once(concurrency), self._app.settings
        commands = read_transports(settings.engine_processes if engine_processes is None else engine_processes)
        if engine_processes is not None:  # what is set may be there later, and others make the pictures meanwhile
            for each in commands:
                each.require_program()
        transports: list[EngineTransport] = [*commands]
        if (address := settings.ray if ray is None else ray) is not None:
            transports.append(
                jobs.engine_processes.ray_cluster.transport.RayTransport(
                    address,
                    gpus=settings.gpus_per_actor if gpus_per_actor is None else gpus_per_actor,
                    is_insecure=settings.ray_insecure if ray_insecure is None else ray_insecure,
                )
            )
        self._app.home.create()
        jobs.worker_log.write_worker_log(self._app.home, on_stderr=not standby)
        options = jobs.worker_loop.WorkerOptions(
            at_once,
            settings.worker_idle_s if standby else idle_s,
            self._app.processes_most(concurrency),
            transports,
            settings.engine_idle_s,
            stays_for_loaded=standby,
        )
        self._app.worker.run(options, stops=lambda: self._finishes, standby=standby, slot=slot)

    def finish(self) -> None:
        """Have `run` in this thread end what is under way, for 20 s at most; a second time, at once.

        For handlers of signals: it only counts, since a signal may come in the middle of anything.
        """
        self._finishes += 1
