"""A manifest as statements that SQLite and PostgreSQL take: a table `avatars`, in one transaction."""

from collections.abc import Sequence

from avatar_creator.exports.formats.format import Format, json_text
from avatar_creator.exports.manifest import Line

_TYPES = {
    "id": "TEXT PRIMARY KEY",
    "persona_age": "INTEGER",
    "seed": "INTEGER",
    "width_px": "INTEGER",
    "height_px": "INTEGER",
    "starred": "BOOLEAN NOT NULL",
}


def _head(columns: Sequence[str]) -> str:
    lines = ",\n".join(f"  {_name(name)} {_TYPES.get(name, 'TEXT')}" for name in columns)
    return f"BEGIN;\nCREATE TABLE avatars (\n{lines}\n);\n"


def _line(line: Line) -> str:
    names = ", ".join(map(_name, line.values))
    return f"INSERT INTO avatars ({names}) VALUES ({', '.join(map(_literal, line.values.values()))});\n"


def _name(column: str) -> str:
    return f'"{column}"'


def _literal(value: object) -> str:
    """Return a value as the standard has it: a quote is doubled, and a backslash is nothing special."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case list():
            value = json_text(value)
    text = str(value).replace("\0", "\ufffd").replace("'", "''")  # neither of the two stores a NUL
    return f"'{text}'"


SQL = Format(_head, _line, "COMMIT;\n")
