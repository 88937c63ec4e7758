"""Cancelling and trying again at every stage, while the worker is killed."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["cancel"])
def test_nothing_goes_on_after_it_was_cancelled(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
