"""Whether the index that avatars are found by says what the rows say."""

import json
import sqlite3

from avatar_rows import opened

from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.search import fact, sort_key, tokens_of
from avatar_creator.library import Library
from avatar_creator.storage.index import Index

COLUMNS = (
    "id, name, persona_name, persona_personality, persona_background, prompt, alt_text, gender, persona_age, starred,"
    " project_id, seed, substr(created_at, 1, 10)"
)


def assert_indexed(library: Library) -> None:
    """Search, then compare the index with the rows that it is of, and with itself."""
    library.count(AvatarFilter(text="any"))
    with opened(library.home.database) as connection:
        _compare(connection)


def _compare(connection: sqlite3.Connection) -> None:
    assert connection.execute("SELECT count(*) FROM avatars_to_index").fetchone()[0] == 0
    connection.execute("INSERT INTO avatar_words (avatar_words) VALUES ('integrity-check')")
    tags: dict[str, list[str]] = {}
    for avatar_id, tag in connection.execute("SELECT avatar_id, tag FROM avatar_tags ORDER BY avatar_id, tag"):
        tags.setdefault(avatar_id, []).append(tag)
    rows = list(map(tuple, connection.execute(f"SELECT {COLUMNS} FROM avatars ORDER BY id")))
    numbers = map(tuple, connection.execute("SELECT number, avatar_id, name FROM avatar_numbers ORDER BY number"))
    assert list(numbers) == [(Index.number_of(row[0]), row[0], sort_key(row[1])) for row in rows]
    index = connection.execute("SELECT rowid, words, tags, facts FROM avatar_words ORDER BY rowid").fetchall()
    assert [row[0] for row in index] == [Index.number_of(row[0]) for row in rows]
    for (_, words, tagged, facts), row in zip(index, rows, strict=True):
        id_, name, persona_name, traits, background, prompt, alt_text, gender, age, starred, *others = row
        assert words == tokens_of((name, persona_name, background, prompt, alt_text, *json.loads(traits)))
        assert set(tagged.split()) - {"="} >= {fact("tag", tag) for tag in tags.get(id_, [])}
        assert tagged.count("=tag=") == len(tags.get(id_, []))
        values = {"gender": gender, "age": age, "starred": starred or None}
        values |= dict(zip(("project", "seed", "day"), others, strict=True))
        assert set(facts.split()) >= {fact(n, value) for n, value in values.items() if value is not None}
        assert ("=starred=1" in facts.split()) is bool(starred)
