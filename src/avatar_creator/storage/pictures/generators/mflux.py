"""mflux, FLUX on Apple's chips: JSON in EXIF's comment."""

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters


def read(metadata: MetadataTexts) -> Parameters | None:
    values = metadata.json_object(metadata.comment)
    if "mflux_version" not in values:
        return None
    return Parameters.of("mflux", values)
