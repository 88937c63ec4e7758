"""Models and LoRAs of the Hub that several engines know: their ids, and what they are licensed under.

Quick to import: the tables of engines and of their options stand on it.
"""

import re
from urllib.parse import urlsplit

from avatar_creator.domain.license import CC0, CC_BY, License, Terms, YesNo
from avatar_creator.domain.text import visible

FLUX_DEV, FLUX_SCHNELL = "black-forest-labs/FLUX.1-dev", "black-forest-labs/FLUX.1-schnell"
KLEIN = "black-forest-labs/FLUX.2-klein-4B"
Z_IMAGE_TURBO = "Tongyi-MAI/Z-Image-Turbo"
QWEN_IMAGE = "Qwen/Qwen-Image"
REALISM = "XLabs-AI/flux-RealismLora"
NO_LORA = "none"
HUB = "https://huggingface.co"
HUB_ID = re.compile(r"(?!.*(\.\.|--))[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(?<![.-])", re.ASCII)  # the Hub's rule
_NAME_LONGEST = 100

_FLUX_NON_COMMERCIAL = "flux-1-dev-non-commercial-license"
_TERMS = {  # by the Hub's name of the licence
    # 2b: no commercial use of the model. 2d: pictures may be used for any purpose but training a model that competes.
    # 2e: filter or review pictures before they are distributed, and say that they are made by AI where law asks for it.
    _FLUX_NON_COMMERCIAL: Terms(
        "FLUX.1 [dev] Non-Commercial License", f"{HUB}/{FLUX_DEV}/blob/main/LICENSE.md", "no", "yes"
    ),
    "apache-2.0": Terms("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0", "yes"),
    "mit": Terms("MIT", "https://opensource.org/license/mit", "yes"),
    "cc0-1.0": CC0,
    "cc-by-4.0": CC_BY,
}
_KNOWN = {
    FLUX_DEV: _FLUX_NON_COMMERCIAL,
    REALISM: _FLUX_NON_COMMERCIAL,
    FLUX_SCHNELL: "apache-2.0",
    KLEIN: "apache-2.0",
    Z_IMAGE_TURBO: "apache-2.0",
    QWEN_IMAGE: "apache-2.0",
}
_BY_REPO = {repo.lower(): _TERMS[name] for repo, name in _KNOWN.items()}
_FORBIDDING = ("non-commercial", "noncommercial", "cc-by-nc")


def license_of(repo: str, name: str | None = None, link: str | None = None) -> License:
    """Return the licence of a model or LoRA; ``name`` and ``link`` are what the Hub says of it."""
    terms = _BY_REPO.get(repo.lower()) or _TERMS.get((name or "").lower())
    if terms:
        return terms.of(repo)
    url = link if link and urlsplit(link).scheme == "https" else f"{HUB}/{repo}"
    if name is None:
        return License(repo, url=url)
    use: YesNo = "no" if any(word in name.lower() for word in _FORBIDDING) else "unknown"
    return License(repo, visible(name)[:_NAME_LONGEST], url, use)
