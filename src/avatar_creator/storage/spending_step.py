"""The step of migrations.py with which limits count what is paid for; once released it is never edited.

`reserved` is 1 while one more picture may be charged for a generation, `call_open` while a service was called that has
said nothing of a charge yet. A generation that loses its process then leaves a call in doubt: nobody knows whether it
is charged. Triggers see to both, so that no writer can forget to. `unasked` marks what nobody has agreed to pay for.
`expected_usd` of a day is what its pictures without a known cost were expected to cost. `again` marks what was made
before and is asked for once more.
"""

EIGHTH = """
ALTER TABLE generations ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN unasked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN call_open INTEGER NOT NULL DEFAULT 0;
ALTER TABLE charge_day_tally ADD COLUMN expected_usd REAL NOT NULL DEFAULT 0;
ALTER TABLE charge_day_tally ADD COLUMN unasked INTEGER NOT NULL DEFAULT 0;

CREATE TABLE calls_in_doubt (
    generation_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    day TEXT NOT NULL,
    price_usd REAL,
    unasked INTEGER NOT NULL
);
CREATE INDEX calls_in_doubt_by_day ON calls_in_doubt (day);
CREATE INDEX calls_in_doubt_by_generation ON calls_in_doubt (generation_id);
CREATE TABLE reserved_tally (
    status TEXT NOT NULL,
    engine TEXT NOT NULL,
    pictures INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    usd REAL NOT NULL,
    unasked INTEGER NOT NULL,
    PRIMARY KEY (status, engine)
) WITHOUT ROWID;

UPDATE generations SET paid = 1, reserved = status IN ('pending', 'processing'),
    call_open = status = 'processing' AND attempt > pictures WHERE engine = 'huggingface';
INSERT INTO reserved_tally (status, engine, pictures, unpriced, usd, unasked)
    SELECT status, engine, count(*), count(*), 0.0, 0
    FROM generations WHERE reserved GROUP BY status, engine;

CREATE TRIGGER reservation_added AFTER INSERT ON generations WHEN new.reserved BEGIN
    INSERT INTO reserved_tally (status, engine, pictures, unpriced, usd, unasked)
    VALUES (new.status, new.engine, 1, new.price_usd IS NULL, coalesce(new.price_usd, 0.0),
        new.unasked)
    ON CONFLICT DO UPDATE SET pictures = pictures + 1, unpriced = unpriced + excluded.unpriced,
        usd = usd + excluded.usd, unasked = unasked + excluded.unasked;
END;
CREATE TRIGGER reservation_removed AFTER DELETE ON generations WHEN old.reserved BEGIN
    UPDATE reserved_tally SET pictures = pictures - 1, unpriced = unpriced - (old.price_usd IS NULL),
        usd = usd - coalesce(old.price_usd, 0.0), unasked = unasked - old.unasked
    WHERE status = old.status AND engine = old.engine;
END;
CREATE TRIGGER reservation_moved AFTER UPDATE OF status, reserved, price_usd, unasked ON generations
WHEN old.reserved OR new.reserved BEGIN
    INSERT INTO reserved_tally (status, engine, pictures, unpriced, usd, unasked)
    SELECT old.status, old.engine, -1, -(old.price_usd IS NULL),
        -coalesce(old.price_usd, 0.0), -old.unasked WHERE old.reserved
    ON CONFLICT DO UPDATE SET pictures = pictures - 1, unpriced = unpriced + excluded.unpriced,
        usd = usd + excluded.usd, unasked = unasked + excluded.unasked;
    INSERT INTO reserved_tally (status, engine, pictures, unpriced, usd, unasked)
    SELECT new.status, new.engine, 1, new.price_usd IS NULL, coalesce(new.price_usd, 0.0),
        new.unasked WHERE new.reserved
    ON CONFLICT DO UPDATE SET pictures = pictures + 1, unpriced = unpriced + excluded.unpriced,
        usd = usd + excluded.usd, unasked = unasked + excluded.unasked;
END;
CREATE TRIGGER reservation_ended AFTER UPDATE OF status ON generations
WHEN new.reserved AND new.status NOT IN ('pending', 'processing') BEGIN
    UPDATE generations SET reserved = 0 WHERE id = new.id;
END;
CREATE TRIGGER reservation_renewed AFTER UPDATE OF status ON generations
WHEN new.paid AND new.status = 'pending' AND old.status IN ('failed', 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM calls_in_doubt d WHERE d.generation_id = new.id) BEGIN
    UPDATE generations SET reserved = 1 WHERE id = new.id;
END;
CREATE TRIGGER call_lost AFTER UPDATE OF status ON generations
WHEN new.call_open AND old.status = 'processing' AND new.status != 'processing' BEGIN
    INSERT INTO calls_in_doubt (generation_id, project_id, day, price_usd, unasked)
    VALUES (new.id, new.project_id, substr(old.updated_at, 1, 10), new.price_usd, new.unasked);
    UPDATE generations SET reserved = 0, call_open = 0 WHERE id = new.id;
END;
CREATE TRIGGER call_deleted AFTER DELETE ON generations WHEN old.call_open BEGIN
    INSERT INTO calls_in_doubt (generation_id, project_id, day, price_usd, unasked)
    VALUES (old.id, old.project_id, substr(old.updated_at, 1, 10), old.price_usd, old.unasked);
END;
"""
