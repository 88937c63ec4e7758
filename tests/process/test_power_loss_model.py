"""What a disk may hold after a power cut, of operations written by hand: the simulator's own rules."""

from random import Random

import pytest

from powerloss.operations import ROOT, SECTOR_BYTES, Changed, Entry, Named, Operation, Recording, Synced
from powerloss.replay import Model, Replay

OLD, NEW = b"o" * 2 * SECTOR_BYTES, b"n" * 2 * SECTOR_BYTES
WRITTEN = Changed(1, 0, NEW, len(NEW))
FILE_SYNCED, FOLDER_SYNCED, ALL_SYNCED = Synced(1), Synced(ROOT), Synced(None)
STRICT, ORDERED = Model
both = pytest.mark.parametrize("model", Model)


def named(name: str, node: int | None = 1, *, folder: int = ROOT) -> Named:
    return Named((Entry(folder, name, node),))


def renamed(old: str, new: str) -> Named:
    return Named((Entry(ROOT, new, 1), Entry(ROOT, old, None)))


def left(
    model: Model, *operations: Operation, before: dict[str, bytes] | None = None, folders: tuple[int, ...] = ()
) -> list[dict[str, bytes | None]]:
    """Return what may be left when the power is cut after the last operation: content by path."""
    files = dict(enumerate((before or {}).values(), start=1))
    entries = dict(zip(before or {}, files, strict=True))
    recording = Recording((), {ROOT: entries} | {folder: {} for folder in folders}, files, list(operations))
    replay = Replay(recording)
    states = [replay.state(replay.moments, model, Random(seed)) for seed in range(400)]
    return [{path: state.files.get(node) for path, node in state.walk()} for state in states]


@both
def test_what_is_not_synced_may_be_lost_and_may_be_there(model: Model) -> None:
    found = left(model, named("a"), WRITTEN)
    assert {} in found
    assert {"a": b""} in found
    assert {"a": NEW} in found


@both
def test_what_is_synced_with_its_name_is_there(model: Model) -> None:
    for synced in ((FILE_SYNCED, FOLDER_SYNCED), (ALL_SYNCED,)):
        assert left(model, named("a"), WRITTEN, *synced) == [{"a": NEW}] * 400


def test_a_synced_file_keeps_its_name_only_where_a_journal_orders_them() -> None:
    assert {} in left(STRICT, named("a"), WRITTEN, FILE_SYNCED)
    assert left(ORDERED, named("a"), WRITTEN, FILE_SYNCED) == [{"a": NEW}] * 400


@both
def test_what_is_written_after_a_sync_may_be_lost(model: Model) -> None:
    found = left(model, FILE_SYNCED, WRITTEN, before={"a": OLD})
    assert {state["a"] for state in found} >= {OLD, NEW}


@both
def test_a_sector_is_whole_and_a_write_is_not(model: Model) -> None:
    first, second = OLD[:SECTOR_BYTES], NEW[:SECTOR_BYTES]
    contents = {state["a"] for state in left(model, WRITTEN, before={"a": OLD})}
    assert contents == {OLD, NEW, first + second, second + first}


@both
def test_a_write_that_is_not_aligned_is_torn_where_sectors_begin(model: Model) -> None:
    contents = {state["a"] for state in left(model, Changed(1, 500, b"n" * 24, len(OLD)), before={"a": OLD})}
    assert contents == {
        OLD[:500] + written + OLD[524:]
        for written in (b"o" * 24, b"n" * 24, b"n" * 12 + b"o" * 12, b"o" * 12 + b"n" * 12)
    }


@both
def test_a_later_write_to_a_sector_brings_the_earlier_one_along(model: Model) -> None:
    contents = {
        state["a"] for state in left(model, Changed(1, 0, b"1", 3), Changed(1, 1, b"2", 3), before={"a": b"ooo"})
    }
    assert contents == {b"ooo", b"1oo", b"12o"}


@both
def test_the_size_may_be_there_without_the_data_and_the_data_without_the_size(model: Model) -> None:
    contents = {state["a"] for state in left(model, Changed(1, 3, b"n", 4), before={"a": b"old"})}
    assert contents == {b"old", b"old\0", b"oldn"}


@both
def test_a_file_that_was_cut_short_may_be_long(model: Model) -> None:
    contents = {state["a"] for state in left(model, Changed(1, 1, bytes(2), 1), before={"a": b"old"})}
    assert contents == {b"old", b"o\0\0", b"o"}


@both
def test_a_name_that_was_taken_away_may_be_back_until_its_folder_is_synced(model: Model) -> None:
    assert {"a": OLD} in left(model, named("a", None), before={"a": OLD})
    assert left(model, named("a", None), FOLDER_SYNCED, before={"a": OLD}) == [{}] * 400


@both
def test_a_rename_without_a_sync_of_the_folder_may_be_lost(model: Model) -> None:
    found = left(model, renamed("a", "b"), FILE_SYNCED if model is STRICT else WRITTEN, before={"a": OLD})
    assert any("b" not in state for state in found)
    assert any("a" not in state for state in found)
    synced = left(model, renamed("a", "b"), FOLDER_SYNCED, before={"a": OLD})
    assert synced == [{"b": OLD}] * 400


def test_a_rename_is_one_step_where_a_journal_orders_names() -> None:
    assert all(len(state) == 1 for state in left(ORDERED, renamed("a", "b"), before={"a": OLD}))
    assert any(len(state) != 1 for state in left(STRICT, renamed("a", "b"), before={"a": OLD}))


@both
def test_a_name_may_stand_for_a_file_whose_data_is_lost(model: Model) -> None:
    assert {"b": b""} in left(model, named("a"), WRITTEN, renamed("a", "b"), FOLDER_SYNCED)


def test_names_keep_their_order_only_in_a_journal() -> None:
    operations = (named("a"), named("b", 2))
    assert any(state.keys() == {"b"} for state in left(STRICT, *operations))
    assert not any(state.keys() == {"b"} for state in left(ORDERED, *operations))
    assert all("a" in state for state in left(ORDERED, *operations, Synced(2)))
    assert any("b" not in state for state in left(ORDERED, *operations, FILE_SYNCED))


@both
def test_a_folder_takes_all_with_it(model: Model) -> None:
    operations = (named("d", 2), named("a", 1, folder=2), WRITTEN, FILE_SYNCED, Synced(2))
    found = left(model, *operations, folders=(2,))
    assert ({} in found) == (model is STRICT)
    assert left(model, *operations, FOLDER_SYNCED, folders=(2,)) == [{"d": None, "d/a": NEW}] * 400


@both
def test_nothing_that_comes_after_the_cut_is_there(model: Model) -> None:
    replay = Replay(Recording((), {ROOT: {}}, {}, [named("a"), WRITTEN, ALL_SYNCED]))
    assert {tuple(replay.state(0, model, Random(seed)).walk()) for seed in range(50)} == {()}
