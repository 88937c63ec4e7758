"""Many shells at once, and one worker."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["crowd"])
def test_many_shells_start_one_worker_at_a_time(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
