"""How many cores there are for us."""

import os
from pathlib import Path

import pytest

from avatar_creator.processes import cores


@pytest.mark.parametrize(
    ("quota", "count"),
    [
        ("max 100000\n", 8),
        ("200000 100000\n", 2),
        ("250000 100000\n", 3),
        ("10000 100000\n", 1),
        ("1600000 100000\n", 8),
        ("", 8),
        ("nonsense", 8),
        (None, 8),
    ],
)
def test_a_container_may_have_a_share(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quota: str | None, count: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    monkeypatch.setattr(cores, "_QUOTA", tmp_path / "cpu.max")
    if quota is not None:
        (tmp_path / "cpu.max").write_text(quota, "ascii")
    assert cores.count() == count


def test_a_process_may_be_pinned_to_some(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {3}, raising=False)
    monkeypatch.setattr(cores, "_QUOTA", tmp_path / "none")
    assert cores.count() == 1


def test_where_nobody_knows_there_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    monkeypatch.setattr(cores, "_QUOTA", tmp_path / "none")
    assert cores.count() == 1
