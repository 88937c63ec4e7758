"""Ids that were there before."""

from avatar_creator.persona_files.repeats import Repeats


def test_the_row_in_which_an_id_was_first_is_known_however_many_there_are() -> None:
    repeats = Repeats()
    assert all(repeats.first(f"id {i}", i) is None for i in range(5000))
    assert [repeats.first(f"id {i}", 9999) for i in (0, 1024, 4999)] == [0, 1024, 4999]
    assert repeats.first("another", 7) is None
