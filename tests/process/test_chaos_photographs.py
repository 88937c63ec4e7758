"""The engine of photographs while its worker is killed: what is paid, and where its token is."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals, terminals and forks of POSIX", allow_module_level=True)

from chaos.asked import in_order


@pytest.mark.parametrize("row", ["kill-photographs", "kept-answer"])
def test_what_is_answered_is_paid_once_and_no_token_is_kept(row: str, tmp_path: Path) -> None:
    in_order(row, tmp_path)
