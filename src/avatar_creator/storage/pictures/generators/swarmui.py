"""SwarmUI: JSON with ``sui_image_params``."""

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, part_of


def read(metadata: MetadataTexts) -> Parameters | None:
    for text in (metadata.text.get("parameters"), metadata.comment):
        if values := part_of(metadata.json_object(text), "sui_image_params"):
            return Parameters.of("SwarmUI", values, negative_prompt="negativeprompt")
    return None
