"""What of a home is not its user's, or can be read by others."""

import os

import pytest

from avatar_creator.domain.findings import Level
from avatar_creator.home import Home, user_name
from avatar_creator.library import Library
from avatar_creator.services.permissions import ownership, privacy

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


def test_a_home_that_is_ones_own_is_in_order(home: Home, library: Library) -> None:
    library.generate(prompt="nobody", engine="offline", width_px=64, height_px=64)
    assert list(ownership(home)) == []
    assert list(privacy(home, fix=False)) == []


def test_what_belongs_to_somebody_else_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.standby.mkdir(parents=True)
    (home.standby / "1.lock").touch()
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    (found,) = ownership(home)
    assert found.message == f"{home.standby} ({user_name(owner)}) belongs to somebody else."
    assert found.hint == f"Run: sudo chown -R {user_name(owner + 1)} {home.root}"


def test_a_database_that_is_read_only_is_named(home: Home, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.app.queries.find_projects()
    home.database.chmod(0o400)
    can_write = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != home.database and can_write(path, mode))  # root can
    (found,) = ownership(home)
    assert found.level == Level.PROBLEM
    assert found.message == f"{home.database} cannot be read and written by you."
    assert found.hint == f"Give yourself the permission: chmod -R u+rwX {home.root}"


def test_lock_files_that_others_can_hold_are_closed(home: Home) -> None:
    home.standby.mkdir(parents=True)
    home.root.chmod(0o700)
    for lock in (home.worker_lock, home.standby / "1-any.lock"):
        lock.touch()
        lock.chmod(0o644)
    assert [finding.level for finding in privacy(home, fix=False)] == [Level.NOTE] * 2
    assert [finding.level for finding in privacy(home, fix=True)] == [Level.FIXED] * 2
    assert list(privacy(home, fix=False)) == []
    assert home.worker_lock.stat().st_mode & 0o777 == 0o600
