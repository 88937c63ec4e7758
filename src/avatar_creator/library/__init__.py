"""The library: what the command line and Python programs ask for."""

import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from avatar_creator import domain, jobs, services, storage
from avatar_creator.domain.text import clean_number, expect
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import find_home
from avatar_creator.library.avatars import Avatars
from avatar_creator.library.generations import listed

if TYPE_CHECKING:
    from avatar_creator.domain.attributes import Attributes
    from avatar_creator.domain.choices import UploadChoices
    from avatar_creator.domain.persona import Persona
    from avatar_creator.domain.progress import OnProgress
    from avatar_creator.domain.records import Avatar, Generation
    from avatar_creator.jobs.plan import Plan
    from avatar_creator.library.request import GenerateChoices, RequestChoices

_POLL_S = 0.25
_PAGE = 5000  # generations; what those wait for is asked together


def _is_under_way(generation: "Generation") -> bool:
    return generation.status in {domain.records.Status.PENDING, domain.records.Status.PROCESSING}


class Library(Avatars):
    """All avatars of one home, for any number of threads. Use it as a context manager, or call `close`.

    Its parts are `batches`, `shards`, `casts`, `projects`, `presets`, `versions`, `generations`, `worker`, `archives`,
    `checks`, `verification`, `twins`, `backups` and `config`.
    """

    # -- making pictures

    def generate(
        self,
        *,
        persona: "Persona | None" = None,
        attributes: "Attributes | None" = None,
        prompt: str | None = None,
        cleared: Collection[str] = (),
        **choices: "Unpack[GenerateChoices]",
    ) -> "Avatar":
        """Make one avatar; its ``warnings`` say what to mind. Raises AvatarError when it cannot be made."""
        if "count" in choices:
            raise InvalidInput("generate makes one avatar.", hint="Call it once for each, with a seed for each.")
        request = self.request(persona=persona, attributes=attributes, prompt=prompt, cleared=cleared, **choices)
        plan = self.plan(request)
        (outcome,) = self.make(plan)
        if outcome.error is not None:
            raise outcome.error
        assert outcome.generation.avatar is not None  # noqa: S101 - it completed
        said = dict.fromkeys((*plan.warnings, *outcome.generation.not_shown))
        return outcome.generation.avatar._replace(warnings=tuple(said))

    def request(
        self,
        *,
        persona: "Persona | None" = None,
        attributes: "Attributes | None" = None,
        prompt: str | None = None,
        cleared: Collection[str] = (),
        **choices: "Unpack[RequestChoices]",
    ) -> "domain.request.GenerationRequest":
        """Return a checked request, what is not given taken from the preset, else from the settings.

        The fields ``cleared`` are not taken from the preset. Raises InvalidInput, and NotFound for a preset.
        """
        from avatar_creator.library.request import request_of

        if choices.get("preset") is None:
            return request_of(self.app, persona, attributes, prompt, choices)
        row = self.presets.filled(persona, attributes, prompt, choices, cleared)
        return request_of(self.app, row.persona, row.attributes, row.prompt, row.choices)

    def plan(self, request: "domain.request.GenerationRequest") -> "Plan":
        """Say what would be made of a request; nothing is made, opened or spent. Raises InvalidInput."""
        expect("request", request, domain.request.GenerationRequest, "what request returns")
        return self.app.plan(request)

    def check(
        self,
        plan: "Plan",
        *,
        detached: bool = False,
        concurrency: int | None = None,
        on_done: Sequence[str] | None = None,
    ) -> None:
        """Raise what `make` would, or `submit` if ``detached``, so that it is known before anybody agrees to pay.

        That is NotConfigured without a token for example, InvalidInput for the concurrency, and StorageError if no
        command is started from this home.
        """
        self.app.at_once(concurrency)
        if detached and not plan.makers.run_apart:
            self.app.submitter.check(plan)
        else:
            plan.makers.check(self.app.check_engine, plan.request.options)
        if on_done:
            self.app.hooks.check()

    def make(
        self,
        plan: "Plan",
        *,
        concurrency: int | None = None,
        on_done: Sequence[str] | None = None,
        on_progress: "OnProgress" = lambda _progress: None,
    ) -> "Generator[jobs.source.Outcome, None, None]":
        """Make the pictures of a plan here, yielding each generation as it ends; close it to end it early.

        Where an engine is always apart the worker makes them, with its own concurrency, and this waits for it.
        ``on_done`` is a command and its arguments, started for each. What failed says so in its ``error``; what ends
        all of them is raised.
        """
        if jobs.queued.is_for_worker(plan.makers.engines):
            return jobs.queued.run_plans(
                self.app.wait_context,
                self.app.submitter,
                [plan],
                default_project=self.app.settings.project,
                on_done=on_done,
                on_progress=on_progress,
            )
        return jobs.inline.run_inline(
            self.app.context,
            self.app.submitter,
            [plan],
            default_project=self.app.settings.project,
            concurrency=self.app.at_once(concurrency),
            processes_most=self.app.processes_most(concurrency),
            on_done=on_done,
            on_progress=on_progress,
        )

    # -- having pictures made

    def submit(
        self,
        plan: "Plan",
        schedule: "domain.schedule.Schedule | None" = None,
        *,
        on_submitted: Callable[[Sequence[str]], None] = lambda _ids: None,
    ) -> list[str]:
        """Queue the pictures of a plan, all or none, for the worker, and start it if none runs; return their ids.

        ``on_submitted`` gets the ids as soon as they are queued, whatever happens then. Raises NotFound for a project
        or a generation to follow, NotConfigured without a credential, InvalidInput for the schedule, NotStarted when
        they are queued and no worker can be started.
        """
        return self.app.submitter.submit(
            [plan],
            domain.schedule.Schedule() if schedule is None else schedule,
            default_project=self.app.settings.project,
            on_submitted=on_submitted,
        )

    def retry(
        self, ids: Iterable[str], *, on_submitted: Callable[[Sequence[str]], None] = lambda _ids: None
    ) -> list[str]:
        """Queue generations that failed or were cancelled, with the same seed and recipe; return their ids.

        ``on_submitted`` as of `submit`. Raises InvalidInput, with nothing changed, for one that is completed or
        processed, NotStarted when they are queued and no worker can be started.
        """
        wanted = self.generations.resolve(ids)
        self.app.recover()
        return self.app.submitter.retry(wanted, on_submitted=on_submitted)

    def cancel(self, ids: Iterable[str], *, at_once: bool = False) -> None:
        """Have generations stop: those that wait now, those that are made at their next step or ``at_once``.

        Of very many an interrupt may leave some as they were; each is stopped or not.
        """
        jobs.cancel.cancel(self.app.generations, self.app.recover, listed(ids), at_once=at_once)

    def wait(
        self,
        ids: Iterable[str],
        *,
        timeout_s: float | None = None,
        on_progress: "OnProgress" = lambda _progress: None,
        on_lack: "Callable[[Generation], None]" = lambda _generation: None,
        on_suspended: Callable[[int], None] = lambda _process: None,
    ) -> "Iterator[jobs.wait.Waited]":
        """Yield each generation, in this order, when it has ended; when the time is over, those that have by then.

        A worker is started where one is needed. ``on_lack`` gets the next one where the worker lacks its
        credential, ``on_suspended`` the process of a worker that is suspended. Raises NotFound, StorageError when no
        worker can be started.
        """
        return self.app.waiter.until_ended(
            self.generations.resolve(ids), on_progress, on_lack=on_lack, on_suspended=on_suspended, timeout_s=timeout_s
        )

    # -- how that is doing

    def status(self, ids: Iterable[str] | None = None, *, limit: int | None = None) -> "Iterator[Generation]":
        """Return how generations are doing now and what they wait for: those of ids, else the newest.

        Raises NotFound.
        """
        whole = None if ids is None else self.generations.resolve(ids)
        self.app.recover()
        if whole is not None and len(whole) == 1:
            return self._explained(iter([self.app.queries.get_generation(whole[0])]))
        return self._explained(self.generations.find(whole, limit=limit))

    def _explained(self, found: "Iterator[Generation]") -> "Iterator[Generation]":
        """Most have ended, and need neither the queue nor the worker: to import those takes 10 % of a `status`."""
        while page := list(islice(found, _PAGE)):
            under_way = any(_is_under_way(each) for each in page)
            yield from self.app.queue_status.explained(page) if under_way else page

    def watch(self, ids: Iterable[str]) -> "Iterator[list[Generation]]":
        """Yield how generations are doing, again and again until all have ended; deleted ones are left out then.

        Raises NotFound.
        """
        whole, under_way = self.generations.resolve(ids), True
        while under_way:
            self.app.leases.check_home()
            self.app.recover()
            found = list(self._explained(self.generations.find(whole)))
            yield found
            under_way = any(_is_under_way(each) for each in found)
            if under_way:
                time.sleep(_POLL_S)

    def queue(self, *, limit: int | None = None) -> "Iterator[domain.worker_status.QueueEntry]":
        """Yield what is made and what waits, why, and when it may end, in the order in which it will be made."""
        self.app.recover()
        return self.app.queue_status.queue(limit=limit)

    # -- avatars

    def show(self, id_: str) -> "Avatar":
        """Return the avatar with that id or unique id prefix. Raises NotFound."""
        expect("id", id_, str, "an avatar's id as a text")
        return self.app.queries.get_avatar(id_)

    def edit(
        self,
        id_: str,
        *,
        persona: "Persona | None" = None,
        attributes: "Attributes | None" = None,
        cleared: Collection[str] = (),
        **texts: str | None,
    ) -> "Avatar":
        """Replace what is given of each, clear the columns named in ``cleared``, and return the avatar.

        ``texts`` are columns such as ``name``. The picture stays as it is. Raises NotFound, InvalidInput.
        """
        avatar = self.show(id_)
        self.app.catalog.edit_avatar(avatar.id, persona=persona, attributes=attributes, cleared=cleared, **texts)
        return self.show(avatar.id)

    def delete(self, ids: Iterable[str], *, keep_files: bool = False) -> None:
        """Delete avatars, all or none, and their files unless ``keep_files``. Raises NotFound."""
        whole = self.app.queries.get_avatar_ids(listed(ids))
        services.deletion.delete_avatars(self.app.catalog, self.app.pictures, whole, keep_files=keep_files)

    def upload(self, path: Path | str, **choices: "Unpack[UploadChoices]") -> "Avatar":
        """Add a picture from a file. Raises InvalidInput if it is no picture that can be stored."""
        return self.add_file(path, **choices).avatar

    def add_file(self, path: Path | str, **choices: "Unpack[UploadChoices]") -> "services.upload.Upload":
        """Add a picture from a file, and return whether the project had it already, and what was left out of it."""
        domain.choices.check_names(choices, domain.choices.UploadChoices.__annotations__)
        kinds = {"persona": domain.persona.Persona, "attributes": domain.attributes.Attributes, "project": str}
        for name, kind in kinds.items():
            if choices.get(name) is not None:
                expect(name, choices.get(name), kind, f"{name} as documented")
        return self.app.uploads.add(domain.choices.path_of("path", path), **choices)

    def record_usage(self, id_: str, *, app: str, action: str, reference: str | None = None) -> "Avatar":
        """Record that an app used an avatar; return it with its new count. Raises NotFound, InvalidInput."""
        avatar = self.show(id_)
        self.app.catalog.add_usage(avatar.id, app=app, action=action, reference=reference)
        return self.show(avatar.id)

    def usage(self, id_: str, *, limit: int | None = None) -> "domain.stats.Usage":
        """Return who used an avatar: the newest events, and a summary of all for each app. Raises NotFound."""
        return self.app.stats.usage(self.show(id_).id, limit=limit)

    def picture(self, avatar: "Avatar") -> bytes:
        """Return the bytes of an avatar's picture. Raises StorageError when its file is gone."""
        expect("avatar", avatar, domain.records.Avatar, "an Avatar, as show and find return it")
        try:
            return avatar.image_path.read_bytes()
        except OSError as error:
            raise StorageError(
                f"The file {avatar.image_path} cannot be read: {error.strerror}.", hint="Run: avatar doctor"
            ) from error

    def write_copy(self, avatar: "Avatar", path: Path | str, *, replace: bool = True) -> None:
        """Write an avatar's picture to ``path`` too, whole or not at all, in the format that the suffix names.

        Not to ``replace`` a file that stands there it raises StorageError. Raises InvalidInput for another suffix
        than .jpg, .jpeg, .png and .webp, StorageError when the disk refuses it.
        """
        storage.pictures.copies.write_copy(self.picture(avatar), domain.choices.path_of("path", path), replace=replace)

    @staticmethod
    def inspect(path: Path | str) -> "storage.pictures.inspection.FileMarks":
        """Return what a picture file says of itself; no home is needed. Raises InvalidInput if it is no picture."""
        return storage.pictures.inspection.inspect_file(domain.choices.path_of("path", path))

    def stats(self, project: str | None = None) -> "domain.stats.Stats":
        """Return the library in figures, or a project, by name or id. Raises NotFound."""
        self.app.recover()
        return self.app.stats.stats(None if project is None else self.projects.get(project).id)

    def examine(self, *, fix: bool = False, online: bool = False) -> "domain.findings.Report":
        """Return whether everything is in order; ``fix`` what loses nothing, ask the engines' services ``online``."""
        return self.app.doctor.examine(fix=fix, online=online)


def open_library(home: Path | str | None = None) -> Library:
    """Open the library at ``home``, else the user's own; nothing is made on disk before the first use."""
    return Library(find_home() if home is None else find_home(domain.choices.path_of("home", home)))


def serve_engine() -> None:
    """Be an engine process: make what a worker asks for on standard input, until that ends. It needs no home."""
    jobs.engine_processes.child.main()
