"""Signals, terminals and pipes that go away."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["signals", "hurry", "terminal", "output"])
def test_the_worker_ends_in_order(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
