"""Backups of a whole home: complete, checked, and a home again, whatever happens meanwhile."""

import hashlib
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.archives import reading
from avatar_creator.archives.packing import Packing
from avatar_creator.domain.persona import Persona
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.library import Library, open_library
from made_anew import made, rejected
from sql import run_sql
from stored_files import stored_files

TABLES = (
    *("avatars", "avatar_versions", "rejects", "generations", "usage_events", "generation_events"),
    *("charge_tally", "projects", "avatar_tally"),
)


@pytest.fixture
def filled(library: Library) -> Library:
    first = made(library, persona=Persona("Ann"))
    made(library, persona=Persona("Ann B"), seed=9, version=2, avatar_id=first.id)
    made(library, persona=Persona("Ben"))
    rejected(library, persona=Persona("Cy"))
    library.record_usage(first.id, app="web", action="show")
    library.app.home.config.write_text('project = "default"\nhf_token = "hf_abcdefgh12345678"\n', "utf-8")
    library.app.home.logs.mkdir()
    (library.app.home.logs / "worker.log").write_text("what happened")
    library.app.home.responses.mkdir()
    (library.app.home.responses / "gen_1").write_bytes(b"paid")
    return library


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "other") as opened:
        yield opened


def everything(library: Library) -> dict[str, object]:
    home = library.app.home
    rows = {table: sorted(map(repr, run_sql(home, f"SELECT * FROM {table}"))) for table in TABLES}
    return rows | {path: (home.pictures / path).read_bytes() for path in stored_files(library.app.pictures)}


def changed(file: Path, name: str, data: bytes | None) -> Path:
    """Return a backup in which a file is another one, or is not there."""
    new = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(new, "w") as packed:
        for each in old.namelist():
            if each != name:
                packed.writestr(each, old.read(each))
            elif data is not None:
                packed.writestr(each, data)
    return new


def without(file: Path, name: str) -> Path:
    """Return a backup that does not have a file, nor its sum."""
    with zipfile.ZipFile(file) as packed:
        sums = [each for each in packed.read("SHA256SUMS").splitlines() if not each.endswith(name.encode())]
    return changed(changed(file, name, None).rename(file), "SHA256SUMS", b"\n".join(sums) + b"\n")


def test_a_home_comes_back_whole(filled: Library, other: Library, tmp_path: Path) -> None:
    made_of = filled.whole_backups.write(tmp_path / "x.zip")
    assert (made_of.avatars, made_of.missing) == (2, ())
    assert filled.whole_backups.verify(tmp_path / "x.zip")[1:] == made_of[1:]
    assert other.whole_backups.restore(tmp_path / "x.zip").avatars == 2
    assert everything(other) == everything(filled)
    home = other.app.home
    assert home.config.read_text("utf-8") == 'project = "default"\n'
    assert (home.logs / "worker.log").read_text() == "what happened"
    assert (home.responses / "gen_1").read_bytes() == b"paid"
    assert list(home.backups.iterdir()) == list(filled.app.home.backups.iterdir()) == []
    if os.name == "posix":
        assert {path.stat().st_mode & 0o77 for path in (tmp_path / "x.zip", *home.root.rglob("*"))} == {0}


def test_rejects_come_back_with_their_reason(filled: Library, other: Library, tmp_path: Path) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    (there,) = filled.checks.rejects()
    other.whole_backups.restore(tmp_path / "x.zip")
    (back,) = other.checks.rejects()
    assert back.faults == there.faults
    assert back.image_path.read_bytes() == there.image_path.read_bytes()
    assert back.thumbnail_path.read_bytes() == there.thumbnail_path.read_bytes()
    assert other.checks.take(back.id).name == "Cy"


@pytest.mark.parametrize("kind", ["image_path", "thumbnail_path"])
def test_the_picture_of_a_reject_is_checked(filled: Library, tmp_path: Path, kind: str) -> None:
    (reject,) = filled.checks.rejects()
    lost = getattr(reject, kind)
    name = f"pictures/{lost.relative_to(filled.app.pictures.root).as_posix()}"
    whole = lost.read_bytes()
    lost.write_bytes(whole[:-1])
    assert filled.whole_backups.write(tmp_path / "x.zip").damaged == (name,)
    assert filled.whole_backups.verify(tmp_path / "x.zip").damaged == (name,)
    lost.unlink()
    assert filled.whole_backups.write(tmp_path / "y.zip").missing == (name,)
    assert filled.whole_backups.verify(tmp_path / "y.zip").missing == (name,)
    lost.write_bytes(whole)
    filled.whole_backups.write(tmp_path / "z.zip")
    with pytest.raises(InvalidInput, match="lacks 1 file of pictures"):
        filled.whole_backups.verify(without(tmp_path / "z.zip", name))


def test_no_token_and_no_path_of_the_machine_is_in_it(filled: Library, tmp_path: Path) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    data = (tmp_path / "x.zip").read_bytes()
    assert b"hf_abcdefgh" not in data
    assert str(tmp_path).encode() not in data


def test_one_that_was_unpacked_is_one_too(filled: Library, other: Library, tmp_path: Path) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    shutil.unpack_archive(tmp_path / "x.zip", tmp_path / "around" / "x")
    assert other.whole_backups.verify(tmp_path / "around" / "x").avatars == 2
    shutil.make_archive(str(tmp_path / "again"), "tar", tmp_path / "around")
    assert other.whole_backups.restore(tmp_path / "again.tar").avatars == 2
    assert everything(other) == everything(filled)


def test_it_is_consistent_while_others_write(filled: Library, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with open_library(filled.app.home.root) as library:
            while not stop.is_set():
                avatar = made(library, persona=Persona("New"), runner="run_0000000000001")
                library.delete([avatar.id])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            written = filled.whole_backups.write(tmp_path / f"{number}.zip")
            assert filled.whole_backups.verify(tmp_path / f"{number}.zip").missing == written.missing
    finally:
        stop.set()
        thread.join()


def test_what_is_missing_is_named(filled: Library, tmp_path: Path) -> None:
    lost = next(filled.find())
    lost.image_path.unlink()
    (name,) = filled.whole_backups.write(tmp_path / "x.zip").missing
    assert name == f"pictures/{lost.image_path.parent.name}/{lost.image_path.name}"
    assert filled.whole_backups.verify(tmp_path / "x.zip").missing == (name,)


@pytest.mark.parametrize("name", ["library.db", "picture", "config.toml"])
def test_damage_is_found(filled: Library, other: Library, tmp_path: Path, name: str) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        name = next(each for each in packed.namelist() if each.startswith(name))
        data = packed.read(name)
    for wrong in (data[:-1], b"", None):
        file = changed(tmp_path / "x.zip", name, wrong)
        with pytest.raises(InvalidInput, match=name):
            other.whole_backups.verify(file)
        with pytest.raises(InvalidInput, match=name):
            other.whole_backups.restore(file)
        assert not other.app.home.database.exists()


def test_a_picture_that_nothing_explains_is_lacking(filled: Library, other: Library, tmp_path: Path) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        sums = packed.read("SHA256SUMS").splitlines(keepends=True)
    file = changed(tmp_path / "x.zip", "SHA256SUMS", b"".join(line for line in sums if b".thumb.jpg" not in line))
    with pytest.raises(InvalidInput, match="lacks 4 files of pictures"):
        other.whole_backups.verify(file)


@pytest.mark.parametrize(
    "lines", [b"x", b"", b"0" * 64 + b"  ../x\n", b"0" * 64 + b"  pictures/../../x\n", b"0" * 64 + b"  /etc/x\n"]
)
def test_names_of_strangers_lead_nowhere(filled: Library, other: Library, tmp_path: Path, lines: bytes) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        sums = packed.read("SHA256SUMS") if lines.endswith(b"\n") else b""
    file = changed(tmp_path / "x.zip", "SHA256SUMS", sums + lines)
    with pytest.raises(InvalidInput):
        other.whole_backups.verify(file)
    if not lines.endswith(b"\n"):
        with pytest.raises(InvalidInput):
            other.whole_backups.restore(file)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "head", [b"{", b"[]", b"{}", b"[" * 10_000, json.dumps({"format": "avatar-backup", "version": 9}).encode()]
)
def test_what_is_no_backup_is_refused(filled: Library, other: Library, tmp_path: Path, head: bytes) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    with pytest.raises(InvalidInput):
        other.whole_backups.restore(changed(tmp_path / "x.zip", "backup.json", head))


def test_of_a_database_that_is_a_bomb_little_is_written(
    filled: Library, other: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_FREELY", 2**20)
    filled.whole_backups.write(tmp_path / "x.zip")
    bomb = bytes(2**26)
    with zipfile.ZipFile(tmp_path / "x.zip") as old:
        head = old.read("backup.json")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("backup.json", head)
        packed.writestr("library.db", bomb)
        packed.writestr("SHA256SUMS", f"{hashlib.sha256(bomb).hexdigest()}  library.db\n")
    with pytest.raises(InvalidInput, match=r"is damaged: 'library\.db'"):
        filled.whole_backups.verify(tmp_path / "bomb.zip")
    with pytest.raises(InvalidInput, match="becomes more than 100 times"):
        other.whole_backups.restore(tmp_path / "bomb.zip")
    assert not other.app.home.database.exists()
    assert list(other.app.home.backups.iterdir()) == []


def test_a_full_disk_while_a_backup_is_checked_says_so(
    filled: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    opened = Path.open

    def full(path: Path, *given: Any, **named: Any) -> Any:
        if path.name == "library.db" and given == ("xb",):
            raise OSError(28, "No space left on device")
        return opened(path, *given, **named)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(StorageError, match=r"library\.db' cannot be written: No space left"):
        filled.whole_backups.verify(tmp_path / "x.zip")


def test_a_home_with_avatars_is_not_replaced(filled: Library, tmp_path: Path) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")
    with pytest.raises(InvalidInput, match="is not empty"):
        filled.whole_backups.restore(tmp_path / "x.zip")


def test_an_empty_home_may_have_been_used(filled: Library, other: Library, tmp_path: Path) -> None:
    assert list(other.find()) == []
    other.close()
    filled.whole_backups.write(tmp_path / "x.zip")
    assert other.whole_backups.restore(tmp_path / "x.zip").avatars == 2


def test_a_restore_that_was_interrupted_goes_on(filled: Library, other: Library, tmp_path: Path) -> None:
    filled.whole_backups.write(tmp_path / "x.zip")

    def interrupted() -> None:
        if len(stored_files(other.app.pictures)) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        other.whole_backups.restore(tmp_path / "x.zip", done=interrupted)
    assert not other.app.home.database.exists()
    other.whole_backups.restore(tmp_path / "x.zip")
    assert everything(other) == everything(filled)


def test_a_backup_that_is_interrupted_leaves_nothing(
    filled: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(tmp_path.iterdir())

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    for error, fails in ((KeyboardInterrupt, None), (StorageError, full)):
        if fails:
            monkeypatch.setattr(Packing, "end", fails)

        def stop(of: type[BaseException] = error) -> None:
            if of is KeyboardInterrupt:
                raise KeyboardInterrupt

        with pytest.raises(error):
            filled.whole_backups.write(tmp_path / "x.zip", done=stop)
        assert sorted(tmp_path.iterdir()) == before
        assert list(filled.app.home.backups.iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_by_force(filled: Library, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("mine")
    with pytest.raises(InvalidInput, match="is there already"):
        filled.whole_backups.write(tmp_path / "x.zip")
    filled.whole_backups.write(tmp_path / "x.zip", force=True)
    assert filled.whole_backups.verify(tmp_path / "x.zip").avatars == 2
