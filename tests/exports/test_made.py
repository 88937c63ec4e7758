"""What was made of which picture is known again, and nothing else is."""

from pathlib import Path

import pytest

from avatar_creator.archives.layout import DELIVERY
from avatar_creator.archives.writing import Target
from avatar_creator.domain.framing import CENTER
from avatar_creator.domain.picture import Embed, PictureFormat, Shape
from avatar_creator.exports.made import Made, MadeFiles, recipe_of
from avatar_creator.storage.pictures.renditions import Wanted

SHA256 = "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"  # of "aaa"
MADE = Made("a.png", SHA256, 64, 64, "recipe")


@pytest.fixture
def target(tmp_path: Path) -> Target:
    target = Target(tmp_path / "out", mark=DELIVERY)
    with target.claimed():
        target.put("a.png", b"aaa")
    return target


def found(target: Target, file: str = "a.png", recipe: str = "recipe") -> Made | None:
    made = MadeFiles(target)
    with made.opened():
        return made.find(file, recipe)


def test_what_was_made_is_found_by_the_next_process(target: Target) -> None:
    assert found(target) is None
    made = MadeFiles(target)
    with made.opened():
        made.add(MADE)
    assert found(target) == MADE
    assert found(target, recipe="another") is None
    assert found(target, file="b.png") is None


def test_a_file_that_somebody_changed_is_not(target: Target) -> None:
    made = MadeFiles(target)
    with made.opened():
        made.add(MADE)
    (target.root / "a.png").write_bytes(b"aab")
    assert found(target) is None


@pytest.mark.parametrize("half", [b'{"kind": "file", "fi', b"\xff\xfe", b"[]\n", b'{"kind": "file"}\n', b"null\n"])
def test_a_line_that_is_none_hides_no_other(target: Target, half: bytes) -> None:
    (target.root / DELIVERY).write_bytes(half)
    made = MadeFiles(target)
    with made.opened():
        made.add(MADE)
    assert found(target) == MADE


def test_all_that_decides_a_file_is_in_its_recipe() -> None:
    wanted = Wanted((64,))
    others = [
        ("b", wanted, 64),
        ("a", wanted, 32),
        ("a", wanted._replace(shape=Shape.CIRCLE), 64),
        ("a", wanted._replace(format=PictureFormat.PNG), 64),
        ("a", wanted._replace(embed=Embed.NONE), 64),
        ("a", wanted._replace(middle=CENTER), 64),
    ]
    recipes = [recipe_of(*each) for each in (("a", wanted, 64), *others)]
    assert len(set(recipes)) == len(recipes)
    assert recipe_of("a", wanted._replace(sizes=(64, 32)), 64) == recipes[0], "other sizes beside it are none of it"
