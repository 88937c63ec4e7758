"""What was made of a shard, taken into a library: a picture is known by its recipe, and each is taken once.

Whoever made it, where, when and how often does not matter, and neither do clocks. What is here stays as it is.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from avatar_creator.archives.layout import RECORD_BYTES_MOST, RECORDS, AvatarRecord, RejectRecord
from avatar_creator.archives.reading import Archive
from avatar_creator.domain.records import Status
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.files import PlacedFiles, Wanted
from avatar_creator.imports.records import ProjectLine, read_lines
from avatar_creator.storage.exchange import Exchange, Row
from avatar_creator.storage.ids import AVATAR, new_id
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.recipes import Known, Recipes

_PORTION = 200  # avatars whose rows are added together, once all their files are there


class Result(StrEnum):
    """What became of a picture of a shard."""

    NEW = "new"
    KNOWN = "known"  # its recipe was made before, with the same bytes
    DIFFERENT = "different"  # its recipe was made before, with other bytes: the first stays
    DAMAGED = "damaged"


class Merged(NamedTuple):
    """A picture of a shard, as its avatar is here; ``why`` says what is wrong with one that is damaged."""

    avatar_id: str
    name: str
    persona_id: str | None
    recipe: str
    result: Result
    why: str | None = None


class _Coming(NamedTuple):
    """A picture that is taken in: its row as it is to be here, and where its files are."""

    row: Row
    files: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str]:
        return self.row["project_id"], self.row["recipe_hash"]


class ShardImport:
    """Adds what shards have. Each picture is added whole or not at all; killed, the same command goes on."""

    def __init__(self, exchange: Exchange, recipes: Recipes, pictures: PictureStore) -> None:
        self._exchange = exchange
        self._recipes = recipes
        self._pictures = pictures

    def run(self, archive: Archive, project_id: str | None) -> Generator[Merged, None, None]:
        """Yield each picture as it is taken, or was; into one project, or into those that it was planned for.

        Raises InvalidInput where the records are damaged; what was yielded before is taken.
        """
        coming = self._coming(archive, project_id)
        while portion := list(islice(coming, _PORTION)):
            yield from self._take(archive, portion)

    def _coming(self, archive: Archive, project_id: str | None) -> Iterator[_Coming]:
        projects: dict[str, str] = {}
        lines = archive.lines(RECORDS, RECORD_BYTES_MOST)
        for line in read_lines(lines, f"{archive.said}: {RECORDS}", self._exchange.tables):
            match line:
                case ProjectLine(project):
                    projects[project["id"]] = project_id or self._exchange.add_project(project)
                case AvatarRecord(avatar=avatar):
                    if avatar["recipe_hash"] is None:
                        raise InvalidInput(f"{archive.said}: {avatar['id']} was made of no row.", hint=_NO_SHARD)
                    here = {**_OF_ITS_HOME, "project_id": projects[avatar["project_id"]]}
                    yield _Coming({**avatar, **here}, line.files[0])
                case RejectRecord():
                    pass

    def _take(self, archive: Archive, portion: Sequence[_Coming]) -> list[Merged]:
        """Add pictures: their files while others may write, then all rows in one transaction."""
        known = self._known(portion)
        wanted = {each.key: each for each in reversed(portion) if each.key not in known}  # of equal ones the first
        wanted = {key: self._as_here(each) for key, each in wanted.items()} if wanted else wanted
        if not wanted:
            return [self._known_already(each, known) for each in portion]
        with PlacedFiles(archive, self._pictures, self._exchange) as files:
            placed = dict(
                zip(wanted, files.place([Wanted(e.row["id"], e.row, e.files) for e in wanted.values()]), strict=True)
            )
            with self._exchange.together():
                known = self._known(portion)  # as it is now that nobody else writes
                return [self._add(each, known, placed) for each in portion]

    def _as_here(self, coming: _Coming) -> _Coming:
        """Return a picture with the id of the avatar that it becomes one of here."""
        row = coming.row
        owner = self._owner(row)
        if owner is None and self._exchange.name_of(row["id"]) is not None:  # of somebody else
            owner = new_id(AVATAR)
        return coming if owner is None else coming._replace(row={**row, "id": owner})

    def _owner(self, row: Row) -> str | None:
        """Return the avatar here that is of the same row of a table, which says something else now."""
        id_ = row["persona_id"]
        return None if id_ is None else self._recipes.find_avatars(row["project_id"], [id_]).get(id_, (None,))[0]

    def _known(self, portion: Sequence[_Coming]) -> dict[tuple[str, str], Known]:
        by_project: dict[str, list[str]] = {}
        for project_id, recipe in (each.key for each in portion):
            by_project.setdefault(project_id, []).append(recipe)
        return {
            (project_id, recipe): known
            for project_id, recipes in by_project.items()
            for recipe, known in self._recipes.find(project_id, recipes).items()
            if known.status is Status.COMPLETED
        }

    def _known_already(self, coming: _Coming, known: Mapping[tuple[str, str], Known]) -> Merged:
        here = known[coming.key].avatar_id
        is_same = coming.row["sha256"] in self._exchange.sha256s_of(here)
        return _merged(coming.row, here, Result.KNOWN if is_same else Result.DIFFERENT)

    def _add(
        self,
        coming: _Coming,
        known: dict[tuple[str, str], Known],
        placed: Mapping[tuple[str, str], Row | InvalidInput],
    ) -> Merged:
        if coming.key in known:
            return self._known_already(coming, known)
        row = placed[coming.key]
        if isinstance(row, InvalidInput):
            return _merged(coming.row, coming.row["id"], Result.DAMAGED, row.message)
        if self._as_here(coming._replace(row=row)).row["id"] != row["id"]:
            said = "Another picture is of the same person, or has its id, since a moment ago."
            return _merged(coming.row, coming.row["id"], Result.DAMAGED, said)
        versions = self._recipes.find_versions([row["id"]])
        self._exchange.add_picture({**row, "version": versions[row["id"]] + 1})
        known[coming.key] = Known(row["id"], 1)
        return _merged(row, row["id"], Result.NEW)


# Its generation and its use stay where it was made. So do other pictures of it: a shard makes one of each.
_OF_ITS_HOME = {"generation_id": None, "version": 1, "usage_count": 0, "last_used_at": None}
_NO_SHARD = "Give what avatar batch run wrote."


def _merged(row: Row, avatar_id: str, result: Result, why: str | None = None) -> Merged:
    return Merged(avatar_id, row["name"], row["persona_id"], row["recipe_hash"], result, why)
