"""Workers that stand still, and clocks that jump."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["freeze", "clock"])
def test_who_stands_still_keeps_its_place_and_nothing_is_paid_twice(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
