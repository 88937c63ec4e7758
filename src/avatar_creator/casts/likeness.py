"""Quotas as the people of a persona file have them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from avatar_creator.casts.axes import LOCALE, axis_called
from avatar_creator.casts.weighting import CELLS_MOST, weighted
from avatar_creator.domain.age_ranges import KNOWN, Years, read_years
from avatar_creator.domain.persona_row import BadRow, PersonaRow
from avatar_creator.domain.quotas import AGE, Quotas
from avatar_creator.domain.text import fold, shown
from avatar_creator.errors import InvalidInput


class Likeness(NamedTuple):
    """The joint distribution of people over axes.

    ``rows`` are those that it is of; ``lacking`` are how many others have no value, by axis; ``bad_rows`` cannot be
    read at all.
    """

    quotas: Quotas
    rows: int
    lacking: Mapping[str, int]
    bad_rows: int = 0


def quotas_like(rows: Iterable[PersonaRow | BadRow], axes: Sequence[str], ages: Sequence[str] = ()) -> Likeness:
    """Return how people are distributed over axes; ages in years by age range, or by ``ages`` such as 18-24 and 65+.

    Raises InvalidInput where no row has a value for each axis, and for more combinations than a cast is allocated by.
    """
    names = [axis_called(axis).name for axis in axes]
    groups = _groups(ages)
    cells: Counter[tuple[str, ...]] = Counter()
    lacking: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    bad_rows = 0
    for row in rows:
        if isinstance(row, BadRow):
            bad_rows += 1
            continue
        values = [_value(row, name, groups) for name in names]
        lacking.update(name for name, value in zip(names, values, strict=True) if not value)
        if all(values):
            cells[tuple(spellings.setdefault(fold(value), value) for value in values if value)] += 1
            if len(cells) > CELLS_MOST:
                raise InvalidInput(
                    f"The file has more than {CELLS_MOST:,} combinations of {', '.join(names)}.",
                    hint="Name fewer axes.",
                )
    if not cells:
        raise InvalidInput(
            f"No row of the file says {' and '.join(names)}.", hint="Name the axes that it has, with --balance."
        )
    return Likeness(Quotas((weighted(names, dict(cells.most_common())),)), cells.total(), dict(lacking), bad_rows)


def _groups(ages: Sequence[str]) -> Mapping[str, Years]:
    groups = {}
    for text in ages:
        years = read_years(text)
        if years is None:
            raise InvalidInput(f"The age group {shown(text)} is no age.", hint="Such as: 18-24, 25-44, 45+.")
        groups[text] = years
    return groups


def _value(row: PersonaRow, axis: str, groups: Mapping[str, Years]) -> str | None:
    if axis == LOCALE:
        return next((cell.strip() for name, cell in row.cells.items() if fold(name) == LOCALE), None)
    if axis != AGE:
        value: str | None = getattr(row.attributes, axis)
        return value
    age, text = row.persona.age, row.attributes.age_range
    years = Years(age, age) if age is not None else read_years(text or "")
    if years is None:
        return None
    if not groups:
        if age is None:
            return text
        return next(name for name, known in reversed(KNOWN.items()) if years.least >= known.least)
    return next(
        (name for name, group in groups.items() if group.least <= years.least <= years.most <= group.most), None
    )
