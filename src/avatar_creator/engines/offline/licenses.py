"""The licences of the art styles, as their definitions have them, so that a plan need not load the art."""

from collections.abc import Mapping
from typing import Any

from avatar_creator.domain.license import CC0, CC_BY, License, Terms
from avatar_creator.engines.offline.styles import DEFAULT_ART_STYLE

_TERMS = {
    "avataaars": Terms("Free for personal and commercial use", "https://avataaars.com/", "yes"),
    "open-peeps": CC0,
    "toon-head": CC_BY,
    "personas": CC_BY,
    "micah": CC_BY,
    "lorelei": CC0,
}
LICENSES = {name: terms.of(f"dicebear/{name}") for name, terms in _TERMS.items()}


def licenses_of(options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licence of the art style that is chosen."""
    name = str(options.get("art_style", DEFAULT_ART_STYLE))
    return (LICENSES.get(name, License(f"dicebear/{name}")),)
