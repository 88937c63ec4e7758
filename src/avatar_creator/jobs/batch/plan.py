"""What would be made of a persona file: all its rows are read and checked before anything is made."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from avatar_creator.domain.batch import State, Warned
from avatar_creator.domain.persona_row import BadRow, PersonaRow
from avatar_creator.domain.price import Cost, total
from avatar_creator.domain.text import fold
from avatar_creator.jobs.batch.outcomes import Planned
from avatar_creator.jobs.batch.rows import Duplicate, Rows, Wanted
from avatar_creator.jobs.batch.states import Found, Policy, find_states
from avatar_creator.storage.recipes import Recipes

PORTION = 500  # pictures that are looked up at once
LISTED = 1000  # of what would be made, of bad rows and of duplicates
_CHANGES = frozenset([State.CHANGED, State.EARLIER])


class Renamed(NamedTuple):
    """A row with the id of an avatar that is of somebody else until now, by its name."""

    row: PersonaRow
    before: str


@dataclass(slots=True)
class BatchPlan:
    """What a batch would do: ``states`` counts its pictures, ``to_make`` are the first of those that it would make.

    ``engines`` are those that are asked, and those that are fallen back to; ``sharers`` are the entries of the first
    that share pictures.
    ``warnings`` are of the first ``checked``. ``replaced`` counts pictures of other engines, by engine, that earlier
    ones of the same avatars take the place of. It would go on with the batch ``continued``, which was to make again
    what was made, and was interrupted.
    """

    rows: int = 0
    states: Counter[State] = field(default_factory=Counter)
    to_make: list[Found] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    bad_rows: int = 0
    duplicates: list[Duplicate] = field(default_factory=list)
    duplicate_rows: int = 0
    renamed: list[Renamed] = field(default_factory=list)
    renamed_rows: int = 0
    replaced: Counter[str] = field(default_factory=Counter)
    cost: Cost | None = None
    most: Cost | None = None  # if each picture fails its check as often as it may
    why_engine: str | None = None
    engines: set[str] = field(default_factory=set)
    sharers: list[Mapping[str, Any]] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    checked: int = 0
    continued: str | None = None
    noun: str = "Row"  # what its rows are called
    beside: str = ""  # the option that makes them beside avatars of the same ids

    @property
    def pictures(self) -> int:
        return self.states.total()

    @property
    def made(self) -> int:
        """How many it would make."""
        return sum(count for state, count in self.states.items() if state.is_made)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "pictures": self.pictures,
            "to_make": self.made,
            "states": {state.value: self.states[state] for state in State},
            "bad_rows": self.bad_rows,
            "duplicate_rows": self.duplicate_rows,
            "cost": None if self.cost is None else self.cost.as_json(),
            "bad": [bad_json(row) for row in self.bad],
            "duplicates": [{"row": each.row.number, "of": each.of} for each in self.duplicates],
            "first": [found_json(found) for found in self.to_make],
            "warnings": [{"row": each.row, "warnings": list(each.warnings)} for each in self.warnings],
        }


def bad_json(row: BadRow) -> dict[str, Any]:
    return {"row": row.number, "problems": [problem._asdict() for problem in row.problems]}


def found_json(found: Found) -> dict[str, Any]:
    wanted = found.wanted
    return {
        "row": wanted.row.number,
        "n": wanted.n,
        "state": found.state.value,
        "avatar_id": found.avatar_id,
        "persona": wanted.row.persona.as_json(),
        "attributes": wanted.row.attributes.as_json(),
        "prompt": wanted.row.prompt,
        "seed": wanted.seed,
        "preset": wanted.row.choices.get("preset"),
    }


class Planner:
    """Plans batches of one home; ``recipes`` is None where there is no home yet.

    ``find_project`` returns the id of a project by its name, None where it is made on first use.
    """

    def __init__(self, recipes: Recipes | None, policy: Policy, *, find_project: Callable[[str], str | None]) -> None:
        self._recipes = recipes
        self._policy = policy
        self._find_project = find_project
        self._projects: dict[str, str | None] = {}

    def plan(self, reading: Rows, on_rows: Callable[[Sequence[Planned]], None]) -> BatchPlan:
        """Read all rows, and return what would be made; ``on_rows`` gets each row or picture, some hundred at once."""
        plan, costs, most = BatchPlan(), Counter[Cost](), Counter[Cost]()
        for portion in in_portions(reading, PORTION):
            found = self._found(portion)
            for each in found:
                _count(plan, each, costs, most)
            self._find_renamed(plan, found)
            self._find_replaced(plan, found)
            on_rows(found)
        plan.cost, plan.most = total(costs), total(most)
        return plan

    def _find_renamed(self, plan: BatchPlan, planned: Sequence[Planned]) -> None:
        """Note rows whose avatars become other people: most often those of another file with the same ids."""
        changed = [each for each in planned if isinstance(each, Found) and each.state in _CHANGES and each.avatar]
        if not changed or self._recipes is None:
            return
        names = self._recipes.find_persona_names([each.avatar_id for each in changed if each.avatar_id])
        for each in changed:
            row, before = each.wanted.row, names.get(each.avatar_id or "")
            if before and row.persona.name and fold(before) != fold(row.persona.name):
                plan.renamed_rows += 1
                if len(plan.renamed) < LISTED:
                    plan.renamed.append(Renamed(row, before))

    def _find_replaced(self, plan: BatchPlan, planned: Sequence[Planned]) -> None:
        """Count pictures that another engine made since, as `upgrade` does: those of rows are made by this one."""
        earlier = [
            each
            for each in planned
            if isinstance(each, Found) and each.state is State.EARLIER and each.wanted.row.replaces is None
        ]
        if not earlier or self._recipes is None:
            return
        engines = self._recipes.find_engines([each.avatar_id for each in earlier if each.avatar_id])
        by = [(engines.get(each.avatar_id or ""), each.wanted.means.engine) for each in earlier]
        plan.replaced.update(engine for engine, own in by if engine and engine != own)

    def _found(self, portion: Sequence[Wanted | Duplicate | BadRow]) -> list[Planned]:
        wanted = [each for each in portion if isinstance(each, Wanted)]
        found = iter(self.states(wanted))
        return [next(found) if isinstance(each, Wanted) else each for each in portion]

    def states(self, wanted: Sequence[Wanted]) -> list[Found]:
        """Return what is so of pictures, in their order."""
        found: dict[int, Found] = {}
        for name in dict.fromkeys(each.means.project for each in wanted):
            own = [(place, each) for place, each in enumerate(wanted) if each.means.project == name]
            states = self._states_in(name, [each for _, each in own])
            found.update(zip((place for place, _ in own), states, strict=True))
        return [found[place] for place in range(len(wanted))]

    def _states_in(self, project: str, wanted: Sequence[Wanted]) -> list[Found]:
        id_ = self._project_id(project)
        if self._recipes is None:
            return [Found(each, State.NEW, None, None) for each in wanted]
        return find_states(self._recipes, id_, wanted, self._policy)

    def _project_id(self, name: str) -> str | None:
        if name not in self._projects:
            self._projects[name] = self._find_project(name)
        return self._projects[name]


def _count(plan: BatchPlan, each: Planned, costs: Counter[Cost], most: Counter[Cost]) -> None:
    if isinstance(each, BadRow):
        plan.rows += 1
        plan.bad_rows += 1
        if len(plan.bad) < LISTED:
            plan.bad.append(each)
    elif isinstance(each, Duplicate):
        if each.n > 1:  # of a row whose first picture was counted
            return
        plan.rows += 1
        plan.duplicate_rows += 1
        if len(plan.duplicates) < LISTED:
            plan.duplicates.append(each)
    else:
        plan.engines.update(each.wanted.means.makers.engines)
        plan.sharers = plan.sharers or each.wanted.means.makers.sharers
        plan.rows += each.wanted.n == 1
        plan.states[each.state] += 1
        plan.continued = each.made_again_by or plan.continued
        plan.why_engine = plan.why_engine or each.wanted.means.why_engine
        if each.state.is_made:
            means = each.wanted.means
            for counted, cost in ((costs, means.cost), (most, means.most)):
                if cost is not None:
                    counted[cost] += 1
            if len(plan.to_make) < LISTED:
                plan.to_make.append(each)


def in_portions(items: Iterable[Wanted | Duplicate | BadRow], size: int) -> Iterator[list[Wanted | Duplicate | BadRow]]:
    portion: list[Wanted | Duplicate | BadRow] = []
    for item in items:
        portion.append(item)
        if len(portion) >= size:
            yield portion
            portion = []
    if portion:
        yield portion
