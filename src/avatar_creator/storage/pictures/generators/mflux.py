"""mflux, FLUX on Apple's chips: JSON in EXIF's comment."""

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, text_of


def read(metadata: MetadataTexts) -> Parameters | None:
    values = metadata.json_object(metadata.comment)
    if "mflux_version" not in values:
        return None
    return Parameters(
        "mflux",
        text_of(values.get("prompt")),
        text_of(values.get("negative_prompt")),
        number_of(values.get("seed")),
        text_of(values.get("model")),
    )
