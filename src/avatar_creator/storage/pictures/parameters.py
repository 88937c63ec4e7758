"""Generation parameters as the tools of the trade write them into their pictures."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NEGATIVE = "Negative prompt: "
# Names are bounded, or a megabyte of letters would be searched again from each of them.
_PAIR = re.compile(r'(\w[\w \-/]{0,40}):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
_LINE_MOST = 20_000  # characters of the line of values
_PAIRS_LEAST = 3  # a last line with fewer belongs to the prompt; A1111 draws the same line
_NEEDS_QUOTES = re.compile(r"[,:\n]")


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a file says of its making. ``generator`` names the tool whose form it has, ``text`` is A1111's."""

    generator: str | None = None
    prompt: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    model: str | None = None
    text: str | None = None


def write(prompt: str, negative_prompt: str, values: Mapping[str, object]) -> str:
    """Return the text that A1111 made common: prompt, negative prompt, and one line of values."""
    line = ", ".join(f"{name}: {_quoted(str(value))}" for name, value in values.items())
    negative = f"{_NEGATIVE}{negative_prompt}" if negative_prompt else ""
    return "\n".join(part for part in (prompt, negative, line) if part)


def read(text: Mapping[str, str], comment: str | None) -> Parameters:
    """Return what a PNG's texts or an EXIF comment say, in the first form that is known."""
    for plain in filter(None, (text.get("parameters"), comment)):
        if found := _read_plain(plain):
            return found
    if "invokeai_metadata" in text:
        return of_values("InvokeAI", json_object(text["invokeai_metadata"]), prompt="positive_prompt")
    if "prompt" in text or "workflow" in text:
        return _read_comfyui(json_object(text.get("prompt", "")))
    return Parameters()


def of_values(generator: str, values: Mapping[str, Any], *, prompt: str = "prompt") -> Parameters:
    """Return the parameters that stand in a JSON object by these names; what has another type is left out."""
    model = values.get("model")
    if isinstance(model, Mapping):
        model = model.get("name", model.get("model_name"))
    return Parameters(
        generator,
        _text(values.get(prompt)),
        _text(values.get("negative_prompt")),
        _number(values.get("seed")),
        _text(model),
    )


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON object that ``text`` is; {} when it is none."""
    try:
        # Written and read again, for JSON can hold what UTF-8 cannot: halves of surrogate pairs. ComfyUI writes NaN.
        value = json.loads(text, parse_constant=lambda _: None)
        value = json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if _NEEDS_QUOTES.search(value) else value


def _read_plain(text: str) -> Parameters | None:
    """Read A1111's form; None for any other text."""
    above, _, last = text.rstrip().rpartition("\n")
    values = dict(_PAIR.findall(last[:_LINE_MOST]))
    if len(values) < _PAIRS_LEAST:
        return None
    prompt, _, negative = f"\n{above}".partition(f"\n{_NEGATIVE}")
    seed, model = _number(values.get("Seed")), values.get("Model", "").strip('"')
    return Parameters("A1111", prompt.strip() or None, negative or None, seed, model or None, text)


def _read_comfyui(nodes: Mapping[str, Any]) -> Parameters:
    """Read the graph's sampler and, one step from it, its texts; a longer way is a graph of its own kind."""
    inputs = [
        node["inputs"]
        for node in nodes.values()
        if isinstance(node, Mapping) and isinstance(node.get("inputs"), Mapping)
    ]
    nothing: Mapping[str, Any] = {}
    sampler = next((i for i in inputs if "positive" in i and ("seed" in i or "noise_seed" in i)), nothing)
    loader = next((i for i in inputs if "ckpt_name" in i or "unet_name" in i), nothing)
    return Parameters(
        "ComfyUI",
        _linked_text(nodes, sampler.get("positive")),
        _linked_text(nodes, sampler.get("negative")),
        _number(sampler.get("seed", sampler.get("noise_seed"))),
        _text(loader.get("ckpt_name", loader.get("unet_name"))),
    )


def _linked_text(nodes: Mapping[str, Any], link: Any) -> str | None:
    """Follow a link, ``[id of a node, number of its output]``."""
    node = nodes.get(str(link[0])) if isinstance(link, list) and link else None
    inputs = node.get("inputs") if isinstance(node, Mapping) else None
    return _text(inputs.get("text")) if isinstance(inputs, Mapping) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None
