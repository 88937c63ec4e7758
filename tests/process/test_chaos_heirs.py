"""Pictures that kill their worker, workers of another version, and all that can be ordered."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["poison", "poison-twice", "upgrade", "credentials", "orders"])
def test_the_next_worker_goes_on(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
