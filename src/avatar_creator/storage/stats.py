"""Usage and stats, read from tallies that triggers update: as quick for a million avatars as for ten."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from avatar_creator.domain.records import Status
from avatar_creator.domain.spending import By, SpentBy
from avatar_creator.domain.stats import AppUsage, Charged, GenerationCount, Stats, Usage, UsageEvent, UsedAvatar
from avatar_creator.storage.database import translated
from avatar_creator.storage.spending import ReadLimits, Spending

RECENT_DAYS = 7
MOST_USED = 5

# All that was charged, with what is known of its cost: nothing of what was charged before days were counted.
_CHARGED = (
    "FROM (SELECT t.*, coalesce(d.usd, 0.0) AS usd, coalesce(d.priced, 0) AS priced FROM charge_tally t LEFT JOIN"
    " (SELECT project_id, engine, provider, model, sum(usd) AS usd, sum(pictures - unpriced) AS priced"
    "  FROM charge_day_tally GROUP BY project_id, engine, provider, model) d"
    " USING (project_id, engine, provider, model)) c"
)
_SUMS = (
    "sum(pictures) AS pictures, CASE WHEN sum(priced) > 0 THEN round(sum(usd), 6) END AS usd,"
    " sum(pictures) - sum(priced) AS unpriced"
)
_NAMES = {
    By.DAY: "day",
    By.MONTH: "substr(day, 1, 7)",
    By.PROVIDER: "provider",
    By.MODEL: "model",
    By.PROJECT: "coalesce((SELECT p.name FROM projects p WHERE p.id = c.project_id), c.project_id)",
}


class StatsQueries:
    """Counts of an open database."""

    def __init__(self, connection: sqlite3.Connection, path: Path, limits: ReadLimits | None = None) -> None:
        self._connection = connection
        self._path = path
        self._spending = Spending(connection, path, limits)

    def usage(self, avatar_id: str, *, limit: int | None = None) -> Usage:
        """Return the newest events of an avatar, all when ``limit`` is None, and a summary of all of them per app."""
        events = self._rows(
            "SELECT * FROM usage_events WHERE avatar_id = ? ORDER BY id DESC LIMIT ?",
            avatar_id,
            -1 if limit is None else limit,
        )
        summary = self._rows(
            "SELECT app, count(*) AS count, max(created_at) AS last_used_at FROM usage_events"
            " WHERE avatar_id = ? GROUP BY app ORDER BY count DESC, app",
            avatar_id,
        )
        return Usage(
            avatar_id,
            tuple(UsageEvent(**row) for row in events),
            tuple(AppUsage(**row) for row in summary),
        )

    def stats(self, project_id: str | None = None) -> Stats:
        """Return the library's figures, or one project's, from the tallies."""
        only, values = (" AND project_id = ?", (project_id,)) if project_id else ("", ())
        totals = self._count(
            "SELECT coalesce(sum(avatars), 0) AS avatars, coalesce(sum(bytes), 0) AS bytes,"
            f" coalesce(sum(usage), 0) AS usage FROM avatar_tally WHERE 1{only}",
            *values,
        )
        first_day = datetime.now(UTC).date() - timedelta(days=RECENT_DAYS - 1)
        recent = self._count(
            f"SELECT coalesce(sum(avatars), 0) AS n FROM day_tally WHERE day >= ?{only}",
            first_day.isoformat(),
            *values,
        )
        projects = self._count("SELECT count(*) AS n FROM projects")
        counts = self._rows(
            "SELECT status, engine, sum(generations) AS count FROM generation_tally"
            f" WHERE generations > 0{only} GROUP BY status, engine ORDER BY status, engine",
            *values,
        )
        charged = self._rows(
            f"SELECT engine, provider, model, sum(rerolled) AS rerolled, {_SUMS} {_CHARGED}"
            f" WHERE 1{only} GROUP BY engine, provider, model ORDER BY engine, provider, model",
            *values,
        )
        most_used = self._rows(
            f"SELECT id, name, usage_count FROM avatars WHERE usage_count > 0{only}"
            " ORDER BY usage_count DESC, id DESC LIMIT ?",
            *values,
            MOST_USED,
        )
        return Stats(
            project_id=project_id,
            avatars=totals["avatars"],
            projects=1 if project_id else projects["n"],
            generations=tuple(GenerationCount(Status(row["status"]), row["engine"], row["count"]) for row in counts),
            charged=tuple(Charged(**row) for row in charged),
            recent=recent["n"],
            usage=totals["usage"],
            average_usage=round(totals["usage"] / totals["avatars"], 2) if totals["avatars"] else 0.0,
            most_used=tuple(UsedAvatar(**row) for row in most_used),
            picture_bytes=totals["bytes"],
            database_bytes=sum(file.stat().st_size for file in self._path.parent.glob(f"{self._path.name}*")),
            spending=self._spending.report(project_id),
        )

    def spent_by(self, by: By, project_id: str | None = None) -> list[SpentBy]:
        """Return what was charged by day, provider or another; days and months are those since they are counted."""
        only, values = (" WHERE c.project_id = ?", (project_id,)) if project_id else ("", ())
        source, name = _CHARGED, _NAMES[by]
        if by in {By.DAY, By.MONTH}:
            source = "FROM (SELECT *, pictures - unpriced AS priced FROM charge_day_tally) c"
        rows = self._rows(
            f"SELECT {name} AS name, {_SUMS} {source}{only} GROUP BY {name} ORDER BY {name}",
            *values,
        )
        return [SpentBy(row["name"], row["pictures"], row["usd"], row["unpriced"]) for row in rows]

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()

    def _count(self, sql: str, *values: object) -> sqlite3.Row:
        (row,) = self._rows(sql, *values)
        return row
