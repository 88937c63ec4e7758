import re
import time
from itertools import islice

import pytest
from tsidpy import TSID

from avatar_creator.errors import StorageError
from avatar_creator.storage import ids

PREFIXES = (ids.PROJECT, ids.AVATAR, ids.GENERATION, ids.USAGE_EVENT, ids.RUNNER)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_an_id_is_its_kind_and_thirteen_characters_that_any_shell_and_file_system_takes(prefix: str) -> None:
    assert re.fullmatch(f"{prefix}[0-9a-hjkmnp-tv-z]{{13}}", ids.new_id(prefix))


def test_kinds_differ_by_their_prefix() -> None:
    assert not any(one.startswith(other) for one in PREFIXES for other in PREFIXES if one != other)


def test_ids_are_different_and_sort_by_the_time_they_were_made() -> None:
    made = [ids.new_id(ids.AVATAR) for _ in range(10_000)]
    assert len(set(made)) == len(made)
    assert sorted(made) == made


def test_many_ids_follow_each_other_and_are_as_the_others() -> None:
    before = ids.new_id(ids.AVATAR)
    many = list(islice(ids.new_ids(ids.AVATAR), 2_200_000))
    numbers = [TSID.from_string(id_.removeprefix("av_").upper()).number for id_ in (before, many[0], many[-1])]
    assert numbers[0] < numbers[1] == numbers[2] - len(many) + 1
    assert sorted(set(many[:2000] + many[-2000:])) == many[:2000] + many[-2000:]
    assert all(ids.is_id(id_, ids.AVATAR) for id_ in many[::1000])


@pytest.mark.parametrize("value", ["", "av_", None, 3, "gen_0sbypts2z49q6", "av_0sbypts2z49q", "av_0sbypts2z49q6/../x"])
def test_what_is_no_id_of_a_kind(value: object) -> None:
    assert not ids.is_id(value, ids.AVATAR)


@pytest.mark.parametrize("at_s", [0, 946_684_800, 1_577_836_799.9, 6_000_000_000])
def test_a_time_that_fits_into_no_id_makes_none(monkeypatch: pytest.MonkeyPatch, at_s: float) -> None:
    """They would be the newest for ever, as after a start without a battery in 1970."""
    monkeypatch.setattr(time, "time", lambda: at_s)
    with pytest.raises(StorageError, match="outside of the years 2020 to 2158"):
        ids.new_id(ids.AVATAR)
