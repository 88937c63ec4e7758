"""The licences of models and LoRAs that options choose, as far as they are known without asking the Hub."""

from collections.abc import Mapping
from typing import Any

from avatar_creator.domain.license import License
from avatar_creator.engines.hub_models import license_of
from avatar_creator.engines.huggingface.options import parse

OWN_ENDPOINT = License("the model of an own endpoint")  # its URL is private: whoever gets the picture sees this


def licenses_of(options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licences of model and LoRA, as far as they are known without the network. Raises InvalidInput."""
    chosen = parse(options)
    if chosen.endpoint:
        return (OWN_ENDPOINT,)
    return tuple(license_of(repo) for repo in (chosen.model, chosen.lora) if repo)
