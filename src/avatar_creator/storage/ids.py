"""Ids: a prefix that names the kind, then a TSID (13 characters, sorted by the time they were made)."""

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from avatar_creator.errors import StorageError

if TYPE_CHECKING:
    from tsidpy import TSID

PROJECT: Final = "prj_"
AVATAR: Final = "av_"
GENERATION: Final = "gen_"
BATCH: Final = "bat_"
USAGE_EVENT: Final = "use_"
REJECT: Final = "rej_"
RUNNER: Final = "run_"

_FIRST_S = 1_577_836_800  # 2020 begins, the epoch of TSIDs
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, of 5 bits each
_TSID = re.compile(f"[{_DIGITS}]{{13}}", re.ASCII)
_RANDOM_BITS = 22  # below the milliseconds
_LOW = 2**20 - 1  # the last four digits
_END_S = _FIRST_S + 2**42 // 1000  # their 42 bits of milliseconds end in 2159


def new_id(prefix: str) -> str:
    """Return a new id. Raises StorageError where the clock shows a time that does not fit into an id.

    Its 22 random bits a millisecond make two processes drawing the same one unlikely; the primary keys make it an
    error and not a loss.
    """
    return prefix + str(_new_tsid().to_string("s"))


def new_ids(prefix: str) -> Iterator[str]:
    """Yield new ids without end, in their order, each the number behind that of the one before.

    So a million of them are quick to make, and no two are the same. Raises StorageError as `new_id`.
    """
    pairs = [first + second for first in _DIGITS for second in _DIGITS]
    number = _new_tsid().number
    while True:
        head = prefix + "".join([_DIGITS[number >> 5 * place & 31] for place in range(12, 3, -1)])
        for low in range(number & _LOW, _LOW + 1):
            yield f"{head}{pairs[low >> 10]}{pairs[low & 1023]}"
        number = (number | _LOW) + 1


def is_id(value: object, prefix: str) -> bool:
    """Return whether a value is an id of that kind: files are called by ids, and strangers write others."""
    return isinstance(value, str) and value.startswith(prefix) and bool(_TSID.fullmatch(value, len(prefix)))


def made_s(id_: str) -> float:
    """Return when an id was made, in seconds since 1970, by the clock of who made it."""
    number = 0
    for digit in id_[-13:]:
        number = number << 5 | _DIGITS.index(digit)
    return _FIRST_S + (number >> _RANDOM_BITS) / 1000


def _new_tsid() -> "TSID":
    """Raises StorageError where the clock shows a time that does not fit into an id."""
    from tsidpy import TSID  # noqa: PLC0415 - reading commands make no ids

    if not _FIRST_S <= time.time() < _END_S:  # it would sort as the newest for ever, or as the oldest
        raise StorageError(
            "The clock of this machine shows a time outside of the years 2020 to 2158, and ids are made of the time.",
            hint="Set the clock, then run the command again.",
        )
    return TSID.create()
