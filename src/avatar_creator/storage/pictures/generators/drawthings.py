"""Draw Things: JSON in the XMP's ``exif:UserComment``, with ``c`` for the prompt and ``uc`` for the negative one."""

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, text_of


def read(metadata: MetadataTexts) -> Parameters | None:
    for text in (metadata.xmp.get("exif:UserComment"), metadata.comment):
        values = metadata.json_object(text)
        if "c" in values and "seed" in values:
            return Parameters(
                "Draw Things",
                text_of(values["c"]),
                text_of(values.get("uc")),
                number_of(values["seed"]),
                text_of(values.get("model")),
            )
    return None
