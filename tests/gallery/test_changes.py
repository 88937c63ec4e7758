from collections.abc import Iterator

import pytest

from avatar_creator.domain.filters import Sort
from avatar_creator.domain.records import Avatar
from avatar_creator.gallery.changes import MOST, Changes
from avatar_creator.storage.database import now
from sample_records import an_avatar


class People:
    """A library whose latest changes come first, and how often it was read."""

    def __init__(self) -> None:
        self.avatars: dict[str, Avatar] = {}
        self.read = 0

    def change(self, *ids: str, after_s: float = 0.0) -> None:
        for id_ in ids:
            self.avatars[id_] = an_avatar(id=id_, updated_at=now(after_s=after_s))

    def find(self, *, sort: Sort, limit: int | None) -> Iterator[Avatar]:
        assert (sort, limit) == (Sort.UPDATED, None)
        self.read += 1
        for avatar in sorted(self.avatars.values(), key=lambda each: each.updated_at, reverse=True):
            assert avatar.updated_at > now(after_s=-3600), "more is read than can have changed"
            yield avatar


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
def seen(people: People) -> Changes:
    return Changes(people.find, again_s=0)


def ids(seen: Changes, number: int) -> list[str] | None:
    avatars = seen.since(number).avatars
    return None if avatars is None else [avatar.id for avatar in avatars]


def test_changes_come_once_the_latest_last(people: People, seen: Changes) -> None:
    assert seen.since(0) == (0, ())
    people.change("b", "a")
    assert ids(seen, 0) == ["b", "a"]
    assert ids(seen, 2) == []
    people.change("b")
    assert (ids(seen, 2), ids(seen, 1), ids(seen, 0)) == (["b"], ["a", "b"], ["b", "a", "b"])


def test_one_that_was_changed_long_ago_is_not_read(people: People, seen: Changes) -> None:
    people.change("old", after_s=-600)
    people.change("older", after_s=-7200)
    assert seen.since(0) == (0, ())


def test_a_row_that_is_there_later_than_its_moment_is_not_missed(people: People, seen: Changes) -> None:
    people.change("a")
    assert ids(seen, 0) == ["a"]
    people.change("b", after_s=-10)
    assert ids(seen, 1) == ["b"]


def test_who_missed_too_many_begins_anew(people: People, seen: Changes) -> None:
    people.change(*(f"av_{n}" for n in range(MOST)))
    number, avatars = seen.since(0)
    assert (number, len(avatars or ())) == (MOST, MOST)
    people.change("one")
    assert ids(seen, 0) is None
    assert ids(seen, number) == ["one"]


def test_of_more_changes_than_are_remembered_at_once_none_is_passed_over(people: People, seen: Changes) -> None:
    people.change(*(f"av_{n}" for n in range(MOST + 5)))
    number, avatars = seen.since(0)
    assert avatars is None
    assert seen.since(number) == (number, ())


@pytest.mark.parametrize("number", [-1, 7])
def test_a_number_that_was_never_given_begins_anew(seen: Changes, number: int) -> None:
    assert ids(seen, number) is None


def test_however_many_ask_it_is_read_once(people: People) -> None:
    seen = Changes(people.find, again_s=3600)
    people.change("a")
    for _ in range(100):
        assert ids(seen, 0) == ["a"]
    assert people.read == 1
