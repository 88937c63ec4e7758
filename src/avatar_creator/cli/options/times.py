"""A moment that a user gives: by the clock of this machine, with an offset, or counted from now."""

import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
# Texts, compiled when they are tried: what one --at names is mostly found by the first.
_NEXT = rf"(?P<tomorrow>tomorrow )?(?P<clock>{_CLOCK})"
_DATED = rf"\d{{4}}-\d\d-\d\d[T ]{_CLOCK}(?:Z|[+-]\d\d:\d\d)?"
_FROM_NOW = r"\+(?=\d)(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?"
_UNITS_S = (86_400, 3600, 60, 1)
_DAY = timedelta(days=1)
_LATE = timedelta(minutes=1)  # whoever types the present minute means now
_AHEAD = timedelta(days=366)
_FAR_S = 10**9  # beyond any limit, and no date overflows by it
_EXAMPLES = "02:00, tomorrow 02:00, 2026-11-23T02:00, 2026-11-23T02:00+01:00, +90s, +15m or +1d12h"

Localize = Callable[[datetime], datetime]


def by_system(moment: datetime) -> datetime:
    """Give a datetime the offset of the system's clock; `astimezone` alone takes a skipped time an hour too early."""
    try:
        return datetime.fromtimestamp(moment.timestamp(), UTC).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        zone = f" (TZ is {shown(os.environ['TZ'])})" if "TZ" in os.environ else ""
        raise InvalidInput(
            f"The local time cannot be told: its zone is a day or more from UTC{zone}.",
            hint="Mend TZ, or give at with an offset or from now, like 2026-11-23T02:00+01:00 or +15m.",
        ) from error


def in_utc(text: str) -> str:
    """Return the moment that ``text`` means now, in UTC, as it is stored."""
    return parse_at(text, datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_at(text: str, now: datetime, localize: Localize = by_system) -> datetime:
    """Return the moment, in UTC, that ``text`` means when it is ``now``, in any zone.

    ``localize`` gives a datetime the local clock's offset of then; a naive one is what that clock shows. What the clock
    shows twice is the first of both that is ahead; what it skips, as summer time begins, is as much later.
    Raises InvalidInput when it is no moment, past by more than a minute, or more than a year ahead.
    """
    now = now.astimezone(UTC)  # in a zone of its own, hours would be added to what the clock shows
    moment = _read(" ".join(text.split()), now, localize)
    if moment is None:
        raise InvalidInput(f"at is {shown(text)}, which is no time.", hint=f"Give at a moment like {_EXAMPLES}.")
    if moment < now - _LATE:
        raise InvalidInput(
            f"at is {shown(text)}, which is past: it is {_clock(now, localize)}.",
            hint=f"Give at a moment ahead, like {_EXAMPLES}.",
        )
    if moment > now + _AHEAD:
        raise InvalidInput(
            f"at is {shown(text)}, more than a year ahead: it is {_clock(now, localize)}.",
            hint=f"Give at a moment within a year, like {_EXAMPLES}.",
        )
    return moment.astimezone(UTC)


def _clock(now: datetime, localize: Localize) -> str:
    return localize(now).isoformat(" ", "minutes")


def _read(text: str, now: datetime, localize: Localize) -> datetime | None:
    """Return an aware moment, maybe out of all bounds; None if the text is none."""
    if found := re.fullmatch(_FROM_NOW, text, re.ASCII):
        seconds = sum(int(number or 0) * unit_s for number, unit_s in zip(found.groups(), _UNITS_S, strict=True))
        return now + timedelta(seconds=min(seconds, _FAR_S))
    if found := re.fullmatch(_NEXT, text, re.ASCII):
        clock, today = time.fromisoformat(found["clock"]), localize(now).date()
        days = (today + _DAY,) if found["tomorrow"] else (today, today + _DAY)
        return _first(days, clock, now, localize)
    return _read_dated(text, now, localize) if re.fullmatch(_DATED, text, re.ASCII) else None


def _read_dated(text: str, now: datetime, localize: Localize) -> datetime | None:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:  # the 30th of February
        return None
    if given.tzinfo is not None:
        return given
    if abs(given - now.replace(tzinfo=None)) > 2 * _AHEAD:
        return given.replace(tzinfo=UTC)  # refused anyway; systems fail over the offsets of such years
    return _first((given.date(),), given.time(), now - _LATE, localize)


def _first(days: Iterable[date], clock: time, since: datetime, localize: Localize) -> datetime:
    """Return when the local clock first shows that time on one of the days; before ``since`` only if never after."""
    moments = [
        localize(datetime.combine(day, clock.replace(fold=fold))).astimezone(UTC) for day in days for fold in (0, 1)
    ]
    return next((moment for moment in moments if moment >= since), moments[0])
