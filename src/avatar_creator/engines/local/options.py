"""The options that the user chose, checked, with the defaults of the model. No torch is loaded."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avatar_creator.domain.text import shown, visible, without_tokens
from avatar_creator.engines import check_options
from avatar_creator.engines.hub_models import HUB_ID, NO_LORA
from avatar_creator.engines.local import cache
from avatar_creator.engines.local.models import (
    AUTO,
    DEFAULT_MODEL,
    FAMILIES,
    LORA_SCALE,
    MODELS,
    NONE,
    OTHER_STEPS,
    QUANTIZED,
    UNGUIDED_STEPS,
    Family,
    Model,
    model_named,
)
from avatar_creator.errors import InvalidInput

_PATH_LONGEST = 4096  # characters, as systems have it
_PATH_BEGINS = ("/", "./", "../", "~", ".\\", "..\\")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,3})?")
_WEIGHTS, _GGUF = ".safetensors", ".gguf"
_OTHER_FILES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


@dataclass(frozen=True, slots=True)
class Options:
    """All options. ``model`` is an id of the Hub or the path of a folder, ``lora`` an id, a file of one or a path.

    ``known`` is what the table has of the model, ``family`` how its pipeline is called; None for one that is not known.
    ``guidance`` is None for a model that takes none, and for one of which it is not known. ``gguf`` is the path of the
    file that holds the transformer.
    """

    model: str
    known: Model | None
    family: Family | None
    lora: str | None
    lora_scale: float
    steps: int
    guidance: float | None
    precision: str
    quantize: str
    gguf: str | None
    offload: str
    device: str
    compile: bool

    @property
    def repositories(self) -> list[str]:
        """The repositories of the Hub that it is loaded from."""
        lora = self.lora and (self.lora if is_path(self.lora) else split_lora(self.lora)[0])
        return [work for work in (self.model, lora) if work and not is_path(work)]

    @property
    def name(self) -> str:
        """What records call the model."""
        return "+".join(name_of(each) for each in (self.model, self.lora) if each)

    @property
    def given(self) -> dict[str, Any]:
        """The options as a user would give them: `parse` returns the same for them, whatever its defaults are."""
        given = {
            "model": self.model,
            "lora": self.lora or NO_LORA,
            "lora_scale": self.lora_scale if self.lora else None,
            "steps": self.steps,
            "guidance": self.guidance,
            "precision": self.precision,
            "quantize": self.gguf or self.quantize,
            "offload": self.offload,
            "device": self.device,
            "compile": self.compile,
        }
        return {name: value for name, value in given.items() if value is not None}

    @property
    def recorded(self) -> dict[str, Any]:
        """The options for a picture's recipe, without the paths of this machine."""
        given = self.given
        return given | {name: name_of(given[name]) for name in ("model", "lora", "quantize")}


def is_path(value: str) -> bool:
    """Return whether a model or LoRA is a path of this machine, not an id of the Hub."""
    return value.startswith(_PATH_BEGINS) or bool(_DRIVE.match(value))


def name_of(work: str) -> str:
    """Return what records call a model or LoRA: its id, or the last part of its path."""
    return visible(re.split(r"[\\/]", work.rstrip("\\/"))[-1]) if is_path(work) else work


def parse(given: Mapping[str, Any]) -> Options:
    """Return the options, with defaults. Raises InvalidInput for one that is unknown or out of its limits."""
    check_options("local", given)
    given = {name: value for name, value in given.items() if value is not None}
    chosen = str(given.get("model", DEFAULT_MODEL))
    known = model_named(chosen)
    model = known.id if known else _model(chosen)
    family, is_distilled = _family(model, known)
    lora = _lora(given["lora"]) if "lora" in given else known.lora.id if known and known.lora else None
    guidance = known.guidance if known else None if is_distilled or not family else family.guidance
    if given.get("guidance") is not None and guidance is None and (known or is_distilled):
        raise InvalidInput(f"guidance is given, and {name_of(model)} takes none.", hint="Leave out --guidance.")
    quantize, gguf = _quantize(str(given.get("quantize", AUTO)))
    offload = str(given.get("offload", AUTO)).lower()
    if offload == "group" and quantize not in {AUTO, NONE, "fp8"}:
        raise InvalidInput(
            f"offload is group, and quantize is {quantize}, whose weights cannot be moved in groups.",
            hint="Give --offload model, or --quantize fp8 or none.",
        )
    return Options(
        model=model,
        known=known and known._replace(lora=None),  # which is an option of its own
        family=family,
        lora=lora,
        lora_scale=given.get("lora_scale", LORA_SCALE),
        steps=given.get("steps", _steps(known, family, is_distilled=is_distilled)),
        guidance=given.get("guidance", guidance),
        precision=str(given.get("precision", AUTO)).lower(),
        quantize=quantize,
        gguf=gguf,
        offload=offload,
        device=_device(str(given.get("device", AUTO))),
        compile=bool(given.get("compile", False)),
    )


def _steps(known: Model | None, family: Family | None, *, is_distilled: bool) -> int:
    if known:
        return known.steps
    return UNGUIDED_STEPS if is_distilled else family.steps if family else OTHER_STEPS


def _family(model: str, known: Model | None) -> tuple[Family | None, bool]:
    """Return how its pipeline is called, and whether it is distilled to need no guidance, as far as the disk tells."""
    if known:
        return FAMILIES[known.family], False
    found = cache.Snapshot(Path(model)) if is_path(model) else cache.find(model)
    if found is None:
        return None, False
    return FAMILIES.get(cache.class_of(found.folder) or ""), cache.is_distilled(found.folder)


def _model(chosen: str) -> str:
    if "://" in chosen:
        raise InvalidInput(
            "model is a URL, and the local engine runs models of this machine.",
            hint="Choose --engine huggingface for an endpoint of yours, or give a folder as ./FOLDER.",
        )
    if is_path(chosen):
        return _path("model", chosen)
    if not HUB_ID.fullmatch(chosen) or without_tokens(chosen) != chosen:
        is_folder = os.path.isdir(chosen)  # noqa: PTH112 - which raises of no name
        meant = f"The folder of that name is ./{visible(chosen)}. " if is_folder else ""
        raise InvalidInput(
            f"model is {shown(chosen)}, which cannot be one.",
            hint=f"{meant}Give {', '.join(MODELS)}, an id of the Hub as owner/name, or a folder as ./FOLDER.",
        )
    return chosen


def _lora(given: object) -> str | None:
    chosen = str(given)
    if chosen.lower() == NO_LORA:
        return None
    if chosen.lower().endswith(_OTHER_FILES):
        raise InvalidInput(
            f"lora is {shown(chosen)}, a file that can run code when it is read.",
            hint=f"Give one that ends with {_WEIGHTS}.",
        )
    if is_path(chosen):
        if not chosen.endswith(_WEIGHTS):
            raise InvalidInput(
                f"lora is {shown(chosen)}, which does not end with {_WEIGHTS}.",
                hint=f"Give a file that ends with {_WEIGHTS}.",
            )
        return _path("lora", chosen)
    repo, file = split_lora(chosen)
    is_file = file is None or (file.endswith(_WEIGHTS) and not any(part in {"", ".", ".."} for part in file.split("/")))
    if not HUB_ID.fullmatch(repo) or repo.endswith(_WEIGHTS) or not is_file or without_tokens(chosen) != chosen:
        raise InvalidInput(
            f"lora is {shown(chosen)}, which cannot be one.",
            hint=f"Give an id of the Hub as owner/name or owner/name/FILE{_WEIGHTS}, a file as ./FILE{_WEIGHTS}, "
            f"or {NO_LORA}.",
        )
    return chosen


def split_lora(lora: str) -> tuple[str, str | None]:
    """Return a LoRA's repository of the Hub, and which file of it is named, if one is."""
    parts = lora.split("/", 2)
    return "/".join(parts[:2]), parts[2] if len(parts) > 2 else None  # noqa: PLR2004 - owner, name, file


def _quantize(given: str) -> tuple[str, str | None]:
    """Return how weights are quantized, and the path of a GGUF file."""
    if given.lower() in QUANTIZED:
        return given.lower(), None
    if given.lower().endswith(_GGUF):
        return "gguf", _path("quantize", given)
    raise InvalidInput(
        f"quantize is {shown(given)}, which the local engine does not know.",
        hint=f"Give {', '.join(QUANTIZED)}, or the {_GGUF} file that holds the model's transformer.",
    )


def _device(given: str) -> str:
    device = given.lower()
    if not _DEVICE.fullmatch(device):
        raise InvalidInput(
            f"device is {shown(given)}, which the local engine does not know.",
            hint="Give auto, cuda, cuda:0, cuda:1 and so on, mps or cpu.",
        )
    return device


def _path(field: str, given: str) -> str:
    if not given.isprintable() or len(given) > _PATH_LONGEST:
        raise InvalidInput(f"{field} is {shown(given)}, which cannot be a path.", hint="Give a path of this machine.")
    try:
        return str(Path(given).expanduser().absolute())
    except RuntimeError:
        raise InvalidInput(
            f"{field} is {shown(given)}, and there is no such home folder.", hint="Write the whole path."
        ) from None
