import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import HOME_VARIABLE, Home, find_home, owner_hint, user_name


def test_the_home_is_where_the_variable_says(home: Home) -> None:
    assert find_home() == home


def test_a_given_root_goes_before_the_variable(home: Home, tmp_path: Path) -> None:
    assert home.root != tmp_path
    assert find_home(tmp_path) == find_home(str(tmp_path)) == Home(tmp_path)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("value", [None, ""])
def test_without_the_variable_it_is_the_systems_place_for_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if value is None:
        monkeypatch.delenv(HOME_VARIABLE)
    else:
        monkeypatch.setenv(HOME_VARIABLE, value)
    root = find_home().root
    assert root.is_absolute()
    assert root.name == "avatar-creator"


def test_a_relative_root_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_home("avatars").root == tmp_path / "avatars"


def test_a_tilde_is_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert find_home("~/avatars").root == tmp_path / "avatars"


def test_the_folder_of_a_user_who_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput):
        find_home("~nobody-of-that-name/avatars")


@pytest.mark.parametrize("root", ["a\0b", "a\ud800b"])
def test_a_root_that_no_folder_can_be_called_is_refused(root: str) -> None:
    with pytest.raises(InvalidInput, match="is no name that a folder can have") as refused:
        find_home(root)
    assert refused.value.message.isascii()


def test_the_home_is_made_for_its_owner_alone_and_only_when_asked(home: Home) -> None:
    assert not home.root.exists()
    for _ in range(2):
        home.create()
        assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    assert list(home.root.iterdir()) == []


def test_each_folder_that_is_made_is_synced_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("avatar_creator.home.sync_folder", synced.append)
    for _ in range(2):
        Home(tmp_path / "deep" / "home").create()
    assert synced == [tmp_path / "deep", tmp_path]


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
def test_a_home_is_made_in_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    Home(tmp_path / "home").create()
    assert (tmp_path / "home").is_dir()


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_home_that_cannot_be_made_is_told(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"cannot be made: (File exists|Not a directory)") as failed:
        Home(tmp_path / "file" / below).create()
    assert (failed.value.exit_code, HOME_VARIABLE in (failed.value.hint or "")) == (6, True)


def test_everything_stands_below_the_home_in_its_own_place(home: Home) -> None:
    names = [name for name, value in vars(Home).items() if isinstance(value, property)]
    places = [getattr(home, name) for name in names]
    assert {"database", "pictures", "config", "backups", "runners", "logs"} <= set(names)
    assert len(set(places)) == len(places)
    assert {place.name for place in places if place.parent != home.root} == {"worker.log", "worker.err"}
    assert {place.parent for place in places} == {home.root, home.logs}


@pytest.mark.skipif(sys.platform != "linux", reason="found by our own hands on Linux only")
@pytest.mark.parametrize("given", [None, "", "/data", "/data/", "relative", "/with space"])
def test_it_is_where_platformdirs_says(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    monkeypatch.delenv("AVATAR_HOME", raising=False)
    if given is None:
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_DATA_HOME", given)
    assert find_home().root == platformdirs.user_data_path("avatar-creator", appauthor=False)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ('"/srv/avatars"', "/srv/avatars"),
        ("'/srv/avatars'", "/srv/avatars"),
        (" /srv/avatars", "/srv/avatars"),
        ("/srv/avatars\n", "/srv/avatars"),
        ("$PLACE/avatars", "/srv/place/avatars"),
        ('"${PLACE}/avatars"', "/srv/place/avatars"),
        ("/data/$PLACE", "/data//srv/place"),
        ("$NOWHERE/avatars", "without quotes, blanks and variables."),
        (" ", "without quotes, blanks and variables."),
        ('""', "without quotes, blanks and variables."),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="the paths are POSIX's")
def test_a_variable_that_no_shell_has_read_is_refused(monkeypatch: pytest.MonkeyPatch, given: str, hint: str) -> None:
    monkeypatch.setenv("PLACE", "/srv/place")
    monkeypatch.delenv("NOWHERE", raising=False)
    monkeypatch.setenv(HOME_VARIABLE, given)
    with pytest.raises(InvalidInput, match=f"^{HOME_VARIABLE} is ") as refused:
        find_home()
    assert (refused.value.hint or "").endswith(hint)


@pytest.mark.parametrize("given", ["/srv/it's", '/srv/the "best"', "/srv/a$b c", "/srv/100 %"])
@pytest.mark.skipif(os.name != "posix", reason="the paths are POSIX's")
def test_a_folder_of_an_odd_name_is_taken(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.delenv("b", raising=False)
    monkeypatch.setenv(HOME_VARIABLE, given)
    assert find_home().root == Path(given)


@pytest.mark.parametrize("given", ["", "relative", "./x"])
@pytest.mark.skipif(sys.platform != "linux", reason="other systems know the folder by other means")
def test_a_user_without_a_folder_is_told_of_the_variable(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    for name in (HOME_VARIABLE, "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", given)
    with pytest.raises(InvalidInput, match=f"HOME is '{given}'") as refused:
        find_home()
    assert refused.value.hint == "Set AVATAR_HOME to a folder that you can write to."


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a working folder from being removed")
def test_a_relative_home_from_a_folder_that_is_gone_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(InvalidInput, match="your working folder, is gone"):
        find_home("avatars")
    assert find_home(tmp_path).root == tmp_path


def test_more_folders_than_can_be_made_are_refused(tmp_path: Path) -> None:
    deep = "a/" * 2000
    with pytest.raises(InvalidInput, match="folders in each other"):
        find_home(f"{tmp_path}/{deep}")
    find_home(f"{tmp_path}/{deep[:400]}").create()


# -- whose it is

NOBODY = 65534
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no root")


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Have this process be root, and a file another user's; return whose."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return path.stat().st_uid


@posix
@pytest.mark.parametrize("which", ["root", "database"])
def test_root_is_refused_in_the_home_of_another(home: Home, monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    home.root.mkdir()
    home.database.touch()
    if os.geteuid() == 0 or which == "root":
        owner = give_away(getattr(home, which), monkeypatch)
    else:
        owner = give_away(home.root, monkeypatch)
    with pytest.raises(StorageError, match=f"belongs to {user_name(owner)}, and you are root") as refused:
        home.create()
    assert refused.value.hint
    assert f"sudo -u {user_name(owner)} avatar" in refused.value.hint
    assert f"--user {owner}" in refused.value.hint


@posix
def test_root_makes_no_home_in_the_folders_of_who_called_sudo(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = give_away(home.root.parent, monkeypatch)
    monkeypatch.setenv("SUDO_UID", str(owner))
    with pytest.raises(StorageError, match="and you are root"):
        home.create()
    assert not home.root.exists()
    monkeypatch.delenv("SUDO_UID")  # a container, where all runs as root
    home.create()


@posix
def test_what_belongs_to_others_is_told_with_the_way_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worker lock").touch()
    me = os.geteuid()
    assert owner_hint(tmp_path / "worker lock") is None
    assert owner_hint(tmp_path / "not" / "there") is None
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    assert owner_hint(tmp_path / "worker lock") == (
        f"{tmp_path / 'worker lock'} belongs to {user_name(me)}. Set {HOME_VARIABLE} to a folder of yours."
    )
    if me == 0:
        os.chown(tmp_path, 1, 1)
        assert owner_hint(tmp_path / "worker lock") == (
            f"{tmp_path / 'worker lock'} belongs to root. "
            f"Run: sudo chown -R {user_name(1)} '{tmp_path / 'worker lock'}'"
        )


def test_a_name_that_is_too_long_is_told_to_root_and_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for user in (0, 1000):
        if os.name == "posix":
            monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        with pytest.raises(StorageError, match="cannot be made: ") as refused:
            Home(tmp_path / ("a" * 300)).create()
        assert HOME_VARIABLE in (refused.value.hint or "")


@posix
def test_a_user_without_a_name_is_a_number() -> None:
    assert user_name(3_999_999_999) == "3999999999"


@posix
def test_commands_of_a_home_that_others_may_write_are_not_trusted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.create()
    home.database.touch(0o600)
    assert home.why_foreign() is None
    home.database.chmod(0o620)
    assert home.why_foreign() == f"{home.database} can be written by other users"
    home.database.chmod(0o600)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert home.why_foreign() == f"{home.root} belongs to {user_name(owner)}"
