"""What a search asks SQLite for."""

from typing import TYPE_CHECKING, Any

from avatar_creator.domain.text import fold

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter


def conditions_of(wanted: "AvatarFilter") -> tuple[list[str], list[Any]]:
    """Return the conditions on an avatar's row ``a`` that all must hold, and their values."""
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: object) -> None:
        conditions.append(condition)
        values.extend(given)

    if wanted.project_id:
        add("a.project_id = ?", wanted.project_id)
    if wanted.age:
        add("a.persona_age BETWEEN ? AND ?", wanted.age.least, wanted.age.most)
    if wanted.engine:
        add("a.engine = ?", wanted.engine)
    if wanted.source_type:
        add("a.source_type = ?", wanted.source_type.value)
    if wanted.text:
        pattern = "%" + wanted.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        like = " OR ".join(in_any_case(column, "LIKE ? ESCAPE '\\'") for column in ("a.name", "a.persona_name"))
        add(f"({like})", *[fold(pattern)] * 2)
    for name, value in wanted.attributes.items():
        add(in_any_case(f"a.{name}"), fold(value))
    return conditions, values


def in_any_case(column: str, comparison: str = "= ? COLLATE NOCASE") -> str:
    """Return the condition that a column compares so with a folded text.

    SQLite knows the case of ASCII alone. Asking Python is slower, so only for what has more bytes than characters.
    """
    has_more = f"length({column}) < length(CAST({column} AS BLOB))"
    return f"CASE WHEN {has_more} THEN folded({column}) ELSE {column} END {comparison}"
