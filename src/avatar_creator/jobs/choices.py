"""What a Python program may ask for by name when it has pictures made."""

from collections.abc import Mapping
from typing import Any

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.engines.table import EngineOptions


class Choices(EngineOptions, total=False):
    """What decides a picture beside whom it shows; None counts as not given."""

    name: str | None
    project: str | None
    engine: str | None
    seed: int | None
    width_px: int | None
    height_px: int | None
    format: PictureFormat | str | None
    jpeg_quality: int | None
    embed: Embed | str | None
    commercial: bool | None
    options: Mapping[str, Any] | None  # of engines, by name; each of them is an argument, too


class RequestChoices(Choices, total=False):
    """What `request` takes too."""

    count: int | None


class GenerateChoices(Choices, total=False):
    """What `generate` takes too."""

    negative_prompt: str | None
    quality_terms: bool
    name_in_prompt: bool
