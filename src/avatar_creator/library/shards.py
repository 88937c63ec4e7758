"""Plans that are split: made here, carried out in parts anywhere, and what is made of them taken in."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from avatar_creator.app import App
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.persona_row import PlannedPicture
from avatar_creator.domain.text import clean_number
from avatar_creator.engines.table import ENGINES, OPTIONS, Apart
from avatar_creator.errors import InvalidInput
from avatar_creator.jobs.batch.means import Means
from avatar_creator.jobs.batch.plan import BatchPlan, Planner
from avatar_creator.jobs.batch.rows import Wanted
from avatar_creator.jobs.batch.states import Found
from avatar_creator.library.batch import Batch
from avatar_creator.library.batches import Batches
from avatar_creator.library.shard_merges import Handed, ShardMerge, handed_in
from avatar_creator.library.shard_runs import ShardRun, Written, begin, open_run, write
from avatar_creator.settings.values import Settings
from avatar_creator.shards.layout import SHARDS_MOST
from avatar_creator.shards.plan import ShardPlan, Source
from avatar_creator.shards.rows import line_of
from avatar_creator.shards.writing import PlanWriter
from avatar_creator.storage.ids import AVATAR, new_ids

# The settings that decide pictures beside the engine, its options and the project.
_DECISIVE = ("width", "height", "format", "jpeg_quality", "embed", "prompt_style", "commercial", "check", "rerolls")
_OF_PLAN = ("engine", "project")  # what the settings of a plan say, and lines where they say otherwise
# How a machine runs a model: the one that plans may have no card.
_OF_MACHINE = {
    name
    for entry in ENGINES.values()
    if entry.apart is Apart.ALWAYS
    for name in entry.options
    if not OPTIONS[name].decisive
}

_MEANS_MOST = 1000  # of a file whose rows say many different things


class Shards:
    """Batches that are made in parts, without a server between them."""

    def __init__(self, app: App, batches: Batches) -> None:
        self._app = app
        self._batches = batches

    def plan(
        self,
        batch: Batch,
        file: Path | str,
        folder: Path | str,
        *,
        shards: int,
        named: str | None = None,
        force: bool = False,
        on_planned: Callable[[BatchPlan], None] = lambda _plan: None,
    ) -> tuple[BatchPlan, ShardPlan]:
        """Write what is to be made of a batch, which was opened from a file, as a plan of so many shards.

        What this home has already is left out. ``named`` is what the user calls the file. ``on_planned`` gets what
        there is to say, before bad rows are raised as InvalidInput, unless they are skipped; then no plan is there.
        """
        clean_number("shards", shards, least=1, most=SHARDS_MOST)
        sha256 = _sha256(path_of("file", file))
        writer = PlanWriter(path_of("output", folder), shards, force=force)
        lines = _Lines(self._app, self._batches.find_project, batch, writer)
        with writer.begun():
            plan = self._batches.plan(batch, on_found=lines.take)
            on_planned(plan)
            self._batches.check_rows(batch)
            cost = None if plan.cost is None else plan.cost.as_json()
            return plan, writer.finish(
                ShardPlan(
                    source=Source(Path(named or file).name, sha256),
                    settings=lines.settings,
                    choices=lines.choices,
                    projects=lines.projects,
                    engines=lines.engines,
                    rows=plan.rows,
                    cost=cost,
                )
            )

    def open(
        self,
        plan: Path | str,
        number: int,
        *,
        output: Path | str | None = None,
        work: Path | str | None = None,
        retry_failed: bool = False,
    ) -> ShardRun:
        """Return a shard of the plan in a folder, to be made in a home of its own: see `shard_runs.open_run`.

        With ``retry_failed`` what failed of it, or is damaged in its file, is to be made again. Nothing is made yet.
        Raises InvalidInput.
        """
        clean_number("shard", number, least=0, most=SHARDS_MOST)
        return open_run(
            self._app,
            path_of("plan", plan),
            number,
            output=None if output is None else path_of("output", output),
            work=None if work is None else path_of("work", work),
            retry_failed=retry_failed,
        )

    def begin(self, run: ShardRun) -> Batch:
        """Return a shard as a batch of this library, which is that of its home."""
        return begin(self._app, self._batches, run)

    def write(self, run: ShardRun, batch: Batch) -> Written:
        """Write the file of a shard, once all pictures of its batch have ended: one that is made, or that failed."""
        planner = Planner(self._app.recipes, batch.policy, find_project=self._batches.find_project)
        return write(self._app, run, planner, self._batches.reading(batch))

    def handed_in(self, *paths: Path | str) -> Handed:
        """Return which shards of a plan are there, in files and folders. Raises InvalidInput for those of several."""
        return handed_in([path_of("path", path) for path in paths])

    def merge(self, handed: Handed, *, project: str | None = None) -> ShardMerge:
        """Return what takes the files of shards into this library. Raises NotFound for the project."""
        return ShardMerge(self._app, handed, project)


class _Lines:
    """Writes the pictures of a batch that are to be made as lines; the first decides what is not said in others."""

    def __init__(self, app: App, find_project: Callable[[str], str | None], batch: Batch, writer: PlanWriter) -> None:
        self._app = app
        self._find_project = find_project
        self._builder = batch.builder
        self._writer = writer
        self._ids = new_ids(AVATAR)
        self._means: dict[int, tuple[Means, dict[str, str]]] = {}  # by their ids, as long as they live
        self._projects: dict[str, None] = {}
        self.choices = {name: value for name, value in batch.builder.choices.items() if name not in _OF_PLAN}
        self.settings: dict[str, Any] = _settings(app.settings)
        self.engines: Counter[str] = Counter()

    @property
    def projects(self) -> list[str]:
        return list(self._projects)

    def take(self, found: Sequence[Found]) -> None:
        for each in found:
            if each.state.is_made:
                self._add(each)

    def _add(self, found: Found) -> None:
        wanted = found.wanted
        said = self._said(wanted)
        self.engines[wanted.means.engine] += 1
        id_ = found.avatar_id or next(self._ids)
        planned = PlannedPicture(wanted.n, wanted.seed, wanted.recipe, wanted.persona_id, id_)
        own = {name: value for name, value in wanted.row.choices.items() if name not in _OF_PLAN}
        own |= {name: value for name, value in said.items() if value != self.settings[name]}
        self._writer.add(line_of(wanted.row, planned, own))

    def _said(self, wanted: Wanted) -> Mapping[str, str]:
        """Return engine and project by the names that they have everywhere.

        Engines are all that were named: what one lacks here may be there where the picture is made.
        """
        means = wanted.means
        known = self._means.get(id(means))
        if known is None:
            queries = self._app.queries if self._app.home.database.exists() else None
            found = self._find_project(means.project)
            project = queries.get_project(found).name if queries and found else self._app.settings.project
            request = self._builder.request(wanted.row, wanted.seed)
            engines = ",".join([request.engine, *(name for name, _ in request.fallback)])
            known = means, {"engine": engines, "project": project}
            if not self._projects:
                self.settings |= known[1]
            if len(self._means) >= _MEANS_MOST:
                self._means.clear()
            self._means[id(means)] = known
            self._projects[project] = None
        return known[1]


def _settings(settings: Settings) -> dict[str, Any]:
    decisive = {name: getattr(settings, name) for name in (*_OF_PLAN, *_DECISIVE)}
    options = {name: value for name, value in settings.options.items() if value is not None and name not in _OF_MACHINE}
    return decisive | {"options": options}


def _sha256(path: Path) -> str:
    if not path.exists() and "#" in path.name:  # a sheet of a workbook
        path = path.with_name(path.name.rpartition("#")[0])
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InvalidInput(f"'{path}' cannot be read: {error.strerror}.", hint="Check its name.") from error
