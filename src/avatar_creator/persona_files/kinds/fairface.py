"""Labels of the data set FairFace: which face is in which file."""

from collections.abc import Sequence

from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source

_COLUMNS = ("file", "age", "gender", "race", "service_test")


def _ethnicity(race: object) -> object:
    if not isinstance(race, str):
        return race
    words = race.replace("_", " ").strip()
    return "hispanic" if words.casefold() == "latino hispanic" else words.lower()


def _recognises(sample: Sample) -> bool:
    return {"file", "age", "gender", "race"} <= set(sample.columns)


def _sources(_: Sample) -> Sequence[Source]:
    return (
        Source("persona_id", ("file",)),
        Source("persona_age", ("age",)),
        Source("gender", ("gender",)),
        Source("ethnicity", ("race",), _ethnicity),
    )


FAIRFACE = Kind(
    "FairFace",
    _recognises,
    _sources,
    _COLUMNS,
    ("The name of a file is the id of its row. The faces themselves are not read.",),
)
