"""Ids: a prefix that names the kind, then a TSID (13 characters, sorted by the time they were made)."""

import time
from typing import Final

from avatar_creator.errors import StorageError

PROJECT: Final = "prj_"
AVATAR: Final = "av_"
GENERATION: Final = "gen_"
BATCH: Final = "bat_"
USAGE_EVENT: Final = "use_"
REJECT: Final = "rej_"
RUNNER: Final = "run_"

_FIRST_S = 1_577_836_800  # 2020 begins, the epoch of TSIDs
_END_S = _FIRST_S + 2**42 // 1000  # their 42 bits of milliseconds end in 2159


def new_id(prefix: str) -> str:
    """Return a new id. Raises StorageError where the clock shows a time that does not fit into an id.

    Its 22 random bits a millisecond make two processes drawing the same one unlikely; the primary keys make it an
    error and not a loss.
    """
    from tsidpy import TSID  # noqa: PLC0415 - reading commands make no ids

    if not _FIRST_S <= time.time() < _END_S:  # it would sort as the newest for ever, or as the oldest
        raise StorageError(
            "The clock of this machine shows a time outside of the years 2020 to 2158, and ids are made of the time.",
            hint="Set the clock, then run the command again.",
        )
    return prefix + str(TSID.create().to_string("s"))
