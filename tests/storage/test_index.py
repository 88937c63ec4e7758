"""The index that avatars are found by, when something else has damaged it."""

import pytest
from avatar_rows import add_avatar, opened
from indexed import assert_indexed

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.findings import Finding, Level
from avatar_creator.errors import StorageError
from avatar_creator.library import Library, open_library

DAMAGES = {
    "no data": "DELETE FROM avatar_words_data",
    "empty pages": "UPDATE avatar_words_data SET block = zeroblob(10)",
    "broken pages": "UPDATE avatar_words_data SET block = x'00' WHERE id > 10",
    "no table of data": "DROP TABLE avatar_words_data",
    "no table of pages": "DROP TABLE avatar_words_idx",
    "no table of rows": "DROP TABLE avatar_words_content",
    "no settings": "DELETE FROM avatar_words_config",
    "no table of settings": "DROP TABLE avatar_words_config",
    "another version": "UPDATE avatar_words_config SET v = 99",
    "rows lost": "DELETE FROM avatar_words_content WHERE rowid IN (SELECT rowid FROM avatar_words_content LIMIT 3)",
    "numbers lost": "DELETE FROM avatar_numbers WHERE name < 'zoe 05'",
    "avatars forgotten": "DELETE FROM avatar_words WHERE rowid IN (SELECT rowid FROM avatar_words LIMIT 3)",
}


def searches(library: Library, *, fix: bool) -> list[Finding]:
    return [each for each in library.examine(fix=fix).findings if each.subject in {"search", "database"}]


@pytest.fixture
def people(library: Library) -> Library:
    project_id = library.app.generations.ensure_project("default")
    for n in range(20):
        add_avatar(library, project_id, name=f"Zoe {n:02}", attributes=Attributes(gender="female"))
    assert_indexed(library)
    return library


def damage(library: Library, sql: str) -> Library:
    """Do that with another program; return the library as the next command opens it."""
    library.close()
    with opened(library.home.database) as connection:
        connection.execute(sql)
        connection.commit()
    return open_library(library.home.root)


@pytest.mark.parametrize("sql", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_made_anew_from_the_avatars(people: Library, sql: str) -> None:
    with damage(people, sql) as library:
        database, search = searches(library, fix=False)
        assert (database.level, search.level) == (Level.OK, Level.PROBLEM)
        assert "avatar doctor --fix" in str(search.hint)
        database, search = searches(library, fix=True)
        assert (database.level, search.level) == (Level.OK, Level.FIXED)
        assert [each.level for each in searches(library, fix=False)] == [Level.OK]
    with open_library(people.home.root) as library:
        assert library.count(AvatarFilter(text="zoe")) == 20
        assert_indexed(library)


@pytest.mark.parametrize("table", ["avatar_words", "avatar_terms"])
def test_an_index_that_was_dropped_is_made_by_the_next_search(people: Library, table: str) -> None:
    with damage(people, f"DROP TABLE {table}") as library:
        assert library.count(AvatarFilter(text="zoe")) == 20
        assert_indexed(library)


@pytest.mark.parametrize("name", ["no data", "broken pages", "another version"])
def test_a_search_says_that_the_index_is_damaged_and_not_the_database(people: Library, name: str) -> None:
    with damage(people, DAMAGES[name]) as library:
        with pytest.raises(StorageError, match="The index that avatars in ") as refused:
            library.count(AvatarFilter(text="zoe"))
        assert refused.value.hint == "Make it anew from the avatars: avatar doctor --fix"
        assert library.count() == 20


def test_avatars_that_wait_to_be_indexed_are_no_damage(people: Library) -> None:
    with damage(people, "UPDATE avatars SET name = 'Ann'") as library:
        assert [each.level for each in searches(library, fix=False)] == [Level.OK]
        assert library.unindexed(AvatarFilter(text="ann")) == library.unindexed(sort="name") == 20
        assert library.unindexed() == 0
        assert library.count(AvatarFilter(text="ann")) == 20
