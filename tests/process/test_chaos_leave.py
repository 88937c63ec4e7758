"""Generations that are queued just as the worker leaves."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["leave"])
def test_none_is_left_behind(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
