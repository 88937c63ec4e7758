"""Composes the drawings of an art style to one SVG."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.framing import NARROWEST
from avatar_creator.engines.offline.art.style import ArtStyle, Definition
from avatar_creator.engines.offline.rng import sha256
from avatar_creator.errors import NotConfigured

# As html.escape has it, which brings a table of 2000 names along.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


class Svg(NamedTuple):
    """An SVG document, and the names of the style's components and colors that are seen in it."""

    text: str
    components: frozenset[str]
    colors: frozenset[str]


@cache
def definition_of(style: ArtStyle) -> Definition:
    """Return the style's definition, with what is added to it. Raises NotConfigured if it is not installed."""
    spec = find_spec("dicebear_styles")  # importlib.resources would cost 15 ms more
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise NotConfigured(
            "The offline engine cannot find its drawings.", hint="Install them again: pip install dicebear-styles."
        )
    definition: Definition = json.loads(Path(folders[0], f"{style.name}.json").read_bytes())
    return style.extend(definition) if style.extend else definition


@cache
def fingerprint_of(style: ArtStyle) -> str:
    """Return what changes when the style's art or our additions to it change, whatever their versions say."""
    return sha256(json.dumps(definition_of(style), check_circular=False).encode()).hexdigest()[:16]


def compose_svg(
    definition: Definition,
    variants: Mapping[str, str | None],
    colors: Mapping[str, str],
    *,
    background: str,
    width_px: int,
    height_px: int,
) -> Svg:
    """Return the drawing on a background, fitted to a picture's size: nothing is distorted.

    ``variants`` name the drawing of each component, ``colors`` the colors that differ from the definition's.
    """
    side = definition["canvas"]["width"]
    writer = _SvgWriter(definition, variants, colors)
    body = writer.elements(definition["canvas"]["elements"])
    ratio = width_px / height_px
    view_width = side * (ratio if ratio >= 1 else max(ratio, NARROWEST))
    view_height = view_width / ratio
    x, y = (side - view_width) / 2, side - view_height
    frame = f'x="{x:.6g}" y="{y:.6g}" width="{view_width:.6g}" height="{view_height:.6g}"'
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_px}" height="{height_px}" '
        f'viewBox="{x:.6g} {y:.6g} {view_width:.6g} {view_height:.6g}">'
        f'<rect {frame} fill="{background}"/>'
        f"<g{writer.attributes(definition.get('attributes', {}))}>{body}</g></svg>"
    )
    return Svg(text, frozenset(writer.components_seen), frozenset(writer.colors_seen))


class _SvgWriter:
    """Writes a definition's elements as SVG, and remembers the components and colors it used."""

    def __init__(self, definition: Definition, variants: Mapping[str, str | None], colors: Mapping[str, str]) -> None:
        self._components = definition["components"]
        self._colors: dict[str, str] = {name: color["values"][0] for name, color in definition["colors"].items()}
        self._colors |= colors
        self._variants = variants
        self.components_seen: set[str] = set()
        self.colors_seen: set[str] = set()

    def elements(self, elements: Iterable[Mapping[str, Any]]) -> str:
        return "".join(map(self._element, elements))

    def attributes(self, attributes: Mapping[str, Any]) -> str:
        return "".join(f' {name}="{self._value(value).translate(_ESCAPES)}"' for name, value in attributes.items())

    def _element(self, element: Mapping[str, Any]) -> str:
        attributes = element.get("attributes", {})
        if element["type"] == "component":
            variant = self._variants.get(element["name"])
            if variant is None:
                return ""
            drawing = self._components[element["name"]]["variants"][variant]["elements"]
            if drawing:
                self.components_seen.add(element["name"])
            return f"<g{self.attributes(attributes)}>{self.elements(drawing)}</g>"
        name = element["name"]
        return f"<{name}{self.attributes(attributes)}>{self.elements(element.get('children', ()))}</{name}>"

    def _value(self, value: str | Mapping[str, str]) -> str:
        if isinstance(value, str):
            return value
        self.colors_seen.add(value["name"])
        return self._colors[value["name"]]
