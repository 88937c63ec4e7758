"""Many shells that generate at once, and first runs at the same instant."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from findings import levels

from avatar_creator.domain.findings import Level
from avatar_creator.home import Home
from avatar_creator.library import Library

GENERATE = (
    sys.executable,
    "-m",
    "avatar_creator",
    "generate",
    "--persona-name",
    "Ann",
    "--width",
    "64",
    "--height",
    "64",
)


def _at_once(count: int, *argv: str) -> list[tuple[int, str, str]]:
    """Start so many processes before any is waited for; return how each ended and what it said."""
    running = [
        subprocess.Popen([*GENERATE, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    return [(process.wait(), out, err) for process in running for out, err in (process.communicate(),)]


def test_twenty_shells_make_twenty_avatars(library: Library, home: Home) -> None:
    ended = _at_once(20, "--json", "--engine", "offline")
    assert [(code, err) for code, _, err in ended] == [(0, "")] * 20
    made = [json.loads(out) for _, out, _ in ended]
    assert {generation["status"] for generation in made} == {"completed"}
    assert len({generation["avatar_id"] for generation in made}) == 20
    assert len({generation["seed"] for generation in made}) == 20
    assert all(Path(generation["avatar"]["image_path"]).is_file() for generation in made)
    assert len(list(library.find())) == 20
    assert [project.avatars for project in library.app.queries.find_projects()] == [20]
    assert levels(library) == {Level.OK}
    assert not list(home.runners.iterdir())


@pytest.mark.parametrize("_round", range(3))
def test_first_runs_at_the_same_instant_share_one_library(library: Library, home: Home, _round: int) -> None:
    ended = _at_once(4, "--quiet")
    assert [(code, err) for code, _, err in ended] == [(0, "")] * 4
    assert sorted(avatar.generation_id or "" for avatar in library.find()) == sorted(out.strip() for _, out, _ in ended)
    assert [project.name for project in library.app.queries.find_projects()] == ["default"]
    library.close()
    assert [path.name for path in home.root.iterdir() if path.is_file()] == ["library.db"]
