"""What was made of a shard, taken into a library: a picture is known by its recipe, and each is taken once.

Whoever made it, where, when and how often does not matter, and neither do clocks. What is here stays as it is.
"""

import json
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, islice
from types import TracebackType
from typing import NamedTuple, Self

from avatar_creator.archives.layout import RECORD_BYTES_MOST, RECORDS, AvatarRecord, RejectRecord
from avatar_creator.archives.reading import Archive
from avatar_creator.domain.records import Status
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.executor import Executor
from avatar_creator.imports.files import PlacedFiles, Wanted
from avatar_creator.imports.lines import Line, ProjectLine
from avatar_creator.imports.records import read_lines
from avatar_creator.imports.rejects import RejectImport, rejects_of
from avatar_creator.imports.results import Imported
from avatar_creator.storage.database import now, stored_time
from avatar_creator.storage.exchange import Exchange, Row
from avatar_creator.storage.ids import AVATAR, made_s, new_id
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.recipes import Recipes

_PORTION = 500  # avatars whose rows are added together, once all their files are there
_AHEAD = 2  # portions whose files are on their way, if other processes place them


class Result(StrEnum):
    """What became of a picture of a shard."""

    NEW = "new"
    KNOWN = "known"  # its recipe was made before, with the same bytes
    DIFFERENT = "different"  # its recipe was made before, with other bytes: the first stays
    DAMAGED = "damaged"


class Merged(NamedTuple):
    """A picture of a shard; ``id`` is its avatar's here, ``why`` says what is wrong with one that is damaged."""

    id: str
    name: str
    persona_id: str | None
    recipe: str
    result: Result
    why: str | None = None
    shard: int | None = None


class _Coming(NamedTuple):
    """A picture that is taken in: its row as it is to be here, and where its files are."""

    row: Row
    files: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str]:
        return self.row["project_id"], self.row["recipe_hash"]


class _Begun(NamedTuple):
    """A portion whose files are on their way; ``new`` are those that were not here when it began."""

    portion: Sequence[_Coming]
    new: Sequence[_Coming]
    files: PlacedFiles
    taken: AbstractSet[object]
    shard: int | None


class ShardImport:
    """Adds what shards have. Each picture is added whole or not at all; killed, the same command goes on.

    With ``processes`` beside this one they check records, and place files while the next ones are read.
    """

    def __init__(
        self,
        exchange: Exchange,
        recipes: Recipes,
        pictures: PictureStore,
        *,
        processes: int = 0,
        on_reject: Callable[[Imported], None] = lambda _reject: None,
    ) -> None:
        self._exchange = exchange
        self._recipes = recipes
        self._pictures = pictures
        self._executor = Executor(processes)
        self._ahead = _AHEAD if processes else 0
        self._begun: deque[_Begun] = deque()
        self._rejects = RejectImport(exchange, pictures, of_shards=True)
        self._on_reject = on_reject
        self._has_rejects = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as ending:
            for each in self._begun:
                ending.callback(each.files.close)
            ending.push(self._executor)  # first: then no file comes any more
            self._begun.clear()

    def run(self, archive: Archive, project_id: str | None, shard: int | None = None) -> Generator[Merged, None, None]:
        """Yield pictures as they are taken, or were; into one project, or into those that they were planned for.

        The last ones may come with the next archive, or from `finish`. Rejects are taken then, of which ``on_reject``
        is told. Raises InvalidInput where the records are damaged; what stands before that is taken.
        """
        projects: dict[str, str] = {}
        for portion in _portions(self._coming(archive, project_id, projects)):
            yield from self._take(archive, portion, shard)
        if self._has_rejects:
            yield from self.finish()  # a reject is of an avatar that is here
            rejects = rejects_of(self._lines(archive), projects)
            while some := list(islice(rejects, _PORTION)):
                for each in self._rejects.take(archive, self._of_avatars_here(some)):
                    self._on_reject(each)

    def finish(self) -> Iterator[Merged]:
        """Yield the pictures that are still on their way."""
        while self._begun:
            yield from self._finished()

    def _lines(self, archive: Archive) -> Iterator[Line]:
        lines = archive.lines(RECORDS, RECORD_BYTES_MOST)
        return read_lines(lines, f"{archive.said}: {RECORDS}", self._exchange.tables, self._executor)

    def _coming(self, archive: Archive, project_id: str | None, projects: dict[str, str]) -> Iterator[_Coming]:
        """Yield pictures with the projects that they have here; ``projects`` gets these by the ids that they had."""
        self._has_rejects = False
        for line in self._lines(archive):
            match line:
                case ProjectLine(project):
                    projects[project["id"]] = project_id or self._exchange.add_project(project)
                case AvatarRecord(avatar=avatar):
                    if avatar["recipe_hash"] is None:
                        raise InvalidInput(f"{archive.said}: {avatar['id']} was made of no row.", hint=_NO_SHARD)
                    here = {**_OF_ITS_HOME, **_times(avatar), "project_id": projects[avatar["project_id"]]}
                    yield _Coming({**avatar, **here}, line.files[0])
                case RejectRecord():
                    self._has_rejects = True

    def _of_avatars_here(self, records: Sequence[RejectRecord]) -> list[RejectRecord]:
        """Return rejects with the ids that their avatars have here."""
        own = {"recipe_hash": None, "persona_id": None, "created_at": now()}  # unless its record says so
        coming = [_Coming({**own, **json.loads(each.reject["record"])}, each.files[0]) for each in records]
        known = self._known(coming)
        whose = _Whose(self._exchange, self._recipes, [each.row for each in coming])
        found = []
        for record, each in zip(records, coming, strict=True):
            id_ = known.get(each.key) or whose.id_of(each.row)
            times = _times(each.row)
            here = {"avatar_id": id_, "created_at": times["created_at"]}
            row = json.dumps({**each.row, **times, "id": id_}, ensure_ascii=False)
            found.append(record._replace(reject={**record.reject, **here, "record": row}))
        return found

    def _take(self, archive: Archive, portion: Sequence[_Coming], shard: int | None) -> Iterator[Merged]:
        """Begin with a portion, and yield those that came before it."""
        taken = frozenset(chain.from_iterable(map(_takes, portion)))
        while any(taken & each.taken for each in self._begun):  # whose they are is known only then
            yield from self._finished()
        known = self._known(portion)
        new = {each.key: each for each in reversed(portion) if each.key not in known}  # of equal ones the first
        files = PlacedFiles(self._pictures, self._exchange, self._executor, hashes=False)
        begun = _Begun(portion, list(reversed(new.values())), files, taken, shard)
        self._begun.append(begun)
        begun.files.begin(archive, self._wanted(begun.new))
        while len(self._begun) > self._ahead:
            yield from self._finished()

    def _wanted(self, new: Sequence[_Coming]) -> Iterator[Wanted]:
        whose = _Whose(self._exchange, self._recipes, [each.row for each in new])
        for each in new:
            row = {**each.row, "id": whose.id_of(each.row)}
            whose.take(row)
            yield Wanted(row["id"], row, each.files)

    def _finished(self) -> list[Merged]:
        """Add the portion that was begun first: all its rows in one transaction, once its files are there."""
        begun = self._begun[0]
        placed = {each.key: row for each, row in zip(begun.new, begun.files.finish(), strict=True)}
        with self._exchange.together() if placed else nullcontext():
            known = self._known(begun.portion)  # as it is now that nobody else writes
            results = self._add(begun.portion, known, placed, begun.files.are_there)
        new = {each.key for each, became in zip(begun.portion, results, strict=True) if became.result is Result.NEW}
        begun.files.note_named(row for key, row in placed.items() if key in new and not isinstance(row, InvalidInput))
        begun.files.close()
        self._begun.popleft()
        return [each._replace(shard=begun.shard) for each in results]

    def _known(self, portion: Sequence[_Coming]) -> dict[tuple[str, str], str]:
        """Return the avatars of those that are made already, by project and recipe."""
        by_project: dict[str, list[str]] = {}
        for project_id, recipe in (each.key for each in portion):
            by_project.setdefault(project_id, []).append(recipe)
        return {
            (project_id, recipe): known.avatar_id
            for project_id, recipes in by_project.items()
            for recipe, known in self._recipes.find(project_id, recipes).items()
            if known.status is Status.COMPLETED
        }

    def _add(
        self,
        portion: Sequence[_Coming],
        known: dict[tuple[str, str], str],
        placed: Mapping[tuple[str, str], Row | InvalidInput],
        are_there: Callable[[Row], bool],
    ) -> list[Merged]:
        """Add the rows of pictures whose files are placed; return what became of each of the portion."""
        rows = [row for row in placed.values() if not isinstance(row, InvalidInput)]
        adding = _Adding(self._exchange, self._recipes, rows)
        results: list[Merged | None] = []
        for each in portion:
            row = placed.get(each.key)
            if each.key in known:
                results.append(None)
            elif isinstance(row, InvalidInput):
                results.append(_merged(each.row, each.row["id"], Result.DAMAGED, row.message))
            elif row is None or not are_there(row):
                results.append(_merged(each.row, each.row["id"], Result.DAMAGED, _GONE))
            elif not adding.add(row):
                results.append(_merged(each.row, each.row["id"], Result.DAMAGED, _OVERTAKEN))
            else:
                known[each.key] = row["id"]
                results.append(_merged(row, row["id"], Result.NEW))
        adding.finish()
        pairs = [(known[each.key], each.row["sha256"]) for each in portion if each.key in known]
        same = self._exchange.have_pictures(pairs)
        return [
            result or _known_already(each, known[each.key], same) for each, result in zip(portion, results, strict=True)
        ]


class _Whose:
    """Of which avatars here pictures are, that come in as rows."""

    def __init__(self, exchange: Exchange, recipes: Recipes, rows: Sequence[Row]) -> None:
        by_project: dict[str, list[str]] = {}
        for row in rows:
            if row["persona_id"] is not None:
                by_project.setdefault(row["project_id"], []).append(row["persona_id"])
        self._owners = {
            (project_id, persona_id): avatar_id
            for project_id, persona_ids in by_project.items()
            for persona_id, (avatar_id, _) in recipes.find_avatars(project_id, persona_ids).items()
        }
        self._ids = exchange.ids_here(row["id"] for row in rows)

    def id_of(self, row: Row) -> str:
        """Return the id of the avatar: that of the same row of a table, else its own unless somebody else has that."""
        owner = self._owners.get((row["project_id"], row["persona_id"]))
        if owner is None and row["id"] in self._ids:
            return new_id(AVATAR)
        return owner or str(row["id"])

    def take(self, row: Row) -> None:
        """Count with a picture that is about to be there."""
        self._ids.add(row["id"])
        if row["persona_id"] is not None:
            self._owners[row["project_id"], row["persona_id"]] = row["id"]


class _Adding:
    """Adds rows in one transaction: those of avatars that are new together, others one by one."""

    def __init__(self, exchange: Exchange, recipes: Recipes, rows: Sequence[Row]) -> None:
        self._exchange = exchange
        self._whose = _Whose(exchange, recipes, rows)
        self._versions = recipes.find_versions({row["id"] for row in rows})
        self._new: list[Row] = []

    def add(self, row: Row) -> bool:
        """Add a picture, unless its avatar is another one by now; return whether it did."""
        id_ = row["id"]
        if self._whose.id_of(row) != id_:
            return False
        self._whose.take(row)
        self._versions[id_] += 1
        row = {**row, "version": self._versions[id_]}
        if row["version"] == 1:
            self._new.append(row)
        else:
            self.finish()
            self._exchange.add_picture(row)
        return True

    def finish(self) -> None:
        """Add what waits for that."""
        self._exchange.add_new(self._new)
        self._new.clear()


def _portions(coming: Iterator[_Coming]) -> Iterator[list[_Coming]]:
    """Yield portions; where no more can be read, the last one comes before the error."""
    portion: list[_Coming] = []
    try:
        for each in coming:
            portion.append(each)
            if len(portion) == _PORTION:
                yield portion
                portion = []
    except InvalidInput:
        if portion:
            yield portion
        raise
    if portion:
        yield portion


def _takes(coming: _Coming) -> Iterator[object]:
    """Yield what no other picture on its way may have: its recipe, its id and its person, in their project."""
    row = coming.row
    yield coming.key
    yield row["id"]
    if row["persona_id"] is not None:
        yield row["project_id"], "persona", row["persona_id"]


# Its generation and its use stay where it was made. So do other pictures of it: a shard makes one of each.
_OF_ITS_HOME = {"generation_id": None, "version": 1, "usage_count": 0, "last_used_at": None, "original_sha256": None}
_TIMES = ("created_at", "updated_at", "picture_at")
_NO_SHARD = "Give what avatar batch run wrote."
_OVERTAKEN = "Another picture is of the same person, or has its id, since a moment ago: merge once more."

_GONE = "It, or a file of it, was removed here a moment ago: merge once more."


def _times(row: Row) -> dict[str, str]:
    """Return when an avatar was made, if the clock of who made it can be right.

    That was after its id was made, when it was planned, and is over by now.
    """
    end = now()
    first = min(end, stored_time(datetime.fromtimestamp(made_s(row["id"]), UTC)))
    return {name: max(first, min(end, row[name])) for name in _TIMES if row.get(name) is not None}


def _known_already(coming: _Coming, avatar_id: str, same: AbstractSet[tuple[str, str]]) -> Merged:
    is_same = (avatar_id, coming.row["sha256"]) in same
    return _merged(coming.row, avatar_id, Result.KNOWN if is_same else Result.DIFFERENT)


def _merged(row: Row, avatar_id: str, result: Result, why: str | None = None) -> Merged:
    return Merged(avatar_id, row["name"], row["persona_id"], row["recipe_hash"], result, why)
