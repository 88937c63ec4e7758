"""Conditions on rows: of a search, and of copies that are due."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
    found = [*_own(wanted), *_attributes(wanted), *_fields(wanted)]
    return [condition for condition, _ in found], [value for _, values in found for value in values]


def _own(wanted: "AvatarFilter") -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield the conditions of what is neither an attribute nor another field, each with its values."""
    for name in ("project_id", "engine", "source_type"):
        if given := domain.filters.several(getattr(wanted, name)):
            yield f"a.{name} IN ({_marks(given)})", given
    if wanted.starred is not None:
        yield "a.starred = ?", (wanted.starred,)
    if wanted.used is not None:
        yield f"a.usage_count {'>' if wanted.used else '='} 0", ()
    if wanted.text is not None and not domain.search.phrases_of(wanted.text):
        yield _NAMED, [_containing(wanted.text)] * 2
    if ages := domain.filters.several(wanted.age):
        spans = " OR ".join([f"{AGE_KEY} BETWEEN ? AND ?"] * len(ages))
        yield f"({spans})", [age for span in ages for age in (span.least, min(span.most, AGE_MOST))]
    if wanted.since or wanted.until:
        yield "a.created_at >= ? AND a.created_at < ?", (wanted.since or "", wanted.until or _LATEST)
    for tag in wanted.tags:
        yield _TAGGED, (tag,)
    for tag in wanted.without_tags:
        yield f"NOT {_TAGGED}", (tag,)


def _attributes(wanted: "AvatarFilter") -> Iterator[tuple[str, Sequence[Any]]]:
    for name, texts in wanted.attributes.items():
        same = dict.fromkeys(
            each for text in domain.filters.several(texts) for each in domain.synonyms.spellings_of(name, text)
        )
        yield f"{_joined(f'a.{name}')} IN ({_marks(same)})", list(same)


def _fields(wanted: "AvatarFilter") -> Iterator[tuple[str, Sequence[Any]]]:
    for name, given in wanted.fields.items():
        condition, each = _FIELDS[name], domain.filters.several(given)
        either = " AND " if name in domain.filters.MANY else " OR "
        compared = [_compared(value, condition) for value in each for _ in range(condition.count("?"))]
        yield f"({either.join([condition] * len(each))})", compared


def _compared(value: str | int, condition: str) -> str | int:
    """Return what a condition compares a value of a filter with."""
    if isinstance(value, int):
        return value
    return _containing(value) if _LIKE in condition else fold(value)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _containing(text: str) -> str:
    return fold("%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")


def in_any_case(column: str, comparison: str = "= ? COLLATE NOCASE") -> str:
    """Return the condition that a column compares so with a folded text.

    SQLite knows the case of ASCII alone. Asking Python is slower, so only for what has more bytes than characters.
    """
    return f"CASE WHEN {_has_more(column)} THEN folded({column}) ELSE {column} END {comparison}"


def _has_more(column: str) -> str:
    return f"length({column}) < length(CAST({column} AS BLOB))"


def _joined(column: str) -> str:
    """Return a column as `joined` does it, which Python is asked to do only where letters are not ASCII."""
    ascii_ = f"lower(replace(replace(replace({column}, '-', ''), '_', ''), ' ', ''))"
    return f"CASE WHEN {_has_more(column)} THEN joined({column}) ELSE {ascii_} END"


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
