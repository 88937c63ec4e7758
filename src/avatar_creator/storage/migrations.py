"""Numbered steps: the only code that makes or alters tables. A step that was released is never edited.

``user_version`` of the file is the number of steps applied. tables.py describes what they add up to.
"""

import sqlite3

from avatar_creator.storage.spending_step import EIGHTH

# The tallies answer `stats` in the time of one row, whatever the number of avatars (a count over a million
# rows takes half a second). Triggers keep them, so that no writer can forget to.
_FIRST = """
CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE,
    description TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX projects_by_name ON projects (name);

CREATE TABLE avatars (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    generation_id TEXT,
    name TEXT NOT NULL,
    persona_name TEXT,
    persona_age INTEGER,
    persona_personality TEXT NOT NULL,
    persona_background TEXT,
    gender TEXT,
    age_range TEXT,
    ethnicity TEXT,
    body_type TEXT,
    hair_style TEXT,
    hair_color TEXT,
    eye_color TEXT,
    skin_tone TEXT,
    style TEXT,
    source_type TEXT NOT NULL,
    engine TEXT,
    model TEXT,
    prompt TEXT,
    full_prompt TEXT,
    negative_prompt TEXT,
    seed INTEGER,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    format TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    thumbnail_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    original_sha256 TEXT,
    image_path TEXT NOT NULL,
    thumbnail_path TEXT NOT NULL,
    recipe TEXT NOT NULL,
    credit TEXT,
    usage_count INTEGER NOT NULL,
    last_used_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX avatars_by_generation ON avatars (generation_id);
CREATE UNIQUE INDEX avatars_by_original ON avatars (project_id, original_sha256);
CREATE INDEX avatars_by_project ON avatars (project_id, id);
CREATE INDEX avatars_by_usage ON avatars (usage_count, id) WHERE usage_count > 0;
CREATE INDEX avatars_by_project_usage ON avatars (project_id, usage_count, id) WHERE usage_count > 0;

CREATE TABLE generations (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    avatar_id TEXT NOT NULL,
    status TEXT NOT NULL,
    stage TEXT NOT NULL,
    progress INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    engine TEXT NOT NULL,
    model TEXT NOT NULL,
    seed INTEGER NOT NULL,
    request TEXT NOT NULL,
    runner TEXT,
    error_code TEXT,
    error_message TEXT,
    error_hint TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    updated_at TEXT NOT NULL,
    finished_at TEXT
);
CREATE UNIQUE INDEX generations_by_avatar ON generations (avatar_id);
CREATE INDEX generations_by_project ON generations (project_id, id);
CREATE INDEX generations_running ON generations (runner) WHERE status = 'processing';

CREATE TABLE usage_events (
    id TEXT NOT NULL PRIMARY KEY,
    avatar_id TEXT NOT NULL REFERENCES avatars (id) ON DELETE CASCADE,
    app TEXT NOT NULL,
    action TEXT NOT NULL,
    reference TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX usage_events_by_avatar ON usage_events (avatar_id, id);

CREATE TABLE avatar_tally (
    project_id TEXT NOT NULL PRIMARY KEY,
    avatars INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    usage INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE day_tally (
    day TEXT NOT NULL,
    project_id TEXT NOT NULL,
    avatars INTEGER NOT NULL,
    PRIMARY KEY (day, project_id)
) WITHOUT ROWID;
CREATE TABLE generation_tally (
    project_id TEXT NOT NULL,
    status TEXT NOT NULL,
    engine TEXT NOT NULL,
    generations INTEGER NOT NULL,
    PRIMARY KEY (project_id, status, engine)
) WITHOUT ROWID;

CREATE TRIGGER avatar_added AFTER INSERT ON avatars BEGIN
    INSERT INTO avatar_tally VALUES (new.project_id, 1, new.bytes + new.thumbnail_bytes, new.usage_count)
    ON CONFLICT DO UPDATE SET avatars = avatars + 1, bytes = bytes + excluded.bytes,
        usage = usage + excluded.usage;
    INSERT INTO day_tally VALUES (substr(new.created_at, 1, 10), new.project_id, 1)
    ON CONFLICT DO UPDATE SET avatars = avatars + 1;
END;
CREATE TRIGGER avatar_removed AFTER DELETE ON avatars BEGIN
    UPDATE avatar_tally SET avatars = avatars - 1, bytes = bytes - old.bytes - old.thumbnail_bytes,
        usage = usage - old.usage_count WHERE project_id = old.project_id;
    UPDATE day_tally SET avatars = avatars - 1
    WHERE day = substr(old.created_at, 1, 10) AND project_id = old.project_id;
END;
CREATE TRIGGER avatar_used AFTER UPDATE OF usage_count ON avatars BEGIN
    UPDATE avatar_tally SET usage = usage + new.usage_count - old.usage_count
    WHERE project_id = new.project_id;
END;
CREATE TRIGGER generation_added AFTER INSERT ON generations BEGIN
    INSERT INTO generation_tally VALUES (new.project_id, new.status, new.engine, 1)
    ON CONFLICT DO UPDATE SET generations = generations + 1;
END;
CREATE TRIGGER generation_removed AFTER DELETE ON generations BEGIN
    UPDATE generation_tally SET generations = generations - 1
    WHERE project_id = old.project_id AND status = old.status AND engine = old.engine;
END;
CREATE TRIGGER generation_moved AFTER UPDATE OF status ON generations BEGIN
    UPDATE generation_tally SET generations = generations - 1
    WHERE project_id = old.project_id AND status = old.status AND engine = old.engine;
    INSERT INTO generation_tally VALUES (new.project_id, new.status, new.engine, 1)
    ON CONFLICT DO UPDATE SET generations = generations + 1;
END;
CREATE TRIGGER project_removed AFTER DELETE ON projects BEGIN
    DELETE FROM avatar_tally WHERE project_id = old.id;
    DELETE FROM day_tally WHERE project_id = old.id;
    DELETE FROM generation_tally WHERE project_id = old.id;
END;
"""

# What was charged for stays counted when generations are deleted. No trigger can keep it: a row does not say
# of which of its pictures, by whom and why.
_SECOND = """
ALTER TABLE generations ADD COLUMN provider TEXT;
ALTER TABLE generations ADD COLUMN waiting_for TEXT;
ALTER TABLE generations ADD COLUMN waiting_until TEXT;
ALTER TABLE generations ADD COLUMN pictures INTEGER NOT NULL DEFAULT 0;

CREATE TABLE charge_tally (
    project_id TEXT NOT NULL,
    engine TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    pictures INTEGER NOT NULL,
    rerolled INTEGER NOT NULL,
    PRIMARY KEY (project_id, engine, provider, model)
) WITHOUT ROWID;
"""

# Generations as a queue: the table itself is the line of those that wait. `fence` counts who worked on one.
_THIRD = """
ALTER TABLE generations ADD COLUMN detached INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN not_before TEXT;
ALTER TABLE generations ADD COLUMN after_id TEXT;
ALTER TABLE generations ADD COLUMN credential TEXT;
ALTER TABLE generations ADD COLUMN interruptions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN stop_asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN on_done TEXT;
ALTER TABLE generations ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX generations_pending ON generations (priority DESC, id) WHERE status = 'pending';
CREATE INDEX generations_after ON generations (after_id) WHERE status = 'pending';
CREATE INDEX generations_to_tell ON generations (id) WHERE on_done IS NOT NULL AND NOT told;
CREATE INDEX generations_ended ON generations (status, finished_at);

CREATE TABLE generation_events (
    generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    said TEXT
);
CREATE INDEX generation_events_by_generation ON generation_events (generation_id);

CREATE TABLE worker (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    accepting INTEGER NOT NULL,
    leave INTEGER NOT NULL,
    runner TEXT NOT NULL,
    pid INTEGER NOT NULL,
    version TEXT NOT NULL,
    credentials TEXT NOT NULL,
    concurrency INTEGER NOT NULL,
    started_at TEXT NOT NULL
);
"""

# All that tells whether one of those that wait can be taken up: a worker may pass many, and reads no row of them.
_FOURTH = """
DROP INDEX generations_pending;
CREATE INDEX generations_pending ON generations (priority DESC, id, credential, not_before, engine, after_id)
    WHERE status = 'pending';
CREATE INDEX generations_to_pay ON generations (credential, engine, id)
    WHERE status = 'pending' AND credential IS NOT NULL;
"""

# Every picture waits in a row before it is made, those of a command that waits for them too. Those have the process
# of that command as their owner, and nobody else claims them.
_FIFTH = """
ALTER TABLE generations ADD COLUMN owner TEXT;
ALTER TABLE generations ADD COLUMN batch_id TEXT;
UPDATE generations SET owner = coalesce(runner, 'run_unknown') WHERE NOT detached;
ALTER TABLE generations DROP COLUMN detached;
ALTER TABLE generations RENAME COLUMN told TO hook_started;

DROP INDEX generations_to_tell;
CREATE INDEX generations_hooks ON generations (id) WHERE on_done IS NOT NULL AND NOT hook_started;
DROP INDEX generations_pending;
CREATE INDEX generations_pending ON generations (priority DESC, id, credential, not_before, engine, after_id)
    WHERE status = 'pending' AND owner IS NULL;
CREATE INDEX generations_owned ON generations (owner, id) WHERE status = 'pending' AND owner IS NOT NULL;
CREATE INDEX generations_by_batch ON generations (batch_id) WHERE batch_id IS NOT NULL;
"""

# A JSON list of sentences; NULL for none, and for those that were queued before.
_SIXTH = """
ALTER TABLE generations ADD COLUMN not_shown TEXT;
ALTER TABLE avatars ADD COLUMN alt_text TEXT;
"""

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

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH, _SEVENTH, EIGHTH)


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
