"""Which generation is claimed next, as SQL."""

from avatar_creator.storage.followers import FOLLOWS

_CAN = (
    "engine NOT IN (SELECT value FROM json_each(:without))"
    " AND NOT (reserved AND engine IN (SELECT value FROM json_each(:over)))"
)
NEXT_OF_ALL = (
    "id = (SELECT id FROM generations g INDEXED BY generations_pending WHERE status = 'pending' AND owner IS NULL"
    " AND (credential IS NULL OR credential IN (SELECT value FROM json_each(:credentials)))"
    f" AND (not_before IS NULL OR not_before <= :now) AND {FOLLOWS} AND {_CAN} ORDER BY priority DESC, id LIMIT 1)"
    " AND (interruptions <= :crashes_most OR :idle OR engine IN (SELECT value FROM json_each(:harmless)))"
)
NEXT_OWNED = (
    "id = (SELECT id FROM generations INDEXED BY generations_owned WHERE status = 'pending' AND owner = :runner"
    f" AND {_CAN} ORDER BY id LIMIT 1)"
)
