"""What a user says of a cast, as the people that it is to have."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from avatar_creator import casts
from avatar_creator.casts.axes import AXES, LOCALE, axis_called, value_called
from avatar_creator.casts.likeness import quotas_like
from avatar_creator.casts.quota_files import read_quotas
from avatar_creator.casts.weighting import even, in_order
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.exclusions import EXCLUDED_BY, excluded
from avatar_creator.domain.persona_row import PersonaRows
from avatar_creator.domain.quotas import AGE, Quota, Quotas
from avatar_creator.domain.text import counted, fold, shown, visible
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.library.crossing import Crossed
from avatar_creator.library.generations import listed
from avatar_creator.library.request_builder import given_twice
from avatar_creator.persona_files import AS_OF, open_persona_file
from avatar_creator.persona_files.crossing import texts_of
from avatar_creator.persona_files.values import constants_of

BALANCED = ("gender", AGE, "ethnicity")  # where nothing else is said


class Balance(NamedTuple):
    """What people are balanced by, and what is to be said of it, in sentences."""

    quotas: Quotas
    remarks: tuple[str, ...]


class CastOptions(NamedTuple):
    """Values by axis: people are balanced over ``several``, all have one that is ``fixed``, chance takes ``picked``."""

    fixed: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]
    picked: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, values: Crossed, pick: Crossed) -> "CastOptions":
        """Return the values of axes by name in any spelling. Raises InvalidInput."""
        given = _by_axis(values)
        fixed = {axis: options[0] for axis, options in given.items() if len(options) == 1}
        several = {axis: options for axis, options in given.items() if len(options) > 1}
        picked = _by_axis(pick)
        for axis in picked:
            if axis in given:
                raise InvalidInput(f"The values of {axis} are given twice.", hint="Leave out one of the two.")
        return cls(fixed, several, picked)

    def balance(
        self,
        axes: Sequence[str] | None,
        quota: Path | str | None,
        like: Path | str | None,
        crossed: Collection[str],
    ) -> Balance:
        """Return what the people are balanced by. Raises InvalidInput, also for fields ``crossed`` that it decides."""
        is_usual = axes is None and quota is None and like is None
        free = [axis for axis in BALANCED if axis not in self.fixed and axis not in self.picked]
        several = dict(self.several)
        ages = several.pop(AGE, ()) if like is not None else ()
        named = free if is_usual else [_axis(name) for name in listed(axes or (), "balance")]
        given = [_normalised(part) for part in read_quotas(path_of("quota", quota)).parts] if quota is not None else []
        decided = {*named, *several, *self.fixed, *self.picked, *Quotas(tuple(given)).axes}
        names = [*named, *(axis for axis in several if axis not in named)]
        parts = [*even(names, _possible_beside(decided) | several).parts, *given]
        remarks: tuple[str, ...] = ()
        if like is not None:
            decided = {axis for part in parts for axis in part.axes}
            found, remarks = _like(like, [axis for axis in free if axis not in decided], ages)
            parts += found.parts
        quotas = in_order(parts)
        self._check(quotas, () if is_usual else quotas.axes, crossed)
        return Balance(quotas, remarks)

    def _check(self, quotas: Quotas, named: Collection[str], crossed: Collection[str]) -> None:
        """Raise InvalidInput for an axis that is decided twice: an even balance that is usual may be crossed."""
        for axis in quotas.axes:
            if axis in self.fixed or axis in self.picked:
                value = self.fixed.get(axis) or ", ".join(self.picked[axis])
                raise InvalidInput(
                    f"{axis} is to be balanced, and is {shown(value)} as well.", hint="Leave out one of the two."
                )
        for name in crossed:
            axis = _axis_of_field(FIELDS.normalised(name)) or name
            if axis in {*self.fixed, *self.several, *self.picked, *named}:
                raise given_twice(axis)


def is_axis(name: str) -> bool:
    """Return whether chance may decide a field as an axis of people."""
    return _axis_of_field(FIELDS.normalised(name) or fold(name).strip()) in AXES


def fields_of(axis: str) -> tuple[str, ...]:
    """Return the fields that say where somebody is on an axis."""
    return ("persona_age", "age_range") if axis == AGE else (axis,)


def _axis(name: str) -> str:
    """Return the axis of a name, in any spelling of its field. Raises InvalidInput."""
    if not name.strip():
        raise InvalidInput("balance has an empty axis.", hint="Such as: --balance gender,age,ethnicity")
    axis = _axis_of_field(FIELDS.normalised(name))
    return axis if axis in AXES and axis is not None else axis_called(name).name


def _axis_of_field(field: str | None) -> str | None:
    return AGE if field in fields_of(AGE) else field


def _by_axis(given: Crossed) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, values in given.items():
        axis = _axis(name)
        if axis in found:
            raise InvalidInput(f"The values of {axis} are given twice.", hint="Leave out one of the two.")
        found[axis] = tuple(dict.fromkeys(read_value(axis, text) for text in texts_of(axis, values)))
    return found


def read_value(axis: str, text: str) -> str:
    """Return a value as the same cell of a file is read: the plan of a cast is a file. Raises InvalidInput."""
    if axis in _EXAMPLES and not text.strip():
        raise InvalidInput(f"{axis} has an empty value.", hint=f"Such as: --{axis} {_EXAMPLES[axis]}")
    if axis == LOCALE:
        return casts.names.locale_called(text)
    if axis == AGE:  # whoever makes the people knows ages
        return text.strip()
    read = constants_of({axis: text}, FIELDS, AS_OF)[axis]
    if read is None:
        raise InvalidInput(f"{axis} {shown(text)} says nothing.", hint=f"Values: {', '.join(AXES[axis].values)}.")
    return value_called(axis, str(read))


_EXAMPLES = {AGE: "25-35", LOCALE: "de_DE,ja_JP"}


def _possible_beside(decided: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the values of an even quota of axes that could exclude one that is decided."""
    return {
        by: tuple(value for value in AXES[by].values if axis not in excluded({by: value}))
        for axis, by in EXCLUDED_BY.items()
        if axis in decided
    }


def _normalised(part: Quota) -> Quota:
    """Return a quota with its values as a file's cells are read; those that are the same then are one."""
    cells: dict[tuple[str, ...], float] = {}
    for cell, weight in part.cells.items():
        read = tuple(read_value(axis, value) for axis, value in zip(part.axes, cell, strict=True))
        cells[read] = cells.get(read, 0) + weight
    return Quota(part.axes, cells)


def _like(like: Path | str, axes: Sequence[str], ages: Sequence[str]) -> Balance:
    """Return the joint distribution of the people of a file, over those axes of which it says something."""
    path = path_of("like", like)
    file: PersonaRows = open_persona_file(path, fields=FIELDS, can_map=False)
    meant = {file.field_of(column) for column in file.columns}
    there = [axis for axis in axes if meant.intersection(fields_of(axis))]
    if not there:
        raise InvalidInput(
            f"like is {shown(str(path))}, which has no column of {', '.join(axes) or 'what is left to balance'}.",
            hint="Call its columns so, or give --balance instead.",
        )
    found = quotas_like(file.rows(), there, ages)
    others = [f"{count:,} without {axis}" for axis, count in found.lacking.items() if count]
    others += [f"{found.bad_rows:,} bad"] if found.bad_rows else []
    left_out = f"; left out: {', '.join(others)}" if others else ""
    rows = counted(found.rows, "row")
    return Balance(found.quotas, (f"Like {visible(path.name)}: {rows} with {' and '.join(there)}{left_out}.",))
