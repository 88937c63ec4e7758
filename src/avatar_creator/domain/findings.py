"""What the doctor found."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How bad a finding is; only a problem makes the report unhealthy."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    level: Level
    subject: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order they were made."""

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        return all(finding.level is not Level.PROBLEM for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {"healthy": self.healthy, "findings": [asdict(finding) for finding in self.findings]}
