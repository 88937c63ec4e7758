import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats import Table, open_table
from avatar_creator.persona_files.formats.source import Source
from formats.opened import opened, put, refused, rows

SMALL = "name,age\nAmara,29\n"
LARGE = SMALL + "David,38\n" * 200_000
CHANGED = "changed while it was read"
OPEN_FILES = Path("/proc/self/fd")


def touched(path: Path) -> None:
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def appended(path: Path) -> None:
    with path.open("a") as file:
        file.write("Gus,41\n")


def edited_in_place_at_the_same_moment(path: Path) -> None:
    before = path.stat()
    path.write_text(path.read_text().replace("29", "30", 1))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_text(path.read_text().replace("29", "30", 1))
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        (SMALL, appended),
        (SMALL, edited_in_place_at_the_same_moment),
        (SMALL, replaced),
        (SMALL, Path.unlink),
        (LARGE, appended),
        (LARGE, touched),
        (LARGE, replaced),
        (LARGE, Path.unlink),
    ],
)
def test_a_change_between_two_readings_is_noticed(text: str, change: object, tmp_path: Path) -> None:
    table = opened(tmp_path, text)
    assert len(rows(table)) == text.count("\n") - 1
    assert callable(change)
    change(tmp_path / "people.csv")
    with pytest.raises(InvalidInput, match=CHANGED if change is not Path.unlink else "people.csv") as caught:
        rows(table)
    assert caught.value.hint


def test_an_address_is_to_be_fetched_first(tmp_path: Path) -> None:
    address = "https://example.org/people.csv?a=1&b=2"
    with pytest.raises(InvalidInput, match="is an address, not a file") as caught:
        Source(tmp_path / address, address)
    assert caught.value.hint == f"Fetch it first: curl -L '{address}' | avatar batch -"


def test_a_file_of_nearly_the_name_is_offered(tmp_path: Path) -> None:
    put(tmp_path, SMALL, "personas.csv")
    for name, hint in [
        ("persona.csv", f"Did you mean '{tmp_path / 'personas.csv'}'?"),
        ("cast.yaml", "Check its name and permissions."),
        ("none/personas.csv", "Check its name and permissions."),
    ]:
        with pytest.raises(InvalidInput, match="cannot be read: No such file") as caught:
            Source(tmp_path / name)
        assert caught.value.hint == hint


@pytest.mark.parametrize("text", [SMALL, LARGE])
def test_a_change_within_a_reading_is_noticed(text: str, tmp_path: Path) -> None:
    table = opened(tmp_path, text)
    records = table.records()
    next(records)
    appended(tmp_path / "people.csv")
    with pytest.raises(InvalidInput, match=CHANGED):
        list(records)


def test_a_large_file_is_not_read_to_its_end_once_it_has_changed(tmp_path: Path) -> None:
    table = opened(tmp_path, LARGE)
    records = table.records()
    next(records)
    touched(tmp_path / "people.csv")
    read: list[object] = []
    with pytest.raises(InvalidInput, match=CHANGED):
        read.extend(records)
    assert len(read) < 100_000


def test_a_small_file_that_only_has_another_time_is_the_same(tmp_path: Path) -> None:
    table = opened(tmp_path, SMALL)
    touched(tmp_path / "people.csv")
    assert len(rows(table)) == 1


def test_a_file_may_be_read_twice_at_once(tmp_path: Path) -> None:
    table: Table = opened(tmp_path, LARGE)
    one: Iterator[object] = table.records()
    next(one)
    assert len(rows(table)) == 200_001
    assert len(list(one)) == 200_000


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="needs /proc")
def test_the_end_of_a_reading_closes_the_file(tmp_path: Path) -> None:
    before = len(list(OPEN_FILES.iterdir()))
    table = opened(tmp_path, LARGE)
    rows(table)
    records = table.records()
    next(records)
    del records
    assert len(list(OPEN_FILES.iterdir())) == before


def test_what_is_no_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # names of sockets are short
        server.bind("socket.csv")
        for path, kind in (
            (tmp_path, "a folder"),
            (pipe, "a pipe"),
            (tmp_path / "socket.csv", "a socket"),
            (Path("/dev/zero"), "a device"),
        ):
            with pytest.raises(InvalidInput, match=f"'{path}' is {kind}, not a table of personas") as caught:
                Source(path)
            assert ("| avatar batch -" in str(caught.value.hint)) == (path == pipe), "as in: avatar batch <(...)"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, SMALL)
    path.chmod(0)
    with pytest.raises(InvalidInput, match="cannot be read: Permission denied"):
        Source(path)


@pytest.mark.parametrize("name", ["nothing.csv", "no/such/folder.csv", "people.csv/within"])
def test_a_file_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    put(tmp_path, SMALL)
    with pytest.raises(InvalidInput, match="cannot be read: No"):
        open_table(tmp_path / name)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(InvalidInput, match="is no name that a file can have"):
        open_table(Path("a\0b"))


@pytest.mark.parametrize("text", ["", " \n\n\t\r\n", "\ufeff", "\ufeff\n"])
def test_an_empty_file_is_refused(text: str, tmp_path: Path) -> None:
    assert refused(tmp_path, text).endswith("is empty.")


def test_a_file_is_called_what_the_user_calls_it(tmp_path: Path) -> None:
    path = put(tmp_path, "")
    with pytest.raises(InvalidInput, match=r"^'~/my \\x1b\.csv' is empty"):
        open_table(path, named="~/my \x1b.csv")
    with pytest.raises(InvalidInput, match=r"^Standard input is empty"):
        open_table(path, named="-")
