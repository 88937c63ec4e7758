"""The licences of the art styles, as their definitions have them, so that a plan need not load the art."""

from collections.abc import Mapping
from typing import Any

from avatar_creator.domain.license import Answer, License
from avatar_creator.engines.offline.styles import DEFAULT_ART_STYLE

_Terms = tuple[str, str, Answer, Answer]
_CC0: _Terms = ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "yes", "no")
_CC_BY: _Terms = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", "yes", "no")
_TERMS: dict[str, _Terms] = {
    "avataaars": ("Free for personal and commercial use", "https://avataaars.com/", "yes", "no"),
    "open-peeps": _CC0,
    "toon-head": _CC_BY,
    "personas": _CC_BY,
    "micah": _CC_BY,
    "lorelei": _CC0,
}
LICENSES = {name: License(f"dicebear/{name}", *terms) for name, terms in _TERMS.items()}


def licenses_of(options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licence of the art style that is chosen."""
    name = str(options.get("art_style", DEFAULT_ART_STYLE))
    return (LICENSES.get(name, License(f"dicebear/{name}")),)
