"""However often a batch is killed: no photograph is paid for again that was answered, or whose handle was."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals of POSIX", allow_module_level=True)

from chaos.pay_once import BLOCKING, POLLED, Size, kill


@pytest.mark.parametrize("provider", [POLLED[0], BLOCKING[0]])
def test_kills_have_nothing_paid_again_but_what_nobody_has_answered(provider: str, tmp_path: Path) -> None:
    report = kill(tmp_path, provider, Size(pictures=24, kills=3, picture_s=0.5), seed=1)
    assert not report.broken, report
    assert report.figures["kills"] >= 2
    assert report.figures["in flight at kills"] > 0
