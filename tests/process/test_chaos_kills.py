"""`kill -9` at any moment: of the worker, of its engine processes, and of who queues."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["kill-worker", "kill-shells", "kill-engines"])
def test_nothing_is_lost_and_nothing_is_made_twice(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
