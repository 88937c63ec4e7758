"""How batches are shown: what their files are, what would be made, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.reports import shared_by
from avatar_creator.cli.render.widgets import row, table
from avatar_creator.domain.batch import Result, RowOutcome, State, Warned
from avatar_creator.domain.text import counted, shown, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.cli.render.output import Output
    from avatar_creator.domain.persona_row import BadRow, PersonaRows
    from avatar_creator.jobs.batch.plan import BatchPlan
    from avatar_creator.jobs.batch.states import Found

_STATES: Mapping[State, str] = {
    State.NEW: "new",
    State.CHANGED: "changed",
    State.AGAIN: "made again",
    State.UNFINISHED: "begun before",
    State.EXISTS: "made before",
    State.EARLIER: "an earlier version",
    State.WAITING: "queued or made by others",
    State.FAILED: "failed before",
    State.FELL_BACK: "made by another engine before",
}
_OF_AVATARS: Mapping[State, str] = {**_STATES, State.CHANGED: "to replace"}
_RESULTS: Mapping[Result, str] = {
    Result.MADE: "made",
    Result.EXISTS: "made before",
    Result.RESTORED: "restored",
    Result.LEFT: "left as before",
    Result.QUEUED: "queued",
    Result.FAILED: "failed",
    Result.CANCELLED: "cancelled",
    Result.DUPLICATE: "the same as others",
    Result.BAD: "bad",
}


_PERSON, _PICTURE = "Person", "Picture"  # what the rows of a cast are called, and those of an upgrade
_NAMED = 20  # rows that are bad, or say the same, in sentences
_NAMED_AS_EXAMPLES = 3  # rows that rename avatars: with the ids of another file all of them do
_DRAWN = 20  # pictures that would be made, in a table
_ROWS = 5  # that are named beside a sentence that holds for more
_NO_PICTURES = {Result.DUPLICATE, Result.BAD}


# -- before


def found_in(people: "PersonaRows", plan: "BatchPlan") -> Iterator[str]:
    """Yield what is said of rows first: sentences."""
    yield people.introduced(plan.rows)
    yield from people.remarks
    words = _words(plan)
    states = ", ".join(f"{plan.states[state]:,} {words[state]}" for state in State if plan.states[state])
    states = f" ({states})" if states else ""
    yield f"To make: {plan.made:,} of {counted(plan.pictures, 'picture')}{states}{_cost(plan)}."
    if plan.sharers and plan.made:
        yield shared_by(plan.sharers)
    changed = plan.states[State.CHANGED]
    if changed and plan.noun == _PERSON:
        avatars = "one avatar of it gets" if changed == 1 else f"{changed:,} avatars of it get"
        yield (
            f"This cast is there already: {avatars} another picture, and the one before stays as an earlier version."
            f" For another cast beside it: {plan.beside}"
        )
    if plan.continued:
        yield "An earlier --again did not come to its end: this goes on with it, and makes nothing of it a second time."


def _words(plan: "BatchPlan") -> Mapping[State, str]:
    """Return what states are called: those of the pictures that avatars have, or those of rows."""
    return _OF_AVATARS if plan.noun == _PICTURE else _STATES


def _cost(plan: "BatchPlan") -> str:
    if plan.cost is None:
        return ""
    paid = plan.cost.pictures
    some = "" if paid == plan.made else f", {counted(paid, 'picture')} paid for"
    return f"{some}, {plan.cost.amount}"


def wrong_in(plan: "BatchPlan") -> Iterator[str]:
    """Yield what is wrong with rows: sentences."""
    for each in plan.duplicates[:_NAMED]:
        yield f"Row {each.row.number} says the same as row {each.of}, and gets the same avatar."
    yield from _more(plan.duplicate_rows - _NAMED, "row that says the same", "rows that say the same")
    yield from _renamed(plan)
    for engine, count in plan.replaced.items():
        pictures = counted(count, f"picture by {engine} is", f"pictures by {engine} are")
        yield f"{pictures} replaced by an earlier version. To leave them: --engine {engine}"
    warnings = RowWarnings(plan.noun)
    for warned in plan.warnings:
        warnings.add(warned)
    yield from warnings.said()
    if plan.warnings and plan.made > plan.checked:
        first = f"the first {plan.checked:,} of {plan.made:,} pictures"
        yield f"These are of {first}; of the others it is said once they are made."
    for bad in plan.bad[:_NAMED]:  # last, beside the error that they are
        yield from _bad(bad, plan.noun)
    yield from _more(plan.bad_rows - _NAMED, "bad row", "bad rows")


def _renamed(plan: "BatchPlan") -> Iterator[str]:
    for person, before in plan.renamed[:_NAMED_AS_EXAMPLES]:
        id_, name = visible(str(person.persona_id)), visible(str(person.persona.name))
        if plan.noun == _PERSON:
            yield f"Person {person.number} is {visible(before)} so far, and becomes {name}."
            continue
        yield f"Row {person.number} has the id {id_}, whose avatar is {visible(before)} so far, and makes it {name}."
    noun = plan.noun.lower()
    several = "people who rename avatars" if plan.noun == _PERSON else "rows that rename avatars"
    yield from _more(plan.renamed_rows - _NAMED_AS_EXAMPLES, f"{noun} that renames an avatar", several)
    if plan.renamed and plan.noun != _PERSON:
        yield f"Where these are other people, their ids are taken: {plan.beside} has ids of its own."


def _bad(bad: "BadRow", noun: str) -> Iterator[str]:
    for problem in bad.problems:
        where = f", {problem.column}" if problem.column is not None else ""
        value = f" {shown(problem.value)}" if problem.value is not None else ""
        yield f"{noun} {bad.number}{where}{value}: {problem.message}"


def _more(count: int, one: str, many: str) -> Iterator[str]:
    if count > 0:
        yield f"And {count:,} more {one if count == 1 else many}."


def plan_table(plan: "BatchPlan") -> "RenderableType":
    rows = table(">row", "state", "name", "who", ">seed")
    for found in plan.to_make[:_DRAWN]:
        wanted = found.wanted
        row(rows, wanted.row.number, _words(plan)[found.state], wanted.row.persona.name, _who(found), wanted.seed)
    return rows


def found_line(found: "Found") -> Sequence[object]:
    wanted = found.wanted
    return wanted.row.number, found.state.value, wanted.row.persona.name, _who(found), wanted.seed, found.avatar_id


def _who(found: "Found") -> str:
    asked = found.wanted.row
    preset = asked.choices.get("preset")
    said = (
        None if preset is None else f"preset {preset}",
        asked.persona.age,
        *(value for _, value in asked.attributes.given()),
        asked.prompt,
    )
    return ", ".join(str(each) for each in said if each is not None)


def more_in(plan: "BatchPlan") -> Iterator[str]:
    """Yield how many the table leaves out, if any."""
    if plan.made > _DRAWN:
        yield f"These are the first {_DRAWN} of {plan.made:,}."


# -- what became of it


def print_outcomes(out: "Output", outcomes: Iterable[RowOutcome], *, detached: bool) -> None:
    """Print how pictures ended: where only ids are wanted those that there are, or of what can be waited for."""
    if out.quiet:
        outcomes = (each for each in outcomes if each.id and (each.result is Result.QUEUED) == detached)
    out.records(outcomes, outcome_line, failed_table)


def outcome_line(outcome: RowOutcome) -> Sequence[object]:
    error = outcome.error
    return (
        outcome.row,
        outcome.result.value,
        outcome.avatar_id,
        outcome.path,
        outcome.seed,
        error.message if error else None,
        outcome.picture,
    )


def failed_table(failed: Sequence[RowOutcome]) -> "RenderableType":
    rows = table(">row", "name", "why")
    for outcome in failed:
        row(rows, outcome.row, outcome.name, outcome.error.message if outcome.error else outcome.result.value)
    return rows


def where(copies: str | None, manifest: str | None) -> str:
    """Say where pictures and rows are: ``copies`` is the folder of those of pictures, if there are any."""
    pictures = "" if copies is None else f"The copies are in {'this folder' if copies == '.' else visible(copies)}"
    rows = "" if manifest is None else f"{', all rows' if pictures else 'All rows are'} in {visible(manifest)}"
    return f"{pictures}{rows}." if pictures or rows else "See them: avatar list"


class RowWarnings:
    """Collects what is to be minded of rows, ``but`` what was said before: each sentence once, with its rows."""

    def __init__(self, noun: str, but: Sequence[Warned] = ()) -> None:
        self._noun = noun
        self._before = {(each.row, said) for each in but for said in each.warnings}
        self._rows = dict[str, list[int]]()  # the first few of each sentence
        self._counts = Counter[str]()
        self._more = 0

    def add(self, each: Warned | RowOutcome) -> None:
        for said in each.warnings:
            if (each.row, said) in self._before:
                continue
            if said not in self._rows and len(self._rows) >= _NAMED:
                self._more += 1
                continue
            rows = self._rows.setdefault(said, [])
            if each.row in rows:  # another picture of it
                continue
            self._counts[said] += 1
            if len(rows) < _ROWS:
                rows.append(each.row)

    def said(self) -> Iterator[str]:
        """Yield them: sentences."""
        for said, rows in self._rows.items():
            more = self._counts[said] - len(rows)
            named = ", ".join(map(str, rows)) + (f" and {more:,} more" if more else "")
            nouns = "People" if self._noun == _PERSON else f"{self._noun}s"
            yield f"{nouns if len(rows) > 1 else self._noun} {named}: {said}"
        yield from _more(self._more, "warning", "warnings")


class BatchTally:
    """Counts how the pictures of a batch ended, and what a service charged for."""

    def __init__(self, plan: "BatchPlan") -> None:
        self.plan = plan
        self.results: Counter[Result] = Counter()
        self.charged = 0
        self.instead = 0  # by another engine than the one that was asked

    def add(self, outcome: RowOutcome) -> None:
        self.results[outcome.result] += 1
        self.charged += outcome.charged
        self.instead += outcome.is_instead

    @property
    def left(self) -> int:
        """How many pictures have not ended."""
        ended = sum(count for result, count in self.results.items() if result not in _NO_PICTURES)
        return max(self.plan.pictures - ended, 0)


def summary(tally: BatchTally) -> str:
    """Say how many ended how."""
    parts = [f"{tally.results[result]:,} {_RESULTS[result]}" for result in Result if tally.results[result]]
    if tally.instead:
        parts.insert(1, f"{tally.instead:,} of them by another engine")
    if tally.left:
        parts.append(f"{tally.left:,} left")
    return f"{', '.join(parts) or 'Nothing to make'}."
