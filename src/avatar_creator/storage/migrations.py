"""Numbered steps: the only code that makes or alters tables. A step that was released is never edited.

``user_version`` of the file is the number of steps applied. tables.py describes what they add up to.
"""

import sqlite3

from avatar_creator.storage.finding_step import FINDING
from avatar_creator.storage.first_steps import FIRST_STEPS
from avatar_creator.storage.quality_step import QUALITY
from avatar_creator.storage.spending_step import EIGHTH

# Batches. `recipe_hash` is that of all that was asked of a picture: what has it is made once in a project. `persona_id`
# is the id that a persona file gives its row; a row that changed is made anew for the same avatar, whose earlier
# pictures are its versions. `record` of a version is what the avatar's row said then, as JSON.
# `paid` generations are charged for: `price_usd` is what one picture is expected to cost, `cost_usd` what those that
# were charged cost, NULL where no price is known. The tally says what was charged on which day (UTC).
_SEVENTH = """
ALTER TABLE generations ADD COLUMN recipe_hash TEXT;
ALTER TABLE generations ADD COLUMN persona_id TEXT;
ALTER TABLE generations ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE generations ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN price_usd REAL;
ALTER TABLE generations ADD COLUMN cost_usd REAL;
ALTER TABLE generations ADD COLUMN error_ends_run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN output_path TEXT;
ALTER TABLE generations ADD COLUMN output_folder TEXT;
ALTER TABLE generations ADD COLUMN output_replace INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN output_written INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN output_error TEXT;
DROP INDEX generations_by_avatar;
CREATE UNIQUE INDEX generations_by_avatar ON generations (avatar_id, version);
CREATE INDEX generations_by_recipe ON generations (project_id, recipe_hash) WHERE recipe_hash IS NOT NULL;
CREATE INDEX generations_by_persona ON generations (project_id, persona_id) WHERE persona_id IS NOT NULL;
CREATE INDEX generations_outputs ON generations (id)
    WHERE status = 'completed' AND output_path IS NOT NULL AND NOT output_written AND output_error IS NULL;

ALTER TABLE avatars ADD COLUMN recipe_hash TEXT;
ALTER TABLE avatars ADD COLUMN persona_id TEXT;
ALTER TABLE avatars ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE avatars ADD COLUMN picture_at TEXT;
ALTER TABLE avatars ADD COLUMN cost_usd REAL;
ALTER TABLE avatars ADD COLUMN details_hash TEXT;
CREATE INDEX avatars_by_recipe ON avatars (project_id, recipe_hash) WHERE recipe_hash IS NOT NULL;
CREATE UNIQUE INDEX avatars_by_persona ON avatars (project_id, persona_id) WHERE persona_id IS NOT NULL;

CREATE TABLE avatar_versions (
    avatar_id TEXT NOT NULL REFERENCES avatars (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    generation_id TEXT,
    recipe_hash TEXT,
    image_path TEXT NOT NULL,
    thumbnail_path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    thumbnail_bytes INTEGER NOT NULL,
    record TEXT NOT NULL,
    picture_at TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (avatar_id, version)
);
CREATE INDEX avatar_versions_by_recipe ON avatar_versions (project_id, recipe_hash) WHERE recipe_hash IS NOT NULL;
CREATE INDEX avatar_versions_by_generation ON avatar_versions (generation_id);

CREATE TABLE charge_day_tally (
    day TEXT NOT NULL,
    project_id TEXT NOT NULL,
    engine TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    pictures INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    usd REAL NOT NULL,
    PRIMARY KEY (day, project_id, engine, provider, model)
) WITHOUT ROWID;

CREATE TRIGGER avatar_resized AFTER UPDATE OF bytes, thumbnail_bytes ON avatars BEGIN
    UPDATE avatar_tally SET bytes = bytes + new.bytes + new.thumbnail_bytes - old.bytes - old.thumbnail_bytes
    WHERE project_id = new.project_id;
END;
CREATE TRIGGER version_added AFTER INSERT ON avatar_versions BEGIN
    UPDATE avatar_tally SET bytes = bytes + new.bytes + new.thumbnail_bytes WHERE project_id = new.project_id;
END;
CREATE TRIGGER version_removed AFTER DELETE ON avatar_versions BEGIN
    UPDATE avatar_tally SET bytes = bytes - old.bytes - old.thumbnail_bytes WHERE project_id = old.project_id;
END;
"""

# Casts, presets, and what is found by tags and stars. `fallback` is a JSON list: the engines that are asked when that
# of a generation fails, each with all that its row has of one by that engine. `fell_back` says that one of these made
# the picture: 1 if the engine that was asked failed as it would for every other picture, 0 if for this one, NULL if it
# made it. A generation that `replaces` gives an avatar that is there another picture, and changes nothing else of it;
# the avatar says so of its picture, since generations are forgotten.
# A tag is stored as it is compared, in lower case. `quotas` of a cast is a JSON object: what
# `coverage` compares the avatars of its project with. A preset's `content` is a JSON object. Uses are counted for those
# that come with the program, too, which have no row.
_NINTH = """
ALTER TABLE generations ADD COLUMN preset TEXT;
ALTER TABLE generations ADD COLUMN fallback TEXT;
ALTER TABLE generations ADD COLUMN fell_back INTEGER;
ALTER TABLE generations ADD COLUMN replaces INTEGER NOT NULL DEFAULT 0;
ALTER TABLE avatars ADD COLUMN preset TEXT;
ALTER TABLE avatars ADD COLUMN fell_back INTEGER;
ALTER TABLE avatars ADD COLUMN replaces INTEGER NOT NULL DEFAULT 0;
ALTER TABLE avatars ADD COLUMN copy_path TEXT;
ALTER TABLE avatars ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;

CREATE TABLE avatar_tags (
    avatar_id TEXT NOT NULL REFERENCES avatars (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (avatar_id, tag)
) WITHOUT ROWID;
CREATE INDEX avatar_tags_by_tag ON avatar_tags (tag, avatar_id);

CREATE TABLE casts (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    seed INTEGER NOT NULL,
    people INTEGER NOT NULL,
    quotas TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (project_id, seed)
) WITHOUT ROWID;

CREATE TABLE presets (
    name TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    category TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE TABLE preset_uses (
    name TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    uses INTEGER NOT NULL,
    last_used_at TEXT NOT NULL
);
CREATE TRIGGER preset_used AFTER INSERT ON generations WHEN new.preset IS NOT NULL BEGIN
    INSERT INTO preset_uses (name, uses, last_used_at) VALUES (new.preset, 1, new.created_at)
    ON CONFLICT (name) DO UPDATE SET uses = uses + 1, last_used_at = excluded.last_used_at;
END;

CREATE TABLE people_tally (
    project_id TEXT NOT NULL,
    gender TEXT NOT NULL,
    age NOT NULL,
    ethnicity TEXT NOT NULL,
    avatars INTEGER NOT NULL,
    PRIMARY KEY (project_id, gender, age, ethnicity)
) WITHOUT ROWID;
INSERT INTO people_tally
    SELECT project_id, coalesce(gender, ''), coalesce(persona_age, age_range, ''), coalesce(ethnicity, ''), count(*)
    FROM avatars GROUP BY 1, 2, 3, 4;
CREATE TRIGGER person_added AFTER INSERT ON avatars BEGIN
    INSERT INTO people_tally VALUES (new.project_id, coalesce(new.gender, ''),
        coalesce(new.persona_age, new.age_range, ''), coalesce(new.ethnicity, ''), 1)
    ON CONFLICT DO UPDATE SET avatars = avatars + 1;
END;
CREATE TRIGGER person_removed AFTER DELETE ON avatars BEGIN
    DELETE FROM people_tally WHERE project_id = old.project_id AND gender = coalesce(old.gender, '')
        AND age = coalesce(old.persona_age, old.age_range, '') AND ethnicity = coalesce(old.ethnicity, '')
        AND avatars = 1;
    UPDATE people_tally SET avatars = avatars - 1
    WHERE project_id = old.project_id AND gender = coalesce(old.gender, '')
        AND age = coalesce(old.persona_age, old.age_range, '') AND ethnicity = coalesce(old.ethnicity, '');
END;
CREATE TRIGGER person_changed AFTER UPDATE OF project_id, gender, persona_age, age_range, ethnicity ON avatars
WHEN (old.project_id, old.gender, old.persona_age, old.age_range, old.ethnicity)
    IS NOT (new.project_id, new.gender, new.persona_age, new.age_range, new.ethnicity) BEGIN
    DELETE FROM people_tally WHERE project_id = old.project_id AND gender = coalesce(old.gender, '')
        AND age = coalesce(old.persona_age, old.age_range, '') AND ethnicity = coalesce(old.ethnicity, '')
        AND avatars = 1;
    UPDATE people_tally SET avatars = avatars - 1
    WHERE project_id = old.project_id AND gender = coalesce(old.gender, '')
        AND age = coalesce(old.persona_age, old.age_range, '') AND ethnicity = coalesce(old.ethnicity, '');
    INSERT INTO people_tally VALUES (new.project_id, coalesce(new.gender, ''),
        coalesce(new.persona_age, new.age_range, ''), coalesce(new.ethnicity, ''), 1)
    ON CONFLICT DO UPDATE SET avatars = avatars + 1;
END;
"""

# `generations_kinds` finds what waits for an engine that can make it now, past all that cannot be made (claiming.py).
# What waits is listed by it, too (waiting.py): with a second index, each row that is added or claimed costs more.
_ELEVENTH = """
ALTER TABLE worker ADD COLUMN engine_processes TEXT NOT NULL DEFAULT '[]';
DROP INDEX generations_to_pay;
DROP INDEX generations_pending;
CREATE INDEX generations_kinds ON generations (engine || ' ' || coalesce(credential, '') || ' ' || reserved || ' '
    || coalesce(json_extract(fallback, '$[0].shared'), ''),
    priority DESC, id, not_before, after_id)
    WHERE status = 'pending' AND owner IS NULL;
"""

MIGRATIONS: tuple[str, ...] = (*FIRST_STEPS, _SEVENTH, EIGHTH, _NINTH + FINDING, QUALITY, _ELEVENTH)


def version(connection: sqlite3.Connection) -> int:
    """Return the number of steps the file has seen."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the missing steps; the caller holds a write transaction."""
    for step in MIGRATIONS[version(connection) :]:
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _statements(script: str) -> list[str]:
    # executescript() would commit the caller's transaction, so the script is cut where SQLite says a
    # statement is complete (a trigger holds semicolons of its own).
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements
