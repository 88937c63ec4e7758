"""Elements of a DiceBear definition, for what art styles add to theirs."""

from collections.abc import Iterable, Mapping
from typing import Any

from avatar_creator.engines.offline.art.style import Definition

Element = dict[str, Any]


def color(name: str) -> Element:
    return {"type": "color", "name": name}


def element(name: str, attributes: Element, children: Iterable[Element] = ()) -> Element:
    return {"type": "element", "name": name, "attributes": attributes, "children": list(children)}


def path(d: str, **attributes: str | Element) -> Element:
    return element("path", {"d": d, **{name.replace("_", "-"): value for name, value in attributes.items()}})


def drawing(*elements: Element) -> Element:
    return {"elements": list(elements)}


def recolored(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a definition in which colors have the names that ``names`` gives them."""
    if isinstance(part, list):
        return [recolored(one, names) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "color":
        return color(names.get(part["name"], part["name"]))
    return {key: recolored(value, names) for key, value in part.items()}


def framed(definition: Definition, x: float, y: float, side: float) -> Definition:
    """Return the definition with a square of its canvas as the whole of it."""
    moved = element("g", {"transform": f"translate({-x:g} {-y:g})"}, definition["canvas"]["elements"])
    return {**definition, "canvas": {"width": side, "height": side, "elements": [moved]}}
