"""The full-text index that avatars are found by. It is brought up to date before it is searched.

Triggers put what was written, by whatever program, into `avatars_to_index`. They call no functions of ours, and need no
full-text search. To index many at once costs a fifth of what it costs one by one.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.search import fact, sort_key, tokens_of
from avatar_creator.storage.database import change, translated
from avatar_creator.storage.index_errors import is_of_index
from avatar_creator.storage.matches import match_of
from avatar_creator.storage.portions import in_portions
from avatar_creator.storage.writing import Writer

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter

_CHUNK = 500  # avatars that are read at once
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # of ids
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_LENGTH = 13
_SIGN = 2**63
# Of each avatar its words, its tags, and its facts, which are whole values such as `=gender=female`. Rows are numbered
# by the avatars' ids, in their order, so that the newest come first without sorting. What begins with one letter are
# very many words, which SQLite would gather before it returns the first avatar.
_TABLES = {
    "avatar_words": "fts5 (words, tags, facts, tokenize = \"ascii tokenchars '=_'\", columnsize = 0, prefix = '1')",
    "avatar_terms": "fts5vocab (avatar_words, instance)",
}
_WORDS = ("name", "persona_name", "persona_background", "prompt", "alt_text")
# The columns of facts, each by the name of its fact.
_FACTS = {"project": "project_id", "age": "persona_age", "source": "source_type", "width": "width_px"}
_FACTS |= {"height": "height_px", **{name: name for name in (attribute.name for attribute in ATTRIBUTES)}}
_FACTS |= {name: name for name in ("engine", "model", "seed", "format", "persona_id", "preset")}
_OPTIONS = ("model", "provider", "art_style")  # of a recipe, that filters compare with
# Days, months and years are facts: a span of time is few of them. Only ids sort by time, and one is given when a
# picture is asked for, maybe long before its avatar is there.
_TIMES = {"day": 10, "month": 7, "year": 4}  # letters of a time
_COLUMNS = ", ".join(dict.fromkeys((*_WORDS, *_FACTS.values(), "persona_personality", "starred", "recipe")))
_ROWS = (
    f"SELECT id, created_at, {_COLUMNS}, (SELECT group_concat(tag, char(10)) FROM avatar_tags WHERE avatar_id = id)"
    " AS tags FROM avatars WHERE id IN (SELECT value FROM json_each(?))"
)

# Whether an avatar that does not wait to be indexed is not in the index.
_LACKS = (
    "SELECT EXISTS (SELECT id FROM avatars EXCEPT SELECT avatar_id FROM avatar_numbers"
    " EXCEPT SELECT avatar_id FROM avatars_to_index)"
    " OR EXISTS (SELECT number FROM avatar_numbers EXCEPT SELECT rowid FROM avatar_words)"
)


class Index(Writer):
    """Says of avatars what their rows say."""

    @staticmethod
    def number_of(avatar_id: str) -> int:
        """Return the number that an avatar has in the index; numbers sort as ids do."""
        number = 0
        for digit in avatar_id.partition("_")[2][:_LENGTH].ljust(_LENGTH, "0"):
            number = number * len(_DIGITS) + _VALUES.get(digit, 0)
        return min(number, 2 * _SIGN - 1) - _SIGN

    def match_of(self, wanted: "AvatarFilter") -> str | None:
        """Return the expression by which the index finds what a filter does, as `matches.match_of`."""
        with translated(self._path):
            return match_of(wanted, self._connection)

    def update(self) -> None:
        """Index what was written since the last time. Raises StorageError, also where SQLite cannot search texts."""
        self.prepare()
        with translated(self._path):
            in_portions(iter(self._find_waiting, []), self._change, self._index)

    def waiting(self) -> int:
        """Return how many avatars are to be indexed."""
        with translated(self._path):
            return int(self._connection.execute("SELECT count(*) FROM avatars_to_index").fetchone()[0])

    def prepare(self) -> None:
        """Make the index, which is empty then, unless it is there. Raises StorageError where SQLite cannot."""
        with translated(self._path):
            self._prepare()

    def is_damaged(self) -> bool:
        """Return whether it is broken, or lacks avatars. Raises StorageError where SQLite cannot search texts."""
        with translated(self._path):
            try:
                self._prepare()
                with change(self._connection):
                    self._connection.execute("INSERT INTO avatar_words (avatar_words) VALUES ('integrity-check')")
                return bool(self._connection.execute(_LACKS).fetchone()[0])
            except sqlite3.Error as error:
                name = getattr(error, "sqlite_errorname", None) or ""
                if name.startswith("SQLITE_READONLY"):  # nobody can check it there, nor make it anew
                    return False
                if is_of_index(error) or str(error) == "SQL logic error":  # a table of it is gone
                    return True
                raise

    def remake(self) -> None:
        """Make it anew from the rows, whatever has become of it."""
        with self._change():
            # DROP TABLE would open the index first, which a damaged one refuses.
            self._connection.execute("PRAGMA writable_schema = ON")
            names = json.dumps(list(_TABLES))
            self._connection.execute(
                "DELETE FROM sqlite_master WHERE name IN (SELECT value FROM json_each(?))", (names,)
            )
            self._connection.execute("PRAGMA writable_schema = RESET")
            parts = "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'avatar_words_*'"
            for (name,) in self._connection.execute(parts).fetchall():
                self._connection.execute(f"DROP TABLE {name}")
            self._connection.execute("DELETE FROM avatar_numbers")
            self._make()
        self.update()

    def _prepare(self) -> None:
        made = "SELECT count(*) FROM sqlite_master WHERE name IN (SELECT value FROM json_each(?))"
        if self._connection.execute(made, (json.dumps(list(_TABLES)),)).fetchone()[0] < len(_TABLES):
            with change(self._connection):
                self._make()
        self._connection.execute("SELECT rowid FROM avatar_words LIMIT 0")  # made by another Python, maybe

    def _make(self) -> None:
        for name, module in _TABLES.items():
            self._connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING {module}")
        self._connection.execute("INSERT OR IGNORE INTO avatars_to_index (avatar_id) SELECT id FROM avatars")

    def _find_waiting(self) -> list[str]:
        select = "SELECT avatar_id FROM avatars_to_index ORDER BY avatar_id LIMIT ?"
        return [row[0] for row in self._connection.execute(select, (_CHUNK,))]

    def _index(self, avatar_ids: list[str]) -> None:
        """Index avatars anew, and forget those that are gone. It does no harm to do it twice."""
        listed = json.dumps(avatar_ids)
        numbers = [(self.number_of(id_),) for id_ in avatar_ids]
        self._connection.executemany("DELETE FROM avatar_words WHERE rowid = ?", numbers)
        self._connection.executemany("DELETE FROM avatar_numbers WHERE number = ?", numbers)
        rows = self._connection.execute(_ROWS, (listed,)).fetchall()
        self._connection.executemany(
            "INSERT OR REPLACE INTO avatar_words (rowid, words, tags, facts) VALUES (?, ?, ?, ?)",
            [(self.number_of(row["id"]), _words(row), _tags(row["tags"]), " ".join(_facts(row))) for row in rows],
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO avatar_numbers (number, avatar_id, name) VALUES (?, ?, ?)",
            [(self.number_of(row["id"]), row["id"], sort_key(str(row["name"]))) for row in rows],
        )
        done = "DELETE FROM avatars_to_index WHERE avatar_id IN (SELECT value FROM json_each(?))"
        self._connection.execute(done, (listed,))


def _words(row: sqlite3.Row) -> str:
    texts = (*(row[name] for name in _WORDS), *_json(row["persona_personality"], []))
    return tokens_of(str(text) for text in texts if text)


def _tags(lines: str | None) -> str:
    tags = (lines or "").splitlines()
    return " ".join((tokens_of(tags), *(fact("tag", tag) for tag in tags)))


def _facts(row: sqlite3.Row) -> dict[str, None]:
    values: list[tuple[str, object]] = [(name, row[column]) for name, column in _FACTS.items()]
    values += [(name, str(row["created_at"])[:length]) for name, length in _TIMES.items()]
    values += [("starred", row["starred"] or None), *_said(_json(row["recipe"], {}))]
    return {fact(name, value): None for name, value in values if value is not None}


def _said(recipe: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield "provider", recipe.get("provider") or None
    options = recipe.get("options")
    if isinstance(options, dict):
        yield from ((name, options.get(name) or None) for name in _OPTIONS)


def _json(text: str, otherwise: Any) -> Any:
    """Return what a text says; ``otherwise`` if it is of another kind, as other programs may write it."""
    with suppress(ValueError):
        found = json.loads(text)
        return found if isinstance(found, type(otherwise)) else otherwise
    return otherwise
