"""Which generation is claimed next, as SQL."""

from avatar_creator.storage.followers import FOLLOWS
from avatar_creator.storage.shared_rows import CAN_OTHER, IS_SHARED

_CAN = (
    "engine NOT IN (SELECT value FROM json_each(:without))"
    " AND NOT (reserved AND engine IN (SELECT value FROM json_each(:over)))"
)
_CAN_PAY = "(credential IS NULL OR credential IN (SELECT value FROM json_each(:credentials)))"
# Where its engine fails for all pictures, a row that others share waits for them.
_IS_UP = f"NOT ({IS_SHARED} AND engine IN (SELECT value FROM json_each(:down)))"


def _next_of_all(can: str) -> str:
    return (
        "id = (SELECT id FROM generations g INDEXED BY generations_pending WHERE status = 'pending' AND owner IS NULL"
        f" AND {can} AND (not_before IS NULL OR not_before <= :now) AND {FOLLOWS} ORDER BY priority DESC, id LIMIT 1)"
        " AND (interruptions <= :crashes_most OR :idle OR engine IN (SELECT value FROM json_each(:harmless)))"
    )


def _next_owned(can: str) -> str:
    return (
        "id = (SELECT id FROM generations INDEXED BY generations_owned WHERE status = 'pending' AND owner = :runner"
        f" AND {can} ORDER BY id LIMIT 1)"
    )


# By whether any generation waits that engines share: to see whether one is costs a look at its row, and not its index.
NEXT_OF_ALL = {
    False: _next_of_all(f"{_CAN_PAY} AND {_CAN}"),
    True: _next_of_all(f"({_CAN_PAY} AND {_CAN} AND {_IS_UP} OR {CAN_OTHER})"),
}
NEXT_OWNED = {False: _next_owned(_CAN), True: _next_owned(f"({_CAN} AND {_IS_UP} OR {CAN_OTHER})")}
