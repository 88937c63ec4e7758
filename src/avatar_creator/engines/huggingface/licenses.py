"""The licences of models and LoRAs: from a table for those known by name, from the Hub for others."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from avatar_creator.domain.license import CC0, CC_BY, License, Terms, YesNo
from avatar_creator.domain.text import visible
from avatar_creator.engines.huggingface.models import FLUX_DEV, FLUX_SCHNELL, REALISM
from avatar_creator.engines.huggingface.options import parse

_NAME_LONGEST = 100
_HUB = "https://huggingface.co"
OWN_ENDPOINT = License("the model of an own endpoint")  # its URL is private: whoever gets the picture sees this

_FLUX_NON_COMMERCIAL = "flux-1-dev-non-commercial-license"
_TERMS = {  # by the Hub's name of the licence
    # 2b: no commercial use of the model. 2d: pictures may be used for any purpose but training a model that competes.
    # 2e: filter or review pictures before they are distributed, and say that they are made by AI where law asks for it.
    _FLUX_NON_COMMERCIAL: Terms(
        "FLUX.1 [dev] Non-Commercial License", f"{_HUB}/{FLUX_DEV}/blob/main/LICENSE.md", "no", "yes"
    ),
    "apache-2.0": Terms("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0", "yes"),
    "mit": Terms("MIT", "https://opensource.org/license/mit", "yes"),
    "cc0-1.0": CC0,
    "cc-by-4.0": CC_BY,
}
_KNOWN = {FLUX_DEV: _FLUX_NON_COMMERCIAL, REALISM: _FLUX_NON_COMMERCIAL, FLUX_SCHNELL: "apache-2.0"}
_BY_REPO = {repo.lower(): _TERMS[name] for repo, name in _KNOWN.items()}
_FORBIDDING = ("non-commercial", "noncommercial", "cc-by-nc")


def license_of(repo: str, name: str | None = None, link: str | None = None) -> License:
    """Return the licence of a model or LoRA; ``name`` and ``link`` are what the Hub says of it."""
    terms = _BY_REPO.get(repo.lower()) or _TERMS.get((name or "").lower())
    if terms:
        return terms.of(repo)
    url = link if link and urlsplit(link).scheme == "https" else f"{_HUB}/{repo}"
    if name is None:
        return License(repo, url=url)
    use: YesNo = "no" if any(word in name.lower() for word in _FORBIDDING) else "unknown"
    return License(repo, visible(name)[:_NAME_LONGEST], url, use)


def licenses_of(options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licences of model and LoRA, as far as they are known without the network. Raises InvalidInput."""
    chosen = parse(options)
    if chosen.endpoint:
        return (OWN_ENDPOINT,)
    return tuple(license_of(repo) for repo in (chosen.model, chosen.lora) if repo)
