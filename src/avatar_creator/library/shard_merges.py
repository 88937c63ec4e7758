"""What was made of shards, taken into a home: what is missing or damaged of a plan is named."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from avatar_creator.app import App
from avatar_creator.archives.layout import RECORDS
from avatar_creator.archives.reading import open_archive
from avatar_creator.domain.text import counted, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.imports import results
from avatar_creator.imports.shards import Merged, Result, ShardImport
from avatar_creator.jobs.projects import project_for
from avatar_creator.processes import cores
from avatar_creator.shards.layout import DONE, PLAN, FailedPicture, ShardHead, array_of
from avatar_creator.shards.plan import OpenedPlan, read_plan
from avatar_creator.shards.reading import read_failed, read_head, read_result
from avatar_creator.shards.rows import ShardRows
from avatar_creator.storage.liveness import ProcessLock

NAMED_MOST = 20  # pictures that are named; of others it is said how many there are
_PORTION = 500
_ALONE_MOST = 2000  # pictures: fewer are taken in sooner than processes beside this one would pay
_PROCESSES_MOST = 4  # this one has no more work for them
_Item = TypeVar("_Item")


class ShardFile(NamedTuple):
    """A file that was made of a shard; ``wrong`` says why it cannot be used, and then ``head`` may be None."""

    path: Path
    head: ShardHead | None
    wrong: str | None = None

    @property
    def number(self) -> int | None:
        """The number of its shard: what its name says, where it does not say so itself."""
        if self.head is not None:
            return self.head.shard
        return int(self.path.stem) if self.path.stem.isdecimal() else None


class Handed(NamedTuple):
    """All files that were handed in, of one plan: ``plan`` is that itself, if its folder is among them."""

    files: Sequence[ShardFile]
    shards: int
    plan: OpenedPlan | None

    @property
    def missing(self) -> list[int]:
        """The numbers of shards of which no file can be used."""
        whole = {each.number for each in self.files if each.wrong is None}
        return [number for number in range(self.shards) if number not in whole]

    @property
    def missing_array(self) -> str:
        """The same as arrays of jobs are said."""
        return array_of(self.missing)


class MergeReport:
    """What became of a merge: ``wrong`` says what is damaged of shards, by their numbers."""

    def __init__(self, handed: Handed) -> None:
        self.shards = handed.shards
        self.missing: list[int] = []
        self.wrong: dict[int, str] = {}
        self.unknown: list[str] = []  # what is wrong with files that say of no shard that they are of it
        self.results: Counter[Result] = Counter()
        self.rejects = 0  # new ones
        self.missing_pictures = 0
        self.named: list[str] = []  # the first of those that no missing shard stands for, a phrase each
        self.to_name = 0  # how many of these there are

    @property
    def array(self) -> str:
        """All that are to be made once more, as arrays of jobs are said."""
        return array_of(sorted({*self.missing, *self.wrong}))

    @property
    def is_complete(self) -> bool:
        return not (self.missing or self.wrong or self.missing_pictures)

    def lacks(self, pictures: int, named: Sequence[str] = ()) -> None:
        """Count pictures that are missing; ``named`` is said of the first of them, if of any."""
        self.missing_pictures += pictures
        if named:
            self.to_name += pictures
            self.named += named[: NAMED_MOST - len(self.named)]

    def as_json(self) -> dict[str, Any]:
        return {
            "shards": self.shards,
            "missing": self.missing,
            "missing_array": self.array,
            "damaged": [{"shard": number, "why": why} for number, why in sorted(self.wrong.items())],
            "pictures": {result.value: self.results[result] for result in Result},
            "rejects": self.rejects,
            "unknown": self.unknown,
            "missing_pictures": self.missing_pictures,
            "missing_first": self.named,
        }


def handed_in(paths: Sequence[Path]) -> Handed:
    """Return the files that are handed in: each itself, or all in a folder, or those in the folder of a plan.

    Raises InvalidInput where there are none, or several plans or files of several, with what they are called.
    """
    plan: OpenedPlan | None = None
    found: list[Path] = []
    for given in paths:
        if not given.exists():
            raise InvalidInput(f"There is no '{visible(str(given))}'.", hint="Give files of shards, or their folders.")
        path = given.parent if given.name == PLAN else given
        if (path / PLAN).is_file():
            opened = read_plan(path)
            plan = plan or opened
            if opened.sha256 != plan.sha256:
                raise _of_another_plan(path, "is")
        found += _in(path)
    files = [_with_head(path) for path in dict.fromkeys(found)]
    heads = [each.head for each in files if each.head is not None]
    if not heads and plan is None:
        wrong = files[0].wrong if files else f"'{visible(str(paths[0]))}' has nothing that was made of a shard."
        raise InvalidInput(wrong or "", hint="Make one: avatar batch run")
    sha256, shards = (plan.sha256, len(plan.file.shards)) if plan else (heads[0].plan, heads[0].shards)
    for each in files:
        if each.head and (each.head.plan, each.head.shards) != (sha256, shards):
            raise _of_another_plan(each.path, "was made of")
    return Handed(files, shards, plan)


def _of_another_plan(path: Path, how: str) -> InvalidInput:
    return InvalidInput(
        f"'{visible(str(path))}' {how} another plan than the others.", hint="Give the files of one plan at a time."
    )


def _in(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    folder = path / DONE if (path / PLAN).is_file() else path
    return sorted(each for each in folder.glob("*.tar") if not each.name.startswith("."))


def _with_head(path: Path) -> ShardFile:
    try:
        return ShardFile(path, read_head(path))
    except InvalidInput as error:
        return ShardFile(path, None, error.message)


class ShardMerge:
    """Takes in what is whole of all files, and says then what is not."""

    def __init__(self, app: App, handed: Handed, project: str | None) -> None:
        """Raises NotFound for the project, into which all go; without one each goes into that it was planned for."""
        self._app = app
        self._handed = handed
        self._project_id = (
            None
            if project is None
            else project_for(app.queries, app.generations, project, default=app.settings.project)
        )
        self.report = MergeReport(handed)
        self._whole: set[int] = set()
        self._failed: dict[str, str] = {}  # what is said of pictures that failed or are damaged, by their recipes
        self._damaged_rejects: dict[str, str] = {}

    def run(self) -> Generator[Merged, None, None]:
        """Yield each picture as it is taken, or was; ``report`` says then what is missing."""
        app = self._app
        taking = ShardImport(
            app.exchange, app.recipes, app.pictures, processes=self._processes(), on_reject=self._on_reject
        )
        with ProcessLock(app.home.runners), taking:  # so long the doctor leaves files without a row alone
            for file in self._handed.files:
                if file.head is None:
                    self._cannot_be_used(file)
                    continue
                try:
                    yield from self._take(file.path, file.head, taking)
                except InvalidInput as error:
                    self.report.wrong.setdefault(file.head.shard, error.message)
            yield from map(self._counted, taking.finish())
        self._conclude()

    def _processes(self) -> int:
        """Return how many processes place pictures beside this one: none for a few, placed before one has started."""
        pictures = sum(file.head.pictures for file in self._handed.files if file.head)
        count = self._app.settings.processes or (min(cores.count(), _PROCESSES_MOST) if pictures > _ALONE_MOST else 1)
        return count if count > 1 else 0

    def _cannot_be_used(self, file: ShardFile) -> None:
        why = file.wrong or ""
        if file.number is None:
            self.report.unknown.append(why)
        else:
            self.report.wrong.setdefault(file.number, why)

    def _take(self, path: Path, head: ShardHead, taking: ShardImport) -> Iterator[Merged]:
        """Take in the file of a shard. Raises InvalidInput where it is damaged."""
        with open_archive(path) as opened:
            archive = opened.within(RECORDS)
            result = read_result(archive)
            for failed in read_failed(archive):
                self._failed.setdefault(failed.recipe, _said_of(failed, head.shard))
            yield from map(self._counted, taking.run(archive, self._project_id, head.shard))
        if result.made + result.failed != head.pictures:
            raise InvalidInput(f"It has {result.made + result.failed} of {head.pictures} pictures.")
        self._whole.add(head.shard)

    def _counted(self, merged: Merged) -> Merged:
        self.report.results[merged.result] += 1
        if merged.result is Result.DAMAGED:
            self._failed.setdefault(merged.recipe, _said_of(merged, merged.shard))
        return merged

    def _on_reject(self, reject: results.Imported) -> None:
        if reject.result is results.Result.DAMAGED:
            self._damaged_rejects.setdefault(reject.id, f"reject {reject.id}: {reject.notices[0]}")
            return
        self._damaged_rejects.pop(reject.id, None)
        self.report.rejects += reject.result is results.Result.NEW

    def _conclude(self) -> None:
        report = self.report
        for number in self._whole:  # another copy of it is damaged
            report.wrong.pop(number, None)
        for portion in _portions(self._failed):
            here = self._here(portion)
            for recipe in portion:
                if recipe not in here:
                    report.lacks(1, [self._failed[recipe]])
        for said in self._damaged_rejects.values():
            report.lacks(1, [said])
        for number in sorted(set(range(report.shards)) - self._whole):
            self._conclude_shard(number)

    def _conclude_shard(self, number: int) -> None:
        """Find out whether a shard was taken in before, of which no whole file was handed in."""
        report = self.report
        try:
            is_here = self._is_here(number)
        except InvalidInput as error:  # of its list in the plan: nobody can make it, or count what is here of it
            report.wrong.setdefault(number, f"{error.message} {self._uncounted(number)} {error.hint or ''}".rstrip())
            return
        if is_here:
            report.wrong.pop(number, None)
        elif number not in report.wrong:
            report.missing.append(number)

    def _uncounted(self, number: int) -> str:
        pictures = self._handed.plan.file.shards[number].pictures if self._handed.plan else 0
        return f"Whether its {counted(pictures, 'picture is', 'pictures are')} here is not known."

    def _is_here(self, number: int) -> bool:
        """Return whether all pictures of a shard are here; else count the others.

        Where some are here, the others are named; else the number of the shard says it. Raises InvalidInput.
        """
        if self._handed.plan is None:
            return False
        pictures, missing, counted, named = 0, 0, 0, list[str]()
        for portion in _portions(ShardRows(self._handed.plan.shard(number), f"Shard {number}").rows()):
            recipes = {row.planned.recipe: row for row in portion if row.planned}
            pictures += len(recipes)
            here = self._here(list(recipes))
            missing += len(recipes) - len(here)
            for recipe in (each for each in recipes if each not in here and each not in self._failed):
                counted += 1
                if len(named) < NAMED_MOST:
                    row = recipes[recipe]
                    named.append(_named(row.number, row.persona.name, row.persona_id, number, "not here."))
        self.report.lacks(counted, named if missing < pictures else ())
        return not missing

    def _here(self, recipes: Sequence[str]) -> set[str]:
        """Return those of the recipes of which a picture is here, in any of the projects of the plan."""
        return self._app.exchange.recipes_here(recipes, self._project_id)


def _portions(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    rest = iter(items)
    while portion := list(islice(rest, _PORTION)):
        yield portion


def _said_of(lacking: FailedPicture | Merged, shard: int | None) -> str:
    if isinstance(lacking, FailedPicture):
        return _named(lacking.row, lacking.name, lacking.persona_id, shard, lacking.message)
    return _named(None, lacking.name, lacking.persona_id, shard, lacking.why or "")


def _named(row: int | None, name: str | None, persona_id: str | None, shard: int | None, why: str) -> str:
    who = [f"row {row}" if row is not None else None, name, f"id {persona_id}" if persona_id else None]
    return f"{', '.join(visible(each) for each in who if each)} (shard {shard}): {visible(why)}"
