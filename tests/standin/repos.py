"""The models on the Hub, and who serves them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .wire import Answer, json_answer

TASK = "text-to-image"
LORA = "XLabs-AI/flux-RealismLora"
DEV = "black-forest-labs/FLUX.1-dev"
SCHNELL = "black-forest-labs/FLUX.1-schnell"
SD3 = "stabilityai/stable-diffusion-3-medium-diffusers"
GATED = "portrait-house/secret-portraits"
UNSERVED = "portrait-house/served-by-nobody"
TEXT = "portrait-house/small-talk"
_NON_COMMERCIAL = {
    "license": "other",
    "license_name": "flux-1-dev-non-commercial-license",
    "license_link": "LICENSE.md",
}
_WEIGHTS = re.compile(r"(?:(?:https://)?huggingface\.co/)?([\w.-]+/[\w.-]+)(?:/resolve/[\w.-]+/([\w./-]+))?")


@dataclass
class Repo:
    """A model. Gated "auto" is open to whoever accepts its licence, and here everybody has; "manual" to nobody."""

    pipeline_tag: str = TASK
    sha: str = "0" * 40
    gated: Literal["auto", "manual", False] = False
    mapping: list[dict[str, Any]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, bytes] = field(default_factory=dict)  # in place of a file's content: it was changed on the way


def serves(provider: str, provider_id: str, task: str = TASK, **more: str) -> dict[str, Any]:
    """Return one line of a mapping."""
    return {"provider": provider, "providerId": provider_id, "status": "live", "task": task, **more}


def repos() -> dict[str, Repo]:
    """Return the models a stand-in starts with."""
    lora = {"adapter": "lora", "adapterWeightsPath": "lora.safetensors", "type": "tag-filter"}
    return {
        LORA: Repo(
            sha="1" * 40,
            tags=["lora", f"base_model:adapter:{DEV}"],
            card=_NON_COMMERCIAL,
            mapping=[
                serves("fal-ai", "fal-ai/flux-lora", **lora),
                serves("replicate", "black-forest-labs/flux-dev-lora", **lora),
                serves("wavespeed", "wavespeed-ai/flux-dev-lora", **lora),
            ],
        ),
        DEV: Repo(
            sha="2" * 40,
            gated="auto",
            card=_NON_COMMERCIAL,
            mapping=[
                serves("fal-ai", "fal-ai/flux/dev"),
                serves("replicate", "black-forest-labs/flux-dev"),
                serves("wavespeed", "wavespeed-ai/flux-dev"),
            ],
        ),
        SCHNELL: Repo(
            sha="3" * 40,
            card={"license": "apache-2.0"},
            mapping=[
                serves("fal-ai", "fal-ai/flux/schnell"),
                serves("replicate", "black-forest-labs/flux-schnell"),
                serves("together", "black-forest-labs/FLUX.1-schnell"),
                serves("nscale", "black-forest-labs/FLUX.1-schnell"),
            ],
        ),
        SD3: Repo(
            sha="4" * 40,
            gated="auto",
            card={"license": "other", "license_name": "stability-ai-nc-research-community", "license_link": "LICENSE"},
            mapping=[serves("hf-inference", SD3), serves("together", "stabilityai/stable-diffusion-3-medium")],
        ),
        GATED: Repo(sha="5" * 40, gated="manual", mapping=[serves("hf-inference", GATED)]),
        UNSERVED: Repo(sha="6" * 40),
        TEXT: Repo(
            "text-generation",
            "7" * 40,
            mapping=[
                serves("hf-inference", TEXT, "text-generation"),
                serves("together", "small-talk", "conversational"),
                serves("fal-ai", "fal-ai/small-talk", "conversational"),
            ],
        ),
    }


def model_info(repo_id: str, repo: Repo, expand: list[str]) -> dict[str, Any]:
    """Return what the Hub says of a model: all, or only what was asked for."""
    facts = {
        "author": repo_id.partition("/")[0],
        "sha": repo.sha,
        "private": False,
        "disabled": False,
        "gated": repo.gated,
        "pipeline_tag": repo.pipeline_tag,
        "library_name": "diffusers",
        "tags": [*repo.tags, repo.pipeline_tag],
        "downloads": 1000,
        "likes": 100,
        "lastModified": "2026-01-05T10:00:00.000Z",
        "createdAt": "2024-08-06T21:12:01.000Z",
        "cardData": repo.card,
    }
    mapping = {
        line["provider"]: {name: value for name, value in line.items() if name != "provider"} for line in repo.mapping
    }
    known = facts | {"inferenceProviderMapping": mapping}
    name = {"_id": repo.sha[:24], "id": repo_id}
    if expand:
        return name | {key: known[key] for key in expand if key in known}
    return name | {"modelId": repo_id} | facts


def missing(*, known_user: bool) -> Answer:
    """Say that there is no such model: to strangers the Hub does not tell whether it is only hidden."""
    if known_user:
        return json_answer(
            {"error": "Repository not found"},
            404,
            x_error_code="RepoNotFound",
            x_error_message="Repository not found",
        )
    return json_answer({"error": "Invalid username or password."}, 401, x_error_message="Invalid username or password.")


def gate(repo: Repo, *, known_user: bool) -> Answer | None:
    """Refuse who has not accepted the licence of a gated model."""
    if not repo.gated or (known_user and repo.gated == "auto"):
        return None
    return json_answer(
        {"error": "Access to this model is restricted."},
        403 if known_user else 401,
        x_error_code="GatedRepo",
        x_error_message="Access to this model is restricted.",
    )


def find_lora(weights: Any, mappings: Mapping[str, Repo], provider: str) -> str | None:
    """Return the LoRA that an address means, if the provider can load it."""
    if not isinstance(weights, str) or not (found := _WEIGHTS.fullmatch(weights)):
        return None
    repo_id, file = found.groups()
    lines = mappings[repo_id].mapping if repo_id in mappings else []
    for line in lines:
        if (
            line["provider"] == provider
            and line.get("adapter") == "lora"
            and file in {None, line["adapterWeightsPath"]}
        ):
            return repo_id
    return None
