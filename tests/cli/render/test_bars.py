"""Bars that are interrupted as they begin."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from rich.console import Console

from avatar_creator.cli.render.bytes_progress import _bar
from avatar_creator.cli.render.counted import counted_progress
from avatar_creator.cli.render.progress import generation_progress

Bar = Callable[[], AbstractContextManager[object]]


@pytest.mark.parametrize(
    "bar",
    [
        lambda: counted_progress("Exporting", 3),
        lambda: _bar(3),
        lambda: generation_progress("Ann", 3, shown=True),
    ],
    ids=["counted", "bytes", "generation"],
)
def test_ctrl_c_as_a_bar_begins_is_no_bug(monkeypatch: pytest.MonkeyPatch, bar: Bar) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(Console, "set_live", interrupted)
    with pytest.raises(KeyboardInterrupt), bar():
        pass
