"""The verbs of a library that find, mark and pick avatars."""

import pytest

from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.stats import Use
from avatar_creator.errors import NotFound
from avatar_creator.library import Library
from jobs.scripted import statements
from storage.avatar_rows import add_avatar


@pytest.fixture
def ids(library: Library) -> list[str]:
    project_id = library.app.generations.ensure_project("default")
    return [add_avatar(library, project_id, name=f"P{n}") for n in range(20)]


def test_avatars_that_are_given_by_prefix_or_twice_are_marked_once(library: Library, ids: list[str]) -> None:
    marked = library.tag([ids[3], ids[1].removeprefix("av_"), ids[3]], add=["hero"])
    assert [avatar.id for avatar in marked] == [ids[3], ids[1]]
    assert [avatar.tags for avatar in marked] == [("hero",), ("hero",)]
    with pytest.raises(NotFound, match="no avatar 'av_gone'"):
        library.star([ids[0], "av_gone"])
    assert library.count(AvatarFilter(starred=True)) == 0


def test_what_marks_and_picks_many_asks_as_often_as_for_one(library: Library, ids: list[str]) -> None:
    def asked(some: list[str]) -> int:
        with statements(library) as made:
            library.tag(some, add=["hero"])
            library.star(some)
            library.pick(most=len(some), least_used=True)
        return sum("FROM avatars" in statement for statement in made)

    assert asked(ids) == asked(ids[:1])


def test_an_avatar_that_is_deleted_while_it_is_picked_is_left_out(
    library: Library, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pick = library.app.picks.pick

    def then_deleted(*args: object, **given: object) -> list[str]:
        picked = pick(*args, **given)  # type: ignore[arg-type]
        library.delete(picked[:1])
        return picked

    monkeypatch.setattr(library.app.picks, "pick", then_deleted)
    assert [avatar.id for avatar in library.pick(most=2, use=Use("shop", "hero"))] == [ids[-2]]
