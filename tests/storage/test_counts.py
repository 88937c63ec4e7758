"""How many avatars of a project say what, and what became of a cast."""

from collections.abc import Sequence

import pytest
from avatar_rows import new_avatar, new_generation

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.coverage import CastProgress
from avatar_creator.domain.persona import Persona
from avatar_creator.library import Library
from avatar_creator.storage.casts import StoredCast
from made_anew import made


def add(library: Library, project_id: str, age: int | None = None, **looks: str) -> str:
    new = new_avatar(project_id, persona=Persona(age=age), attributes=Attributes(**looks))
    library.app.catalog.add_avatar(new)
    return new.id


def counted(library: Library, project_id: str, axes: Sequence[str]) -> list[tuple[object, ...]]:
    return sorted(((*values, n) for values, n in library.app.counts.people(project_id, axes)), key=repr)


@pytest.mark.parametrize("more", [(), ("hair_color",)], ids=["tallied", "read"])
def test_people_are_counted_by_what_they_say_together(library: Library, more: tuple[str, ...]) -> None:
    ours, theirs = library.projects.create("Ours").id, library.projects.create("Theirs").id
    for _ in range(2):
        add(library, ours, 34, gender="female", ethnicity="white", age_range="adult")
    add(library, ours, None, gender="Female", age_range="adult")
    add(library, ours)
    add(library, theirs, 34, gender="female")
    nothing = (None,) * len(more)
    assert counted(library, ours, ("gender", "age", "ethnicity", *more)) == sorted(
        [
            ("female", 34, "white", *nothing, 2),
            ("Female", "adult", None, *nothing, 1),
            (None, None, None, *nothing, 1),
        ],
        key=repr,
    )


def test_what_is_edited_and_deleted_is_counted_as_it_is_now(library: Library) -> None:
    project_id = library.projects.create("Ours").id
    one, other = (add(library, project_id, 34, gender="female") for _ in range(2))
    library.edit(one, attributes=Attributes(gender="male"), cleared=["persona_age"])
    assert counted(library, project_id, ("gender", "age")) == [("female", 34, 1), ("male", None, 1)]
    library.delete([other])
    assert counted(library, project_id, ("gender", "age")) == [("male", None, 1)]


# -- casts


def progress(library: Library, people: int, seed: int = 7) -> CastProgress:
    project_id = library.app.generations.ensure_project("default")
    return library.app.counts.progress(StoredCast(project_id, seed, people, "[]", "", ""))


def test_a_cast_says_which_of_its_people_are_made(library: Library) -> None:
    made(library, prompt="somebody", persona_id="cast-7-1", recipe_hash="a")
    made(library, prompt="somebody", persona_id="cast-77-1", recipe_hash="b")
    made(library, prompt="somebody", persona_id="cast-7x", recipe_hash="c")
    assert progress(library, 5) == CastProgress(7, 5, 1, avatars=1)


def test_a_person_with_crossed_values_is_one_person(library: Library) -> None:
    for copy in ("1", "1/hair_color=red", "1/hair_color=black", "11/hair_color=red"):
        made(library, prompt="somebody", persona_id=f"cast-7-{copy}", recipe_hash=copy)
    project_id = library.app.generations.ensure_project("default")
    for copy in ("2/hair_color=red", "2/hair_color=black", "3/hair_color=red"):
        library.app.generations.add(new_generation(project_id, persona_id=f"cast-7-{copy}"))
    assert progress(library, 5) == CastProgress(7, 5, 2, waiting=2, avatars=4)


def test_of_who_was_asked_for_again_the_last_time_counts(library: Library) -> None:
    made(library, prompt="somebody", persona_id="cast-7-1", recipe_hash="a")
    project_id = library.app.generations.ensure_project("default")
    for number, statuses in enumerate(("failed", "failed cancelled", "cancelled failed", "failed pending"), start=1):
        for status in statuses.split():
            new = new_generation(project_id, persona_id=f"cast-7-{number}")
            library.app.generations.add(new)
            library.app.counts._connection.execute("UPDATE generations SET status = ? WHERE id = ?", (status, new.id))
    assert progress(library, 6) == CastProgress(7, 6, 1, failed=1, waiting=1, cancelled=1, avatars=1)
