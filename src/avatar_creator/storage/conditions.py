"""Conditions on rows: of a search, and of copies that are due."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from avatar_creator import domain
from avatar_creator.domain.persona import AGE_MOST
from avatar_creator.domain.text import fold

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter

# As the index has it: of a completed generation, a copy that nobody has written, nor found that it cannot be.
IS_DUE = "status = 'completed' AND output_path IS NOT NULL AND NOT output_written AND output_error IS NULL"
AGE_KEY = "coalesce(a.persona_age, 1000)"  # what ages sort by, as their index has it: those without one are last
_LATEST = "a"  # sorts after all times
_TAGGED = "EXISTS (SELECT 1 FROM avatar_tags t WHERE t.avatar_id = a.id AND t.tag = ?)"
_LIKE = "LIKE ? ESCAPE '\\'"


def conditions_of(wanted: "AvatarFilter") -> tuple[list[str], list[Any]]:
    """Return the conditions on an avatar's row ``a`` that all must hold, and their values.

    Words of the text are none of them: only the index knows those of an avatar. A text without any is a part of a name.
    """
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: object) -> None:
        conditions.append(condition)
        values.extend(given)

    same = {name: getattr(wanted, name) for name in ("project_id", "engine", "source_type", "starred")}
    for name in [name for name, value in same.items() if value is not None]:
        add(f"a.{name} = ?", same[name])
    if wanted.text is not None and not domain.search.phrases_of(wanted.text):
        add(_NAMED, *[_containing(wanted.text)] * 2)
    if wanted.age:
        add(f"{AGE_KEY} BETWEEN ? AND ?", wanted.age.least, min(wanted.age.most, AGE_MOST))
    if wanted.since or wanted.until:
        add("a.created_at >= ? AND a.created_at < ?", wanted.since or "", wanted.until or _LATEST)
    for tag in wanted.tags:
        add(_TAGGED, tag)
    for tag in wanted.without_tags:
        add(f"NOT {_TAGGED}", tag)
    for name, texts in wanted.attributes.items():
        add(f"({' OR '.join([_spelt(name)] * len(texts))})", *(_spaced(fold(text)) for text in texts))
    for name, given in wanted.fields.items():
        condition = _FIELDS[name]
        text = _containing(str(given)) if _LIKE in condition else fold(str(given))
        add(condition, *[given if isinstance(given, int) else text] * condition.count("?"))
    return conditions, values


def _containing(text: str) -> str:
    return fold("%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")


def in_any_case(column: str, comparison: str = "= ? COLLATE NOCASE") -> str:
    """Return the condition that a column compares so with a folded text.

    SQLite knows the case of ASCII alone. Asking Python is slower, so only for what has more bytes than characters.
    """
    has_more = f"length({column}) < length(CAST({column} AS BLOB))"
    return f"CASE WHEN {has_more} THEN folded({column}) ELSE {column} END {comparison}"


def _spelt(attribute: str) -> str:
    """Return the condition that an attribute is a folded text, with hyphens or spaces between its words."""
    return f"replace(replace({in_any_case(f'a.{attribute}', '')}, '-', ' '), '_', ' ') = ? COLLATE NOCASE"


def _spaced(text: str) -> str:
    return text.replace("-", " ").replace("_", " ")


def _option(name: str) -> str:
    """Return the option that an engine made the picture with, as its recipe has it."""
    return f"coalesce(json_extract(a.recipe, '$.options.{name}'), '')"


_NAMED = f"({in_any_case('a.name', _LIKE)} OR {in_any_case('a.persona_name', _LIKE)})"
# Each field of a filter that is neither an attribute nor known to have a condition of its own.
_FIELDS: Mapping[str, str] = {
    "avatar_name": in_any_case("a.name"),
    "persona_name": in_any_case("a.persona_name"),
    "persona_id": "a.persona_id = ? COLLATE NOCASE",
    "personality": f"EXISTS (SELECT 1 FROM json_each(a.persona_personality) WHERE {in_any_case('value')})",
    "background": in_any_case("a.persona_background", _LIKE),
    "prompt": in_any_case("a.prompt", _LIKE),
    "format": "a.format = ? COLLATE NOCASE",
    "model": f"(a.model = ? COLLATE NOCASE OR {_option('model')} = ? COLLATE NOCASE)",
    "art_style": f"{_option('art_style')} = ? COLLATE NOCASE",
    "provider": (
        f"(coalesce(json_extract(a.recipe, '$.provider'), '') = ? COLLATE NOCASE"
        f" OR {_option('provider')} = ? COLLATE NOCASE)"
    ),
    "preset": "a.preset = ? COLLATE NOCASE",
    "seed": "a.seed = ?",
    "width": "a.width_px = ?",
    "height": "a.height_px = ?",
}
