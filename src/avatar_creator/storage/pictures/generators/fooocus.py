"""Fooocus: JSON, or A1111's text with its own name in it. Its forks and first versions name the fields otherwise."""

from dataclasses import replace

from avatar_creator.storage.pictures.generators import a1111
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, text_of

_NAME = "Fooocus"


def read(metadata: MetadataTexts) -> Parameters | None:
    for text in (metadata.text.get("parameters"), metadata.comment, metadata.text.get("Comment")):
        if values := metadata.json_object(text):
            labelled = values.get("Version", values.get("version", values.get("software")))
            if metadata.text.get("fooocus_scheme") or "metadata_scheme" in values or _NAME in str(labelled):
                model = values.get("base_model", values.get("base_model_name", values.get("Base Model")))
                return Parameters(
                    _NAME,
                    text_of(values.get("prompt", values.get("Prompt"))),
                    text_of(values.get("negative_prompt", values.get("Negative Prompt"))),
                    number_of(values.get("seed", values.get("Seed"))),
                    text_of(model),
                )
        elif text and (metadata.text.get("fooocus_scheme") or a1111.version_of(text).startswith(_NAME)):
            found = a1111.read_text(text)
            return found and replace(found, generator=_NAME)
    return None
