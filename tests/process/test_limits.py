"""A limit of a day holds for many processes at once, whichever of them are killed; how many more: benchmarks.limits."""

import sys
from pathlib import Path

import pytest

from avatar_creator.home import Home
from chaos.limits import crowd

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9")


def test_shells_and_a_worker_never_pay_for_more_than_the_limit(home: Home, tmp_path: Path) -> None:
    del home  # a clean environment
    report = crowd(tmp_path, shells=6, each=3, limit=9, kills=2, seed=1)
    assert not report.broken, report
