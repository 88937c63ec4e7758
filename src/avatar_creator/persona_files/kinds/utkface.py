"""Lists of files of the data set UTKFace, whose names are [age]_[gender]_[race]_[time].jpg."""

import re
from collections.abc import Sequence
from functools import partial

from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source

_NAME = re.compile(r"(?:.*[/\\])?(\d{1,3})_([01])_([0-4])_\d{6,}(?:\.jpg|\.jpeg|\.png|\.chip)+", re.IGNORECASE)
_GENDERS = ("male", "female")
_RACES = ("white", "black", "asian", "indian", "")  # the last are "others"
_AGE, _GENDER, _RACE = 1, 2, 3
_MOST_OF = 0.5  # of the names, as a few of the data set lack a part


def part(which: int, name: object) -> str | None:
    """Return what a name says: the part of that number."""
    found = _NAME.fullmatch(str(name).strip())
    if not found:
        return None
    if which == _AGE:
        return found[_AGE]
    return (_GENDERS if which == _GENDER else _RACES)[int(found[which])]


def _column(sample: Sample) -> str | None:
    for column in sample.columns:
        texts = sample.texts(column)
        if texts and sum(_NAME.fullmatch(text.strip()) is not None for text in texts) >= _MOST_OF * len(texts):
            return column
    return None


def _sources(sample: Sample) -> Sequence[Source]:
    column = (_column(sample) or "",)
    return (
        Source("persona_id", column),
        Source("persona_age", column, partial(part, _AGE)),
        Source("gender", column, partial(part, _GENDER)),
        Source("ethnicity", column, partial(part, _RACE)),
    )


UTKFACE = Kind(
    "UTKFace",
    lambda sample: _column(sample) is not None,
    _sources,
    remarks=("The names of the files say age, gender and race, and are the ids. The faces themselves are not read.",),
)
