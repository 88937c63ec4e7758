"""What a page knows of avatars: a table with a row for each, and what its columns mean. It becomes JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.made import Made
from avatar_creator.domain.picture import DigitalSourceType
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import visible
from avatar_creator.storage.pictures.provenance import SOURCE_MEANINGS

_AGES = {17: "under 18", 24: "18 to 24", 34: "25 to 34", 44: "35 to 44", 54: "45 to 54", 64: "55 to 64"}
_OLDEST = "65 and over"
_PERSON, _PICTURE, _MADE, _RIGHTS, _LIBRARY = "Person", "Picture", "How it was made", "Rights", "Library"
# Within a script element, none of these may begin or end markup; JSON reads their escapes as the same texts.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


class Column(NamedTuple):
    """``section`` is where the record of an avatar shows it, if at all.

    People filter and group by one with ``filtered``; ``values`` are its known ones, in their order. The cells of one
    that is ``shared`` are numbers of texts, which stand once for all avatars.
    """

    key: str
    label: str
    section: str | None = None
    filtered: bool = False
    values: Sequence[str] = ()
    shared: bool = False


COLUMNS = (
    Column("name", "Name"),
    Column("about", "About"),
    Column("picture", "Picture"),
    Column("age", "Age", _PERSON),
    Column("ages", "Age", filtered=True, values=(*_AGES.values(), _OLDEST)),
    Column("persona_name", "Persona name", _PERSON),
    *(Column(a.name, a.label.capitalize(), _PERSON, filtered=True, values=a.known) for a in ATTRIBUTES),
    Column("personality", "Personality", _PERSON),
    Column("background", "Background", _PERSON),
    Column("alt_text", "It shows", _PICTURE),
    Column("prompt", "Prompt", _PICTURE),
    Column("full_prompt", "Full prompt", _PICTURE),
    Column("negative_prompt", "Negative prompt", _PICTURE, shared=True),
    Column("not_shown", "Not shown", _PICTURE, shared=True),
    Column("made", "Picture", _MADE, filtered=True, values=tuple(Made), shared=True),
    Column("digital_source", "Digital source type", _MADE, shared=True),
    Column("engine", "Engine", _MADE, filtered=True, shared=True),
    Column("model", "Model", _MADE, filtered=True, shared=True),
    Column("preset", "Preset", _MADE, filtered=True, shared=True),
    Column("seed", "Seed", _MADE),
    Column("size", "Size", _MADE, shared=True),
    Column("created_at", "Made", _MADE),
    Column("credit", "Credit", _RIGHTS, shared=True),
    Column("license", "Licence", _RIGHTS, shared=True),
    Column("project", "Project", _LIBRARY, filtered=True, shared=True),
    Column("tags", "Tags", _LIBRARY, filtered=True),
    Column("starred", "Star", _LIBRARY, filtered=True, shared=True),
    Column("id", "Id", _LIBRARY),
    Column("persona_id", "Persona id", _LIBRARY),
    Column("sha256", "SHA-256", _LIBRARY),
)


def about(avatar: Avatar) -> str:
    """Return what is said of an avatar beside its name: "29, female, drawn"."""
    said = (avatar.persona.age, avatar.attributes.gender, avatar.made)
    return plain(", ".join(str(each) for each in said if each is not None))


def plain(text: str) -> str:
    """Return a text whose characters all show, and reorder nothing around them."""
    return "\n".join(map(visible, text.split("\n")))


class Table:
    """Rows of avatars, and the texts that they share."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}

    def row(self, avatar: Avatar, picture: str | None = None) -> list[Any]:
        """Return the cells of an avatar; ``picture`` is where its picture is, if the page has it."""
        values = {**_values(avatar), "picture": picture}
        return [self._cell(column, values[column.key]) for column in COLUMNS]

    def head(self) -> Mapping[str, Any]:
        """Return what the page has to know to read the rows that were made."""
        columns = [{name: value for name, value in column._asdict().items() if value} for column in COLUMNS]
        return {"columns": columns, "texts": self.texts}

    @property
    def texts(self) -> list[str]:
        """The texts that rows have numbers of."""
        return list(self._texts)

    def _cell(self, column: Column, value: Any) -> Any:
        match value:
            case None | "" | () | []:
                return None
            case str() if column.key != "picture":
                value = plain(value)
            case tuple() | list():
                value = [plain(str(each)) for each in value]
        if not column.shared:
            return value
        text = value if isinstance(value, str) else "\n".join(value)
        return self._texts.setdefault(text, len(self._texts))


def as_json(value: object) -> str:
    """Return a value as JSON that may stand in a script element: nothing in it is markup."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _values(avatar: Avatar) -> dict[str, Any]:
    persona, how = avatar.persona, avatar.made
    source = DigitalSourceType.of(how)
    return {
        "id": avatar.id,
        "name": avatar.name,
        "about": about(avatar),
        "age": persona.age,
        "ages": None if persona.age is None else _ages(persona.age),
        "persona_name": persona.name if persona.name != avatar.name else None,
        **avatar.attributes.as_json(),
        "personality": persona.personality,
        "background": persona.background,
        "alt_text": avatar.alt_text,
        "prompt": avatar.prompt,
        # A drawing is not made of it: all that it shows is in its other values.
        "full_prompt": avatar.full_prompt if how is Made.BY_MODEL else None,
        "negative_prompt": avatar.negative_prompt if how is Made.BY_MODEL else None,
        "not_shown": avatar.not_shown,
        "made": how,
        "digital_source": f"{source.value}: {SOURCE_MEANINGS[source.value]}" if source else None,
        "engine": avatar.engine,
        "model": avatar.model,
        "preset": avatar.preset,
        "seed": avatar.seed,
        "size": f"{avatar.width_px} x {avatar.height_px} px, {avatar.format}",
        "created_at": f"{avatar.created_at[:10]} {avatar.created_at[11:19]} UTC",
        "credit": avatar.credit,
        "license": [f"{each.of}: {each.name or 'unknown'}" for each in avatar.licenses],
        "project": avatar.project_name,
        "tags": avatar.tags,
        "starred": "starred" if avatar.starred else None,
        "persona_id": avatar.persona_id,
        "sha256": avatar.sha256,
    }


def _ages(age: int) -> str:
    return next((said for most, said in _AGES.items() if age <= most), _OLDEST)
