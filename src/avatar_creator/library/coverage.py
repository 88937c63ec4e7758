"""How balanced the people of a project are, or those of a persona file before any picture is made."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.casts.axes import AXES, LOCALE, axis_called
from avatar_creator.casts.quota_files import read_quotas
from avatar_creator.casts.weighting import even
from avatar_creator.domain.coverage import Coverage
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.quotas import AGE, Quotas
from avatar_creator.domain.records import Project
from avatar_creator.domain.spread import People, PeopleCount, Value, Wanted, cover, even_over_seen
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.library.generations import listed
from avatar_creator.persona_files import open_persona_file

if TYPE_CHECKING:
    from avatar_creator.app import App

_USUAL = ("gender", AGE, "ethnicity")
_COUNTED = tuple(name for name in AXES if name != LOCALE)

_Count = Callable[[Sequence[str]], Iterable[PeopleCount]]


def given_quotas(balance: Sequence[str], quota: Path | None) -> Quotas | None:
    """Return the quotas that somebody gives by axes or by a file, None for neither. Raises InvalidInput."""
    if balance and quota is not None:
        raise InvalidInput("balance and quota are both given.", hint="Leave out one of them.")
    if quota is not None:
        quotas = read_quotas(quota)
        if {*quotas.axes} == {LOCALE}:  # beside others it is left out, which is said
            raise _uncountable()
        return quotas
    if any(axis_called(name).name == LOCALE for name in listed(balance, "balance")):
        raise _uncountable()
    return even(balance) if balance else None


def _uncountable() -> InvalidInput:
    return InvalidInput("locale cannot be counted: no avatar says its locale.", hint="Leave it out.")


def cover_project(app: "App", project: Project, given: Quotas | None) -> Coverage:
    """Return the coverage of a project: by what is given, else by its casts, else even over what its people have."""
    app.recover()
    casts = [(app.counts.progress(cast), Quotas.from_json(cast.quotas)) for cast in app.casts.find(project.id)]

    def count(axes: Sequence[str]) -> Iterable[PeopleCount]:
        return app.counts.people(project.id, axes)

    if given is None and any(quotas.parts for _, quotas in casts):
        coverage = _by("casts", count, [(progress.most, quotas) for progress, quotas in casts])
    else:
        coverage = _by("given", count, [(None, given)]) if given else _by_seen(count)
    made = tuple(progress._replace(balance=quotas.axes) for progress, quotas in casts)
    return coverage._replace(name=project.name, project_id=project.id, casts=made)


def cover_file(path: Path, named: str, given: Quotas | None) -> Coverage:
    """Return the coverage of a persona file: by what is given, else even over what its people have."""
    file = open_persona_file(path, named=named, fields=FIELDS, can_map=False)
    bad = 0

    def count(axes: Sequence[str]) -> Iterable[PeopleCount]:
        nonlocal bad
        bad, people = 0, Counter[tuple[Value, ...]]()
        for row in file.rows():
            if isinstance(row, PersonaRow):
                people[tuple(_value(row, axis) for axis in axes)] += 1
            else:
                bad += 1
        return [PeopleCount(values, number) for values, number in people.items()]

    coverage = _by("given", count, [(None, given)]) if given else _by_seen(count)
    return coverage._replace(name=named, bad_rows=bad)


def _by(targets: str, count: _Count, asked: Sequence[tuple[int | None, Quotas]]) -> Coverage:
    """Return the coverage by quotas, each of so many people, or of all there are."""
    balanced = {axis for _, quotas in asked for axis in quotas.axes}
    axes = [axis for axis in _COUNTED if axis in balanced]
    tables = [tuple(a for a in part.axes if a in axes) for _, quotas in asked for part in quotas.parts]
    people = People(axes, count, [table for table in tables if len(table) > 2])  # noqa: PLR2004 - no pair
    wanted = [Wanted(people.all if number is None else number, quotas.parts) for number, quotas in asked]
    return _covered(targets, people, wanted, uncounted=tuple(axis for axis in AXES if axis in balanced - {*axes}))


def _by_seen(count: _Count) -> Coverage:
    """Return how far people are from even over the values that they have, of the usual axes or, without any, of all."""
    people = People(_USUAL, count)
    said = [axis for axis in _USUAL if people.saying((axis,))]
    if not said and people.all:
        people = People(_COUNTED, count)
        said = [axis for axis in _COUNTED if people.saying((axis,))]
    if len(said) < len(people.axes):
        people = People(said, count)
    return _covered("seen", people, even_over_seen(people))


def _covered(targets: str, people: People, wanted: Sequence[Wanted], uncounted: tuple[str, ...] = ()) -> Coverage:
    spreads = tuple(cover(people, wanted))
    left_out = [" x ".join(names) for names in people.by if names not in {spread.axes for spread in spreads}]
    return Coverage("", None, people.all, targets, (), spreads, (*uncounted, *left_out))


def _value(row: PersonaRow, axis: str) -> Value:
    if axis == AGE:
        age = row.persona.age
        return row.attributes.age_range if age is None else age
    value: str | None = getattr(row.attributes, axis)
    return value
