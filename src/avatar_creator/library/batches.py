"""Batches: rows, of which each picture that is not made yet is made, and none is made or paid twice."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Unpack

from avatar_creator import jobs
from avatar_creator.app import App
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.batch import RowOutcome, Warned
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.output_pattern import OutputNames, OutputPattern
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import ListedRows, PersonaRow, PersonaRows, cells_of
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST
from avatar_creator.domain.prompt import clean_prompt
from avatar_creator.domain.request import GenerationRequest, name_of
from avatar_creator.domain.schedule import Schedule
from avatar_creator.domain.text import clean_number, expect
from avatar_creator.engines.fields import FIELDS
from avatar_creator.engines.table import draws
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.jobs.batch.manifest import Manifest
from avatar_creator.jobs.batch.means import Means, MeansFinder
from avatar_creator.jobs.batch.others import Others
from avatar_creator.jobs.batch.outcomes import Planned, of_planned
from avatar_creator.jobs.batch.outputs import BatchOutputs
from avatar_creator.jobs.batch.plan import BatchPlan, Planner
from avatar_creator.jobs.batch.rows import Reading, Rows
from avatar_creator.jobs.batch.run import BatchSource
from avatar_creator.jobs.batch.states import Found, Policy
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.projects import find_project
from avatar_creator.library.batch import Batch
from avatar_creator.library.crossing import NOTHING, Crossed, check_given, crossed
from avatar_creator.library.request import BatchChoices, is_blank
from avatar_creator.library.request_builder import RequestBuilder
from avatar_creator.library.row_presets import PRESET, RowPresets
from avatar_creator.library.upgrades import Chooser, engine_of_photographs
from avatar_creator.persona_files import AS_OF, open_persona_file

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter
    from avatar_creator.domain.progress import OnProgress
    from avatar_creator.library.row_presets import FindPreset
    from avatar_creator.storage.recipes import Recipes

_WARNED = 20  # pictures by services whose warnings are known before they are made: each may ask the service
_NONE: Mapping[str, str] = MappingProxyType({})


class Batches:
    """Persona files of any size, and other rows, read one by one."""

    def __init__(self, app: App, find_preset: "FindPreset") -> None:
        self._app = app
        self._find_preset = find_preset

    def open(
        self,
        path: Path | str,
        *,
        named: str | None = None,
        mapped: Mapping[str, str] = _NONE,
        given: Mapping[str, str] = _NONE,
        as_of: date | None = None,
        each: Crossed = NOTHING,
        pick: Crossed = NOTHING,
        seed: int | None = None,
        again: bool = False,
        retry_failed: bool = False,
        skip_bad: bool = False,
        keep_duplicates: bool = False,
        manifest: Path | str | None = None,
        force: bool = False,
        **choices: Unpack[BatchChoices],
    ) -> Batch:
        """Open a persona file, known by its content; ``named`` is what its user calls it.

        ``mapped`` says which field a column means, ``given`` what a field says in all rows; ages by dates of birth are
        those of the day ``as_of``, 2026-01-01 if it is None. All else is as `open_rows` has it.
        """
        builder = self._builder(choices)  # what is wrong for all goes first
        path = path_of("path", path)
        if builder.preset is not None:
            given = {**given, "preset": builder.preset}
        file = open_persona_file(path, named=named, mapped=mapped, given=given, fields=FIELDS, as_of=as_of or AS_OF)
        check_given(given, each, pick)
        to = None if manifest is None else Manifest(path_of("manifest", manifest), of=path, force=force)
        policy = Policy(again=again, retry_failed=retry_failed, skip_bad=skip_bad)
        rows, seed = self._crossed(file, builder, each, pick, seed)
        presets = self._row_presets(rows, builder, file.cleared, is_whole=file.is_whole)
        return Batch(rows, builder, presets, policy, seed, keep_duplicates=keep_duplicates, manifest=to)

    def open_rows(
        self,
        rows: PersonaRows,
        *,
        each: Crossed = NOTHING,
        pick: Crossed = NOTHING,
        seed: int | None = None,
        again: bool = False,
        retry_failed: bool = False,
        manifest: Path | str | None = None,
        force: bool = False,
        cleared: Collection[str] = (),
        is_whole: bool = False,
        **choices: Unpack[BatchChoices],
    ) -> Batch:
        """Return rows as a batch.

        ``choices`` are those of `Library.generate`, and go before what a row says. Seeds of rows that have none follow
        from ``seed``, 1 if it is None. ``again`` makes what was made before once more. ``each`` has every row made once
        for every combination of values, by field, and ``pick`` has it draw one. The fields ``cleared`` are not taken
        from presets, and rows that are ``is_whole`` take nothing from them. Raises InvalidInput, NotFound.
        """
        builder = self._builder(choices)
        to = None if manifest is None else Manifest(path_of("manifest", manifest), force=force)
        rows, seed = self._crossed(rows, builder, each, pick, seed)
        presets = self._row_presets(rows, builder, cleared, is_whole=is_whole)
        return Batch(rows, builder, presets, Policy(again=again, retry_failed=retry_failed), seed, manifest=to)

    def open_one(
        self,
        persona: Persona,
        attributes: Attributes,
        prompt: str | None,
        own: Mapping[str, object],
        *,
        cleared: Collection[str] = (),
        each: Crossed = NOTHING,
        pick: Crossed = NOTHING,
        **choices: Any,
    ) -> Batch:
        """Return one persona as a batch, crossed with values; ``own`` may be a name, a seed and a count.

        The fields ``cleared`` are not taken from its preset. ``choices`` are those of `open_rows`. Raises InvalidInput.
        """
        expect("persona", persona, Persona, "a Persona, such as Persona('Sarah')")
        expect("attributes", attributes, Attributes, "Attributes, such as Attributes(gender='female')")
        by_preset = choices.get(PRESET) or any(FIELDS.normalised(name) == PRESET for name in (*each, *pick))
        if by_preset and is_blank(prompt):
            prompt, cleared = None, {*cleared, "prompt"}
        clean_prompt("prompt", prompt)
        said = {name: value for name, value in own.items() if value is not None}
        row = PersonaRow(1, {}, persona, attributes, prompt, said)
        given = {name: text for name, text in (*cells_of(row).items(), *said.items()) if text}
        check_given({name: str(value) for name, value in given.items()}, each, pick)
        whose = persona.name or choices.get(PRESET) or name_of(persona, prompt)
        rows = ListedRows(f"{whose}: one persona.", [row])
        return self.open_rows(rows, each=each, pick=pick, cleared=cleared, **choices)

    def open_avatars(
        self,
        ids: Iterable[str] | None = None,
        wanted: "AvatarFilter | None" = None,
        *,
        prompt: str | None = None,
        retry_failed: bool = False,
        **choices: Unpack[BatchChoices],
    ) -> Batch:
        """Return avatars as a batch, which replaces their pictures: of ``ids``, or all that match and are by others.

        Size, format, seed and prompt stay unless ``choices`` say others. Raises InvalidInput for an upload, NotFound.
        """
        engine = choices["engine"] = engine_of_photographs(choices.get("engine") or self._app.settings.engine)
        builder = self._builder(choices)
        MeansFinder(builder, self._plan_one, self.find_project).check()
        rows = Chooser(self._app, builder, engine, prompt).choose(ids, wanted)
        policy = Policy(retry_failed=retry_failed, skip_bad=True)
        return Batch(rows, builder, self._row_presets(rows, builder), policy, noun="Picture")

    def _crossed(
        self, rows: PersonaRows, builder: RequestBuilder, each: Crossed, pick: Crossed, seed: int | None
    ) -> tuple[PersonaRows, int]:
        """Return rows with the values that they are crossed with, and the seed of those that have none."""
        if seed is not None:
            clean_number("seed", seed, least=SEED_LEAST, most=SEED_MOST)
        seed = seed or SEED_LEAST
        return crossed(rows, each, pick, seed=seed, builder=builder) if each or pick else rows, seed

    def _row_presets(
        self, rows: PersonaRows, builder: RequestBuilder, cleared: Collection[str] = (), *, is_whole: bool = False
    ) -> RowPresets:
        column = next((name for name in rows.columns if rows.field_of(name) == PRESET), PRESET)
        without = {*cleared, *builder.cleared}
        return RowPresets(self._find_preset, builder.preset, without, is_whole=is_whole, column=column)

    def _builder(self, choices: BatchChoices) -> RequestBuilder:
        """Raises InvalidInput for choices with which no row can be made, and NotFound for their project."""
        builder = RequestBuilder(self._app, choices)
        self.find_project(builder.request(_SOMEBODY, SEED_LEAST).project)
        return builder

    @staticmethod
    def copy_to(batch: Batch, pattern: OutputPattern | str, *, is_folder: bool = False, force: bool = False) -> None:
        """Have a copy of each picture written to where a pattern says; in a folder the names are ids.

        To be said before the batch is planned. The suffix of the pattern is the format of pictures whose rows and
        choices say none. Raises InvalidInput for what is no pattern.
        """
        if isinstance(pattern, str):
            pattern = OutputPattern.parse(pattern, OutputNames(FIELDS, batch.columns))
        expect("pattern", pattern, OutputPattern, "a pattern as a text, such as {name}.png")
        format_ = batch.builder.default_format(pattern.format)
        batch.outputs = BatchOutputs(pattern, extension=format_.extension if is_folder else None, force=force)

    def plan(self, batch: Batch, *, on_found: Callable[[Sequence[Found]], None] = lambda _found: None) -> BatchPlan:
        """Read and check all rows, and say what would be made; ``on_found`` gets some hundred pictures at a time."""
        app = self._app
        exists = app.home.database.exists()
        if exists:
            app.recover()  # what killed processes left is made, and paid for, by this batch
        queries = app.queries if exists else None
        planner = Planner(self._recipes if exists else None, batch.policy, find_project=self.find_project)

        def rows(found: Sequence[Planned]) -> None:
            if batch.outputs is not None or batch.manifest is not None:
                files = queries.find_picture_files(_avatar_ids(found)) if queries else {}
                self._note(batch, found, {id_: path for id_, (path, _) in files.items()})
            on_found([each for each in found if isinstance(each, Found)])

        batch.plan = planner.plan(self.reading(batch), rows)
        batch.plan.noun, batch.plan.beside = batch.noun, batch.beside
        batch.policy = batch.policy._replace(continued=batch.plan.continued)
        if batch.outputs is not None and exists:
            batch.outputs.allow_stored(app.outputs.find_stored)
        checked = batch.plan.to_make
        if not all(draws(each.wanted.means.engine) for each in checked):
            checked = checked[:_WARNED]
        batch.plan.checked = len(checked)
        batch.plan.warnings += self._warnings(batch, checked)
        return batch.plan

    def _warnings(self, batch: Batch, found: Sequence[Found]) -> Iterator[Warned]:
        for each in found:
            request = batch.builder.request(each.wanted.row, each.wanted.seed)
            if warnings := self._plan_one(request).warnings:
                yield Warned(each.wanted.row.number, warnings)

    def _note(self, batch: Batch, found: Sequence[Planned], paths: Mapping[str, Path]) -> None:
        """Note what is so before the batch; ``paths`` are those of the pictures that avatars have now."""

        def pictures(avatar_id: str) -> Iterator[Path]:
            if avatar_id in paths:  # most often the only one that is wanted
                yield paths[avatar_id]
            yield from self._pictures(avatar_id)

        for each in found:
            copy = batch.outputs.check(each, pictures) if batch.outputs and isinstance(each, Found) else None
            if batch.manifest is not None:
                batch.manifest.add(of_planned(each, paths, copy))

    def _pictures(self, avatar_id: str) -> Iterator[Path]:
        """Yield the files of all pictures of an avatar, if it is there already."""
        with suppress(NotFound):
            current, others = self._app.queries.get_pictures(avatar_id)
            yield from (each.image_path for each in (current, *others))

    @staticmethod
    def check_rows(batch: Batch) -> None:
        """Raise InvalidInput if a row is bad, and others are not to be made without it."""
        if batch.plan is not None and batch.plan.bad_rows and not batch.policy.skip_bad:
            count = batch.plan.bad_rows
            raise InvalidInput(
                f"{'One row is' if count == 1 else f'{count:,} rows are'} bad, and nothing was made.",
                hint="Correct them, or add --skip-bad to make the others.",
            )
        if batch.outputs is not None:
            batch.outputs.check_taken()

    def check(self, batch: Batch, *, concurrency: int | None = None, on_done: Sequence[str] | None = None) -> None:
        """Raise what `make` would before it makes anything, so that it is known before anybody agrees to pay."""
        self._app.at_once(concurrency)
        plan = batch.plan or self.plan(batch)
        self.check_rows(batch)
        for means in {id(found.wanted.means): found.wanted.means for found in plan.to_make}.values():
            self._check(means)
        if on_done:
            self._app.hooks.check()

    def make(
        self,
        batch: Batch,
        *,
        concurrency: int | None = None,
        on_done: Sequence[str] | None = None,
        on_progress: "OnProgress" = lambda _progress: None,
    ) -> Generator[RowOutcome, None, None]:
        """Make here what is not made yet, yielding how each picture ended; close it to end it early.

        Where an engine of the batch is always apart the worker makes all of it, and this waits for it.
        All rows are read and checked before, unless `plan` did. What failed says so; what ends all of them is raised.
        """
        self.check(batch, concurrency=concurrency, on_done=on_done)
        assert batch.plan is not None  # noqa: S101 - it was checked
        source = self._source(batch, Schedule(on_done=on_done), on_progress)
        if jobs.queued.is_for_worker(batch.plan.engines):
            outcomes = jobs.queued.run_source(self._app.wait_context, source, on_progress=on_progress)
        else:
            outcomes = jobs.inline.run_source(
                self._app.context,
                source,
                concurrency=self._app.at_once(concurrency),
                processes_most=self._app.processes_most(concurrency),
                has_hooks=on_done is not None,
                on_progress=on_progress,
            )
        yield from _written(batch, outcomes)

    def submit(self, batch: Batch, schedule: Schedule | None = None) -> Generator[RowOutcome, None, None]:
        """Queue what is not made yet for the worker, and start it if none runs; yield what became of each row.

        Those of some hundred rows are queued together. After an end in the middle the same call queues the rest.
        """
        schedule = schedule or Schedule()
        schedule.check()
        self.check(batch, on_done=schedule.on_done)
        yield from _written(batch, self._queued(batch, schedule))

    def _queued(self, batch: Batch, schedule: Schedule) -> Generator[RowOutcome, None, None]:
        self._app.recover()
        try:
            yield from self._source(batch, schedule).queue()
        finally:
            self._app.submitter.ensure_worker()

    def _source(
        self, batch: Batch, schedule: Schedule, on_progress: "OnProgress" = lambda _progress: None
    ) -> BatchSource:
        batch.begin()
        if schedule.after is not None:
            schedule = schedule._replace(after=self._app.queries.get_generation_id(schedule.after))
        return BatchSource(
            self._app.context,
            self._recipes,
            batch.builder,
            self.reading(batch),
            batch.policy,
            default_project=self._app.settings.project,
            schedule=schedule,
            manifest=batch.manifest,
            unasked=batch.unasked,
            check=self._check,
            credential=self._app.credential,
            others=Others(
                self._app.worker_process,
                self._app.submitter.ensure_worker,
                self._app.queue_status.explained,
                on_progress,
            ),
        )

    def _check(self, means: Means) -> None:
        means.makers.check(self._app.check_engine, means.plan.options)

    def reading(self, batch: Batch) -> Rows:
        """Return its rows as the pictures that they ask for."""
        finder = MeansFinder(batch.builder, self._plan_one, self.find_project)
        apply = batch.presets.applied_or_bad
        reading = Reading(batch.people, apply, finder, seed=batch.seed, keep_duplicates=batch.keep_duplicates)
        return reading if batch.outputs is None else batch.outputs.placed(reading)

    def find_project(self, name: str) -> str | None:
        """Return the id of a project, None for the default one where it is missing. Raises NotFound."""
        queries = self._app.queries if self._app.home.database.exists() else None
        return find_project(queries, name, default=self._app.settings.project)

    def _plan_one(self, request: GenerationRequest) -> Plan:
        return self._app.plan(request)

    @property
    def _recipes(self) -> "Recipes":
        return self._app.recipes


_SOMEBODY = PersonaRow(0, {}, Persona("Somebody"), Attributes())


def _avatar_ids(found: Sequence[Planned]) -> list[str]:
    known = (getattr(each, "known", None) for each in found)
    return [each.avatar_id for each in known if each is not None]


def _written(batch: Batch, outcomes: Generator[RowOutcome, None, None]) -> Generator[RowOutcome, None, None]:
    """Yield the outcomes of a batch, its manifest written before the first and after the last, however it ends."""
    if batch.manifest is None:
        yield from outcomes
        return
    batch.manifest.write()
    try:
        yield from outcomes
    finally:
        outcomes.close()
        batch.manifest.write()
