"""Who is in which file: a line an avatar, with what people and programs ask for. No time, path or id of this home."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.records import Avatar
from avatar_creator.exports.made import Made

_PERSONA = ("persona_id", "name", "persona_name", "persona_age", "personality", "background")
_MADE = ("source_type", "engine", "model", "prompt", "seed", "preset", "width_px", "height_px", "format", "sha256")
_SAID = ("alt_text", "credit", "license", "tags", "starred")
COLUMNS = ("file", "id", "project", *_PERSONA, *(attribute.name for attribute in ATTRIBUTES), *_MADE, *_SAID)
_OF_LIVES = frozenset({"personality", "background", "prompt"})  # no strangers' business


def columns(sizes: Sequence[int], *, has_lives: bool) -> tuple[str, ...]:
    """Return the columns of a manifest; with several sizes, a file for each."""
    files = [f"file_{size}" for size in sizes] if len(sizes) > 1 else []
    return ("file", *files, *(name for name in COLUMNS[1:] if has_lives or name not in _OF_LIVES))


class Entry(NamedTuple):
    """An avatar and its files, the largest first. ``made`` is that one, where it is not the library's own."""

    avatar: Avatar
    files: Sequence[str]
    preview: str  # a small one
    made: Made | None = None

    def as_json(self, names: Sequence[str]) -> dict[str, Any]:
        """Return its line, column by column."""
        avatar, persona, made = self.avatar, self.avatar.persona, self.made
        values = {
            "file": self.files[0],
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
        if made is not None:
            values |= {"width_px": made.width_px, "height_px": made.height_px, "sha256": made.sha256}
            values |= {"format": PictureFormat.of_name("file", made.file)}
        sized = dict(zip((name for name in names if name.startswith("file_")), self.files, strict=False))
        return {name: (values | sized)[name] for name in names}


class Line(NamedTuple):
    """What a format writes of an entry."""

    values: Mapping[str, Any]  # by column
    preview: str
