"""ComfyUI's graphs in one shape, from the two that it writes: what was run, and what its editor shows.

A value of a node's input is a literal or a link, ``[id of a node, number of its output]``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avatar_creator.storage.pictures.parameters import part_of

_NODES_MOST = 10_000

# The editor keeps a node's own values without their names. After a seed comes what is done to it for the next picture.
_SEED_CONTROL = frozenset({"fixed", "increment", "decrement", "randomize"})
_WIDGETS: Mapping[str, Sequence[str]] = {
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl"),
    "CLIPTextEncodeSD3": ("clip_l", "clip_g", "t5xxl"),
    "CLIPTextEncodeSDXL": ("width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "ImpactWildcardEncode": ("wildcard_text", "populated_text"),
    "KSampler": ("seed",),
    "KSamplerAdvanced": ("add_noise", "noise_seed"),
    "RandomNoise": ("noise_seed",),
    "SamplerCustom": ("add_noise", "noise_seed"),
    "UNETLoader": ("unet_name",),
    "UnetLoaderGGUF": ("unet_name",),
}
# Of other nodes, those whose name says so: the first text, or the first number, is what they are for.
_HOLDS_TEXT = re.compile(r"(?i)text|prompt|string|primitive")
_HOLDS_NUMBER = re.compile(r"(?i)seed|int\b|primitive|noise")
_IS_MODEL = re.compile(r"(?i).+\.(safetensors|ckpt|gguf|sft|pth?)")
_LOADS_MODEL = re.compile(r"(?i)^(?!.*lora).*loader")
_NEVER, _BYPASSED = 2, 4  # modes
_FROM_OUTSIDE, _TO_OUTSIDE = -10, -20  # the nodes that stand for a subgraph's inputs and outputs


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the graph; ``inputs`` by name."""

    id: str
    type: str
    inputs: Mapping[str, Any]


Graph = Mapping[str, Node]


def link_of(value: object) -> str | None:
    """Return the id of the node that a value comes from; None for a literal."""
    match value:
        case [str() | int() as id_, int()]:
            return str(id_)
    return None


def of_prompt(prompt: Mapping[str, Any]) -> Graph:
    """Return the graph that was run; empty when it is none."""
    nodes = (_run(id_, node) for id_, node in list(prompt.items())[:_NODES_MOST])
    return {node.id: node for node in nodes if node}


def of_workflow(workflow: Mapping[str, Any]) -> Graph:
    """Return the graph that the editor shows; empty when it is none."""
    if not isinstance(workflow.get("links"), list):  # other programs, too, call their drawings a workflow of nodes
        return {}
    graph: dict[str, Node] = {}
    _add(graph, workflow, "", _subgraphs(workflow), {})
    stored = {_first_text(node): node for node in graph.values() if node.type == "SetNode"}
    for id_, node in graph.items():
        if node.type == "GetNode" and (source := stored.get(_first_text(node))):
            graph[id_] = Node(id_, node.type, {"value": [source.id, 0]})
    return graph


def _run(id_: str, node: Any) -> Node | None:
    match node:
        case {"class_type": str(type_), "inputs": Mapping() as inputs}:
            return Node(id_, type_, inputs)
    return None


def _add(
    graph: dict[str, Node],
    drawn: Mapping[str, Any],
    prefix: str,
    subgraphs: Mapping[str, Mapping[str, Any]],
    outer: Mapping[str, Any],
) -> None:
    """Add the nodes of a drawing; inside a subgraph their ids have a prefix, and ``outer`` is what goes into it."""
    origins = _origins(drawn, prefix, outer)
    inner = {} if prefix else subgraphs  # one level: deeper ones are rare, and a hostile one has no end
    for node in _list(drawn.get("nodes")):
        if len(graph) >= _NODES_MOST:
            return
        match node:
            case {"id": str() | int() as number, "type": str(type_)} if node.get("mode") != _NEVER:
                id_ = f"{prefix}{number}"
            case _:
                continue
        links = ((name, str(socket.get("link"))) for name, socket in _sockets(node))
        linked = {name: origins[link] for name, link in links if link in origins}
        if node.get("mode") == _BYPASSED:
            graph[id_] = Node(id_, "", linked)
        elif type_ in inner:
            _add(graph, inner[type_], f"{id_}:", subgraphs, linked)
            graph[id_] = Node(id_, "", {"value": _leaves(inner[type_], f"{id_}:")})
        else:
            graph[id_] = Node(id_, type_, {**dict(_widgets(type_, node)), **linked})


def _origins(drawn: Mapping[str, Any], prefix: str, outer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return where each link of a drawing comes from."""
    found: dict[str, Any] = {}
    names = [name for name, _ in _sockets(drawn)]
    for link in _list(drawn.get("links")):
        match link:
            case [int() as number, str() | int() as origin, int() as slot, *_]:
                pass
            case {"id": int() as number, "origin_id": str() | int() as origin, "origin_slot": int() as slot}:
                pass
            case _:
                continue
        if origin != _FROM_OUTSIDE:
            found[str(number)] = [f"{prefix}{origin}", slot]
        elif 0 <= slot < len(names) and names[slot] in outer:
            found[str(number)] = outer[names[slot]]
    return found


def _leaves(subgraph: Mapping[str, Any], prefix: str) -> Any:
    """Return the link to what a subgraph gives first."""
    for link in _list(subgraph.get("links")):
        match link:
            case {"origin_id": str() | int() as origin, "origin_slot": int() as slot, "target_id": int() as target}:
                if target == _TO_OUTSIDE:
                    return [f"{prefix}{origin}", slot]
    return None


def _subgraphs(workflow: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    listed = _list(part_of(workflow, "definitions").get("subgraphs"))
    return {one["id"]: one for one in listed if isinstance(one, Mapping) and isinstance(one.get("id"), str)}


def _widgets(type_: str, node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a node's own values by name, as far as the names are known."""
    given = node.get("widgets_values")
    if isinstance(given, Mapping):
        yield from ((str(name), value) for name, value in given.items())
        return
    values = [value for value in _list(given) if not (isinstance(value, str) and value in _SEED_CONTROL)]
    named = [name for name, socket in _sockets(node) if isinstance(socket.get("widget"), Mapping)]
    if type_ in _WIDGETS:
        yield from zip(_WIDGETS[type_], values, strict=False)
    elif named and len(named) == len(values):
        yield from zip(named, values, strict=True)
    else:
        if _LOADS_MODEL.search(type_):
            yield from (
                ("model_name", value) for value in values if isinstance(value, str) and _IS_MODEL.fullmatch(value)
            )
        if _HOLDS_TEXT.search(type_):
            yield from (("text", value) for value in values[:1] if isinstance(value, str))
        if _HOLDS_NUMBER.search(type_):
            yield from (("value", value) for value in values[:1] if isinstance(value, int))


def _sockets(of: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the inputs of a node or a subgraph, with their names."""
    for socket in _list(of.get("inputs")):
        match socket:
            case {"name": str(name)}:
                yield name, socket


def _first_text(node: Node) -> object:
    return next((value for value in node.inputs.values() if isinstance(value, str)), None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
