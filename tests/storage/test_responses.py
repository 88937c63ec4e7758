import errno
import stat
import sys
from pathlib import Path

import pytest

from avatar_creator.errors import StorageError
from avatar_creator.storage import responses
from avatar_creator.storage.responses import ResponseStore, SavedResponse


@pytest.fixture
def store(tmp_path: Path) -> ResponseStore:
    return ResponseStore(tmp_path / "answers")


def names(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "answers").iterdir())


def test_a_response_is_found_as_it_was_saved(store: ResponseStore) -> None:
    assert (store.find("gen_1"), store.generation_ids()) == (None, set())
    store.save("gen_1", SavedResponse(1, b"one"))
    store.save("gen_2", SavedResponse(3, b"\0\xff"))
    assert (store.find("gen_1"), store.find("gen_2")) == (SavedResponse(1, b"one"), SavedResponse(3, b"\0\xff"))
    assert (store.find("gen_"), store.generation_ids()) == (None, {"gen_1", "gen_2"})


def test_a_generation_has_one_at_most(store: ResponseStore, tmp_path: Path) -> None:
    for pictures, data in ((1, b"where it lies"), (1, b"the bytes"), (2, b"another"), (2, b"")):
        store.save("gen_1", SavedResponse(pictures, data))
        assert store.find("gen_1") == SavedResponse(pictures, data)
    assert names(tmp_path) == ["gen_1-2.answer"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_it_is_for_its_owner_alone(store: ResponseStore, tmp_path: Path) -> None:
    store.save("gen_1", SavedResponse(1, b"one"))
    folder = tmp_path / "answers"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())] == [0o700, 0o600]


def test_of_two_that_a_crash_left_the_last_counts(store: ResponseStore, tmp_path: Path) -> None:
    store.save("gen_1", SavedResponse(9, b"nine"))
    (tmp_path / "answers" / "gen_1-10.answer").write_bytes(b"ten")
    assert store.find("gen_1") == SavedResponse(10, b"ten")
    store.save("gen_1", SavedResponse(10, b"ten, whole"))
    assert names(tmp_path) == ["gen_1-10.answer"]


def test_half_a_file_that_a_crash_left_is_no_response(store: ResponseStore, tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / ".avatar-0123456789abcdef.part").write_bytes(b"hal")
    assert (store.find("gen_1"), store.generation_ids()) == (None, set())


def test_what_is_forgotten_is_gone_and_nothing_else(store: ResponseStore) -> None:
    for id_ in ("gen_1", "gen_12"):
        store.save(id_, SavedResponse(1, b"one"))
    for _ in range(2):
        store.forget("gen_1")
    assert (store.find("gen_1"), store.generation_ids()) == (None, {"gen_12"})


@pytest.mark.parametrize("folder", [False, True])
def test_what_cannot_be_read_is_not_asked_and_paid_for_again(
    store: ResponseStore, tmp_path: Path, folder: bool
) -> None:
    """As after a run of root's: the answer is there, and its owner can make it readable."""
    answer = tmp_path / "answers" / "gen_1-1.answer"
    if folder:
        answer.mkdir(parents=True)  # what not even root can read
    else:
        answer.parent.symlink_to(answer.parent)
    with pytest.raises(StorageError, match="cannot be read: "):
        store.find("gen_1")


@pytest.mark.parametrize("step", ["write_new", "sync_folder"])
def test_a_disk_that_refuses_is_reported_and_what_was_saved_before_stays(
    store: ResponseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store.save("gen_1", SavedResponse(1, b"one"))
    monkeypatch.setattr(responses, step, full)
    with pytest.raises(StorageError, match="No space left") as failed:
        store.save("gen_1", SavedResponse(2, b"two"))
    assert "Free space" in (failed.value.hint or "")
    assert "gen_1-1.answer" in names(tmp_path)
    assert not [name for name in names(tmp_path) if name.endswith(".part")]


def test_a_first_response_is_found_before_the_disk_has_it(
    store: ResponseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill while the disk writes loses nothing: who tries again finds it."""
    found = list[SavedResponse | None]()

    def slow(path: Path, data: bytes) -> None:
        found.append(store.find("gen_1"))
        path.write_bytes(data)

    monkeypatch.setattr(responses, "write_new", slow)
    store.save("gen_1", SavedResponse(1, b"where it lies"))
    store.save("gen_1", SavedResponse(1, b"the bytes"))
    assert found == [SavedResponse(1, b"where it lies")] * 2, "what is on the disk is not risked for what follows"
    assert store.find("gen_1") == SavedResponse(1, b"the bytes")


def test_a_response_that_the_disk_refuses_is_not_found(store: ResponseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(responses, "write_new", full)
    with pytest.raises(StorageError):
        store.save("gen_1", SavedResponse(1, b"one"))
    assert (store.find("gen_1"), store.generation_ids()) == (None, set())
