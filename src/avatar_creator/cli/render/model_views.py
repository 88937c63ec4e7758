"""How models of the user's own card are shown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.widgets import row, size, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.domain.license import License
    from avatar_creator.library.models import ModelEntry, Removed
    from avatar_creator.library.pulls import Pulled

_PICTURES = {
    "no": "The model is not for commercial use; you may use the pictures.",
    "unknown": "Read it before you use the model or its pictures.",
    "yes": "",
}


def license_lines(licenses: Iterable["License"]) -> Iterator[str]:
    """Yield a line for each licence: of which works it is, what it allows, and where it stands."""
    works: dict[License, list[str]] = {}
    for each in licenses:
        works.setdefault(each._replace(of=""), []).append(each.of)
    for license_, of in works.items():
        where = f" {license_.url}" if license_.url else ""
        said = f"{license_.summary}. {_PICTURES[license_.commercial_use]}".rstrip()
        yield f"{' and '.join(of)}: {said}{where}"


def model_line(model: "ModelEntry") -> Sequence[object]:
    return (
        model.name,
        _here(model),
        model.license.name,
        {True: "gated", False: "open"}.get(model.gated) if model.gated is not None else None,
        model.download_bytes,
        model.weights_bytes,
        model.disk_bytes,
        model.repository,
        model.lora,
    )


def models_table(models: Sequence["ModelEntry"]) -> "RenderableType":
    shown = table("Model", "Here", ">Download", ">Weights", ">Disk", "Licence")
    for each in models:
        bytes_ = (each.download_bytes, each.weights_bytes, each.disk_bytes or None)
        row(
            shown, each.name, _here(each), *(None if count is None else size(count) for count in bytes_), _license(each)
        )
    notes = ["Weights: bytes on the card in bfloat16; quantized or offloaded it needs less."]
    notes += [f"{each.name} has the LoRA {each.lora}." for each in models if each.lora]
    caption = text("", "dim")
    for note in (*notes, "Download one: avatar models pull NAME"):
        caption.append("\n").append(text(note))
    shown.caption = caption
    shown.caption_justify = "left"
    return shown


def pulled_line(pulled: "Pulled") -> Sequence[object]:
    return pulled.name, pulled.revision or pulled.lora_revision, pulled.files, pulled.downloaded_bytes


def pulled_text(pulled: "Pulled") -> "RenderableType":
    return text(f"{pulled.name} is here: {size(pulled.disk_bytes)}.")


def removed_line(removed: "Removed") -> Sequence[object]:
    return removed.name, removed.freed_bytes


def removed_text(removed: "Removed") -> "RenderableType":
    return text(f"Removed {removed.name}: {size(removed.freed_bytes)} are free again.")


def _here(model: "ModelEntry") -> str:
    if model.is_whole:
        return "whole"
    if model.state == "no" and model.lora_state != "whole" and not model.disk_bytes:
        return "no"
    return "partly"


def _license(model: "ModelEntry") -> str:
    name = model.license.name or "unknown"
    return f"{name}, gated" if model.gated else name
