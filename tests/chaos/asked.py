"""The rows of trouble as tests have them: small, and all in order."""

from pathlib import Path

from .rows import rows


def in_order(name: str, folder: Path) -> None:
    """Run the small row of that name, and check that nothing is out of order."""
    [row] = [row for row in rows() if row.name == name]
    report = row.small(folder)
    assert not report.broken, report
