"""InvokeAI: JSON in ``invokeai_metadata`` since 3, in ``sd-metadata`` before, and a command line in ``Dream``."""

import re
from collections.abc import Mapping
from typing import Any

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, part_of, text_of

_NAME = "InvokeAI"
_REFUSED = re.compile(r"\[([^\[\]]*)\]")  # before 3, what stands in brackets in a prompt is its negative one
_DREAM = re.compile(r'"(?P<prompt>[^"\n]*)"(?P<options>(?: +-.*)?)')
_SEED = re.compile(r"(?:^| )(?:-S|--seed)[ =]?(\d+)")


def read(metadata: MetadataTexts) -> Parameters | None:
    if values := metadata.json_object(metadata.text.get("invokeai_metadata")):
        return Parameters(
            _NAME,
            text_of(values.get("positive_prompt")),
            text_of(values.get("negative_prompt")),
            number_of(values.get("seed")),
            _model(values.get("model")),
        )
    if values := metadata.json_object(metadata.text.get("sd-metadata")):
        image = part_of(values, "image")
        prompt, negative = _parted(_prompt(image.get("prompt")))
        return Parameters(_NAME, prompt, negative, number_of(image.get("seed")), _model(values.get("model_weights")))
    if dream := _DREAM.fullmatch(metadata.text.get("Dream", "").strip()):
        seed = _SEED.search(dream["options"])
        prompt, negative = _parted(dream["prompt"])
        return Parameters(_NAME, prompt, negative, seed and number_of(seed[1]))
    return None


def _model(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("name", value.get("model_name"))
    return text_of(value)


def _prompt(value: Any) -> str:
    """Return the prompt, which may be parts with weights."""
    if not isinstance(value, list):
        return text_of(value) or ""
    parts = (text_of(part.get("prompt")) for part in value if isinstance(part, Mapping))
    return " ".join(filter(None, parts))


def _parted(prompt: str) -> tuple[str | None, str | None]:
    negative = ", ".join(filter(None, (text.strip() for text in _REFUSED.findall(prompt))))
    return _REFUSED.sub("", prompt).strip() or None, negative or None
