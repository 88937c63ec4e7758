"""Ids: a prefix that names the kind, then a TSID (13 characters, sorted by the time they were made)."""

from typing import Final

PROJECT: Final = "prj_"
AVATAR: Final = "av_"
GENERATION: Final = "gen_"
USAGE_EVENT: Final = "use_"
RUNNER: Final = "run_"


def new_id(prefix: str) -> str:
    """Return a new id.

    Its 22 random bits a millisecond make two processes drawing the same one unlikely; the primary keys make it an
    error and not a loss.
    """
    from tsidpy import TSID  # noqa: PLC0415 - reading commands make no ids

    return prefix + str(TSID.create().to_string("s"))
