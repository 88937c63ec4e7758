"""What waits for the worker: how its one index is read, which has each kind of it in the order of its turns.

There are few kinds: each says all that decides who may make a row (claiming.py). So all that waits is read in its order
as a merge of them, and no more of it than is asked for.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

# As the index has it. No name has a space; who shares the row is named last.
KIND = (
    "engine || ' ' || coalesce(credential, '') || ' ' || reserved || ' ' ||"
    " coalesce(json_extract(fallback, '$[0].shared'), '')"
)
WAITING = "FROM generations g INDEXED BY generations_kinds WHERE status = 'pending' AND owner IS NULL"
_KINDS = (
    f"WITH RECURSIVE kinds (kind) AS (SELECT min({KIND}) {WAITING} UNION ALL"
    f" SELECT (SELECT min({KIND}) {WAITING} AND {KIND} > k.kind) FROM kinds k WHERE k.kind IS NOT NULL)"
    " SELECT kind FROM kinds WHERE kind IS NOT NULL"
)
_MERGED_MOST = 100  # selects at once: SQLite takes 500


def find_texts(connection: "sqlite3.Connection") -> list[str]:
    """Return each kind of what waits, as the index has it."""
    return [text for (text,) in connection.execute(_KINDS)]


def find_turns(
    connection: "sqlite3.Connection",
    column: str,
    most: int,
    condition: str = "TRUE",
    select: str = "{turns}",
    **values: object,
) -> "list[sqlite3.Row]":
    """Return priority, id and a column of the first ``most`` that meet a condition, in their order.

    Or return what is selected from these ``{turns}``.
    """
    kinds = {f"kind{n}": text for n, text in enumerate(find_texts(connection))}
    if not kinds:
        return []
    turns = _merged([f"SELECT priority, id, {column} {WAITING} AND {KIND} = :{name} AND {condition}" for name in kinds])
    return connection.execute(select.format(turns=turns), {**values, **kinds, "most": most}).fetchall()


def _merged(parts: Sequence[str]) -> str:
    if len(parts) > _MERGED_MOST:
        some = (parts[n : n + _MERGED_MOST] for n in range(0, len(parts), _MERGED_MOST))
        return _merged([f"SELECT * FROM ({_merged(each)})" for each in some])
    return f"{' UNION ALL '.join(parts)} ORDER BY priority DESC, id LIMIT :most"
