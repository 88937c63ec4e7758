"""What is charged and reserved, counted against the limits: in the transaction that adds, begins or calls.

Triggers count what is reserved, so no sum is over generations, of which a million may wait.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from avatar_creator.domain.price import MOST_UNASKED
from avatar_creator.domain.spending import (
    Budget,
    Charges,
    Counted,
    Limits,
    Period,
    SpendingReport,
    Spent,
    limit_reached,
    nobody_agreed,
    price_unknown,
)
from avatar_creator.storage.database import now, translated

ReadLimits = Callable[[], Limits]

_CHARGED = (
    "SELECT coalesce(sum(pictures), 0) AS pictures, coalesce(sum(unpriced), 0) AS unpriced,"
    " coalesce(sum(usd), 0.0) AS usd, coalesce(sum(expected_usd), 0.0) AS expected,"
    " coalesce(sum(unasked), 0) AS unasked FROM charge_day_tally WHERE day >= ?"
)
_IN_DOUBT = (
    "SELECT count(*) AS calls, coalesce(sum(price_usd), 0.0) AS usd, coalesce(sum(unasked), 0) AS unasked"
    " FROM calls_in_doubt WHERE day >= ?"
)
_OPEN_CALL = "WHERE id = ? AND fence = ? AND call_open AND attempt = ?"
_SUM_DIGITS = 9  # of a sum: floats that are added and taken away again leave a rest
_RESERVED = (
    "SELECT coalesce(sum(pictures), 0) AS pictures, coalesce(sum(unpriced), 0) AS unpriced,"
    " coalesce(sum(usd), 0.0) AS usd, coalesce(sum(unasked), 0) AS unasked FROM reserved_tally"
)


class Charged(Protocol):
    """A picture that a provider made and charges for."""

    @property
    def provider(self) -> str: ...

    @property
    def model(self) -> str: ...


def _counted(prices: Sequence[float | None]) -> Counted:
    """Return generations that are paid for, as a limit counts them."""
    known = [price for price in prices if price is not None]
    return Counted(len(prices), sum(known), len(prices) - len(known))


def _end_of(period: Period, at: str) -> str:
    first = date.fromisoformat(period.since(at))
    if period is Period.DAY:
        return f"{first + timedelta(days=1)}T00:00:00.000000Z"
    return f"{(first + timedelta(days=31)).replace(day=1)}T00:00:00.000000Z"


def _charges(counted: Counted, in_doubt: int = 0) -> Charges:
    return Charges(counted.pictures, counted.known_usd, counted.unpriced, in_doubt)


class Spending:
    """Counts what is spent, and refuses what is too much."""

    def __init__(self, connection: sqlite3.Connection, path: Path, limits: ReadLimits | None = None) -> None:
        self._connection = connection
        self._path = path
        self._limits = limits or Limits  # which sets none

    # -- refused

    def refuse_added(self, prices: Sequence[float | None], unasked: int = 0) -> None:
        """Raise LimitReached if generations that were just added, or wait again, are more than a limit allows.

        InvalidInput if nobody has agreed to so many: that is ``unasked`` of them.
        """
        at = now()
        self._refuse(_counted(prices), at, self.reserved())
        if unasked:
            before = self.unasked(at) - unasked
            if before + unasked > MOST_UNASKED:
                raise nobody_agreed(unasked, before)

    def renew(self, id_: str, *, has_response: bool, unasked: bool = False) -> None:
        """Reserve for a generation that waits again, unless it ``has_response`` that is paid for, or in doubt.

        Raises what `refuse_added` raises; ``unasked``: nobody has agreed to pay for it.
        """
        self._connection.execute("UPDATE generations SET reserved = paid AND NOT ? WHERE id = ?", (has_response, id_))
        row = self._one("SELECT reserved, price_usd FROM generations WHERE id = ?", id_)
        if row["reserved"]:
            self.refuse_added([row["price_usd"]], unasked)

    def renew_agreed(self, id_: str) -> None:
        """Reserve for one more picture of a generation. Raises what `refuse_added` raises."""
        row = self._one("SELECT unasked FROM generations WHERE id = ?", id_)
        self.renew(id_, has_response=False, unasked=bool(row["unasked"]))

    def refuse_begun(self, price_usd: float | None) -> None:
        """Raise LimitReached if one that was just claimed is more than a limit allows of those that are made."""
        self._refuse(_counted([price_usd]), now(), self.reserved(only_begun=True))

    def check_retry(self, ids: Sequence[str]) -> None:
        """Raise what trying generations again would raise now."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT price_usd FROM generations WHERE id IN (SELECT value FROM json_each(?)) AND paid"
                " AND +status IN ('failed', 'cancelled')",
                (json.dumps(ids),),
            ).fetchall()
        if rows:
            self.check([row["price_usd"] for row in rows])

    def check(self, prices: Sequence[float | None], unasked: int = 0) -> None:
        """Raise what adding generations would raise now."""
        at, asked = now(), _counted(prices)
        self._refuse(asked, at, self.reserved().plus(asked))
        if unasked and (before := self.unasked(at)) + unasked > MOST_UNASKED:
            raise nobody_agreed(unasked, before)

    def _refuse(self, asked: Counted, at: str, reserved: Counted) -> None:
        """Raise LimitReached if a limit does not allow what is ``asked``, which is ``reserved`` already."""
        limits = self._limits()
        if not any(limits.each()):
            return
        for limit in limits.each():
            if limit.is_usd and asked.unpriced:
                raise price_unknown(limit)
        before = reserved.minus(asked)
        for budget in self._budgets(limits, before, at):
            if budget.limit.is_less_than(budget.spent + budget.limit.of(reserved)):
                raise limit_reached(budget, asked)

    def why_waits(self, price_usd: float | None) -> tuple[str, str | None] | None:
        """Return the limit that keeps one that is paid for from being begun now, and until when; None if none does."""
        limits, one = self._limits(), _counted([price_usd])
        for limit in limits.each():
            if limit.is_usd and one.unpriced:
                return f"a price: the limit is {limit}", None
        if not any(limits.each()):
            return None
        for budget in self._budgets(limits, self.reserved(only_begun=True).plus(one), now()):
            if budget.limit.is_less_than(budget.spent + budget.reserved):
                return f"the limit of {budget.limit}", budget.resets_at
        return None

    # -- called and charged

    def open_call(self, generation_id: str) -> None:
        """Mark that a service is called for a generation. Raises LimitReached if one more may not be paid for.

        The first is reserved since it was queued. So is another one, unless the one before was charged.
        """
        row = self._one("SELECT paid, reserved, price_usd FROM generations WHERE id = ?", generation_id)
        if row["paid"]:
            self._connection.execute(
                "UPDATE generations SET call_open = 1, reserved = 1 WHERE id = ?", (generation_id,)
            )
            if not row["reserved"]:
                self.refuse_added([row["price_usd"]])

    def close_call(self, generation_id: str, fence: int, calls_ended: int) -> None:
        """Mark that no service is called for a generation, if all calls that its row counts have ended."""
        self._connection.execute(
            "UPDATE generations SET call_open = 0 WHERE id = ? AND fence = ? AND call_open AND attempt <= ?",
            (generation_id, fence, calls_ended),
        )

    def doubt_call(self, generation_id: str, fence: int, call: int) -> bool:
        """Count the call of that number as in doubt, if it is open; return whether it was.

        It counts as spent until its charge is known, so nothing is reserved for it any more.
        """
        which = (generation_id, fence, call)
        self._connection.execute(
            "INSERT INTO calls_in_doubt (generation_id, project_id, day, price_usd, unasked)"
            f" SELECT id, project_id, ?, price_usd, unasked FROM generations {_OPEN_CALL}",
            (Period.DAY.since(now()), *which),
        )
        done = self._connection.execute(f"UPDATE generations SET reserved = 0, call_open = 0 {_OPEN_CALL}", which)
        return done.rowcount == 1

    def count_charge(
        self, generation_id: str, row: sqlite3.Row, charge: Charged, usd: float | None, *, is_late: bool
    ) -> None:
        """Count a charge of a generation, today. One that is late was in doubt until now."""
        if is_late:
            self._connection.execute(
                "DELETE FROM calls_in_doubt WHERE rowid ="
                " (SELECT rowid FROM calls_in_doubt WHERE generation_id = ? ORDER BY rowid LIMIT 1)",
                (generation_id,),
            )
        unpriced, expected = usd is None, (row["price_usd"] or 0.0) if usd is None else 0.0
        self._connection.execute(
            "INSERT INTO charge_day_tally (day, project_id, engine, provider, model, pictures, unpriced, usd,"
            " expected_usd, unasked) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " pictures = pictures + 1, unpriced = unpriced + excluded.unpriced, usd = usd + excluded.usd,"
            " expected_usd = expected_usd + excluded.expected_usd, unasked = unasked + excluded.unasked",
            (
                *(Period.DAY.since(now()), row["project_id"], row["engine"], charge.provider, charge.model),
                *(unpriced, usd or 0.0, expected, row["unasked"]),
            ),
        )

    # -- counted

    def report(self, project_id: str | None) -> SpendingReport:
        """Return what was charged in all projects, or in one."""
        at = now()
        total = self.since("", project_id)
        only, values = (" WHERE project_id = ?", (project_id,)) if project_id else ("", ())
        ever = self._one(f"SELECT coalesce(sum(pictures), 0) AS n FROM charge_tally{only}", *values)["n"]
        earlier = max(ever - total.charged.pictures, 0)  # charged before days were counted
        reserved = self.reserved()

        def charged_since(period: Period) -> Charges:
            spent = self.since(period.since(at), project_id)
            return _charges(spent.charged, spent.in_doubt)

        return SpendingReport(
            _charges(total.charged.plus(Counted(earlier, 0.0, earlier)), total.in_doubt),
            charged_since(Period.DAY),
            charged_since(Period.MONTH),
            None if project_id else _charges(reserved),
            () if project_id else tuple(budget.shown for budget in self._budgets(self._limits(), reserved, at)),
        )

    def _budgets(self, limits: Limits, reserved: Counted, at: str) -> tuple[Budget, ...]:
        counted = {each: self.since(each.since(at)).counted for each in {limit.period for limit in limits.each()}}
        return tuple(
            Budget(limit, limit.of(counted[limit.period]), limit.of(reserved), _end_of(limit.period, at))
            for limit in limits.each()
        )

    def since(self, day: str, project_id: str | None = None) -> Spent:
        """Return what was charged from a day on, in all projects or one."""
        only, values = (" AND project_id = ?", (day, project_id)) if project_id else ("", (day,))
        charged = self._one(_CHARGED + only, *values)
        doubt = self._one(_IN_DOUBT + only, *values)
        return Spent(
            Counted(charged["pictures"], charged["usd"], charged["unpriced"]),
            doubt["calls"],
            charged["unasked"] + doubt["unasked"],
            Counted(charged["pictures"] + doubt["calls"], charged["usd"] + charged["expected"] + doubt["usd"]),
        )

    def reserved(self, *, only_begun: bool = False) -> Counted:
        """Return what may be charged for generations that wait or are made, or only for the latter."""
        row = self._one(_RESERVED + (" WHERE status = 'processing'" if only_begun else ""))
        return Counted(row["pictures"], max(0.0, round(row["usd"], _SUM_DIGITS)), row["unpriced"])

    def unasked_left(self) -> int | None:
        """Return how many more of today may be paid for that nobody has agreed to; None where limits are set."""
        return None if any(self._limits().each()) else max(MOST_UNASKED - self.unasked(now()), 0)

    def unasked(self, at: str) -> int:
        """Return how many pictures were charged today, or may be, that nobody has agreed to."""
        return self.since(Period.DAY.since(at)).unasked + int(self._one(_RESERVED)["unasked"])

    def _one(self, sql: str, *values: object) -> sqlite3.Row:
        with translated(self._path):
            row: sqlite3.Row = self._connection.execute(sql, values).fetchone()
        return row
