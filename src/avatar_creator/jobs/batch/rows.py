"""The pictures that rows ask for: those of a persona file, or people who are computed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple

from avatar_creator.domain.persona_row import BadRow, PersonaRow, PersonaRows, PlannedPicture, Problem
from avatar_creator.domain.place import Place
from avatar_creator.domain.request import seeds_from
from avatar_creator.domain.row_key import derived_seed, persona_id_of, row_key
from avatar_creator.errors import InvalidInput
from avatar_creator.jobs.batch.means import Means, MeansFinder

_DIGEST = 16  # bytes: of a billion rows that differ no two have the same


class Wanted(NamedTuple):
    """One picture that a row asks for: its ``n``-th, counted from 1. ``persona_id`` is that of its avatar.

    ``place`` is where its copy goes. One that ``was_awaited`` was made for another row or batch in the meantime.
    """

    row: PersonaRow
    n: int
    seed: int
    recipe: str
    persona_id: str | None
    means: Means
    place: Place | None = None
    was_awaited: bool = False

    @property
    def avatar_id(self) -> str | None:
        """The avatar that it becomes a picture of where its project has none for it; None: a new one."""
        return None if self.row.planned is None else self.row.planned.avatar_id

    @property
    def has_stand_in(self) -> bool:
        """Whether its avatar has a picture by an engine that may make it: where none before that one can, it stays."""
        replaced, means = self.row.replaces, self.means
        return bool(means.makers.fallback) and replaced is not None and replaced.engine in means.makers.engines

    @property
    def fallback(self) -> Sequence[Mapping[str, Any]] | None:
        """What is asked where its engine fails, before the engine of the picture that stands in; None: nothing."""
        if self.row.replaces is None or not self.has_stand_in:
            return self.means.makers.fallback or None
        before = self.means.makers.engines.index(self.row.replaces.engine)
        return self.means.makers.fallback[: max(before - 1, 0)]


class Duplicate(NamedTuple):
    """A row that says the same as the row of the number ``of``: its picture is that one's, of the same ``n``."""

    row: PersonaRow
    of: int
    n: int


Rows = Iterable[Wanted | Duplicate | BadRow]


class Reading:
    """One reading of rows, one by one: only digests of what was read are held in memory."""

    def __init__(
        self,
        rows: PersonaRows,
        fill: Callable[[PersonaRow], PersonaRow | BadRow],
        means: MeansFinder,
        *,
        seed: int,
        keep_duplicates: bool,
    ) -> None:
        """``fill`` returns a row with the values of its preset."""
        self._rows = rows
        self._fill = fill
        self._means = means
        self._seed = seed
        self._duplicates = keep_duplicates
        self._seen: dict[bytes, int] = {}  # the numbers of the first rows that say something, by its digest
        self._pictures: dict[bytes, int] = {}  # of those that are kept though they are equal

    def __iter__(self) -> Iterator[Wanted | Duplicate | BadRow]:
        for said in self._rows.rows():
            row = said if isinstance(said, BadRow) else self._fill(said)
            if isinstance(row, BadRow):
                yield row
                continue
            if row.planned is not None:
                yield self._as_planned(row, row.planned)
                continue
            try:
                yield from self._of(row, self._means.find(row))
            except InvalidInput as error:
                if not row.choices:
                    self._means.check()  # which is not said of each row
                yield BadRow(row.number, row.cells, (Problem(None, None, error.message),))

    def _as_planned(self, row: PersonaRow, planned: PlannedPicture) -> Wanted:
        """Return the picture that was planned. Raises InvalidInput where it would be another one here."""
        means = self._means.find(row)
        recipe = means.recipe(row_key(row, means.wording), planned.seed)
        if recipe != planned.recipe:
            raise InvalidInput(
                f"Row {row.number:,} would be another picture here than it was planned: engine {means.engine}, model"
                f" {means.plan.model}.",
                hint="Make the plan anew with this version of avatar and its engines: avatar batch plan",
            )
        return Wanted(row, planned.n, planned.seed, recipe, planned.persona_id, means)

    def _of(self, row: PersonaRow, means: Means) -> Iterator[Wanted | Duplicate]:
        key = row_key(row, means.wording)
        first = row.choices.get("seed") or self._derived_seed(row, key)
        recipe = means.recipe(key, first)
        if row.replaces is not None:
            yield Wanted(row, 1, first, recipe, row.replaces.persona_id, means, row.replaces.place)
            return
        count, had = row.choices.get("count") or 1, 0
        before_n = row.copy * count
        if row.persona_id is None:  # the ids of a file differ
            digest = _digest(recipe, row)
            before = self._seen.setdefault(digest if count == 1 else _digest(recipe, row, count), row.number)
            if before != row.number and not self._duplicates:
                yield Duplicate(row, before, before_n + 1)
                return
            had = self._pictures.get(digest, 0)
            if self._duplicates:
                self._pictures[digest] = had + count
        for n, seed in enumerate(islice(seeds_from(first), had, had + count), start=1):
            own = recipe if seed == first else means.recipe(key, seed)
            persona_id = None if row.persona_id is None else persona_id_of(row.persona_id, n)
            yield Wanted(row, before_n + n, seed, own, persona_id, means)

    def _derived_seed(self, row: PersonaRow, key: str) -> int:
        base = row.base
        if base is None:
            return derived_seed(self._seed, row, key)
        if base.persona_id is None:
            key = row_key(base, self._means.builder.wording(base))
        return derived_seed(self._seed, base, key)


def _digest(recipe: str, row: PersonaRow, count: int = 1) -> bytes:
    """Return what only a row has that asks for the same picture in the same project, and as many with other seeds."""
    project = row.choices.get("project")
    if project is None and count == 1:
        return bytes.fromhex(recipe)[:_DIGEST]
    return sha256(f"{recipe}/{project or ''}/{count}".encode()).digest()[:_DIGEST]
