"""What a user says of a cast, as the people that it is to have."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from avatar_creator.casts.axes import AGE, AXES, LOCALE, axis_called
from avatar_creator.casts.likeness import quotas_like
from avatar_creator.casts.quota_files import read_quotas
from avatar_creator.casts.quotas import Quota, Quotas, even, in_order
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.persona_row import PersonaRows
from avatar_creator.domain.text import shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.library.crossing import Crossed
from avatar_creator.persona_files import AS_OF, open_persona_file
from avatar_creator.persona_files.crossing import texts_of
from avatar_creator.persona_files.values import constants_of

BALANCED = ("gender", AGE, "ethnicity")  # where nothing else is said


class Asked(NamedTuple):
    """Values by axis: people are balanced over ``several``, all have one that is ``fixed``, chance takes ``picked``."""

    fixed: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]
    picked: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, values: Crossed, pick: Crossed) -> "Asked":
        """Return the values of axes by name in any spelling. Raises InvalidInput."""
        given = _by_axis(values)
        fixed = {axis: options[0] for axis, options in given.items() if len(options) == 1}
        several = {axis: options for axis, options in given.items() if len(options) > 1}
        picked = _by_axis(pick)
        for axis in picked:
            if axis in given:
                raise InvalidInput(f"The values of {axis} are given twice.", hint="Leave out one of the two.")
        return cls(fixed, several, picked)

    def quotas(self, balance: Sequence[str] | None, quota: Path | str | None, like: Path | str | None) -> Quotas:
        """Return what the people are balanced by. Raises InvalidInput."""
        free = [axis for axis in BALANCED if axis not in self.fixed and axis not in self.picked]
        is_usual = balance is None and quota is None and like is None
        axes = free if is_usual else [_axis(name) for name in balance or ()]
        parts = list(even([*axes, *(axis for axis in self.several if axis not in axes)], self.several).parts)
        if quota is not None:
            parts += map(_normalised, read_quotas(path_of("quota", quota)).parts)
        if like is not None:
            decided = {axis for part in parts for axis in part.axes}
            parts += _like(like, [axis for axis in free if axis not in decided])
        quotas = in_order(parts)
        for axis in quotas.axes:
            if axis in self.fixed or axis in self.picked:
                value = self.fixed.get(axis) or ", ".join(self.picked[axis])
                raise InvalidInput(
                    f"{axis} is to be balanced, and is {shown(value)} as well.", hint="Leave out one of the two."
                )
        return quotas


def is_axis(name: str) -> bool:
    """Return whether chance may decide a field as an axis of people."""
    return _axis_of_field(FIELDS.normalised(name)) in AXES


def fields_of(axis: str) -> tuple[str, ...]:
    """Return the fields that say where somebody is on an axis."""
    return ("persona_age", "age_range") if axis == AGE else (axis,)


def _axis(name: str) -> str:
    """Return the axis of a name, in any spelling of its field. Raises InvalidInput."""
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
        found[axis] = tuple(dict.fromkeys(_value(axis, text) for text in texts_of(values)))
    return found


def _value(axis: str, text: str) -> str:
    """Return a value as the same cell of a file is read: the plan of a cast is a file. Raises InvalidInput."""
    if axis in {AGE, LOCALE}:  # whoever makes the people knows them
        if not text.strip():
            raise InvalidInput(f"{axis} has an empty value.", hint=f"Such as: --{axis} {_EXAMPLES[axis]}")
        return text.strip()
    read = constants_of({axis: text}, FIELDS, AS_OF)[axis]
    if read is None:
        raise InvalidInput(f"{axis} {shown(text)} says nothing.", hint=f"Values: {', '.join(AXES[axis].values)}.")
    return str(read)


_EXAMPLES = {AGE: "25-35", LOCALE: "de_DE,ja_JP"}


def _normalised(part: Quota) -> Quota:
    """Return a quota with its values as a file's cells are read; those that are the same then are one."""
    cells: dict[tuple[str, ...], float] = {}
    for cell, weight in part.cells.items():
        read = tuple(_value(axis, value) for axis, value in zip(part.axes, cell, strict=True))
        cells[read] = cells.get(read, 0) + weight
    return Quota(part.axes, cells)


def _like(like: Path | str, axes: Sequence[str]) -> Iterable[Quota]:
    """Return the joint distribution of the people of a file, over those axes of which it says something."""
    path = path_of("like", like)
    file: PersonaRows = open_persona_file(path, fields=FIELDS)
    meant = {file.field_of(column) for column in file.columns}
    there = [axis for axis in axes if meant.intersection(fields_of(axis))]
    if not there:
        raise InvalidInput(
            f"like is {shown(str(path))}, which has no column of {', '.join(axes) or 'what is left to balance'}.",
            hint="Say what a column means by its name, or give --balance instead.",
        )
    return quotas_like(file.rows(), there).quotas.parts
