"""Finding avatars: by words and facts of an index, in orders, page after page."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from avatar_rows import add_avatar, add_generated, insert, make_tables, new_avatar, project_row, rows
from indexed import assert_indexed

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.filters import AgeSpan, AvatarFilter, Sort
from avatar_creator.domain.findings import Level
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.stats import Use
from avatar_creator.domain.tags import TagCount
from avatar_creator.errors import NotFound, StorageError
from avatar_creator.library import Library, open_library
from avatar_creator.storage import database, finding
from avatar_creator.storage.database import Connection
from avatar_creator.storage.index import Index


@pytest.fixture
def project_id(library: Library) -> str:
    return library.app.generations.ensure_project("default")


def found(library: Library, **wanted: Any) -> list[str]:
    return [avatar.name for avatar in library.find(AvatarFilter(**wanted))]


def test_numbers_sort_as_ids_do() -> None:
    ids = ["av_0", "av_0000000000001", "av_0sbsdq78nyqna", "av_0sbsdq9k0vxvx", "av_7zzzzzzzzzzzz", "av_fzzzzzzzzzzzz"]
    numbers = [Index.number_of(id_) for id_ in ids]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(ids)
    assert all(-(2**63) <= number < 2**63 for number in numbers)


def test_words_are_found_wherever_they_stand(library: Library, project_id: str) -> None:
    add_avatar(library, project_id, name="Nobody", persona=Persona())
    person = Persona("Zoë Straße", 30, ("bold and kind",), "Owns a bakery in Łódź")
    id_ = add_avatar(library, project_id, name="Équipe 田中太郎", persona=person, alt_text="A drawing", prompt="at sea")
    library.tag([id_], add=["Hero of the day"])
    for text in (
        "équipe",
        "EQUIPE",
        "zoe",
        "strasse",
        "kind",
        "bakery lodz",
        "中太",
        "draw",
        "sea",
        "hero",
        '"hero of"',
    ):
        assert found(library, text=text) == ["Équipe 田中太郎"], text
    for text in ("bakery nobody", '"of hero"', "quipe", "female"):
        assert found(library, text=text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        *('"', "*", "a*", "NEAR(a b, 2)", "a AND", "OR", "NOT", "words:a", "facts:=gender", "^a", "-a", "(", ")"),
        *("{a b}:c", "'; --", "+", "a+b", '"a', "\\", "=", "=gender=female", "🎉" * 50),
        *("a" * 10_000, "a " * 5_000, " ".join(f"w{n}" for n in range(1700))),
    ],
)
def test_what_is_searched_for_is_no_syntax(library: Library, project_id: str, text: str) -> None:
    add_avatar(library, project_id, name="Somebody", attributes=Attributes(gender="female"), persona=Persona())
    assert found(library, text=text) == []
    add_avatar(library, project_id, name=f"zz {text[:60]} zz", persona=Persona())
    if len(text) <= 60:
        assert found(library, text=text) == [f"zz {text} zz"]


def test_the_start_of_very_many_words_is_found(library: Library, project_id: str) -> None:
    for n in range(110):
        add_avatar(library, project_id, name=f"wo{n:03}", persona=Persona())
    assert len(found(library, text="wo")) == 110
    assert len(found(library, text="wo0")) == 100


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"attributes": {"gender": ["female", "MALE"]}}, "C B A"),
        ({"attributes": {"gender": ["male"]}}, "B"),
        ({"age": AgeSpan(30, 1000)}, "B A"),
        ({"age": AgeSpan(200, 300)}, ""),
        ({"age": [AgeSpan(10, 20), AgeSpan(40, 1000)]}, "C B"),
        ({"attributes": {"gender": "women"}, "fields": {"avatar_name": ["A", "B", "x"]}}, "A"),
        ({"fields": {"seed": [0, 1]}, "source_type": list(SourceType)}, "A"),
        ({"tags": ["HERO", "Équipe"]}, "A"),
        ({"tags": ["hero"]}, "C A"),
        ({"tags": ["hero"], "without_tags": ["équipe"]}, "C"),
        ({"without_tags": ["hero"]}, "B"),
        ({"tags": ["hero"], "without_tags": ["hero"]}, ""),
        ({"starred": True}, "B"),
        ({"starred": False}, "C A"),
        ({"used": True}, "B"),
        ({"used": False}, "C A"),
        ({"used": False, "tags": ["hero"], "starred": True}, ""),
        ({"fields": {"seed": 0}}, "A"),
        ({"fields": {"avatar_name": "a"}}, "A"),
        ({"since": "2020-01-01T00:00:00Z"}, "C B A"),
        ({"until": "2020-01-01T00:00:00Z"}, ""),
        ({"since": "2200-02-31T00:00:00Z"}, ""),
        ({"text": "hero", "starred": False, "age": AgeSpan(30, 40)}, "A"),
    ],
)
def test_filters(library: Library, project_id: str, wanted: dict[str, Any], names: str) -> None:
    def add(name: str, age: int, gender: str, **given: Any) -> str:
        looks = Attributes(gender=gender)
        return add_avatar(library, project_id, name=name, persona=Persona(age=age), attributes=looks, **given)

    a, b, c = add("A", 30, "female", seed=0), add("B", 40, "male"), add("C", 20, "Female")
    library.tag([a, c], add=["Hero"])
    library.tag([a], add=["équipe"])
    library.star([b])
    library.record_usage(b, app="game", action="hero")
    assert found(library, **wanted) == names.split()
    assert library.count(AvatarFilter(**wanted)) == len(names.split())


@pytest.mark.parametrize("text", ["binary", "brown", "color", "headshots", "hero"])
def test_words_of_an_attribute_are_none_of_the_text(library: Library, project_id: str, text: str) -> None:
    looks = Attributes(gender="non-binary", hair_color="dark-brown")
    add_avatar(library, project_id, name="Sam", attributes=looks, preset="hero-headshots", persona=Persona())
    assert found(library, text=text) == []


@pytest.mark.parametrize("wanted", ["dark-brown", "Dark Brown", "dark_brown"])
def test_words_of_an_attribute_may_have_spaces_between(library: Library, project_id: str, wanted: str) -> None:
    for color in ("dark-brown", "Dark brown", "brown"):
        add_avatar(library, project_id, name=color, attributes=Attributes(hair_color=color))
    assert [each.name for each in library.find(AvatarFilter(attributes={"hair_color": [wanted]}))] == [
        "Dark brown",
        "dark-brown",
    ]


def people(library: Library, project_id: str) -> None:
    for name, age in (("zoe", 30), ("Émile", None), ("anna", 30), ("Eva", 20), ("Bob", 61)):
        looks = Attributes(gender="female" if name[0] in "zaE" else "male")
        add_avatar(library, project_id, name=name, persona=Persona(age=age), attributes=looks)
    ids = {avatar.name: avatar.id for avatar in library.find()}
    for name in ("Eva", "Eva", "zoe"):
        library.record_usage(ids[name], app="a", action="b")
    library.edit(ids["anna"], alt_text="edited")


ORDERS = {
    Sort.CREATED: "Bob Eva anna Émile zoe",
    Sort.NAME: "anna Bob Émile Eva zoe",
    Sort.AGE: "Eva zoe anna Bob Émile",
    Sort.USED: "Eva zoe Bob anna Émile",
}


@pytest.mark.parametrize("few", [0, 2000], ids=["walked", "sorted"])
@pytest.mark.parametrize("sort", ORDERS)
def test_orders_and_pages(
    library: Library, project_id: str, monkeypatch: pytest.MonkeyPatch, sort: Sort, few: int
) -> None:
    """Every page follows the one before, with a filter or without, however candidates are read."""
    monkeypatch.setattr(finding, "_FEW", few)
    monkeypatch.setattr(finding, "_PAGE", 2)
    people(library, project_id)
    names = ORDERS[sort].split()
    women = [name for name in names if name in {"zoe", "anna", "Eva"}]
    aged = [name for name in names if name != "Émile"]
    for wanted, expected in (
        (AvatarFilter(), names),
        (AvatarFilter(attributes={"gender": "female"}), women),
        (AvatarFilter(age=AgeSpan(0, 1000)), aged),
    ):
        for reverse in (False, True):
            order = expected[::-1] if reverse else expected
            assert [each.name for each in library.find(wanted, sort=sort, reverse=reverse)] == order
            read: list[str] = []
            after = None
            while page := list(library.find(wanted, sort=sort, reverse=reverse, after=after, limit=1)):
                read += [each.name for each in page]
                after = page[-1].id
            assert read == order
    with_text = AvatarFilter(attributes={"gender": "female"}, text="a")
    assert sorted(each.name for each in library.find(with_text, sort=sort)) == ["anna"]


def test_the_latest_change_comes_first(library: Library, project_id: str) -> None:
    people(library, project_id)
    names = [avatar.name for avatar in library.find(sort="updated")]
    assert names == ["anna", "Bob", "Eva", "Émile", "zoe"]


def test_what_follows_one_that_is_not_there_is_refused(library: Library, project_id: str) -> None:
    add_avatar(library, project_id)
    with pytest.raises(NotFound):
        list(library.find(after="av_nobody"))


def test_counting_ends_where_it_is_to(library: Library, project_id: str) -> None:
    for _ in range(3):
        add_avatar(library, project_id)
    assert library.count(AvatarFilter(text="sarah"), most=2) == 2
    assert (
        library.count(AvatarFilter(text="sarah")) == library.count(AvatarFilter(attributes={"gender": "female"})) == 3
    )


def test_the_index_says_what_the_rows_say_after_backups_and_migrations(library: Library, tmp_path: Path) -> None:
    project_id = library.app.generations.ensure_project("default")
    id_ = add_avatar(library, project_id, name="Before")
    library.tag([id_], add=["a"])
    copy = library.backups.create(tmp_path / "copy.db")
    library.edit(id_, name="After")
    add_generated(library, project_id)
    library.projects.delete("default")
    assert_indexed(library)
    library.close()
    library.backups.restore(copy)
    assert found(library, text="before a") == ["Before"]
    assert found(library, text="after") == []
    assert_indexed(library)


def test_avatars_of_earlier_versions_are_indexed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "library.db", isolation_level=None)) as connection:
        make_tables(connection, 8)
        insert(connection, "projects", project_row("prj_1", "default"))
        columns = {row[1] for row in connection.execute("PRAGMA table_info(avatars)")}
        for n in range(3):
            new = new_avatar("prj_1", id=f"av_{n}", name=f"Zoë {n}", seed=n).values("2026-11-23T02:00:00Z")
            insert(connection, "avatars", {name: value for name, value in new.items() if name in columns})
    with open_library(tmp_path) as library:
        assert found(library, text="zoe", fields={"seed": 0}) == ["Zoë 0"]
        assert_indexed(library)


def by_hand(library: Library, *statements: str) -> None:
    """Write with another program: it has no functions of ours, and by default checks no foreign keys."""
    for statement in statements:
        rows(library.home.database, statement)


def test_other_programs_write_what_is_found(library: Library, project_id: str) -> None:
    stays, goes = (add_avatar(library, project_id, name=name, persona=Persona()) for name in ("Équipe", "Bob"))
    assert found(library, text="bob") == ["Bob"]
    by_hand(
        library,
        f"UPDATE avatars SET name = 'Straße' WHERE id = '{stays}'",
        f"INSERT INTO avatar_tags (avatar_id, tag) VALUES ('{stays}', 'hero'), ('{goes}', 'hero')",
        f"UPDATE avatar_tags SET tag = 'villain' WHERE avatar_id = '{stays}'",
        f"DELETE FROM avatars WHERE id = '{goes}'",
    )
    assert found(library, text="strasse villain") == found(library, tags=["villain"]) == ["Straße"]
    assert found(library, text="equipe") == found(library, text="bob") == found(library, text="hero") == []
    by_hand(library, f"UPDATE avatars SET id = 'av_0sbsdq78nyqna', starred = 1 WHERE id = '{stays}'")
    assert [avatar.id for avatar in library.find(AvatarFilter(text="strasse"))] == ["av_0sbsdq78nyqna"]
    assert found(library, starred=True, fields={"avatar_name": "STRASSE"}) == ["Straße"]
    by_hand(library, "DELETE FROM avatar_tags")
    assert_indexed(library)


def test_nothing_is_left_of_an_avatar_that_another_program_deletes(library: Library, project_id: str) -> None:
    goes, stays = (add_avatar(library, project_id) for _ in range(2))
    library.tag([goes, stays], add=["hero"])
    library.record_usage(goes, app="a", action="b")
    by_hand(library, f"DELETE FROM avatars WHERE id = '{goes}'")
    assert library.tags() == [TagCount("hero", 1)]
    assert rows(library.home.database, "PRAGMA foreign_key_check") == []


def test_a_row_that_another_program_spoilt_stops_no_search(library: Library, project_id: str) -> None:
    spoilt = add_avatar(library, project_id, name="Spoilt")
    add_avatar(library, project_id, name="Équipe")
    by_hand(
        library,
        "UPDATE avatars SET recipe = '[1', persona_personality = '{', alt_text = x'ff', prompt = 5"
        f" WHERE id = '{spoilt}'",
    )
    assert found(library, text="equipe") == ["Équipe"]
    for recipe in ("[]", '{"options": 5}', '{"options": {"model": {}}}', ""):
        by_hand(library, f"UPDATE avatars SET recipe = '{recipe}', name = x'00', created_at = 5 WHERE id = '{spoilt}'")
        assert found(library, text="equipe") == ["Équipe"], recipe


KILLED = """
import os, signal, sys
from avatar_creator import open_library
from avatar_creator.storage.index import Index

with open_library(sys.argv[1]) as library:
    index = Index(library.app._connection, library.home.database)
    with index.together():
        index.update()
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_two_that_index_at_once_and_one_that_is_killed_leave_it_whole(library: Library, project_id: str) -> None:
    for n in range(20):
        add_avatar(library, project_id, name=f"Zoë {n}")
    with open_library(library.home.root) as other:
        assert len(found(other, text="zoe")) == len(found(library, text="zoe")) == 20
        add_avatar(other, project_id, name="Zoë 20")
        killed = subprocess.run([sys.executable, "-c", KILLED, str(library.home.root)], check=False)
        assert killed.returncode == -signal.SIGKILL
        assert len(found(library, text="zoe")) == len(found(other, text="zoe")) == 21
    assert_indexed(library)


class WithoutFullText(Connection):
    """A connection as SQLite makes it when it was built without FTS5."""

    def execute(self, *given: Any) -> sqlite3.Cursor:
        if "avatar_words" in given[0]:
            raise sqlite3.OperationalError("no such module: fts5")
        return super().execute(*given)


@pytest.mark.parametrize("made_before", [False, True], ids=["never", "by-another-python"])
def test_without_full_text_search_all_but_texts_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, made_before: bool
) -> None:
    with open_library(tmp_path) as library:
        people(library, library.app.generations.ensure_project("default"))
        assert not made_before or found(library, text="zoe") == ["zoe"]
    monkeypatch.setattr(database, "Connection", WithoutFullText)
    with open_library(tmp_path) as library:
        assert found(library, age=AgeSpan(30, 40), attributes={"gender": "FEMALE"}) == ["anna", "zoe"]
        assert library.count(AvatarFilter(attributes={"gender": "female"})) == 3
        for sort, names in ORDERS.items():
            assert [each.name for each in library.find(sort=sort)] == names.split()
            first, second, *_ = library.find(sort=sort)
            assert [each.id for each in library.find(sort=sort, after=first.id, limit=1)] == [second.id]
        with pytest.raises(StorageError, match="no full-text search") as refused:
            library.count(AvatarFilter(text="zoe"))
        assert "Use another Python" in str(refused.value.hint)
        (bob,) = library.find(AvatarFilter(age=AgeSpan(61, 61)))
        bob.image_path.parent.mkdir(parents=True)
        bob.image_path.touch()  # one without its file is not picked
        assert [each.name for each in library.pick(AvatarFilter(age=AgeSpan(61, 61)), use=Use("a", "b"))] == ["Bob"]
        (note,) = [finding for finding in library.examine().findings if finding.subject == "search"]
        assert (note.level, note.message) == (Level.NOTE, refused.value.message)
    monkeypatch.undo()
    with open_library(tmp_path) as library:
        assert found(library, text="zoe") == ["zoe"]
        assert_indexed(library)


def test_where_nothing_can_be_written_all_but_texts_are_found(library: Library) -> None:
    people(library, library.app.generations.ensure_project("default"))
    library.app._connection.execute("PRAGMA query_only = ON")  # a full disk, say
    assert found(library, attributes={"gender": "male"}) == ["Bob", "Émile"]
    assert [each.name for each in library.find(sort="name")] == ORDERS[Sort.NAME].split()
    with pytest.raises(StorageError, match="cannot be opened for writing"):
        found(library, text="bob")
