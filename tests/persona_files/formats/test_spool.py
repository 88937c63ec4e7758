import io
import os
import resource
import tempfile
from pathlib import Path

import pytest

from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.persona_files.formats import open_table, spool, spooled
from formats.opened import rows


def test_a_stream_can_be_read_twice_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with spooled(io.BytesIO(b"name\nAmara\n")) as path:
        table = open_table(path, named="-")
        assert rows(table) == rows(table) == [(2, {"name": "Amara"})]
        assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_is_refused_at_once() -> None:
    ours, theirs = os.openpty()
    with open(theirs, "rb", buffering=0) as terminal, pytest.raises(InvalidInput, match="is the terminal") as caught:  # noqa: PTH123
        spooled(terminal).__enter__()
    os.close(ours)
    assert caught.value.hint == "Name a file, or give one: avatar batch - < people.csv"


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(spool, "BYTES_MOST", 2**20)
    with pytest.raises(InvalidInput, match="Standard input has more than"):
        spooled(io.BytesIO(bytes(2**20 + 1))).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_stream_that_cannot_be_copied_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(StorageError, match="cannot be copied into a temporary file: No such file or directory"):
        spooled(io.BytesIO(b"name")).__enter__()


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**10, before[1]))
    try:
        with pytest.raises(StorageError, match="File too large"):
            spooled(io.BytesIO(bytes(2**12))).__enter__()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
