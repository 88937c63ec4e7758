from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from avatar_rows import LOOKS, SARAH, add_avatar, add_generated, begin, new_avatar, new_generation, rows, stored_picture

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.errors import InvalidInput, NotFound, StorageError
from avatar_creator.home import Home
from avatar_creator.library import Library
from avatar_creator.storage.catalog import Catalog, DuplicateUpload, Files

TABLES = ("projects", "avatars", "generations", "usage_events")


@pytest.fixture
def catalog(library: Library) -> Catalog:
    return library.app.catalog


@pytest.fixture
def project_id(catalog: Catalog) -> str:
    return catalog.add_project("Band")


def counts(home: Home) -> dict[str, int]:
    return {table: rows(home.database, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def test_one_that_is_closed_does_not_open_again(library: Library, catalog: Catalog, home: Home) -> None:
    catalog.add_project("before")
    library.close()
    with pytest.raises(StorageError, match="was closed while it was used"):
        catalog.add_project("after")
    assert not home.database.with_name("library.db-wal").exists(), "a connection that nobody closes"


# -- projects


def test_a_project_is_added_with_cleaned_texts(library: Library, catalog: Catalog) -> None:
    id_ = catalog.add_project("  The \t Band ", " on  tour ")
    project = library.app.queries.get_project(id_)
    assert (project.name, project.description, project.avatars) == ("The Band", "on tour", 0)
    assert project.created_at == project.updated_at


@pytest.mark.parametrize("name", ["Band", "BAND", " band "])
def test_a_name_that_is_taken_is_refused_whatever_its_case(catalog: Catalog, project_id: str, name: str) -> None:
    other = catalog.add_project("Choir")
    with pytest.raises(InvalidInput, match="exists already") as added:
        catalog.add_project(name)
    with pytest.raises(InvalidInput, match="exists already"):
        catalog.edit_project(other, name=name)
    assert added.value.exit_code == 2
    assert "avatar project list" in (added.value.hint or "")
    catalog.edit_project(project_id, name=name)  # its own name in another case is free


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("\u00c9quipe", "\u00e9QUIPE"),
        ("\u00c9quipe", "e\u0301quipe"),
        ("Stra\u00dfe", "STRASSE"),
        ("\u0414\u0410", "\u0434\u0430"),
    ],
)
def test_a_name_is_taken_in_every_script(catalog: Catalog, name: str, same: str) -> None:
    id_, other = catalog.add_project(name), catalog.add_project("Choir")
    with pytest.raises(InvalidInput, match="exists already"):
        catalog.add_project(same)
    with pytest.raises(InvalidInput, match="exists already"):
        catalog.edit_project(other, name=same)
    catalog.edit_project(id_, name=same)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": ""}, "project name is empty"),
        ({"name": "\u200b"}, "project name shows nothing"),
        ({"name": "x" * 101}, "project name has 101 characters"),
        ({"name": "\x1b[2J"}, "project name holds the control character"),
        ({"name": "x", "description": "x" * 501}, "description has 501 characters"),
    ],
)
def test_texts_outside_their_limits_are_refused(
    home: Home, catalog: Catalog, project_id: str, given: dict[str, str], message: str
) -> None:
    before = rows(home.database, "SELECT * FROM projects")
    with pytest.raises(InvalidInput, match=message):
        catalog.add_project(**given)
    with pytest.raises(InvalidInput, match=message):
        catalog.edit_project(project_id, **given)
    assert rows(home.database, "SELECT * FROM projects") == before


def test_an_edit_changes_what_is_given_and_no_more(library: Library, catalog: Catalog, project_id: str) -> None:
    made = library.app.queries.get_project(project_id)
    catalog.edit_project(project_id, description="on tour")
    described = library.app.queries.get_project(project_id)
    assert described == made._replace(description="on tour", updated_at=described.updated_at)
    assert described.updated_at > made.updated_at
    catalog.edit_project(project_id, name="Choir")
    assert library.app.queries.get_project(project_id)[1:3] == ("Choir", "on tour")
    catalog.edit_project(project_id, description="")
    assert library.app.queries.get_project(project_id)[1:3] == ("Choir", None)


def test_a_removed_project_takes_its_avatars_generations_and_usage_along(
    home: Home, library: Library, catalog: Catalog, project_id: str
) -> None:
    other = catalog.add_project("Choir")
    for id_ in (project_id, other):
        catalog.add_usage(add_avatar(library, id_), app="game", action="shown")
        add_generated(library, id_)
        begin(library.app.leases, new_generation(id_), "run_1")
    assert counts(home) == {"projects": 2, "avatars": 4, "generations": 4, "usage_events": 2}
    assert catalog.remove_project(project_id) == [Files("0a/x.jpg", "0a/x.thumb.jpg")] * 2
    assert counts(home) == {"projects": 1, "avatars": 2, "generations": 2, "usage_events": 1}
    assert library.app.queries.get_project(other).avatars == 2


def test_a_project_that_is_not_there_is_not_found(catalog: Catalog) -> None:
    for work in (catalog.remove_project, catalog.edit_project):
        with pytest.raises(NotFound, match="There is no project 'prj_nobody'"):
            work("prj_nobody")


# -- avatars


def test_the_same_file_is_uploaded_into_a_project_once(catalog: Catalog, project_id: str) -> None:
    catalog.add_avatar(new_avatar(project_id, original_sha256="aa"))
    with pytest.raises(DuplicateUpload, match="from the same file as Sarah already") as failed:
        catalog.add_avatar(new_avatar(project_id, original_sha256="aa"))
    assert failed.value.exit_code == 2
    catalog.add_avatar(new_avatar(project_id, original_sha256="bb"))
    catalog.add_avatar(new_avatar(catalog.add_project("Choir"), original_sha256="aa"))
    catalog.add_avatar(new_avatar(project_id))
    catalog.add_avatar(new_avatar(project_id))


def test_an_avatar_for_a_project_that_is_gone_is_not_called_a_duplicate(catalog: Catalog) -> None:
    with pytest.raises(NotFound):
        catalog.add_avatar(new_avatar("prj_nobody"))


def test_an_edit_of_an_avatar_replaces_what_is_given(library: Library, catalog: Catalog, project_id: str) -> None:
    id_ = add_avatar(library, project_id)
    made = library.show(id_)
    persona, looks = Persona("Zoë", 40), Attributes(gender="non-binary")
    steps: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"name": " The  boss "}, {"name": "The boss"}),
        ({"persona": persona}, {"persona": replace(made.persona, name="Zoë", age=40)}),
        ({"attributes": looks}, {"attributes": replace(made.attributes, gender="non-binary")}),
        ({}, {}),
    ]
    for given, expected in steps:
        catalog.edit_avatar(id_, **given)
        edited = library.show(id_)
        made = made._replace(**expected, updated_at=edited.updated_at)
        assert edited == made
    catalog.edit_avatar(id_, cleared=["persona_age", "persona_personality", "gender"])
    cleared = library.show(id_)
    assert (cleared.persona.age, cleared.persona.personality, cleared.attributes.gender) == (None, (), None)
    assert cleared.persona.name == "Zoë"
    assert made.updated_at > made.created_at


@pytest.mark.parametrize("name", ["", "x" * 101, "\x1b[2J"])
def test_a_name_that_is_refused_changes_nothing(library: Library, catalog: Catalog, project_id: str, name: str) -> None:
    id_ = add_avatar(library, project_id)
    before = library.show(id_)
    with pytest.raises(InvalidInput, match=r"^name "):
        catalog.edit_avatar(id_, name=name, persona=Persona("Zoë"))
    assert library.show(id_) == before
    assert (before.persona, before.attributes) == (SARAH, LOOKS)


def test_avatars_are_removed_with_their_usage_and_their_files_are_named(
    home: Home, library: Library, catalog: Catalog, project_id: str
) -> None:
    first, second, third = (add_avatar(library, project_id) for _ in range(3))
    catalog.add_usage(first, app="game", action="shown")
    catalog.add_usage(third, app="game", action="shown")
    assert catalog.remove_avatars([first, second]) == [Files("0a/x.jpg", "0a/x.thumb.jpg")] * 2
    assert [avatar.id for avatar in library.find()] == [third]
    assert counts(home)["usage_events"] == 1
    assert catalog.remove_avatars([]) == []


def test_avatars_are_removed_all_or_none(library: Library, catalog: Catalog, project_id: str) -> None:
    ids = [add_avatar(library, project_id) for _ in range(2)]
    with pytest.raises(NotFound, match="There is no avatar 'av_nobody'"):
        catalog.remove_avatars([*ids, "av_nobody"])
    with pytest.raises(NotFound, match="There is no avatar 'av_nobody'"):
        catalog.remove_avatars([*ids, *["av_nobody"] * 300_000])  # more than a statement takes variables
    assert sorted(avatar.id for avatar in library.find()) == ids


def test_the_generation_of_a_removed_avatar_stays(library: Library, catalog: Catalog, project_id: str) -> None:
    lease = add_generated(library, project_id, picture=stored_picture())
    catalog.remove_avatars([lease.avatar_id])
    generation = library.app.queries.get_generation(lease.id)
    assert (generation.status, generation.avatar) == ("completed", None)


# -- usage


def test_a_use_is_counted_and_kept(home: Home, library: Library, catalog: Catalog, project_id: str) -> None:
    id_ = add_avatar(library, project_id)
    assert (library.show(id_).usage_count, library.show(id_).last_used_at) == (0, None)
    catalog.add_usage(id_, app="game", action="shown")
    event = catalog.add_usage(id_, app=" the  game ", action="shown", reference="level 2")
    used = library.show(id_)
    kept = rows(
        home.database, "SELECT avatar_id, app, action, reference, created_at FROM usage_events WHERE id = ?", event
    )
    assert kept == [(id_, "the game", "shown", "level 2", used.last_used_at)]
    assert used.usage_count == 2
    assert used.updated_at == used.created_at  # a use is no edit


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"app": ""}, "app is empty"),
        ({"action": "x" * 201}, "action has 201 characters"),
        ({"reference": "\x1b[2J"}, "reference holds the control character"),
        ({"reference": ""}, "reference is empty"),
    ],
)
def test_a_use_with_a_refused_text_is_not_counted(
    home: Home, library: Library, project_id: str, given: dict[str, str], message: str
) -> None:
    id_ = add_avatar(library, project_id)
    with pytest.raises(InvalidInput, match=message):
        library.app.catalog.add_usage(id_, **{"app": "game", "action": "shown"} | given)
    assert (library.show(id_).usage_count, counts(home)["usage_events"]) == (0, 0)


def test_a_use_of_nobody_is_not_found(home: Home, catalog: Catalog) -> None:
    with pytest.raises(NotFound, match="There is no avatar 'av_nobody'"):
        catalog.add_usage("av_nobody", app="game", action="shown")
    assert counts(home)["usage_events"] == 0


def test_no_use_is_lost_when_several_count_at_once(library: Library, home: Home, project_id: str) -> None:
    id_ = add_avatar(library, project_id)

    def use(app: str) -> None:
        with closing(Catalog(home.database, home.backups)) as own:
            for _ in range(20):
                own.add_usage(id_, app=app, action="shown")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(use, "abcd"))
    assert library.show(id_).usage_count == 80
    assert {used.app: used.count for used in library.app.stats.usage(id_).summary} == dict.fromkeys("abcd", 20)
