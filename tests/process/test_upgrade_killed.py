"""A cast that is photographed through kills and failures: every avatar stays itself, and is paid once."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals of POSIX", allow_module_level=True)

from chaos.upgraded import Size, upgrade


def test_a_cast_is_photographed_through_kills_and_failures(tmp_path: Path) -> None:
    report = upgrade(tmp_path, Size(pictures=16, kills=3, at_once=2), seed=1)
    assert not report.broken, report
    assert report.figures["kills"] >= 2
    assert report.figures["refused"] > 0
