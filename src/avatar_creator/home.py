"""The home: the one folder that holds all state. It is found without any heavy library, for quick commands."""

import os
import stat
import sys
from contextlib import suppress
from errno import EINVAL, ENOTSUP
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from avatar_creator.errors import InvalidInput, StorageError

APP_NAME = "avatar-creator"
PREFIX = "AVATAR_"  # of the names of the variables that set something
HOME_VARIABLE = f"{PREFIX}HOME"
COMPLETE_VARIABLE = "_AVATAR_COMPLETE"  # by which a shell asks for completions
UNREAD_VARIABLE = "_AVATAR_UNREAD"  # set for a process whose output nobody reads
OWNER_FILE, OWNER_FOLDER = 0o600, 0o700  # personas are personal: nobody else on the machine reads them
_ANY_FOLDER = 0o777  # less the umask
OTHERS, _OTHERS_WRITE = 0o077, 0o022  # the permission bits of everybody but the owner
_FOLDERS_MOST = 250  # they are made by recursion, which Python ends at 1000 calls


class Home(NamedTuple):
    """The paths of all state, below one root; ``settings`` is the home whose settings are read, if it is another."""

    root: Path
    settings: Path | None = None

    @property
    def database(self) -> Path:
        return self.root / "library.db"

    @property
    def pictures(self) -> Path:
        return self.root / "pictures"

    @property
    def config(self) -> Path:
        return (self.settings or self.root) / "config.toml"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def runners(self) -> Path:
        """One lock file for each process that makes pictures now."""
        return self.root / "runners"

    @property
    def worker_lock(self) -> Path:
        """Held by the one worker for its whole life."""
        return self.root / "worker.lock"

    @property
    def worker_log(self) -> Path:
        return self.logs / "worker.log"

    @property
    def worker_errors(self) -> Path:
        """The output of workers that could not start."""
        return self.logs / "worker.err"

    @property
    def standby(self) -> Path:
        """Lock files of workers that stand by: each becomes the worker when the one before leaves."""
        return self.root / "line"

    @property
    def responses(self) -> Path:
        """Responses of services, each until its picture is saved."""
        return self.root / "answers"

    @property
    def set_aside(self) -> Path:
        """Where the doctor moves picture files that belong to no avatar."""
        return self.root / "set-aside"

    @property
    def accepted_licenses(self) -> Path:
        """The licences of models that the user accepted before these were downloaded."""
        return self.root / "accepted-licenses.json"

    @property
    def cache(self) -> Path:
        """What engines can fetch again; made by whoever writes there."""
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def create(self) -> None:
        """Make the root, readable by its owner only. Raises StorageError when that cannot be done.

        Refuses root where the home, or its database, is another user's: what root makes there, that user cannot open.
        """
        try:
            _refuse_root(self)
            make_folder(self.root, OWNER_FOLDER)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError(
                f"The home {self.root} cannot be made: {reason}.",
                hint=f"Set {HOME_VARIABLE} to a folder that you can write to.",
            ) from error

    def why_foreign(self) -> str | None:
        """Return why others may have written to the home, so that none of its hooks is started; None if they cannot."""
        if os.name != "posix":
            return None
        for place in (self.root, self.database):
            try:
                status = place.stat()
            except OSError as error:
                return f"{place} cannot be looked at: {error.strerror}"
            if is_others(status):
                return f"{place} belongs to {user_name(status.st_uid)}"
            if status.st_mode & _OTHERS_WRITE:
                return f"{place} can be written by other users"
        return None


def _refuse_root(home: Home) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        return
    places = (home.root, home.database)
    owner = next(filter(None, map(_owner, places)), None)
    if owner is None and not home.root.exists():  # under sudo a new home below the user's own folders is theirs, too
        above = next(folder for folder in home.root.parents if folder.exists())
        caller = os.environ.get("SUDO_UID", "")
        if caller.isdecimal() and int(caller) == _owner(above):
            owner = int(caller)
    if owner:
        user = user_name(owner)
        raise StorageError(
            f"The home {home.root} belongs to {user}, and you are root: {user} could not open what root makes there.",
            hint=f"Run: sudo -u {user} avatar ... (in a container: --user {owner}), or set {HOME_VARIABLE}.",
        )


def _owner(path: Path) -> int | None:
    with suppress(OSError):
        return path.stat().st_uid
    return None


def is_others(status: os.stat_result) -> bool:
    """Return whether a file belongs to another user than the one this process works for."""
    return os.name == "posix" and status.st_uid != os.geteuid()


def owner_hint(path: Path) -> str | None:
    """Return how to get back a file that is another user's, or in a folder of theirs; None if it is not."""
    for place in (path, *path.parents):
        with suppress(OSError):  # a file in a folder that cannot be entered
            status = place.lstat()
            if not is_others(status):
                return None
            owner = user_name(status.st_uid)
            if is_others(place.parent.stat()):  # it may be one of the system's
                return f"{place} belongs to {owner}. Set {HOME_VARIABLE} to a folder of yours."
            return f"{place} belongs to {owner}. Run: {take_back(place)}"
    return None


def take_back(place: Path) -> str:
    """Return the command that gives a file or folder to the user this process works for."""
    return f"sudo chown -R {user_name(os.geteuid())} {quoted(place)}"


def quoted(place: Path) -> str:
    """Return a path as a shell takes it."""
    import shlex  # noqa: PLC0415 - only errors name commands

    return shlex.quote(str(place))


def user_name(uid: int) -> str:
    """Return the name of a user; the number of one who has none."""
    import pwd  # noqa: PLC0415 - only errors name users

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def owner_only(path: str, flags: int) -> int:
    """Open a file that its owner alone may read, if it is made now: the ``opener`` of `open`.

    Raises OSError also for a pipe that nobody reads: without O_NONBLOCK this would wait for a reader.
    """
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0), OWNER_FILE)


def narrow(descriptor: int) -> None:
    """Make an open file of this user's private: others could read it, or lock it against its owner.

    A device, to which a link may lead, stays everybody's.
    """
    if os.name != "posix":
        return
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) and mode & OTHERS:
        with suppress(PermissionError):  # it is another user's
            os.fchmod(descriptor, OWNER_FILE)


def sync(descriptor: int) -> None:
    """Wait until what was written to an open file survives a power cut. Raises OSError."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 - only there: fsync leaves it in the drive's cache

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; Windows neither needs nor allows it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    except OSError as error:
        if error.errno not in {EINVAL, ENOTSUP}:  # some network file systems, and buckets that are mounted, sync none
            raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = _ANY_FOLDER) -> None:
    """Make a folder and those above it: a power cut that loses one loses all that is synced within. Raises OSError."""
    missing = [*takewhile(lambda each: not each.exists(), (folder, *folder.parents))]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for each in missing:
        with suppress(OSError):  # a folder that can be written to cannot always be read
            sync_folder(each.parent)


def find_home(root: Path | str | None = None) -> Home:
    """Return the home at ``root``, else at AVATAR_HOME, else where this system keeps a user's data.

    Raises InvalidInput when that is no path, or there is no folder of the user's.
    """
    given = root or _from_variable()
    if not given:
        return Home(_data_folder() / APP_NAME)
    try:
        path = Path(given).expanduser()
    except RuntimeError as error:
        raise InvalidInput(
            f"{HOME_VARIABLE} is '{given}': {error}", hint="Give it the path of a folder of yours."
        ) from error
    if _is_no_name(str(path)):
        raise InvalidInput(
            f"{HOME_VARIABLE} is {str(path)!a}, which is no name that a folder can have.",
            hint="Give it the path of a folder.",
        )
    if len(path.parts) > _FOLDERS_MOST:
        raise InvalidInput(
            f"{HOME_VARIABLE} has {len(path.parts)} folders in each other, at most {_FOLDERS_MOST} can be made.",
            hint="Give it a shorter path.",
        )
    return Home(whole(path, f"{HOME_VARIABLE} is '{given}'"))


def whole(path: Path, said: str) -> Path:
    """Return the absolute path; ``said`` is how a message names it.

    Raises InvalidInput for one that starts from a working folder that is gone.
    """
    try:
        return path.absolute()
    except FileNotFoundError as error:
        raise gone_folder(f"{said}, and the folder that this starts from, your working folder, is gone.") from error


def with_home(given: str) -> str:
    """Return a path with the user's folder in place of ~, as shells have it: they leave ``--output=~/a`` as it is.

    A name such as ~$people.xlsx is a name. Raises InvalidInput where nobody knows that folder.
    """
    path = os.path.expanduser(given)  # noqa: PTH111 - Path's raises for such names
    if path == "~" or path.startswith("~/"):
        raise InvalidInput(f"{given!a} is below your folder, and the system knows none.", hint="Give a whole path.")
    return path


def gone_folder(said: str = "Your working folder is gone.") -> InvalidInput:
    return InvalidInput(said, hint="Give whole paths, or cd to a folder that is there.")


def has_working_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - as Path.absolute asks
    except FileNotFoundError:
        return False
    return True


def _is_no_name(path: str) -> bool:
    """Return whether a system knows no such path: it holds a NUL, or half of a character."""
    try:
        return b"\0" in os.fsencode(path)
    except UnicodeEncodeError:
        return True


def _from_variable() -> str | None:
    """Return what AVATAR_HOME holds. Raises InvalidInput if it is what only a shell would have read.

    In files of variables, as systemd and compose have them, quotes, blanks and names of other variables stay as they
    are. A library would be made in a folder of that name.
    """
    given = os.environ.get(HOME_VARIABLE)
    if not given:
        return None
    meant = os.path.expandvars(given.strip().strip("'\""))
    if given[0] in "'\"" or given != given.strip() or given.startswith("$") or os.path.expandvars(given) != given:
        way_out = f"Write it without quotes, blanks and variables: {meant}" if Path(meant).is_absolute() else None
        raise InvalidInput(
            f"{HOME_VARIABLE} is {given!r}, which no shell has read: it would be a folder of that very name.",
            hint=way_out or "Give it the path of a folder, without quotes, blanks and variables.",
        )
    return given


def _data_folder() -> Path:
    try:
        folder = _user_data()
    except RuntimeError:  # no HOME, and none in the list of users: `docker run --user 1234`
        folder = None
    if folder is None or not folder.is_absolute():
        given = os.environ.get("HOME")
        home = "not set, and this user has none" if given is None else f"{given!r}"
        raise InvalidInput(
            f"There is no place for {APP_NAME}'s data: HOME is {home}.",
            hint=f"Set {HOME_VARIABLE} to a folder that you can write to.",
        )
    return folder


def _user_data() -> Path | None:
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ:
        # The same as platformdirs, which a test compares: importing that takes 5 % of `avatar status`.
        given = Path(os.environ.get("XDG_DATA_HOME", ""))
        if given.is_absolute():
            return given
        return None if os.environ.get("HOME") == "" else Path("~/.local/share").expanduser()
    import platformdirs  # noqa: PLC0415 - not needed elsewhere

    return platformdirs.user_data_path(appauthor=False)
