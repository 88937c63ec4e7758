"""The part of the ninth step with which avatars are found. Once released it is never edited."""

# What is written is put into `avatars_to_index`, and indexed before the next search: see storage/index.py, which makes
# the full-text index, too. `avatar_numbers` leads from a number in it to its avatar; its `name` is how names sort.
# Triggers fill the queue, so that no writer can forget to, and any program can write. What belongs to an avatar goes
# with it also where foreign keys are not enforced, as by default in other programs.
_COLUMNS = (
    "id, project_id, name, persona_name, persona_personality, persona_background, prompt, alt_text, persona_age,"
    " gender, age_range, ethnicity, body_type, hair_style, hair_color, eye_color, skin_tone, style, engine, model,"
    " source_type, seed, width_px, height_px, format, persona_id, preset, starred, recipe, created_at"
)
_QUEUED = "INSERT INTO avatars_to_index (avatar_id) VALUES ({0}) ON CONFLICT DO NOTHING;"

FINDING = f"""
CREATE TABLE avatars_to_index (
    avatar_id TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO avatars_to_index (avatar_id) SELECT id FROM avatars;
CREATE TABLE avatar_numbers (
    number INTEGER NOT NULL PRIMARY KEY,
    avatar_id TEXT NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX avatar_numbers_by_name ON avatar_numbers (name, number);
CREATE INDEX avatars_by_uses ON avatars (usage_count, id);
CREATE INDEX avatars_by_age ON avatars (coalesce(persona_age, 1000), id);
CREATE INDEX avatars_by_update ON avatars (updated_at, id);

CREATE TRIGGER avatar_written AFTER INSERT ON avatars BEGIN
    {_QUEUED.format("new.id")}
END;
CREATE TRIGGER avatar_rewritten AFTER UPDATE OF {_COLUMNS} ON avatars BEGIN
    {_QUEUED.format("old.id")}
    {_QUEUED.format("new.id")}
END;
CREATE TRIGGER avatar_erased AFTER DELETE ON avatars BEGIN
    {_QUEUED.format("old.id")}
    DELETE FROM avatar_tags WHERE avatar_id = old.id;
    DELETE FROM avatar_versions WHERE avatar_id = old.id;
    DELETE FROM usage_events WHERE avatar_id = old.id;
END;
CREATE TRIGGER avatar_tagged AFTER INSERT ON avatar_tags BEGIN
    {_QUEUED.format("new.avatar_id")}
END;
CREATE TRIGGER avatar_retagged AFTER UPDATE ON avatar_tags BEGIN
    {_QUEUED.format("old.avatar_id")}
    {_QUEUED.format("new.avatar_id")}
END;
CREATE TRIGGER avatar_untagged AFTER DELETE ON avatar_tags BEGIN
    {_QUEUED.format("old.avatar_id")}
END;
"""
