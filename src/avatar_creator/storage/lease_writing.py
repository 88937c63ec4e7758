"""What is read of generations that are claimed, and the statements by which they are written."""

from collections.abc import Mapping
from pathlib import Path

from avatar_creator.domain.records import Failure, Status, cancelled
from avatar_creator.storage.alike import Alike, nearest
from avatar_creator.storage.database import Connection, translated
from avatar_creator.storage.lease import LEASE_COLUMNS, Lease, lease_of
from avatar_creator.storage.spending import ReadLimits, Spending
from avatar_creator.storage.writing import Writer

NOBODY: Mapping[str, object] = {"runner": None, "waiting_for": None, "waiting_until": None}


def failed(failure: Failure, *, ends_run: bool) -> dict[str, object]:
    """Return the columns that say how a generation failed."""
    why = {"error_code": failure.code, "error_message": failure.message, "error_hint": failure.hint}
    return {**why, "error_ends_run": ends_run}


class LeaseWriter(Writer):
    """Reads claimed generations, and writes columns of those whose lease holds."""

    def __init__(self, connection: Connection, path: Path, limits: ReadLimits | None = None) -> None:
        super().__init__(connection, path)
        self._spending = Spending(connection, path, limits)

    def wanted(self, runner: str) -> dict[str, bool]:
        """Return the generations that ``runner`` still holds, and of each whether a user wants it stopped."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT id, stop_asked FROM generations INDEXED BY generations_running"
                " WHERE status = 'processing' AND runner = ?",
                (runner,),
            ).fetchall()
        return {row["id"]: bool(row["stop_asked"]) for row in rows}

    def find_alike(self, lease: Lease, hash_: str | None) -> Alike | None:
        """Return the other avatar of its project whose picture is most like one of this perceptual hash."""
        with translated(self._path):
            return nearest(self._connection, lease.project_id, lease.avatar_id, hash_)

    def is_completed(self, lease: Lease) -> bool:
        """Return whether the generation got its avatar from ``lease``."""
        with translated(self._path):
            row = self._connection.execute(
                "SELECT 1 FROM generations WHERE id = ?1 AND fence = ?2 AND status = 'completed'"
                # The generation may be pruned already. The name of the file says whose avatar it is.
                " UNION ALL SELECT 1 FROM avatars WHERE generation_id = ?1 AND instr(image_path, ?3) > 0"
                " UNION ALL SELECT 1 FROM avatar_versions WHERE generation_id = ?1 AND instr(image_path, ?3) > 0",
                (lease.id, lease.fence, f"/{lease.file_name}."),
            ).fetchone()
        return row is not None

    def is_stored(self, lease: Lease) -> bool:
        """Return whether the picture of ``lease`` has a row: as an avatar's, or as a reject."""
        with translated(self._path):
            row = self._connection.execute(
                "SELECT 1 FROM rejects WHERE generation_id = ? AND instr(image_path, ?) > 0",
                (lease.id, f"/{lease.file_name}."),
            ).fetchone()
        return row is not None or self.is_completed(lease)

    def find_running(self) -> list[Lease]:
        """Return every generation that a process makes, or made when it was killed."""
        with translated(self._path):
            rows = self._connection.execute(
                f"SELECT {LEASE_COLUMNS} FROM generations WHERE status = 'processing' ORDER BY id"
            ).fetchall()
        return [lease_of(dict(row)) for row in rows]

    def _obey_stop(self, lease: Lease) -> None:
        """Cancel what was put back if its user had just asked to stop it."""
        why = cancelled(lease.id)
        stopped = self._connection.execute(
            "UPDATE generations SET status = 'cancelled', error_code = ?, error_message = ?, error_hint = ?,"
            " finished_at = updated_at WHERE id = ? AND stop_asked",
            (*why, lease.id),
        )
        if stopped.rowcount:
            self._note(lease.id, Status.CANCELLED.value, why.message)

    def _end(self, lease: Lease, status: Status, at: str, columns: Mapping[str, object]) -> bool:
        ended = {"status": status.value, **NOBODY, "updated_at": at, "finished_at": at}
        return self._update(lease, {**columns, **ended})

    def _update(self, lease: Lease, columns: Mapping[str, object]) -> bool:
        assignments = ", ".join(f"{name} = ?" for name in columns)
        done = self._connection.execute(
            f"UPDATE generations SET {assignments} WHERE id = ? AND status = 'processing' AND fence = ?",
            (*columns.values(), lease.id, lease.fence),
        )
        return done.rowcount == 1
