"""A fault at every other step of the worker; at each: benchmarks.chaos."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["faults-work"])
def test_no_step_of_the_worker_leaves_a_half_behind(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
