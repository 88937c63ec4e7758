"""PersonaHub: descriptions of people in a sentence, without name, age or looks."""

from collections.abc import Sequence

from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source

_DESCRIPTIONS = ("persona", "input persona", "input_persona")
_WORDS_LEAST = 4  # a name has fewer


def _column(sample: Sample) -> str | None:
    """Return the column of descriptions: a spreadsheet may call that of the names "persona", too."""
    for column in _DESCRIPTIONS:
        texts = sample.texts(column)
        if texts and sum(len(text.split()) >= _WORDS_LEAST for text in texts) * 2 > len(texts):
            return column
    return None


def _sources(sample: Sample) -> Sequence[Source]:
    return (Source("prompt", (_column(sample) or "",)),)


PERSONAHUB = Kind(
    "PersonaHub",
    lambda sample: _column(sample) is not None,
    _sources,
    (*_DESCRIPTIONS, "synthesized text", "description"),
    ("Its descriptions are the prompt. They have no name, age or gender, unless the text says so.",),
)
