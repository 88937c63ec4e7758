"""NovelAI: PNG texts, with the values as JSON in ``Comment``; WebP holds the texts as JSON in EXIF's comment."""

from collections.abc import Mapping
from typing import Any

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, part_of, text_of


def read(metadata: MetadataTexts) -> Parameters | None:
    for texts in (metadata.text, metadata.json_object(metadata.comment)):
        if texts.get("Software") == "NovelAI":
            comment = texts.get("Comment")
            values = metadata.json_object(comment) if isinstance(comment, str) else part_of(texts, "Comment")
            return Parameters(
                "NovelAI",
                text_of(values.get("prompt")) or _caption(values, "v4_prompt") or text_of(texts.get("Description")),
                text_of(values.get("uc")) or _caption(values, "v4_negative_prompt"),
                number_of(values.get("seed")),
                text_of(texts.get("Source")),
            )
    return None


def _caption(values: Mapping[str, Any], name: str) -> str | None:
    return text_of(part_of(part_of(values, name), "caption").get("base_caption"))
