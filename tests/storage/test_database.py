import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from avatar_rows import (
    add_avatar,
    begin,
    ensure_project,
    insert,
    make_tables,
    new_avatar,
    new_generation,
    opened,
    project_row,
    rows,
)

from avatar_creator.errors import HomeGone, StorageError
from avatar_creator.home import Home
from avatar_creator.library import open_library
from avatar_creator.storage import database, migrations
from avatar_creator.storage.catalog import Catalog
from avatar_creator.storage.database import (
    Connection,
    change,
    connect,
    has_wal_reset_bug,
    now,
    storage_error,
    transaction,
    translated,
)
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Leases
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.workers import Workers

NEWEST = len(migrations.MIGRATIONS)


@pytest.fixture(autouse=True)
def made(home: Home) -> None:
    home.create()


@pytest.fixture
def connection(home: Home) -> Iterator[Connection]:
    with closing(connect(home.database, home.backups)) as opened_:
        yield opened_


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)


def pragma(connection: Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def one_step_more(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Make this program know one migration more than the files that exist."""
    for module in (database, migrations):
        monkeypatch.setattr(module, "MIGRATIONS", (*migrations.MIGRATIONS, step))


# -- a new file


def test_a_connection_is_durable_and_keeps_foreign_keys(connection: Connection) -> None:
    assert pragma(connection, "journal_mode") == "wal"
    assert pragma(connection, "foreign_keys") == 1
    assert pragma(connection, "synchronous") == 2  # FULL
    assert pragma(connection, "busy_timeout") == 30_000
    assert pragma(connection, "user_version") == len(migrations.MIGRATIONS)


def test_the_catalog_keeps_the_same_rules(home: Home) -> None:
    with closing(Catalog(home.database, home.backups)) as catalog, catalog._session() as session:
        raw = session.connection().connection.driver_connection
        assert isinstance(raw, Connection)
        assert raw.in_transaction
        assert [pragma(raw, name) for name in ("foreign_keys", "synchronous", "busy_timeout")] == [1, 2, 30_000]


def test_only_its_owner_can_read_it(home: Home, connection: Connection) -> None:
    insert(connection, "projects", project_row("prj_1", "x"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.root.iterdir()}
    assert modes == {"library.db": 0o600, "library.db-wal": 0o600, "library.db-shm": 0o600}


def test_creation_leaves_nothing_beside_the_file(home: Home, connection: Connection) -> None:
    connection.close()
    assert list(files(home.root)) == ["library.db"]


def test_its_name_is_synced_before_it_has_a_log(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log without its database is refused, and no command would work again."""
    there: list[list[str]] = []

    def synced(folder: Path) -> None:
        there.append(list(files(folder)))
        raise OSError(22, "Invalid argument")  # some file systems cannot; that is no failure

    monkeypatch.setattr(database, "sync_folder", synced)
    for _ in range(2):
        connect(home.database, home.backups).close()
    (names,) = there
    assert "library.db" in names
    assert "library.db-wal" not in names


def test_without_hard_links_the_file_is_renamed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", no_links)
    connect(home.database, home.backups).close()
    assert list(files(home.root)) == ["library.db"]
    connect(home.database, home.backups).close()


def test_a_folder_that_cannot_be_written_to_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be made: Not a directory") as failed:
        connect(tmp_path / "file" / "library.db", tmp_path / "backups")
    assert "AVATAR_HOME" in (failed.value.hint or "")


def test_a_folder_in_place_of_the_file_is_reported(home: Home) -> None:
    home.database.mkdir()
    with pytest.raises(StorageError, match="cannot be opened for writing"):
        connect(home.database, home.backups)


def test_a_network_file_system_is_refused_before_anything_is_made(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "find_network_type", {home.database: "nfs4"}.get)
    with pytest.raises(StorageError, match=r"is on a network file system \(nfs4\): ") as refused:
        connect(home.database, home.backups)
    assert str(home.root) in refused.value.message
    assert "AVATAR_HOME" in (refused.value.hint or "")
    assert list(home.root.iterdir()) == []


# -- a file that is there


@pytest.mark.parametrize("size", [2, 100, 5000])
def test_a_file_that_is_no_database_is_reported_and_untouched(home: Home, size: int) -> None:
    home.database.write_bytes(b"no" * (size // 2))
    before = files(home.root)
    with pytest.raises(StorageError, match="is not a database or is damaged") as failed:
        connect(home.database, home.backups)
    assert failed.value.exit_code == 6
    with closing(Catalog(home.database, home.backups)) as catalog, pytest.raises(StorageError, match="damaged"):
        catalog.add_project("x")
    assert files(home.root) == before


@pytest.mark.parametrize("left", [0.9, 0.5, 0.1])
def test_a_database_cut_short_is_reported_and_untouched(home: Home, connection: Connection, left: float) -> None:
    connection.close()
    whole = home.database.read_bytes()
    home.database.write_bytes(whole[: int(len(whole) * left)])
    before = files(home.root)
    with pytest.raises(StorageError, match="is damaged"):
        connect(home.database, home.backups)
    assert files(home.root) == before


def test_a_newer_database_is_refused_and_untouched(home: Home, connection: Connection) -> None:
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = files(home.root)
    with pytest.raises(StorageError, match="made by a newer version of avatar") as failed:
        connect(home.database, home.backups)
    assert (failed.value.exit_code, "Upgrade" in (failed.value.hint or "")) == (6, True)
    assert f"its schema is 99, this program knows {NEWEST}" in failed.value.message
    assert files(home.root) == before
    assert not home.backups.exists()


def test_an_older_database_is_backed_up_and_migrated(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_library(home.root) as library:
        avatar_id = add_avatar(library, library.app.catalog.add_project("Band"))
    one_step_more(monkeypatch, "ALTER TABLE projects ADD COLUMN colour TEXT;\nUPDATE projects SET colour = 'red';")
    for _ in range(2):  # the second time nothing is left to do
        connect(home.database, home.backups).close()
        (backup,) = home.backups.iterdir()
    assert rows(home.database, "SELECT name, colour FROM projects") == [("Band", "red")]
    assert rows(home.database, "PRAGMA user_version") == [(NEWEST + 1,)]
    assert rows(backup, "PRAGMA user_version") == [(NEWEST,)]
    assert rows(backup, "SELECT id FROM avatars") == [(avatar_id,)]
    assert rows(backup, "PRAGMA integrity_check") == [("ok",)]
    assert backup.name.startswith(f"library-schema{NEWEST}-2")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.backups.stat().st_mode) == 0o700


@pytest.mark.parametrize("schema", range(1, NEWEST))
def test_a_library_of_every_older_schema_is_brought_up_to_date_with_all_that_is_in_it(home: Home, schema: int) -> None:
    avatar, at = new_avatar("prj_1", generation_id="gen_1"), "2026-01-02T03:04:05.000006Z"
    generation = {
        "id": "gen_1",
        "project_id": "prj_1",
        "avatar_id": avatar.id,
        "engine": "offline",
        "model": "avataaars",
        "status": "completed",
        "stage": "done",
        "progress": 100,
        "attempt": 1,
        "seed": 42,
        **dict.fromkeys(("created_at", "started_at", "updated_at", "finished_at"), at),
        "request": json.dumps(new_generation("prj_1").request),
    }
    with opened(home.database) as old:
        make_tables(old, schema)
        columns = {name for _, name, *_ in old.execute("PRAGMA table_info(avatars)")}
        insert(old, "projects", project_row("prj_1", "Band", at))
        insert(old, "avatars", {name: value for name, value in avatar.values(at).items() if name in columns})
        insert(old, "generations", generation)
    with open_library(home.root) as library:
        read = library.app.queries.get_generation("gen_1")
        stats = library.app.stats.stats()
    assert rows(home.database, f"SELECT {', '.join(generation)} FROM generations") == [(*generation.values(),)]
    assert (read.avatar_id, read.provider, read.waiting_for, read.pictures) == (avatar.id, None, None, 0)
    assert read.not_shown == ()
    assert read.avatar is not None
    assert (read.avatar.persona, read.avatar.attributes) == (avatar.persona, avatar.attributes)
    assert (read.avatar.alt_text, read.avatar.drawn, read.avatar.not_shown) == (None, None, ())
    assert (stats.avatars, stats.generations[0].count, stats.charged) == (1, 1, ())
    (backup,) = home.backups.iterdir()
    assert rows(backup, "PRAGMA user_version") == [(schema,)]
    assert rows(backup, f"SELECT {', '.join(generation)} FROM generations") == [(*generation.values(),)]


def test_however_many_come_first_one_backup_is_made(home: Home) -> None:
    with opened(home.database) as old:
        make_tables(old, schema=1)
    home.backups.mkdir()
    for name in (".library-schema1-2026.db.new", ".library-schema1-2026.db.new-journal"):  # of one that was killed
        (home.backups / name).write_text("half")
    script = "import sys; from avatar_creator.library import open_library; open_library(sys.argv[1]).app.leases"
    starts = [subprocess.Popen([sys.executable, "-c", script, str(home.root)]) for _ in range(6)]
    assert [start.wait(60) for start in starts] == [0] * 6
    (backup,) = home.backups.iterdir()
    assert rows(backup, "PRAGMA user_version") == [(1,)]
    assert rows(home.database, "PRAGMA user_version") == [(NEWEST,)]


def test_a_migration_that_fails_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(home.database, home.backups).close()
    before = rows(home.database, "SELECT sql FROM sqlite_master")
    one_step_more(monkeypatch, "ALTER TABLE projects ADD COLUMN colour TEXT;\nDROP TABLE nowhere;")
    with pytest.raises(StorageError, match="no such table: nowhere"):
        connect(home.database, home.backups)
    assert rows(home.database, "SELECT sql FROM sqlite_master") == before
    assert rows(home.database, "PRAGMA user_version") == [(NEWEST,)]


def test_without_a_backup_nothing_is_migrated(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(home.database, home.backups).close()
    home.backups.write_text("a file where the folder should be")
    one_step_more(monkeypatch, "ALTER TABLE projects ADD COLUMN colour TEXT;")
    with pytest.raises(StorageError):
        connect(home.database, home.backups)
    assert rows(home.database, "PRAGMA user_version") == [(NEWEST,)]


def test_an_empty_file_becomes_a_database_like_any_other(home: Home) -> None:
    home.database.touch()
    with closing(connect(home.database, home.backups)) as connection:
        assert pragma(connection, "user_version") == len(migrations.MIGRATIONS)
        assert pragma(connection, "journal_mode") == "wal"


def test_the_database_of_another_program_is_not_lost(home: Home) -> None:
    """Its user_version is 0 as well: it must be refused, or at least backed up as any file that holds something."""
    with opened(home.database) as other:
        other.execute("CREATE TABLE books (title TEXT)")
    before = files(home.root)
    try:
        connect(home.database, home.backups).close()
    except StorageError:
        assert files(home.root) == before
    else:
        (backup,) = home.backups.iterdir()
        assert rows(backup, "SELECT name FROM sqlite_master") == [("books",)]


def test_the_log_of_a_database_that_was_moved_away_does_not_enter_the_next_one(home: Home) -> None:
    """The hint for a damaged file says to move it away; SQLite would replay what stays in its log into a new file."""
    with closing(connect(home.database, home.backups)) as connection:
        Generations(connection, home.database).ensure_project("Band")
        log = home.root / "library.db-wal"
        left = log.read_bytes()
    home.database.rename(home.root / "moved.db")
    log.write_bytes(left)  # as a killed process leaves it
    try:
        connect(home.database, home.backups).close()
    except StorageError as refused:
        assert "library.db-wal" in f"{refused.message} {refused.hint}"  # noqa: PT017
    else:
        assert rows(home.database, "SELECT name FROM projects") == []


# -- transactions


def test_a_transaction_holds_the_write_lock_from_its_start(home: Home, connection: Connection) -> None:
    with opened(home.database) as other:
        other.execute("PRAGMA busy_timeout = 0")
        with transaction(connection), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_fails_changes_nothing(
    home: Home, connection: Connection, failure: type[BaseException]
) -> None:
    def work() -> None:
        with transaction(connection):
            insert(connection, "projects", project_row("prj_1", "x"))
            raise failure

    with pytest.raises(failure):
        work()
    assert not connection.in_transaction
    assert rows(home.database, "SELECT count(*) FROM projects") == [(0,)]


def test_a_commit_that_fails_leaves_no_transaction_behind(connection: Connection) -> None:
    """Else every later write of a long-lived library fails: a transaction within a transaction."""

    def work() -> None:
        with transaction(connection):
            connection.execute("PRAGMA defer_foreign_keys = ON")  # one of the ways a COMMIT itself can fail
            event = {"id": "use_1", "avatar_id": "av_nobody", "app": "app", "action": "shown", "created_at": ""}
            insert(connection, "usage_events", event)

    with pytest.raises(sqlite3.IntegrityError):
        work()
    assert not connection.in_transaction


# -- what can go wrong


@pytest.mark.usefixtures("impatient")
def test_a_locked_database_is_reported_by_both_doors_and_can_be_read(home: Home) -> None:
    with open_library(home.root) as library:
        project_id = library.app.catalog.add_project("Band")
    with (
        opened(home.database) as other,
        closing(connect(home.database, home.backups)) as connection,
        closing(Catalog(home.database, home.backups)) as catalog,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=r"locked by another process for 0\.05 s") as failed:
            Generations(connection, home.database).add(new_generation(project_id))
        assert (failed.value.exit_code, "Ctrl-Z" in (failed.value.hint or "")) == (6, True)
        with pytest.raises(StorageError, match="locked by another process"):
            catalog.add_project("Choir")
        assert Queries(connection, home.database, home.pictures).get_project("band").id == project_id
        other.execute("ROLLBACK")
        Generations(connection, home.database).add(new_generation(project_id))
        catalog.add_project("Choir")


def test_a_full_disk_is_reported_and_the_connection_goes_on(home: Home, connection: Connection) -> None:
    leases = Leases(connection, home.database)
    project_id = ensure_project(leases, "Band")
    pages = pragma(connection, "page_count")
    connection.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for _ in range(100):
            begin(leases, new_generation(project_id), "run_1")

    with pytest.raises(StorageError, match="The disk is full") as failed:
        fill()
    assert failed.value.hint == "Free some space, try again."
    connection.execute("PRAGMA max_page_count = 1000000")
    begin(leases, new_generation(project_id), "run_1")


def test_nothing_follows_a_change_that_undid_all_before_it(home: Home, connection: Connection) -> None:
    """A full disk may have SQLite undo the whole transaction: what came after it would stand alone."""
    leases = Leases(connection, home.database)
    generation = new_generation(ensure_project(leases, "Band"))

    def begin_both() -> None:
        with leases.together():
            begin(leases, generation, "run_1")
            connection.execute(f"PRAGMA max_page_count = {pragma(connection, 'page_count')}")
            large = {"generation_id": generation.id, "at": "", "event": bytes(99999)}
            with pytest.raises(sqlite3.OperationalError, match="full"), change(connection):
                insert(connection, "generation_events", large)
            connection.execute("PRAGMA max_page_count = 1000000")
            begin(leases, generation, "run_1")

    with pytest.raises(StorageError, match="The disk is full"):
        begin_both()
    assert rows(home.database, "SELECT * FROM generations") == []
    begin(leases, generation, "run_1")


def test_a_read_only_file_beside_the_database_is_named(
    home: Home, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = home.database.with_name("library.db-shm")  # as SQLite leaves it where the database was read-only
    monkeypatch.setattr(os, "access", lambda path, _mode: path != beside)  # root could write to it
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="cannot be opened for writing") as failed:
        Generations(connection, home.database).ensure_project("Band")
    assert failed.value.hint == f"{beside} is read-only. Run: chmod u+w {beside}"


def test_a_database_that_cannot_be_written_is_reported(home: Home, connection: Connection) -> None:
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="cannot be opened for writing"):
        Generations(connection, home.database).ensure_project("Band")


def test_any_other_failure_is_reported_in_its_own_words(home: Home, connection: Connection) -> None:
    with pytest.raises(StorageError, match="failed: no such table: nowhere") as failed, translated(home.database):
        connection.execute("SELECT * FROM nowhere")
    assert failed.value.hint == "Run: avatar doctor"
    assert isinstance(failed.value.__cause__, sqlite3.OperationalError)
    assert "failed: Cannot operate" in storage_error(sqlite3.ProgrammingError("Cannot operate"), home.database).message


def test_times_are_utc_and_sort_as_text() -> None:
    times = [now() for _ in range(1000)]
    assert sorted(times) == times
    assert {len(time) for time in times} == {len("2025-01-02T03:04:05.000006Z")}
    assert {time[-1] for time in times} == {"Z"}


# -- SQLite itself


@pytest.mark.parametrize(
    ("found", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 1), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_which_releases_of_sqlite_have_the_bug_of_the_log(found: tuple[int, int, int], bug: bool) -> None:
    assert has_wal_reset_bug(found) == bug


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_for_a_home_that_is_gone(home: Home, connection: Connection, replaced: bool) -> None:
    catalog = Catalog(home.database, home.backups)
    catalog.add_project("before")
    home.root.rename(home.root.with_name("moved"))
    if replaced:
        shutil.copytree(home.root.with_name("moved"), home.root)
    said = "replaced while this ran" if replaced else "deleted while this ran"
    with pytest.raises(HomeGone, match=said), transaction(connection):
        pytest.fail("it began")
    with pytest.raises(HomeGone, match=said):
        catalog.add_project("after")
    with pytest.raises(HomeGone, match=said):
        Workers(connection, home.database).changes()
    catalog.close()
    assert home.root.exists() is replaced


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_what_is_committed_to_a_file_that_is_gone_is_not_kept(home: Home, connection: Connection) -> None:
    def write() -> None:
        with transaction(connection):
            insert(connection, "projects", project_row("prj_1", "x"))
            home.root.rename(home.root.with_name("moved"))

    with pytest.raises(HomeGone):
        write()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
def test_a_home_that_is_reached_by_another_way_is_the_same(home: Home, connection: Connection) -> None:
    home.root.rename(home.root.with_name("moved"))
    home.root.symlink_to(home.root.with_name("moved"))
    connection.check_home()
