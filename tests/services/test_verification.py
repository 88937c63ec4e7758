"""Many pictures verified at once: their order, and an end in the middle."""

import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.verification import Verdict
from avatar_creator.library import Library, open_library

MANY = 40  # of which engine processes draw some


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = open_library(tmp_path_factory.mktemp("home"))
    for seed in range(1, MANY + 1):
        library.generate(persona=Persona(f"Person {seed}"), seed=seed, width_px=64, height_px=64)
    return library


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_results_come_in_the_order_asked_for(library: Library, at_once: int) -> None:
    avatars = list(library.find())
    found = list(library.verification.run(avatars, concurrency=at_once))
    assert [each.id for each in found] == [avatar.id for avatar in avatars]
    assert {each.verdict for each in found} == {Verdict.OK}


def test_an_end_in_the_middle_leaves_nothing_running(library: Library) -> None:
    before = set(threading.enumerate())
    read = []

    def avatars() -> Iterator[Avatar]:
        for avatar in library.find():
            read.append(avatar.id)
            yield avatar

    found = library.verification.run(avatars(), concurrency=2)
    assert [each.verdict for each in islice(found, 2)] == [Verdict.OK] * 2
    found.close()
    assert len(read) < MANY, "no more are read than are verified soon"
    left = [each for each in set(threading.enumerate()) - before if not each.daemon]
    assert left == []


def test_a_file_that_goes_meanwhile_is_missing(library: Library, tmp_path: Path) -> None:
    first, *rest = library.find()
    aside = first.image_path.rename(tmp_path / "aside.jpg")
    try:
        found = list(library.verification.run([first, *rest[:3]]))
    finally:
        aside.rename(first.image_path)
    assert [each.verdict for each in found] == [Verdict.MISSING, *[Verdict.OK] * 3]
