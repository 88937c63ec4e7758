"""Casts of a project, as commands asked for them."""

import pytest

from avatar_creator.errors import NotFound
from avatar_creator.library import Library

EVEN = '[{"axes":["gender"],"cells":[["female",0.5],["male",0.5]]}]'


def asked(library: Library, project_id: str) -> list[tuple[int, int, str]]:
    return [(cast.seed, cast.people, cast.quotas) for cast in library.app.casts.find(project_id)]


def test_a_project_has_a_cast_for_each_seed(library: Library) -> None:
    ours, theirs = library.projects.create("Ours").id, library.projects.create("Theirs").id
    library.app.casts.put(ours, 9, 12, "[]")
    library.app.casts.put(ours, 7, 48, EVEN)
    library.app.casts.put(theirs, 7, 5, "[]")
    assert asked(library, ours) == [(7, 48, EVEN), (9, 12, "[]")]
    assert asked(library, theirs) == [(7, 5, "[]")]


def test_the_last_command_says_what_a_cast_is(library: Library) -> None:
    project_id = library.projects.create("Ours").id
    library.app.casts.put(project_id, 7, 48, "[]")
    (first,) = library.app.casts.find(project_id)
    library.app.casts.put(project_id, 7, 50, EVEN)
    (second,) = library.app.casts.find(project_id)
    assert (second.people, second.quotas, second.created_at) == (50, EVEN, first.created_at)
    assert second.updated_at >= first.updated_at


def test_a_cast_has_no_fewer_people_than_another_shell_asked_for_meanwhile(library: Library) -> None:
    project_id = library.projects.create("Ours").id
    library.app.casts.put(project_id, 7, 50, "[]")
    library.app.casts.put(project_id, 7, 48, EVEN)
    assert asked(library, project_id) == [(7, 50, EVEN)]


def test_a_project_is_deleted_with_its_casts(library: Library) -> None:
    project_id = library.projects.create("Ours").id
    library.app.casts.put(project_id, 7, 48, EVEN)
    library.projects.delete("Ours")
    assert asked(library, project_id) == []


def test_no_cast_is_of_a_project_that_does_not_exist(library: Library) -> None:
    with pytest.raises(NotFound):
        library.app.casts.put("prj_gone", 7, 48, EVEN)
