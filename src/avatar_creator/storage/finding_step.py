"""The part of the ninth step with which avatars are found. Once released it is never edited."""

import re
import sqlite3

from avatar_creator.storage.search import FUNCTIONS

# `avatar_words` is a full-text index: of each avatar its words, its tags, and its facts, which are whole values such as
# `=gender=female`. Its rows are numbered by the avatars' ids, in their order, so that the newest come first without
# sorting. `avatar_numbers` leads from a number to its avatar; its `name` is how names sort. Triggers update both, so
# that no writer can forget to. The functions are those of storage/search.py.
# Days, months and years are facts: a span of time is few of them. Only ids sort by time, and one is given when a
# picture is asked for, maybe long before its avatar is there.
_COLUMNS = (
    "name, persona_name, persona_personality, persona_background, prompt, alt_text, persona_age, gender, age_range,"
    " ethnicity, body_type, hair_style, hair_color, eye_color, skin_tone, style, engine, model, source_type, seed,"
    " width_px, height_px, format, persona_id, preset, starred, recipe"
)
_WORDS = (
    "search_words({0}.name, {0}.persona_name, {0}.persona_personality, {0}.persona_background, {0}.prompt,"
    " {0}.alt_text)"
)
_FACTS = """search_facts({0}.recipe, 'project', {0}.project_id, 'age', {0}.persona_age, 'gender', {0}.gender,
        'age_range', {0}.age_range, 'ethnicity', {0}.ethnicity, 'body_type', {0}.body_type,
        'hair_style', {0}.hair_style, 'hair_color', {0}.hair_color, 'eye_color', {0}.eye_color,
        'skin_tone', {0}.skin_tone, 'style', {0}.style, 'engine', {0}.engine, 'model', {0}.model,
        'source', {0}.source_type, 'seed', {0}.seed, 'width', {0}.width_px, 'height', {0}.height_px,
        'format', {0}.format, 'persona_id', {0}.persona_id, 'preset', {0}.preset,
        'starred', nullif({0}.starred, 0), 'day', substr({0}.created_at, 1, 10),
        'month', substr({0}.created_at, 1, 7), 'year', substr({0}.created_at, 1, 4))"""
FACTS = frozenset(re.findall("'([a-z_]+)'", _FACTS))  # what is looked through without them is found all the same
_TAGS = "search_tags((SELECT group_concat(tag, char(10)) FROM avatar_tags WHERE avatar_id = {0}))"

FINDING = f"""
CREATE VIRTUAL TABLE avatar_words USING fts5 (
    words, tags, facts, tokenize = "ascii tokenchars '=_'", columnsize = 0, prefix = '1 2'
);
CREATE VIRTUAL TABLE avatar_terms USING fts5vocab (avatar_words, instance);
CREATE TABLE avatar_numbers (
    number INTEGER NOT NULL PRIMARY KEY,
    avatar_id TEXT NOT NULL,
    name TEXT NOT NULL
);
INSERT INTO avatar_numbers (number, avatar_id, name)
    SELECT search_number(a.id), a.id, search_name(a.name) FROM avatars a ORDER BY a.id;
INSERT INTO avatar_words (rowid, words, tags, facts)
    SELECT search_number(a.id), {_WORDS.format("a")}, '', {_FACTS.format("a")} FROM avatars a ORDER BY a.id;
CREATE INDEX avatar_numbers_by_name ON avatar_numbers (name, number);
CREATE INDEX avatars_by_uses ON avatars (usage_count, id);
CREATE INDEX avatars_by_age ON avatars (coalesce(persona_age, 1000), id);
CREATE INDEX avatars_by_update ON avatars (updated_at, id);

CREATE TRIGGER avatar_indexed AFTER INSERT ON avatars BEGIN
    INSERT INTO avatar_numbers (number, avatar_id, name)
    VALUES (search_number(new.id), new.id, search_name(new.name));
    INSERT INTO avatar_words (rowid, words, tags, facts)
    VALUES (search_number(new.id), {_WORDS.format("new")}, '', {_FACTS.format("new")});
END;
CREATE TRIGGER avatar_reindexed AFTER UPDATE OF {_COLUMNS} ON avatars BEGIN
    UPDATE avatar_numbers SET name = search_name(new.name) WHERE number = search_number(new.id);
    UPDATE avatar_words SET words = {_WORDS.format("new")}, facts = {_FACTS.format("new")}
    WHERE rowid = search_number(new.id);
END;
CREATE TRIGGER avatar_unindexed AFTER DELETE ON avatars BEGIN
    DELETE FROM avatar_numbers WHERE number = search_number(old.id);
    DELETE FROM avatar_words WHERE rowid = search_number(old.id);
END;
CREATE TRIGGER avatar_tagged AFTER INSERT ON avatar_tags BEGIN
    UPDATE avatar_words SET tags = {_TAGS.format("new.avatar_id")} WHERE rowid = search_number(new.avatar_id);
END;
CREATE TRIGGER avatar_untagged AFTER DELETE ON avatar_tags BEGIN
    UPDATE avatar_words SET tags = {_TAGS.format("old.avatar_id")} WHERE rowid = search_number(old.avatar_id);
END;
"""


def add_search_functions(connection: sqlite3.Connection) -> None:
    """Let triggers of a connection index what is written."""
    for name, function in FUNCTIONS.items():
        connection.create_function(name, -1, function, deterministic=True)
