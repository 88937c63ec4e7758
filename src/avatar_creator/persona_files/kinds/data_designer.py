"""People as NeMo Data Designer samples them, from Faker or from the Nemotron sets of NGC: alone, or as a struct."""

from collections.abc import Sequence

from avatar_creator.persona_files.cells import full_name
from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source
from avatar_creator.persona_files.words import BIRTH_DATE

_PARTS_OF_A_NAME = ("first_name", "middle_name", "last_name")
# One of them stands beside a first and a last name in all versions; other tables of people have none.
_SIGNS = ("ethnic_background", "bachelors_field", "education_level", "openness.t_score", "unit")
# The five factors, and what is said of people above and below most others.
_FACTORS = {
    "openness": ("curious", "down-to-earth"),
    "conscientiousness": ("organized", "spontaneous"),
    "extraversion": ("outgoing", "reserved"),
    "agreeableness": ("warm-hearted", "strong-minded"),
    "neuroticism": ("sensitive", "calm"),
}
_HIGH, _LOW = 60, 40  # a standard deviation from the mean of T scores


def in_words(value: object) -> object:
    """Return a value of a list of such ("puerto_rican") as people write it."""
    return value.replace("_", " ") if isinstance(value, str) else value


def traits_of_factors(*scores: object) -> tuple[str, ...]:
    """Return a trait for each of the five factors that is far from the mean. A score may be a label."""
    traits = []
    for (high, low), score in zip(_FACTORS.values(), scores, strict=True):
        if isinstance(score, str):
            label = score.casefold()
            traits += [high] if "high" in label else [low] if "low" in label else []
        elif isinstance(score, int | float):
            traits += [high] if score >= _HIGH else [low] if score <= _LOW else []
    return tuple(traits)


def _prefix(sample: Sample) -> str | None:
    """Return what stands before the names of a person's columns: "person.", or nothing; None where there is nobody."""
    columns = set(sample.columns)
    for column in sample.columns:
        prefix = column.removesuffix("first_name")
        if prefix != column and f"{prefix}last_name" in columns and any(prefix + sign in columns for sign in _SIGNS):
            return prefix
    return None


def _sources(sample: Sample) -> Sequence[Source]:
    at = _prefix(sample) or ""
    return (
        Source("persona_id", (f"{at}uuid",)),
        Source("persona_name", tuple(at + part for part in _PARTS_OF_A_NAME), full_name),
        Source("persona_age", (f"{at}age",)),
        Source(BIRTH_DATE, (f"{at}birth_date",)),
        Source("gender", (f"{at}sex",)),
        Source("ethnicity", (f"{at}ethnic_background",), in_words),
        Source("ethnicity", (f"{at}race",), in_words),
        Source("personality", tuple(f"{at}{factor}.t_score" for factor in _FACTORS), traits_of_factors),
        Source("personality", tuple(f"{at}{factor}.label" for factor in _FACTORS), traits_of_factors),
        Source("background", (f"{at}persona",)),
        Source("background", (f"{at}cultural_background",)),
        Source("background", (f"{at}occupation",), in_words),
    )


DATA_DESIGNER = Kind(
    "NeMo Data Designer",
    lambda sample: _prefix(sample) is not None,
    _sources,
    remarks=("What somebody does for a living is not drawn; for photographs of it: --map COLUMN=prompt",),
)
