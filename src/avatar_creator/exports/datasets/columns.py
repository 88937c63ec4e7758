"""What a data set says of each picture: the same columns, each of one type, in every row."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from avatar_creator.domain.license import commercial_use
from avatar_creator.domain.records import Avatar, SourceType
from avatar_creator.engines.table import draws
from avatar_creator.exports.manifest import COLUMNS as OF_MANIFESTS
from avatar_creator.exports.manifest import Entry


class Type(StrEnum):
    """Types of columns, as the Hub calls them; any value but a list may be null."""

    TEXT = "string"
    NUMBER = "int64"
    TRUTH = "bool"
    TEXTS = "list"


_TYPES = {
    **dict.fromkeys(("persona_age", "seed", "width_px", "height_px"), Type.NUMBER),
    **dict.fromkeys(("personality", "tags"), Type.TEXTS),
}
# Which one is a user's favorite is nobody else's.
_TAKEN = tuple(name for name in OF_MANIFESTS if name not in {"file", "starred"})
_ADDED = {"full_prompt": Type.TEXT, "negative_prompt": Type.TEXT, "synthetic": Type.TRUTH, "commercial_use": Type.TEXT}
COLUMNS: Mapping[str, Type] = {name: _TYPES.get(name, Type.TEXT) for name in _TAKEN} | _ADDED


def values_of(entry: Entry) -> dict[str, Any]:
    """Return what is said of an avatar, column by column."""
    avatar = entry.avatar
    is_drawing = draws(avatar.engine)  # which is not made of prompts
    added = {
        "full_prompt": None if is_drawing else avatar.full_prompt,
        "negative_prompt": None if is_drawing else avatar.negative_prompt,
        "synthetic": is_synthetic(avatar),
        "commercial_use": commercial_use(avatar.licenses),
    }
    return entry.as_json(_TAKEN) | added


def is_synthetic(avatar: Avatar) -> bool | None:
    """Return True for what was made here; nobody here knows it of an upload."""
    return None if avatar.source_type is SourceType.UPLOADED else True
