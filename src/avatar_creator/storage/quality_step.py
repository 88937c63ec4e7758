"""The tenth step, with which pictures are judged and compared. Once released it is never edited."""

# `perceptual_hash` of an avatar is that of its picture, as hexadecimal digits: pictures that look alike have hashes
# that differ in few bits. NULL: none was made yet.
# A reject is a picture that was made for a generation and failed its check. `record` is the row that its avatar would
# have had, as JSON, `faults` a JSON list: what failed, in a word and a sentence. `rejected` of a generation counts
# them, those that are deleted, too: it decides the seed of the next one.
QUALITY = """
ALTER TABLE avatars ADD COLUMN perceptual_hash TEXT;
ALTER TABLE generations ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;

CREATE TABLE rejects (
    id TEXT NOT NULL PRIMARY KEY,
    generation_id TEXT NOT NULL,
    avatar_id TEXT NOT NULL,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    seed INTEGER,
    faults TEXT NOT NULL,
    image_path TEXT NOT NULL,
    thumbnail_path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    thumbnail_bytes INTEGER NOT NULL,
    record TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX rejects_by_generation ON rejects (generation_id);
CREATE INDEX rejects_by_avatar ON rejects (avatar_id);
CREATE INDEX rejects_by_project ON rejects (project_id, id);
CREATE TRIGGER reject_added AFTER INSERT ON rejects BEGIN
    INSERT INTO avatar_tally (project_id, avatars, bytes, usage)
    VALUES (new.project_id, 0, new.bytes + new.thumbnail_bytes, 0)
    ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER reject_removed AFTER DELETE ON rejects BEGIN
    UPDATE avatar_tally SET bytes = bytes - old.bytes - old.thumbnail_bytes WHERE project_id = old.project_id;
END;
CREATE TRIGGER rejects_erased AFTER DELETE ON avatars BEGIN
    DELETE FROM rejects WHERE avatar_id = old.id;
END;
"""
