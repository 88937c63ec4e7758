"""Elements of a DiceBear definition, for what art styles add to theirs."""

from collections.abc import Container, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from avatar_creator.engines.offline.art.style import Definition

Element = dict[str, Any]


def color(name: str) -> Element:
    return {"type": "color", "name": name}


def element(name: str, attributes: Element, children: Iterable[Element] = ()) -> Element:
    return {"type": "element", "name": name, "attributes": attributes, "children": list(children)}


def path(d: str, **attributes: str | Element) -> Element:
    return element("path", {"d": d, **{name.replace("_", "-"): value for name, value in attributes.items()}})


def line(d: str, *, stroke: str | Element, width: float) -> Element:
    """Return a path with round ends."""
    return path(d, stroke=stroke, stroke_width=f"{width:g}", stroke_linecap="round")


def circle(x: float, y: float, r: float, attributes: Element) -> Element:
    return element("circle", {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{r:g}", **attributes})


def group(transform: str, children: Iterable[Element]) -> Element:
    return element("g", {"transform": transform}, children)


def component(name: str, transform: str = "") -> Element:
    place = {"attributes": {"transform": transform}} if transform else {}
    return {"type": "component", "name": name, **place}


def drawing(*elements: Element) -> Element:
    return {"elements": list(elements)}


def add_drawings(definition: Definition, name: str, drawings: Mapping[str, Iterable[Element]]) -> None:
    """Add drawings to a component; one that is new is as large as the canvas."""
    canvas = definition["canvas"]
    new = {"width": canvas["width"], "height": canvas["height"], "variants": {}}
    there = definition["components"].setdefault(name, new)["variants"]
    there |= {one: drawing(*elements) for one, elements in drawings.items()}


def recolored(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a definition in which colors have the names that ``names`` gives them."""
    if isinstance(part, list):
        return [recolored(one, names) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "color":
        return color(names.get(part["name"], part["name"]))
    return {key: recolored(value, names) for key, value in part.items()}


def outlined(part: Any, roles: Container[str], ink: str, width: str) -> Any:
    """Return a part of a definition with a line of ink around what has one of the colors: light ones are seen, too."""
    if isinstance(part, list):
        return [outlined(one, roles, ink, width) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "element" and _fill(part) in roles:
        line = {"stroke": color(ink), "stroke-width": width, "stroke-linejoin": "round"}
        part = {**part, "attributes": {**part["attributes"], **line}}
    return {key: outlined(value, roles, ink, width) for key, value in part.items()}


def lit(component: Element, width: str) -> None:
    """Put a thin light below the ink of each drawing of a component: on dark skin it is seen then."""
    for one in component["variants"].values():
        light = recolored(one["elements"], dict.fromkeys(("ink", "paper"), "highlight"))
        one["elements"][:0] = outlined(light, ("highlight",), "highlight", width)


def dotted(d: str, role: str, width: str) -> Element:
    """Return a line of dots: stubble."""
    return path(d, stroke=color(role), stroke_width=width, stroke_linecap="round", stroke_dasharray="0 22")


def _fill(shape: Element) -> Any:
    fill = shape.get("attributes", {}).get("fill")
    return fill["name"] if isinstance(fill, dict) else None


def tinted_ink(elements: Iterable[Element], role: str, mask: str, edge: float) -> Iterator[Element]:
    """Yield the elements with the inside of ink in a color: its edge stays, and so do lines that are all edge."""
    for one in elements:
        yield one
        if _fill(one) == "ink" != role:
            inside, tint = deepcopy(one), deepcopy(one)
            inside["attributes"] |= {"fill": "white", "stroke": "black", "stroke-width": f"{2 * edge:g}"}
            tint["attributes"]["fill"] = color(role)
            yield element("mask", {"id": mask, "style": "mask-type:luminance"}, [inside])
            yield element("g", {"mask": f"url(#{mask})"}, [tint])


def framed(definition: Definition, x: float, y: float, side: float) -> Definition:
    """Return the definition with a square of its canvas as the whole of it."""
    moved = element("g", {"transform": f"translate({-x:g} {-y:g})"}, definition["canvas"]["elements"])
    return {**definition, "canvas": {"width": side, "height": side, "elements": [moved]}}
