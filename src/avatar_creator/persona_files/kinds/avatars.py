"""What `avatar list --json` prints: avatars, which can be made once more elsewhere."""

from collections.abc import Sequence

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source

_PERSONA = {"name": "persona_name", "age": "persona_age", "personality": "personality", "background": "background"}
_CHOICES = {
    "name": "avatar_name",
    "engine": "engine",
    "prompt": "prompt",
    "negative_prompt": "negative_prompt",
    "seed": "seed",
    "width_px": "width",
    "height_px": "height",
    "format": "format",
    "preset": "preset",
}
_OPTIONS = "recipe.options."


def _sources(sample: Sample) -> Sequence[Source]:
    options = (column for column in sample.columns if column.startswith(_OPTIONS))
    return (
        *(Source("persona_id", (column,)) for column in ("persona_id", "id")),
        *(Source(field, (f"persona.{part}",)) for part, field in _PERSONA.items()),
        *(Source(attribute.name, (f"attributes.{attribute.name}",)) for attribute in ATTRIBUTES),
        *(Source(field, (column,)) for column, field in _CHOICES.items()),
        *(Source(column.removeprefix(_OPTIONS), (column,)) for column in options),
    )


AVATARS = Kind(
    "avatars of avatar list --json",
    lambda sample: {"id", "image_path", "persona.name", "full_prompt"} <= set(sample.columns),
    _sources,
    # The model is what made the picture, which may be an engine; what was asked for is among the options.
    ("project_name", "model", "bytes", "warnings", "recipe."),
    ("An avatar that has no persona id has its own id as that.",),
    is_whole=True,
)
