"""What stands below a picture: a template of fields, filled in."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from avatar_creator.domain.output_pattern import OutputNames, Slot, parts_of, values_of
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.sheets.fonts import Fonts

_LINES_MOST = 8
_LONGEST = 1000  # characters of a template
_NOT_DRAWN = frozenset({"Cc", "Cs", "Cn"})
_CLOSING = ")]}\"'"
_OF_AVATARS: Mapping[str, str | None] = {  # what a picture gets only with its avatar, and the field that it is
    "persona_id": "persona_id",
    **dict.fromkeys(("source_type", "alt_text", "credit", "tags", "version", "created_at")),
}
_SHOWN = 200  # characters of a value; more are never seen


class Captions:
    """Lines of texts and fields in braces. A field without a value is left out, and what stands before it."""

    def __init__(self, template: str, fonts: Fonts) -> None:
        """Raises InvalidInput for fields that do not exist, and for too many lines."""
        known = OutputNames(FIELDS, _OF_AVATARS)
        if len(template) > _LONGEST:
            raise InvalidInput(f"caption has {len(template)} characters.", hint=f"It may have {_LONGEST}.")
        lines = template.replace("\\n", "\n").split("\n") if template else []
        if len(lines) > _LINES_MOST:
            raise InvalidInput(
                f"caption is {shown(template)}, of {len(lines)} lines.", hint=f"It may have {_LINES_MOST} lines."
            )
        self._lines = [[part for part in parts_of("caption", line, known) if part != ""] for line in lines]
        self._fonts = fonts
        fixed = "".join(part for line in self._lines for part in line if isinstance(part, str))
        self.lacking = fonts.lacking(fixed)  # the writings of which something could not be drawn

    def __len__(self) -> int:
        """Return of how many lines they are."""
        return len(self._lines)

    def of(self, avatar: Avatar, n: int) -> list[str]:
        """Return the lines of an avatar; where no font has a value's characters, its id stands for it."""
        values = values_of(avatar, n) | {
            name: getattr(avatar, name) for name, field in _OF_AVATARS.items() if field is None
        }
        return [self._filled(line, values) for line in self._lines]

    def _filled(self, line: list[str | Slot], values: Mapping[str, Any]) -> str:
        said, between = "", ""
        is_missing = False  # the last field
        for part in line:
            if isinstance(part, str):
                if said or not is_missing:
                    between += part.lstrip(_CLOSING) if is_missing else part
                continue
            value = self._drawable(_text(part, values.get(part.name)), values)
            is_missing = not value
            if value:
                said += between + value
            if value or said:
                between = ""
        return said if is_missing else said + between

    def _drawable(self, value: str, values: Mapping[str, Any]) -> str:
        lacking = self._fonts.lacking(value)
        if not lacking:
            return value
        self.lacking |= lacking
        bare = "".join(each for each in unicodedata.normalize("NFKD", value) if not unicodedata.combining(each))
        if not self._fonts.lacking(bare):
            return bare
        drawn = "".join(run.text for run in self._fonts.runs(value))
        if any(each.isalpha() for each in drawn):  # a name beside an emoji
            return " ".join(drawn.split())
        return str(values["persona_id"] or values["id"])


def _text(slot: Slot, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            text = f"{value:g}"
        case int():
            text = f"{value:0{slot.digits}d}" if slot.digits else str(value)
        case list() | tuple():
            text = ", ".join(map(str, value))
        case _:
            text = str(value)
    shown_ = (each for each in text[:_SHOWN] if each.isspace() or unicodedata.category(each) not in _NOT_DRAWN)
    return " ".join("".join(shown_).split())
