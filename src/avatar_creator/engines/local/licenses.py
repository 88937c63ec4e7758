"""The licences of models and LoRAs that options choose; of the user's own files nobody knows them."""

from collections.abc import Mapping
from typing import Any

from avatar_creator.domain.license import License
from avatar_creator.engines.hub_models import license_of
from avatar_creator.engines.local.options import is_path, name_of, parse, split_lora


def licenses_of(options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licences of model and LoRA, as far as they are known. Raises InvalidInput."""
    chosen = parse(options)
    works = [chosen.model, *([chosen.lora] if chosen.lora else [])]
    return tuple(_license(work) for work in works)


def _license(work: str) -> License:
    return License(name_of(work)) if is_path(work) else license_of(split_lora(work)[0])
