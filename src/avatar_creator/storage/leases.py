"""Leases: what the process that makes a picture writes of its generation. Plain SQL, since SQLModel loads slowly.

A lease holds while the row is `processing` and has its fence: the number of times that the generation was claimed.
Whoever has lost it changes nothing any more.

A query that runs often names its index. SQLite would choose the index of all that ended, and read or sort them all.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.check import Fault
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.errors import InvalidInput, LimitReached, NotFound, StorageError
from avatar_creator.storage import rejects, versions
from avatar_creator.storage.claiming import Claims, find_first, find_first_owned, find_kinds
from avatar_creator.storage.database import Connection, now, translated
from avatar_creator.storage.lease import LEASE_COLUMNS, Charge, Claimed, Lease, lease_of
from avatar_creator.storage.lease_writing import NOBODY, LeaseWriter, failed
from avatar_creator.storage.records import request_of
from avatar_creator.storage.shared_rows import asked_of_next, is_shared, listed, moved
from avatar_creator.storage.spending import ReadLimits
from avatar_creator.storage.writing import sentences

if TYPE_CHECKING:
    import sqlite3

    from avatar_creator.domain.progress import Progress
    from avatar_creator.storage.rows import NewAvatar  # not imported where generations are only queued


__all__ = ["Charge", "Claimed", "Lease", "Leases"]


_CLAIMED = f"{LEASE_COLUMNS}, model, provider, credential, request, reserved, paid, price_usd, unasked"


class _OverLimit(Exception):
    """A generation of this engine would be paid for beyond a limit."""

    def __init__(self, engine: str, error: LimitReached | InvalidInput) -> None:
        super().__init__(engine)
        self.engine = engine
        self.error = error


class Leases(LeaseWriter):
    """Claims generations, and writes those that are claimed. Every change is whole or not at all.

    None is claimed or called for that would be paid for beyond ``limits``.
    """

    def __init__(self, connection: Connection, path: Path, limits: ReadLimits | None = None) -> None:
        super().__init__(connection, path, limits)
        self.over_limit: tuple[str, ...] = ()  # engines of those that the last claim left waiting for a limit

    # -- claimed, and put back

    def claim(
        self,
        runner: str,
        credentials: Sequence[str],
        *,
        idle: bool,
        without: Sequence[str] = (),
        crashes_most: int = 1,
        harmless: Sequence[str] = (),
        down: Sequence[str] = (),
    ) -> Claimed | None:
        """Claim the next generation that no process owns, if it is due and can be paid with one of ``credentials``.

        One that was in more than ``crashes_most`` crashes may be what kills workers, so it is made alone. It is
        claimed only when the worker is ``idle``, and until then none behind it is. No picture of the engines
        ``harmless`` can kill one. ``without`` names engines that are busy, and those that are ``down`` make nothing
        that others share. Where a limit allows no further picture, those are made that need no further payment.
        """
        self.over_limit = ()
        while True:
            claims = Claims(without, self.over_limit, down, credentials)
            with translated(self._path):
                kinds = find_kinds(self._connection)
            if not any(map(claims.is_for_any, kinds)):  # no lock is taken
                return None
            try:
                with self._change():
                    row = find_first(self._connection, kinds, claims, now())
                    if row is None or not (idle or row["interruptions"] <= crashes_most or row["engine"] in harmless):
                        return None
                    return self._claim(row["id"], runner, claims)
            except _OverLimit as over:
                self.over_limit = (*self.over_limit, over.engine)

    def claim_owned(self, runner: str, *, without: Sequence[str] = ()) -> Claimed | None:
        """Claim the next generation that ``runner`` owns; ``without`` names engines that are busy.

        Raises LimitReached if all that are left would be paid for beyond a limit.
        """
        over: dict[str, LimitReached | InvalidInput] = {}
        while True:
            claims = Claims(without, tuple(over))
            try:
                with self._change():
                    id_ = find_first_owned(self._connection, runner, claims)
                    claimed = None if id_ is None else self._claim(id_, runner, claims)
            except _OverLimit as refused:
                over[refused.engine] = refused.error
            else:
                if claimed is None and over and not self._has_free_of(runner):
                    raise next(iter(over.values()))
                return claimed

    def _has_free_of(self, runner: str) -> bool:
        """Return whether anything waits for its owner that needs no further payment."""
        row = self._connection.execute(
            "SELECT 1 FROM generations INDEXED BY generations_owned WHERE status = 'pending' AND owner = ?"
            " AND NOT reserved LIMIT 1",
            (runner,),
        ).fetchone()
        return row is not None

    def _claim(self, id_: str, runner: str, claims: Claims) -> Claimed:
        """Claim one that waits, in the transaction that has found it. Raises _OverLimit."""
        row: sqlite3.Row = self._connection.execute(
            "UPDATE generations SET status = 'processing', stage = 'started', progress = 10, fence = fence + 1,"
            f" runner = :runner, started_at = :now, updated_at = :now WHERE id = :id RETURNING {_CLAIMED}",
            {"runner": runner, "now": now(), "id": id_},
        ).fetchone()
        chosen = claims.choose(dict(row))
        if chosen is not None:
            row = self._move(row, chosen)
        elif row["reserved"]:
            try:
                self._spending.refuse_begun(row["price_usd"])
            except LimitReached as error:  # the claim is undone
                raise _OverLimit(row["engine"], error) from None
        self._note(row["id"], "begun", None if row["owner"] else "by the worker")
        return Claimed(lease_of({name: row[name] for name in Lease._fields}), request_of(row["request"]))

    def _move(self, row: "sqlite3.Row", chosen: Mapping[str, Any]) -> "sqlite3.Row":
        """Have another engine make a row that was just claimed; return the row. Raises _OverLimit."""
        columns = moved(dict(row), request_of(row["request"]), chosen) | ({"credential": None} if row["owner"] else {})
        assignments = ", ".join(f"{name} = :{name}" for name in columns)
        # The status stays as it is, and has the tallies count it for the other engine.
        new: sqlite3.Row = self._connection.execute(
            f"UPDATE generations SET status = status, {assignments} WHERE id = :id RETURNING {_CLAIMED}",
            {**columns, "id": row["id"]},
        ).fetchone()
        if new["reserved"]:
            try:
                self._spending.refuse_added([new["price_usd"]], int(new["unasked"]))
            except (LimitReached, InvalidInput) as error:  # the claim is undone
                raise _OverLimit(new["engine"], error) from None
        return new

    def release(self, lease: Lease, attempt: int) -> bool:
        """Put a generation back that its worker has no time for; ``attempt`` is how many calls its row is to count."""
        columns = {"status": Status.PENDING.value, "stage": Stage.QUEUED.value, "progress": 0, "attempt": attempt}
        with self._change():
            self._spending.close_call(lease.id, lease.fence, attempt)
            released = self._update(lease, {**columns, **NOBODY, "updated_at": now()})
            if released:
                self._note(lease.id, "released", "the worker was stopped")
                self._obey_stop(lease)
            return released

    # -- while it is made

    def advance(self, lease: Lease, progress: "Progress", before: "Progress | None" = None) -> bool:
        """Write the progress, which was ``before``. False if the lease is lost.

        Raises LimitReached if it is about to call a service once more, and no limit of the user's allows that.
        """
        wait = progress.wait
        columns = {
            "stage": progress.stage.value,
            "progress": progress.percent,
            "attempt": progress.attempt,
            "waiting_for": wait.why if wait else progress.phase,
            "waiting_until": wait.until if wait else None,
            "updated_at": now(),
        }
        with self._change():
            if not self._update(lease, columns):
                return False
            if before is not None and progress.attempt != before.attempt:
                self._spending.open_call(lease.id)
                self._note(lease.id, "asked", f"attempt {progress.attempt}")
            if wait is not None and (before is None or wait != before.wait):
                self._note(lease.id, "waiting", f"until {wait.until}: {wait.why}")
            return True

    def charge(self, lease: Lease, charges: Sequence[Charge], counted: int = 0) -> None:
        """Count the charges of ``lease``, even one that is lost; ``charges`` are all of them up to now.

        The row says how many of them are counted, so that an interrupt has none counted twice. If another process has
        claimed the generation meanwhile, the row counts that one's charges: then ``counted`` says it.
        """
        with self._change():
            row = self._connection.execute(
                "SELECT project_id, engine, provider, model, pictures, fence, call_open, price_usd, unasked"
                " FROM generations WHERE id = ?",
                (lease.id,),
            ).fetchone()
            if row is None:  # deleted meanwhile, and its project too
                return
            own = row["fence"] == lease.fence
            known = row["pictures"] - lease.pictures if own else counted
            for charge in charges[known:]:
                self._connection.execute(
                    "INSERT INTO charge_tally (project_id, engine, provider, model, pictures, rerolled)"
                    " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
                    " pictures = pictures + 1, rerolled = rerolled + excluded.rerolled",
                    (row["project_id"], row["engine"], *charge),
                )
                as_planned = (charge.provider, charge.model) == (row["provider"], row["model"])
                usd = row["price_usd"] if as_planned else None
                self._spending.count_charge(lease.id, row, charge, usd, is_late=not (own and row["call_open"]))
                if own:  # else the next holder would take them for its own, and count as many fewer
                    self._connection.execute(
                        "UPDATE generations SET cost_usd = CASE WHEN pictures = 0 THEN ? ELSE cost_usd + ? END,"
                        " reserved = reserved AND NOT call_open, call_open = 0, pictures = pictures + 1, provider = ?,"
                        " price_usd = ? WHERE id = ?",  # what somebody else takes for another one is not known
                        (usd, usd, charge.provider, usd, lease.id),
                    )
                self._note(lease.id, "charged", f"by {charge.provider} ({charge.model})")

    def doubt(self, lease: Lease, call: int) -> None:
        """Count the call of that number as one that may be charged or not; whatever comes next is another picture."""
        with self._change():
            if self._spending.doubt_call(lease.id, lease.fence, call):
                self._note(lease.id, "in doubt", "nobody knows whether the call is charged")

    # -- its end

    def complete(
        self, lease: Lease, avatar: "NewAvatar", *, provider: str | None = None, not_shown: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Add the avatar, or a picture to the one that is there, and end the generation; return files not needed.

        ``provider`` made it, if that is known only now. ``not_shown`` takes the place of what its plan said.
        """
        at = now()
        columns = {"stage": Stage.DONE.value, "progress": Stage.DONE.percent, "not_shown": sentences(not_shown)}
        with self._change():
            self.check_avatar(lease)
            if not self._end(lease, Status.COMPLETED, at, columns | ({"provider": provider} if provider else {})):
                raise StorageError(
                    f"The generation {lease.id} was ended or deleted by another process meanwhile.",
                    hint="Run the command again.",
                )
            self._note(lease.id, Status.COMPLETED.value, avatar.id)
            new = avatar.values(at) | self._known_by(lease)
            return versions.add(self._connection, new, at, is_replacement=lease.replaces)

    def check_avatar(self, lease: Lease) -> None:
        """Raise NotFound if the avatar is gone that a generation was to give another picture."""
        which = "SELECT 1 FROM avatars WHERE id = ?"
        if lease.replaces and self._connection.execute(which, (lease.avatar_id,)).fetchone() is None:
            raise NotFound(f"The avatar {lease.avatar_id} was deleted meanwhile.", hint="It gets no other picture.")

    def _known_by(self, lease: Lease) -> dict[str, object]:
        """Return the columns of an avatar that its generation has; its persona's id, unless another avatar has it."""
        row = self._connection.execute(
            "SELECT version, recipe_hash, fell_back, replaces,"
            " CASE WHEN pictures = 0 THEN 0.0 ELSE cost_usd END AS cost_usd,"
            " CASE WHEN NOT EXISTS (SELECT 1 FROM avatars a"
            "  WHERE a.project_id = g.project_id AND a.persona_id = g.persona_id) THEN persona_id END AS persona_id"
            " FROM generations g WHERE id = ?",
            (lease.id,),
        ).fetchone()
        return dict(row)

    def end(
        self, lease: Lease, status: Status, failure: Failure, *, ends_run: bool = False, calls_ended: int = 0
    ) -> bool:
        """End a generation without an avatar; with ``ends_run`` every other would fail as it did.

        ``calls_ended`` of its calls are known to have ended; a later one may still be charged. False if it was not
        processing any more.
        """
        columns = failed(failure, ends_run=ends_run)
        with self._change():
            self._spending.close_call(lease.id, lease.fence, calls_ended)
            ended = self._end(lease, status, now(), columns)
            if ended:
                self._note(lease.id, status.value, failure.message)
            return ended

    def reject(
        self,
        lease: Lease,
        avatar: "NewAvatar",
        faults: Sequence[Fault],
        failure: Failure | None = None,
        *,
        ends_run: bool = False,
        calls_ended: int = 0,
    ) -> bool:
        """Add a picture that failed its check to the rejects, and have another one made, or end with ``failure``.

        The next one is reserved and counted as any other: raises LimitReached, and InvalidInput for too many that
        nobody has agreed to. False if the lease is lost.
        """
        at = now()
        ended = {} if failure is None else {**failed(failure, ends_run=ends_run), "finished_at": at}
        status, stage = (Status.PENDING, Stage.QUEUED) if failure is None else (Status.FAILED, Stage.SAVING)
        columns = {"status": status.value, "stage": stage.value, "updated_at": at, **ended, **NOBODY}
        with self._change():
            self._spending.close_call(lease.id, lease.fence, calls_ended)
            row = avatar.values(at) | self._known_by(lease)
            if not self._update(lease, {**columns, "progress": 0, "rejected": lease.rejected + 1}):
                return False
            rejects.add(self._connection, lease.id, row, faults)
            self._note(lease.id, "rejected", " ".join(fault.said for fault in faults))
            if failure is not None:
                self._note(lease.id, Status.FAILED.value, failure.message)
                return True
            self._spending.renew_agreed(lease.id)
            self._obey_stop(lease)
            return True

    def fall_back(self, lease: Lease, failure: Failure, *, ends_run: bool, calls_ended: int = 0) -> bool:
        """Have the next engine of its ``fallback`` make a generation that failed.

        That is one that shares it, if any does, is not paid for beyond a limit, and then one that is fallen back to.
        False if there is none, or the lease is lost.
        """
        with self._change():
            self._spending.close_call(lease.id, lease.fence, calls_ended)
            row = self._connection.execute(
                "SELECT request, model, unasked FROM generations WHERE id = ?", (lease.id,)
            ).fetchone()
            allowed = [] if row is None else self._allowed(json.loads(lease.fallback or "[]"), bool(row["unasked"]))
            if not allowed:
                return False
            chosen, *rest = allowed
            why = {"engine": lease.engine, "model": row["model"], **failure._asdict(), "ends_run": ends_run}
            request = asked_of_next(request_of(row["request"]), chosen, why)
            paid = bool(chosen.get("paid"))
            columns = {
                "status": Status.PENDING.value,
                "stage": Stage.QUEUED.value,
                "progress": 0,
                "updated_at": now(),
                "engine": chosen["engine"],
                "model": chosen["model"],
                "provider": chosen.get("provider"),
                "credential": None if lease.owner else chosen.get("credential"),
                "request": json.dumps(request, ensure_ascii=False, sort_keys=True),
                "reserved": paid,
                "paid": paid,
                **({"price_usd": chosen["price_usd"]} if paid else {}),
                "fallback": json.dumps(listed(rest)) if rest else None,
                **({} if is_shared(chosen) else {"fell_back": ends_run}),
                **NOBODY,
            }
            done = self._update(lease, columns)
            if done:
                self._note(lease.id, "fell back", f"to {chosen['engine']}: {failure.message}")
            return done

    def _allowed(self, entries: list[Mapping[str, Any]], unasked: bool) -> list[Mapping[str, Any]]:
        """Return those from the first on that needs no payment beyond a limit."""
        for n, each in enumerate(entries):
            if not each.get("paid"):
                return entries[n:]
            with suppress(LimitReached, InvalidInput):
                self._spending.check([each["price_usd"]], int(unasked))
                return entries[n:]
        return []

    def interrupt(self, lease: Lease) -> bool:
        """Put a generation back whose worker was killed, to be made again."""
        with self._change():
            columns = {"status": Status.PENDING.value, "stage": Stage.QUEUED.value, "progress": 0}
            done = self._update(lease, {**columns, **NOBODY, "updated_at": now()})
            if done:
                self._connection.execute(
                    "UPDATE generations SET interruptions = interruptions + 1 WHERE id = ?", (lease.id,)
                )
                self._note(lease.id, "interrupted", "its process was killed")
                self._obey_stop(lease)
            return done
