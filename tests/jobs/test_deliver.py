"""Copies of pictures: written by whoever completes them, and by the next one where that one was killed."""

import os
from pathlib import Path
from typing import Any

import pytest
from scripted import Driver, claimed, inline

from avatar_creator.domain.records import Generation
from avatar_creator.jobs.deliver import Deliverer
from avatar_creator.library import Library
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.pictures import copies


@pytest.fixture
def here(tmp_path: Path) -> Path:
    made = tmp_path / "here"
    made.mkdir()
    return made


def wanted(path: Path, folder: Path | None = None, **given: Any) -> dict[str, Any]:
    return {"output_path": str(path), "output_folder": str(folder or path.parent), **given}


def completed(library: Library, **orders: Any) -> str:
    """A generation that a worker has completed, and of which no copy is written yet."""
    lease = claimed(library, **orders)
    Driver(library, lambda _n, _watch: None).make(lease)
    return lease.id


def generation(library: Library, id_: str) -> Generation:
    return library.app.queries.get_generation(id_)


def events(library: Library, id_: str) -> list[tuple[str, str | None]]:
    return [(each.event, each.said) for each in library.app.queries.find_events(id_)][-1:]


def test_the_copy_of_a_completed_generation_is_written_once(library: Library, here: Path) -> None:
    id_ = completed(library, **wanted(here / "a.jpg"))
    library.app.deliverer.deliver([id_])
    made = generation(library, id_)
    assert made.avatar is not None
    assert (here / "a.jpg").read_bytes() == made.avatar.image_path.read_bytes()
    assert (made.output_path, made.output_error) == (here / "a.jpg", None)
    assert events(library, id_) == [("copied", str(here / "a.jpg"))]
    (here / "a.jpg").unlink()  # by its user, who does not want it again
    library.app.deliverer.deliver([id_])
    assert list(here.iterdir()) == []


def test_the_suffix_says_the_format_and_missing_folders_are_made(library: Library, here: Path) -> None:
    id_ = completed(library, **wanted(here / "female" / "7" / "a.png", here))
    library.app.deliverer.deliver([id_])
    assert (here / "female" / "7" / "a.png").read_bytes().startswith(b"\x89PNG")


def test_what_has_no_copy_to_be_written(library: Library) -> None:
    id_ = completed(library)
    waits = claimed(library, **wanted(Path("/nowhere/a.jpg")))
    library.app.deliverer.deliver([id_, waits.id, "gen_0000000000000"])
    assert (generation(library, id_).output_path, generation(library, waits.id).output_error) == (None, None)


@pytest.mark.parametrize("replace", [True, False])
def test_a_file_that_came_meanwhile_is_replaced_only_if_it_may_be(
    library: Library, here: Path, *, replace: bool
) -> None:
    (here / "a.jpg").write_text("of somebody else")
    id_ = completed(library, **wanted(here / "a.jpg", output_replace=replace))
    library.app.deliverer.deliver([id_])
    error = generation(library, id_).output_error
    assert (error is None, (here / "a.jpg").read_bytes() == b"of somebody else") == (replace, not replace)
    if not replace:
        assert error == f"'{here / 'a.jpg'}' cannot be written: File exists."
        assert generation(library, id_).output_path is None


def test_a_folder_that_is_gone_is_not_made_again_and_said(library: Library, here: Path) -> None:
    id_ = completed(library, **wanted(here / "gone" / "female" / "a.jpg", here / "gone"))
    library.app.deliverer.deliver([id_])
    assert "does not exist" in (generation(library, id_).output_error or "")
    assert events(library, id_)[0][0] == "not_copied"
    assert list(here.iterdir()) == []


def test_a_failure_fails_no_other_copy(library: Library, here: Path) -> None:
    ids = [completed(library, **wanted(path)) for path in (here / "no" / "a.jpg", here / "b.jpg")]
    library.app.deliverer.deliver(ids)
    assert [generation(library, id_).output_error is None for id_ in ids] == [False, True]
    assert [path.name for path in here.iterdir()] == ["b.jpg"]


def test_an_avatar_that_was_deleted_has_no_copy(library: Library, here: Path) -> None:
    id_ = completed(library, **wanted(here / "a.jpg"))
    made = generation(library, id_).avatar
    assert made is not None
    library.delete([made.id])
    library.app.deliverer.deliver([id_])
    assert list(here.iterdir()) == []
    assert library.app.outputs.find_due() == []


def test_a_copy_that_a_killed_process_wrote_is_found_written(library: Library, here: Path) -> None:
    """It was killed between the file and its row."""
    id_ = completed(library, **wanted(here / "a.png"))
    made = generation(library, id_).avatar
    assert made is not None
    copies.write_copy(made.image_path.read_bytes(), here / "a.png")
    library.app.deliverer.deliver([id_])
    assert (generation(library, id_).output_error, generation(library, id_).output_path) == (None, here / "a.png")


# -- what killed processes left


def test_whoever_comes_next_writes_what_a_killed_worker_left(library: Library, here: Path) -> None:
    id_ = completed(library, **wanted(here / "a.jpg"))
    (shown,) = library.status([id_])
    assert (shown.output_path, (here / "a.jpg").is_file()) == (here / "a.jpg", True)
    assert not library.app.queries.is_any_held()


def test_what_a_living_process_has_just_completed_is_left_to_it(library: Library, here: Path) -> None:
    library.home.create()
    with ProcessLock(library.home.runners) as process:
        lease = inline(library, process.id, **wanted(here / "a.jpg"))
        Driver(library, lambda _n, _watch: None, runner=process.id).make(lease)
        assert library.app.deliverer.deliver_left() == 0
        assert library.app.queries.is_any_held()
    assert library.app.deliverer.deliver_left() == 1
    assert (here / "a.jpg").is_file()


def test_what_a_running_worker_has_just_completed_is_left_to_it(library: Library, here: Path) -> None:
    app = library.app
    completed(library, **wanted(here / "a.jpg"))
    deliverer = Deliverer(app.outputs, lambda: app.pictures, library.home.runners, lambda: True)
    assert deliverer.deliver_left() == 0
    assert deliverer.deliver_left(by_worker=True) == 1


def test_whoever_waits_waits_for_the_copy_too(library: Library, here: Path) -> None:
    id_ = completed(library, **wanted(here / "a.jpg"))
    assert library.app.queries.find_progress([id_])[id_][0] == "processing"
    (waited,) = library.wait([id_])
    assert waited.generation is not None
    assert (here / "a.jpg").is_file()


def test_what_has_a_copy_to_be_written_is_not_forgotten(library: Library, here: Path) -> None:
    id_ = completed(library, **wanted(here / "a.jpg"))
    later = {"completed_before": "2999", "failed_before": "2999"}
    assert library.app.generations.prune(**later) == 0
    library.app.deliverer.deliver([id_])
    assert library.app.generations.prune(**later) == 1


@pytest.mark.skipif(os.name != "posix", reason="no such device elsewhere")
def test_a_full_disk_is_said_and_the_picture_is_safe(library: Library) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs a disk that is always full")
    id_ = completed(library, **wanted(Path("/dev/full")))
    library.app.deliverer.deliver([id_])
    made = generation(library, id_)
    assert made.output_error == "'/dev/full' cannot be written: No space left on device."
    assert made.avatar is not None
    assert made.avatar.image_path.is_file()
