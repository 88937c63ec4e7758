"""Draw Things: JSON in the XMP's ``exif:UserComment``, with ``c`` for the prompt and ``uc`` for the negative one."""

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters


def read(metadata: MetadataTexts) -> Parameters | None:
    for text in (metadata.xmp.get("exif:UserComment"), metadata.comment):
        values = metadata.json_object(text)
        if "c" in values and "seed" in values:
            return Parameters.of("Draw Things", values, prompt="c", negative_prompt="uc")
    return None
