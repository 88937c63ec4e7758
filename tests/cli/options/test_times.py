"""What a user may give for `--at`. The local clock is Berlin's: summer time until the 25th of October 2026, 3:00."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from avatar_creator.cli.options.times import parse_at, parse_since, parse_until
from avatar_creator.errors import InvalidInput

try:
    BERLIN = ZoneInfo("Europe/Berlin")
except ZoneInfoNotFoundError:
    pytest.skip("this system has no table of zones", allow_module_level=True)

NOW = datetime(2026, 11, 22, 21, 30, 15, tzinfo=BERLIN)
MINUTE, DAY, YEAR = timedelta(minutes=1), timedelta(days=1), timedelta(days=366)
NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
AHEAD = st.timedeltas(timedelta(0), YEAR - DAY)


def berlin(moment: datetime) -> datetime:
    return moment.replace(tzinfo=BERLIN) if moment.tzinfo is None else moment.astimezone(BERLIN)


def at(text: str, now: datetime = NOW) -> str:
    moment = parse_at(text, now, berlin)
    assert moment.tzinfo is UTC
    return moment.isoformat().removesuffix("+00:00")


def whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


# -- what is accepted


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T02:00", "2026-11-23T01:00:00"),
        ("2026-11-23 02:00", "2026-11-23T01:00:00"),
        ("2026-11-23 02:00:30", "2026-11-23T01:00:30"),
        ("2026-11-23T02:00+01:00", "2026-11-23T01:00:00"),
        ("2026-11-23T02:00:30-05:30", "2026-11-23T07:30:30"),
        ("2026-11-23 02:00Z", "2026-11-23T02:00:00"),
        ("2027-06-01T02:00", "2027-06-01T00:00:00"),  # in summer time, though it is winter
        ("2026-11-22T21:30", "2026-11-22T20:30:00"),  # past, but typed in this minute
        ("02:00", "2026-11-23T01:00:00"),
        ("21:30", "2026-11-23T20:30:00"),
        ("21:31", "2026-11-22T20:31:00"),
        ("21:30:15", "2026-11-22T20:30:15"),
        ("23:59:59", "2026-11-22T22:59:59"),
        ("tomorrow 02:00", "2026-11-23T01:00:00"),
        ("tomorrow 23:00", "2026-11-23T22:00:00"),
        ("+90s", "2026-11-22T20:31:45"),
        ("+15m", "2026-11-22T20:45:15"),
        ("+2h", "2026-11-22T22:30:15"),
        ("+1d12h", "2026-11-24T08:30:15"),
        ("+1d1h1m1s", "2026-11-23T21:31:16"),
        ("+0s", "2026-11-22T20:30:15"),
        ("+366d", "2027-11-23T20:30:15"),
        ("  tomorrow   02:00 ", "2026-11-23T01:00:00"),
    ],
)
def test_a_moment(text: str, moment: str) -> None:
    assert at(text) == moment


def test_the_zone_that_now_is_given_in_does_not_matter() -> None:
    for zone in (UTC, timezone(timedelta(hours=-9))):
        assert [at(text, NOW.astimezone(zone)) for text in ("02:00", "tomorrow 02:00", "+1h")] == [
            "2026-11-23T01:00:00",
            "2026-11-23T01:00:00",
            "2026-11-22T21:30:15",
        ]


@pytest.mark.parametrize(
    ("now", "text", "moment"),
    [
        # The clock shows 2:30 twice: at 0:30 and at 1:30 UTC.
        ("2026-10-24T22:00", "02:30", "2026-10-25T00:30:00"),
        ("2026-10-25T00:40", "02:30", "2026-10-25T01:30:00"),
        ("2026-10-25T00:40", "2026-10-25T02:30", "2026-10-25T01:30:00"),
        ("2026-10-25T01:40", "02:30", "2026-10-26T01:30:00"),
        ("2026-10-24T12:00", "tomorrow 02:30", "2026-10-25T00:30:00"),
        ("2026-10-24T12:00", "2026-10-25T02:30", "2026-10-25T00:30:00"),
        ("2026-10-24T12:00", "2026-10-25T02:30+01:00", "2026-10-25T01:30:00"),
        ("2026-10-25T00:31", "2026-10-25T02:30", "2026-10-25T00:30:00"),
        # It skips 2:30, and shows 3:30 in its place.
        ("2027-03-27T22:00", "02:30", "2027-03-28T01:30:00"),
        ("2027-03-28T00:10", "02:30", "2027-03-28T01:30:00"),
        ("2027-03-28T02:00", "02:30", "2027-03-29T00:30:00"),
        ("2027-03-27T12:00", "2027-03-28T02:30", "2027-03-28T01:30:00"),
        # Hours are hours, whatever the clock does.
        ("2026-10-24T12:00", "+1d", "2026-10-25T12:00:00"),
    ],
)
def test_when_the_clock_is_changed(now: str, text: str, moment: str) -> None:
    assert at(text, datetime.fromisoformat(f"{now}Z")) == moment


# -- what is refused


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "now",
        "tomorrow",
        "today 02:00",
        "2:00",
        "24:00",
        "02:60",
        "02:00:60",
        "02:00+01:00",
        "2026-02-30T02:00",
        "2026-11-23",
        "2026-11-23T02",
        "2026-11-23T02:00+25:00",
        "2026-11-23T02:00Europe/Berlin",
        "0000-01-01T00:00",
        "26-11-23T02:00",
        "20261123T0200",
        "+",
        "+5",
        "5m",
        "-5m",
        "+1h1d",
        "+1.5h",
        "+1h 5m",
        "+1w",
        "+9999999999s",
        "\uff10\uff12:00",
        "\x1b[2J",
    ],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^at is '") as refused:
        at(text)
    assert refused.value.message.isprintable()
    assert refused.value.hint == (
        "Give at a moment like 02:00, tomorrow 02:00, 2026-11-23T02:00, 2026-11-23T02:00+01:00, +90s, +15m or +1d12h."
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T21:29",
        "2026-11-22T21:30+01:01",
        "2026-11-22T20:29:14Z",
        "0001-01-01T00:00",
        "0001-01-01T00:00+14:00",
    ],
)
def test_the_past_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        at(text)
    assert refused.value.message == f"at is '{text}', which is past: it is 2026-11-22 21:30+01:00."
    assert (refused.value.hint or "").startswith("Give at a moment ahead, like 02:00, ")


@pytest.mark.parametrize(
    "text",
    [
        "2027-11-23T21:31",
        "2027-12-01T00:00Z",
        "9999-12-31T23:59",
        "9999-12-31T23:59-14:00",
        "+366d1s",
        "+999999999d999999999h",
    ],
)
def test_more_than_a_year_ahead_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        at(text)
    assert refused.value.message == f"at is '{text}', more than a year ahead: it is 2026-11-22 21:30+01:00."
    assert (refused.value.hint or "").startswith("Give at a moment within a year, like 02:00, ")


# -- what holds for all


@given(
    st.one_of(
        st.text(max_size=30),
        st.text(st.sampled_from("+-:TZdhms 0123459"), max_size=30),
        st.from_regex(
            r"[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9](Z|[+-][0-2][0-9]:[0-5][0-9])?", fullmatch=True
        ),
        st.from_regex(r"\+([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?", fullmatch=True),
    ),
    NOWS,
)
def test_any_text_is_a_moment_within_a_year_or_invalid(text: str, now: datetime) -> None:
    try:
        moment = parse_at(text, now, berlin)
    except InvalidInput as refused:
        assert refused.message.startswith("at is ")  # noqa: PT017
        return
    assert now - MINUTE <= moment <= now + YEAR


@given(NOWS, AHEAD, st.timedeltas(-DAY * 0.99, DAY * 0.99))
def test_a_date_with_its_offset_is_itself_read_back(now: datetime, ahead: timedelta, offset: timedelta) -> None:
    moment = whole(now + ahead + timedelta(seconds=1))
    zone = timezone(timedelta(minutes=offset // MINUTE))
    written = moment.astimezone(zone).isoformat(timespec="seconds")
    assert parse_at(written, now, berlin) == moment
    assert parse_at(written.replace("T", " "), now, berlin) == moment


@given(NOWS, AHEAD)
@example(datetime(2026, 10, 25, 0, 40, tzinfo=UTC), timedelta(minutes=50))
def test_what_the_local_clock_shows_then_is_read_back(now: datetime, ahead: timedelta) -> None:
    moment = whole(now + ahead + timedelta(seconds=1))
    naive = berlin(moment).replace(tzinfo=None)
    read = parse_at(naive.isoformat(), now, berlin)
    assert berlin(read).replace(tzinfo=None) == naive
    assert read in {moment, moment - timedelta(hours=1)}  # shown twice: the first that is ahead
    assert read >= now


@given(NOWS, st.times().map(lambda clock: clock.replace(microsecond=0)))
def test_a_time_of_day_is_the_next_of_its_kind(now: datetime, clock: time) -> None:
    moment = parse_at(clock.isoformat(), now, berlin)
    assert now <= moment <= now + DAY + timedelta(hours=1)
    later = clock.replace(hour=(clock.hour + 1) % 24)  # where the clock skips it
    assert berlin(moment).time() in {clock, later}
    minutes = (
        berlin(now + n * MINUTE).time().replace(second=0, microsecond=0) for n in range(1, (moment - now) // MINUTE)
    )
    assert clock.replace(second=0) not in minutes


@given(NOWS, *[st.integers(0, 90)] * 4)
def test_counted_from_now_is_elapsed_time(now: datetime, days: int, hours: int, minutes: int, seconds: int) -> None:
    moment = parse_at(f"+{days}d{hours}h{minutes}m{seconds}s", now, berlin)
    assert moment - now == timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


# -- the system's own clock


@pytest.fixture
def system_in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The system's clock shows Berlin's time, by rules that need no table."""
    if os.name != "posix":
        pytest.skip("only POSIX lets a process choose")
    from time import tzset  # noqa: PLC0415 - Windows has none

    with monkeypatch.context() as changed:
        changed.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        tzset()
        yield
    tzset()


@pytest.mark.usefixtures("system_in_berlin")
@pytest.mark.parametrize(
    "text", ["02:30", "tomorrow 02:30", "2026-10-25T02:30", "2027-03-28T02:30", "2027-06-01 02:30", "12:00"]
)
@pytest.mark.parametrize("now", ["2026-10-24T12:00", "2026-10-25T00:10", "2026-10-25T00:40"])
def test_the_systems_rules_are_the_default(now: str, text: str) -> None:
    moment = datetime.fromisoformat(f"{now}Z")
    assert parse_at(text, moment) == parse_at(text, moment, berlin)


@pytest.fixture(params=["UTC+25", "XXX-99", "XXX24", "<+30>-30"])
def system_of_no_zone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """The system's clock is a day or more from UTC, which Python cannot tell."""
    if os.name != "posix":
        pytest.skip("only POSIX lets a process choose")
    from time import tzset  # noqa: PLC0415 - Windows has none

    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        tzset()
        yield request.param
    tzset()


@pytest.mark.parametrize("text", ["02:00", "tomorrow 02:00", "2026-11-23T02:00", "2020-01-01T00:00Z"])
def test_a_zone_that_python_cannot_tell_is_named(system_of_no_zone: str, text: str) -> None:
    with pytest.raises(InvalidInput, match="local time cannot be told") as refused:
        parse_at(text, NOW)
    assert f"(TZ is '{system_of_no_zone}')" in refused.value.message


@pytest.mark.usefixtures("system_of_no_zone")
def test_what_needs_no_zone_is_understood_in_any() -> None:
    assert parse_at("+90s", NOW) == NOW + timedelta(seconds=90)
    ahead = (NOW + timedelta(days=1)).isoformat(timespec="seconds")
    assert parse_at(ahead, NOW) == datetime.fromisoformat(ahead)


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_year_that_systems_know_no_offset_of_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_at(text, NOW)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-11-01", "2026-10-31T23:00:00.000000Z", "2026-11-01T23:00:00.000000Z"),
        ("2026-11-01T09:00", "2026-11-01T08:00:00.000000Z", "2026-11-01T08:00:00.000000Z"),
        ("2026-11-01 09:00:30Z", "2026-11-01T09:00:30.000000Z", "2026-11-01T09:00:30.000000Z"),
        ("2026-11-01T09:00+05:30", "2026-11-01T03:30:00.000000Z", "2026-11-01T03:30:00.000000Z"),
        ("7d", "2026-11-15T12:00:00.000000Z", "2026-11-15T12:00:00.000000Z"),
        ("90 m ago", "2026-11-22T10:30:00.000000Z", "2026-11-22T10:30:00.000000Z"),
        ("today", "2026-11-21T23:00:00.000000Z", "2026-11-22T23:00:00.000000Z"),
        ("Yesterday", "2026-11-20T23:00:00.000000Z", "2026-11-21T23:00:00.000000Z"),
    ],
)
def test_times_that_are_past(text: str, since: str, until: str) -> None:
    now, zone = datetime(2026, 11, 22, 12, tzinfo=UTC), timezone(timedelta(hours=1))

    def localize(moment: datetime) -> datetime:
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)

    assert parse_since(text, now, localize) == since
    assert parse_until(text, now, localize) == until


@pytest.mark.parametrize("text", ["", "x", "2026-02-30", "2026-13-01", "999999y", "7", "-7d", "2026", "7 d d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_since(text, datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert "since is" in refused.value.message
