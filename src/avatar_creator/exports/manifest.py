"""Who is in which file: a line an avatar, with what people and programs ask for. No time, path or id of this home."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.records import Avatar
from avatar_creator.persona_files.manifests import guarded

_PERSONA = ("persona_id", "name", "persona_name", "persona_age", "personality", "background")
_MADE = ("source_type", "engine", "model", "prompt", "seed", "preset", "width_px", "height_px", "format", "sha256")
_SAID = ("alt_text", "credit", "license", "tags", "starred")
COLUMNS = ("file", "id", "project", *_PERSONA, *(attribute.name for attribute in ATTRIBUTES), *_MADE, *_SAID)


class Entry(NamedTuple):
    """An avatar, and the name of its file."""

    avatar: Avatar
    file: str

    def as_json(self) -> dict[str, Any]:
        """Return its line, column by column."""
        avatar, persona = self.avatar, self.avatar.persona
        return {
            "file": self.file,
            "id": avatar.id,
            "project": avatar.project_name,
            "persona_id": avatar.persona_id,
            "name": avatar.name,
            "persona_name": persona.name,
            "persona_age": persona.age,
            "personality": list(persona.personality),
            "background": persona.background,
            **avatar.attributes.as_json(),
            "source_type": avatar.source_type.value,
            **{name: getattr(avatar, name) for name in _MADE[1:]},
            "alt_text": avatar.alt_text,
            "credit": avatar.credit,
            "license": "; ".join(each.name for each in avatar.licenses if each.name) or None,
            "tags": list(avatar.tags),
            "starred": avatar.starred,
        }


class Format(NamedTuple):
    """How a manifest is written: what stands first, and a line for each entry."""

    head: str
    line: Callable[[Mapping[str, Any]], str]
    tail: str = ""


def _csv_line(values: Mapping[str, Any]) -> str:
    return _csv([_cell(value) for value in values.values()])


def _cell(value: object) -> str:
    """Return a value as a spreadsheet shows it, which computes none of them."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return guarded(", ".join(map(str, value)))
    return guarded(str(value))


def _csv(values: list[str]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow(values)
    return file.getvalue()


FORMATS: Mapping[str, Format] = {
    "csv": Format(_csv(list(COLUMNS)), _csv_line),
    "jsonl": Format("", lambda values: json.dumps(values, ensure_ascii=False) + "\n"),
}
