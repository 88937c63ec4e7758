"""The right to write what becomes of a generation."""

from typing import Any

import pytest

from avatar_creator.storage.lease import LEASE_COLUMNS, Lease, lease_of

GIVEN: dict[str, Any] = {
    "id": "gen_x",
    "avatar_id": "av_x",
    "project_id": "prj_x",
    "engine": "offline",
    "seed": 7,
    "runner": "run_x",
    "fence": 1,
    "attempt": 0,
}


def test_a_row_says_all_of_a_lease() -> None:
    """What SQLite has as 0 and 1 is true or false."""
    columns = LEASE_COLUMNS.split(", ")
    row = dict.fromkeys(columns, 0) | GIVEN | {"stop_asked": 1, "replaces": 0, "owner": None, "fallback": "[]"}
    assert list(row) == columns
    lease = lease_of(row)
    assert (lease.stop_asked, lease.replaces, lease.owner, lease.fallback) == (True, False, None, "[]")
    assert lease_of(row | {"stop_asked": 0, "replaces": 1})[-5:] == (False, 0, True, "[]", 0)
    assert {name: getattr(lease, name) for name in GIVEN} == GIVEN


def test_a_row_with_another_column_is_no_lease() -> None:
    with pytest.raises(TypeError, match="hue"):
        lease_of(dict.fromkeys(LEASE_COLUMNS.split(", "), 0) | {"hue": 1})


def test_no_two_claims_nor_two_versions_share_a_file() -> None:
    """Also where a number of the one is put beside a number of the other: version 11 is not version 1 claimed again."""
    names = {Lease(**GIVEN | {"fence": n, "version": v}).file_name for n in range(1, 25) for v in range(1, 25)}
    assert len(names) == 24 * 24
    assert {name.partition("-")[0] for name in names} == {"av_x"}
    assert Lease(**GIVEN).file_name == "av_x"
