"""The verbs of a library that find, mark and pick avatars."""

import pytest

from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.stats import Use
from avatar_creator.errors import NotFound
from avatar_creator.library import Library


@pytest.fixture
def ids(library: Library) -> list[str]:
    plan = library.plan(library.request(persona=Persona("Ann"), seed=7, count=4, width_px=64, height_px=64))
    made = (outcome.generation.avatar for outcome in library.make(plan))
    return [avatar.id for avatar in made if avatar is not None]


def test_avatars_that_are_given_by_prefix_or_twice_are_marked_once(library: Library, ids: list[str]) -> None:
    marked = library.tag([ids[3], ids[1].removeprefix("av_"), ids[3]], add=["hero"])
    assert [avatar.id for avatar in marked] == [ids[3], ids[1]]
    assert [avatar.tags for avatar in marked] == [("hero",), ("hero",)]
    with pytest.raises(NotFound, match="no avatar 'av_gone'"):
        library.star([ids[0], "av_gone"])
    assert library.count(AvatarFilter(starred=True)) == 0


def test_what_marks_and_picks_many_asks_as_often_as_for_one(library: Library, ids: list[str]) -> None:
    def asked(some: list[str]) -> int:
        made: list[str] = []
        library.app._connection.set_trace_callback(made.append)
        library.tag(some, add=["hero"])
        library.star(some)
        library.pick(most=len(some), least_used=True)
        library.app._connection.set_trace_callback(None)
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
    assert len(library.pick(most=2, use=Use("shop", "hero"))) == 1
    assert library.count() == len(ids) - 1
