import sqlite3
from contextlib import closing

from avatar_creator.domain.text import fold
from avatar_creator.storage.conditions import in_any_case


def test_python_is_asked_only_of_letters_that_sqlite_does_not_know() -> None:
    asked: list[str] = []

    def folded(text: str) -> str:
        asked.append(text)
        return fold(text)

    names = ["Zoe", "ZOË", "zoe\tB", "", "Straße", "a\0É"]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_function("folded", 1, folded)
        connection.execute("CREATE TABLE a (name TEXT)")
        connection.executemany("INSERT INTO a VALUES (?)", [(name,) for name in [*names, None]])
        found = connection.execute(f"SELECT name FROM a WHERE {in_any_case('name', 'LIKE ?')}", ("%zoe%",))
        assert [name for (name,) in found] == ["Zoe", "zoe\tB"]
        assert asked == ["ZOË", "Straße", "a\0É"]
        found = connection.execute(f"SELECT name FROM a WHERE {in_any_case('name')}", ("strasse",))
        assert [name for (name,) in found] == ["Straße"]
