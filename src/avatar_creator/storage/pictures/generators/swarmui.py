"""SwarmUI: JSON with ``sui_image_params``."""

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, part_of, text_of


def read(metadata: MetadataTexts) -> Parameters | None:
    for text in (metadata.text.get("parameters"), metadata.comment):
        if values := part_of(metadata.json_object(text), "sui_image_params"):
            return Parameters(
                "SwarmUI",
                text_of(values.get("prompt")),
                text_of(values.get("negativeprompt")),
                number_of(values.get("seed")),
                text_of(values.get("model")),
            )
    return None
