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
_AGO = r"(\d{1,6}) ?([smhdwy])(?: ago)?"
_AGO_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_557_600}
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


def parse_since(text: str, now: datetime | None = None, localize: Localize = by_system) -> str:
    """Return the moment from which on avatars were made, as it is stored.

    A day begins by the clock of this machine; ``7d`` is so long ago. Raises InvalidInput.
    """
    return _past("since", text, now, localize)


def parse_until(text: str, now: datetime | None = None, localize: Localize = by_system) -> str:
    """Return the moment before which avatars were made: the end of a day, or so long ago. Raises InvalidInput."""
    return _past("until", text, now, localize, whole_day=True)


def _past(field: str, text: str, now: datetime | None, localize: Localize, *, whole_day: bool = False) -> str:
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    words = {"today": timedelta(), "yesterday": _DAY}
    given = " ".join(text.split()).lower()
    try:
        if found := re.fullmatch(_AGO, given, re.ASCII):
            moment -= int(found[1]) * timedelta(seconds=_AGO_S[found[2]])
        elif given in words or re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII):
            day = localize(moment).date() - words[given] if given in words else date.fromisoformat(given)
            moment = localize(datetime.combine(day + whole_day * _DAY, time())).astimezone(UTC)
        elif re.fullmatch(_DATED, given.upper(), re.ASCII):
            dated = datetime.fromisoformat(given.upper())
            moment = (dated if dated.tzinfo else localize(dated)).astimezone(UTC)
        else:
            raise ValueError(given)  # noqa: TRY301 - as of the 30th of February
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"{field} is {shown(text)}, which is no time.",
            hint=f"Give {field} a day like 2026-11-01, a time like 2026-11-01T09:00, or how long ago: 7d, 12h or 30m.",
        ) from None
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


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
