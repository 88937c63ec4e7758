"""A manifest as a TypeScript module: a type, and the avatars, for fixtures and pages."""

from collections.abc import Sequence

from avatar_creator.exports.formats.format import Format, json_text
from avatar_creator.exports.manifest import Line

_NUMBERS = {"persona_age", "seed", "width_px", "height_px"}
_LISTS = {"personality", "tags"}
_ALWAYS = {"id", "project", "name", "source_type", "width_px", "height_px", "format", "sha256"}


def _head(columns: Sequence[str]) -> str:
    fields = "".join(f"  readonly {name}: {_type(name)};\n" for name in columns)
    return f"export interface Avatar {{\n{fields}}}\n\nexport const avatars: readonly Avatar[] = [\n"


def _type(name: str) -> str:
    if name == "starred":
        return "boolean"
    if name in _LISTS:
        return "readonly string[]"
    kind = "number" if name in _NUMBERS else "string"
    return kind if name in _ALWAYS or name.startswith("file") else f"{kind} | null"


def _line(line: Line) -> str:
    return f"  {json_text(line.values)},\n"


TYPESCRIPT = Format(_head, _line, "];\n")
