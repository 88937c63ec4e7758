"""Faults at every step, in a process of their own: see `chaos.walk`."""

import json
import os
import subprocess
import sys
from pathlib import Path

from .lab import Lab
from .report import Report


def walk(folder: Path, scenario: str, *, every: bool, seed: int) -> Report:
    """Walk through all steps of a scenario, "work" or "queue": with ``every`` kind at each, or some."""
    lab = Lab(folder / "own", CHAOS_NOBODY="1")
    argv = (sys.executable, "-m", "chaos.walk", scenario, str(folder), "all" if every else "one", str(seed))
    done = subprocess.run(argv, env=os.environ | lab.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    row, figures, broken = json.loads(done.stdout)
    report = Report(row)
    report.figures, report.broken = figures, broken
    return report
