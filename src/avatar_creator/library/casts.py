"""Casts: people by quota, made as the rows of a persona file are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count as numbers
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Unpack

from avatar_creator.app import App
from avatar_creator.casts.allocation import allocate
from avatar_creator.casts.people import PEOPLE_MOST, CastSpec, people
from avatar_creator.casts.tables.locales import locale_meant
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST
from avatar_creator.domain.quotas import Quota, Quotas
from avatar_creator.domain.text import clean_number, counted, expect
from avatar_creator.engines.fields import FIELDS
from avatar_creator.jobs.projects import find_project, project_for
from avatar_creator.library.batch import Batch
from avatar_creator.library.batches import Batches
from avatar_creator.library.cast_files import check_plan_path, written
from avatar_creator.library.cast_options import CastOptions, fields_of, is_axis
from avatar_creator.library.cast_versions import FOLLOWED, NO_VERSIONS, Versions, dressed, taken_out
from avatar_creator.library.cast_words import option_meant, options_meant
from avatar_creator.library.crossing import NOTHING, Crossed, check_values
from avatar_creator.library.new_files import write_file
from avatar_creator.library.request import BatchChoices
from avatar_creator.library.request_builder import given_twice
from avatar_creator.library.row_presets import PERSON, PRESET

if TYPE_CHECKING:
    from avatar_creator.library.row_presets import FindPreset
    from avatar_creator.storage.casts import StoredCast

_SHOWN_MOST = 8  # values of an axis in a sentence


class Margin(NamedTuple):
    """How many people have a value, or a combination of values, and how many would be exactly as the quota says."""

    axis: str
    value: str
    target: float
    people: int


class CastRows:
    """The people of a cast as rows. ``stored`` is the same cast as it was asked for before, if it was.

    ``said`` are sentences of what they are balanced by, ``quotas`` those that nothing is crossed with.
    """

    def __init__(
        self,
        spec: CastSpec,
        stored: "StoredCast | None" = None,
        said: Sequence[str] = (),
        versions: Versions = NO_VERSIONS,
    ) -> None:
        self.spec = spec
        self.quotas = spec.quotas
        self._said = said
        self.stored = stored
        self._versions = versions
        self.columns: Sequence[str] = tuple(next(self.rows()).cells)

    @property
    def remarks(self) -> Sequence[str]:
        spec = self.spec
        said = list(self._said)
        said += [f"Balanced: {'; '.join(map(_described, self.quotas.parts))}."] if self.quotas.parts else []
        if spec.fixed:
            said.append(f"All are: {', '.join(f'{axis} {value}' for axis, value in spec.fixed.items())}.")
        if spec.picked:
            said.append(f"Drawn: {'; '.join(f'{axis} {_listed(values)}' for axis, values in spec.picked.items())}.")
        if self.stored is not None and self.stored.people > spec.people:
            said.append(
                f"This cast has {counted(self.stored.people, 'person', 'people')} already: the others stay as they are."
            )
        said += [self._versions.said] if self._versions.said else []
        return said

    def field_of(self, column: str) -> str | None:
        return FIELDS.normalised(column) if column in self.columns else None

    def introduced(self, rows: int) -> str:
        return f"The cast of seed {self.spec.seed}: {'one person' if rows == 1 else f'{rows:,} people'}."

    def rows(self) -> Iterator[PersonaRow]:
        return self._versions.rows(self.spec) if self._versions.lines else people(self.spec)

    def margins(self) -> Iterator[Margin]:
        """Yield how many people have each value that they are balanced by."""
        spec = self.spec
        allocated = list(islice(allocate(spec.quotas, spec.seed), spec.people)) if spec.quotas.parts else []
        for part in self.quotas.parts:
            counts = dict.fromkeys(part.cells, 0)
            having = [person for person in allocated if all(axis in person for axis in part.axes)]
            for person in having:
                counts[tuple(person[axis] for axis in part.axes)] += 1
            for cell, weight in part.cells.items():
                yield Margin(" + ".join(part.axes), ", ".join(cell), weight * len(having), counts[cell])


class Cast(NamedTuple):
    """People who were asked for: as a batch, and as those of them whom nothing is crossed with."""

    batch: Batch
    rows: CastRows


class Casts:
    """Casts of a library: which people there are to be, and what is made of them."""

    def __init__(self, app: App, batches: Batches, find_preset: "FindPreset") -> None:
        self._app = app
        self._batches = batches
        self._find_preset = find_preset

    def open(
        self,
        count: int,
        *,
        seed: int | None = None,
        balance: Sequence[str] | None = None,
        quota: Path | str | None = None,
        like: Path | str | None = None,
        values: Crossed = NOTHING,
        prompt: str | None = None,
        each: Crossed = NOTHING,
        pick: Crossed = NOTHING,
        again: bool = False,
        retry_failed: bool = False,
        manifest: Path | str | None = None,
        force: bool = False,
        **choices: Unpack[BatchChoices],
    ) -> Cast:
        """Return so many people. Each follows from ``seed``, 1 if it is None, and from its own number.

        They are balanced over the axes ``balance``, by the file ``quota``, and ``like`` the people of a persona file;
        if none is given, over gender, age and ethnicity. ``values`` are those of an axis: one for all people, or
        several, over which they are balanced. ``pick`` has chance take one for each. A preset dresses all of them, and
        says what else is seen; who they are is theirs. All else is as `Batches.open_rows` has it. Raises InvalidInput,
        and NotFound for a project or a preset.
        """
        clean_number("number of people", count, least=1, most=PEOPLE_MOST)
        seed = SEED_LEAST if seed is None else seed
        clean_number("seed", seed, least=SEED_LEAST, most=SEED_MOST)
        check_values(values=values, each=each, pick=pick)
        versions, other_each = taken_out("each", each, FOLLOWED, self._find_preset)
        drawn, other_pick = taken_out("pick", pick, (PRESET,), self._find_preset)
        preset = choices.get("preset")
        if len([found for found in (versions.get(PRESET), drawn, preset) if found]) > 1:
            raise given_twice(PRESET)
        options = CastOptions.read(values, {name: drawn for name, drawn in other_pick.items() if is_axis(name)})
        others = {name: drawn for name, drawn in other_pick.items() if not is_axis(name)}
        quotas, remarks = options.balance(balance, quota, like, (*versions, *other_each, *others))
        crossed = frozenset(FIELDS.normalised(name) or name for name in each)
        spec = CastSpec(seed, count, quotas, fixed=options.fixed, picked=options.picked, crossed=crossed, prompt=prompt)
        if preset is not None:
            spec = dressed(spec, preset, self._find_preset)
        project = choices.get("project") or self._app.settings.project
        casts = self._stored(project)
        rows = CastRows(
            spec,
            casts.get(seed),
            remarks,
            Versions.of(spec, versions, drawn.get(PRESET, ()), self._find_preset) if versions or drawn else NO_VERSIONS,
        )
        rows.quotas = Quotas(tuple(part for part in spec.quotas.parts if not _is_crossed(part, crossed)))
        is_noted = not each or rows.stored is None  # crossed people of a cast that is there are more of the same
        batch = self._batches.open_rows(
            rows,
            each=other_each,
            pick=others,
            again=again,
            retry_failed=retry_failed,
            manifest=manifest,
            force=force,
            cleared=PERSON,  # people of a cast are nobody's doubles
            **choices,
        )
        batch = replace(
            batch,
            noun="Person",
            beside=f"--seed {next(n for n in numbers(1) if n not in {seed, *casts})}",
            begin=(lambda: self._note(project, rows)) if is_noted else batch.begin,
        )
        return Cast(batch, rows)

    @staticmethod
    def options_meant(words: Sequence[str], presets: Collection[str]) -> str | None:
        """Return the options of `avatar cast` that say what words do, "women" or "nurses", as they are typed."""
        return options_meant(words, presets)

    @staticmethod
    def is_value(word: str, presets: Collection[str]) -> bool:
        """Return whether a word is a value that people may have, or a preset."""
        return option_meant(word, presets) is not None

    @staticmethod
    def locale_meant(text: str) -> str | None:
        """Return the locale that the name of a language or of a country means."""
        return locale_meant(text)

    @staticmethod
    def check_path(path: Path | str, *, force: bool = False) -> Path:
        """Return where a persona file of a cast can be written, a file that is there replaced by ``force`` alone.

        Raises InvalidInput.
        """
        return check_plan_path(path, force=force)

    @staticmethod
    def written(cast: Cast, name: str) -> bytes:
        """Return the people as a persona file of the format that a name's suffix says. Raises InvalidInput."""
        expect("cast", cast, Cast, "what open returns")
        return written(cast.batch, name)

    @staticmethod
    def write(cast: Cast, path: Path | str) -> None:
        """Write the people as a persona file, of which `Batches` makes the same pictures. Raises StorageError."""
        expect("cast", cast, Cast, "what open returns")
        path = path_of("path", path)
        write_file(path, written(cast.batch, path.name))

    def _stored(self, project: str) -> "Mapping[int, StoredCast]":
        """Return the casts that a project has, by seed."""
        if not self._app.home.database.exists():
            return {}
        id_ = find_project(self._app.queries, project, default=self._app.settings.project)
        return {} if id_ is None else {each.seed: each for each in self._app.casts.find(id_)}

    def _note(self, project: str, rows: CastRows) -> None:
        """Note in its project what is asked for: `coverage` compares what is there with it."""
        app, spec = self._app, rows.spec
        id_ = project_for(app.queries, app.generations, project, default=app.settings.project)
        app.casts.put(id_, spec.seed, spec.people, rows.quotas.as_json())


def _is_crossed(part: Quota, fields: Collection[str]) -> bool:
    return any(field in fields for axis in part.axes for field in fields_of(axis))


def _described(part: Quota) -> str:
    if len(part.axes) > 1:
        return f"{' + '.join(part.axes)} ({len(part.cells):,} combinations)"
    weights = set(part.cells.values())
    values = [value if len(weights) == 1 else f"{value} {weight:.1%}" for (value,), weight in part.cells.items()]
    return f"{part.axes[0]} {_listed(values)}"


def _listed(values: Sequence[str]) -> str:
    more = f" and {len(values) - _SHOWN_MOST} more" if len(values) > _SHOWN_MOST else ""
    return f"{', '.join(values[:_SHOWN_MOST])}{more}"
