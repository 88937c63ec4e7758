"""Spoilt pictures in the small; `python -m benchmarks.fuzz` makes thousands of each."""

import pytest

from fuzzing.run import run
from fuzzing.seeds import seeds


@pytest.mark.parametrize("name", seeds())
def test_spoilt_pictures_are_taken_or_refused(name: str) -> None:
    ((_, report),) = run(25, seed=7, only=name)
    assert report.tracebacks == []
    assert report.files == 25
    kinds = {
        outcome: sum(report.outcomes[f"{what} {outcome}"] for what in ("inspect", "upload", "develop"))
        for outcome in ("taken", "refused", "crashed")
    }
    assert kinds["taken"] + kinds["refused"] == 75
    assert kinds["taken"] > 2, "nothing was read: the harness is broken"
    assert kinds["refused"] > 2, "nothing was spoilt: the harness is broken"
