"""The first steps of migrations.py. Once released they are never edited."""

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

FIRST_STEPS = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH)
