"""Starting the worker: whenever something is queued, and nobody is there to make it."""

import os
import sys
import time
from contextlib import suppress
from errno import ENOENT
from pathlib import Path

from avatar_creator._version import __version__
from avatar_creator.errors import StorageError
from avatar_creator.home import (
    HOME_VARIABLE,
    OWNER_FILE,
    OWNER_FOLDER,
    UNREAD_VARIABLE,
    Home,
    narrow,
    owner_hint,
    owner_only,
)
from avatar_creator.storage.locks import is_held
from avatar_creator.storage.workers import Leave, Workers

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_TRIES, _POLL_S = 3, 0.002
_LOADS_S = 10.0  # how long a worker may take to begin, where there are no slots to show that it does


class WorkerProcess:
    """Makes sure that the worker of a home runs."""

    def __init__(self, home: Home, workers: Workers) -> None:
        self._home = home
        self._workers = workers
        self._started_s = float("-inf")

    def is_running(self) -> bool:
        """Return whether a worker lives, frozen or not."""
        return is_held(self._home.worker_lock)

    def is_coming(self) -> bool:
        """Return whether a worker was started that does not work yet: it holds a slot of a standby until it does."""
        return self.has_standby() or (fcntl is None and time.monotonic() - self._started_s < _LOADS_S)

    def has_standby(self) -> bool:
        return has_standby(self._home)

    def is_needed(self, credential: str | None = None) -> bool:
        """Return whether a worker must be started for what the caller's transaction has queued.

        One that is older, or cannot pay with ``credential``, is asked to leave. A worker stops accepting in a
        transaction, too: so it has seen what was queued, or its row says that it accepts nothing any more.
        """
        worker = self._workers.find()
        if worker is None or not worker.accepting:
            return True
        if is_newer(__version__, worker.version):
            self._workers.ask_to_leave(Leave.NOW)
            return True
        if credential is not None and credential not in worker.credentials:
            self._workers.ask_to_leave(Leave.WHEN_IDLE)
            return True
        return worker.leave >= Leave.NOW

    def ask_to_leave(self, *, at_once: bool = False) -> None:
        """Ask the worker to leave when what it makes now is done, or to put that back ``at_once``."""
        self._workers.ask_to_leave(Leave.AT_ONCE if at_once else Leave.NOW)

    def ensure(self, *, needed: bool, credential: str | None = None) -> None:
        """Start a worker if ``needed``, or if the last one was killed. Raises StorageError when that cannot be done.

        None is started where one stands by for the same: it has not begun yet, and will see all.
        """
        if not needed and self.is_running():
            return
        try:
            try:
                slot = take_slot(self._home, __version__, credential)
            except BlockingIOError:  # which is what a system without room for another process raises, too
                return
            try:
                self._start(slot)
            finally:
                if slot is not None:
                    os.close(slot)  # the worker has inherited it, and closes it when it works
        except OSError as error:
            raise _not_started(error) from error

    def _start(self, slot: int | None) -> None:
        import subprocess  # noqa: PLC0415 - most of the time a worker is there

        if not sys.executable:  # of a Python that is embedded in another program
            raise FileNotFoundError(ENOENT, "Python does not know the path of its own program")
        log = self._home.worker_errors
        command = [sys.executable, "-P", "-m", "avatar_creator", "worker", "run", "--in-line"]
        slots = () if slot is None else (slot,)
        command += [f"--place={slot}" for slot in slots]
        environment = os.environ | {HOME_VARIABLE: str(self._home.root), UNREAD_VARIABLE: "1"}
        log.parent.mkdir(OWNER_FOLDER, exist_ok=True)
        with open(log, "ab", opener=owner_only) as errors:
            if os.name == "nt":
                _start_on_windows(command, environment, errors.fileno(), self._home.root)
            else:  # a session of its own: neither the terminal's end nor Ctrl-C reaches it
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=errors,
                    stderr=errors,
                    cwd=self._home.root,
                    env=environment,
                    start_new_session=True,
                    pass_fds=slots,
                ).returncode = 0  # nobody waits for it, and no warning is needed for that
        self._started_s = time.monotonic()


def _not_started(error: OSError) -> StorageError:
    where = f"{error.filename}: " if error.filename else ""
    foreign = owner_hint(Path(error.filename)) if isinstance(error, PermissionError) and where else None
    return StorageError(
        f"The worker cannot be started: {where}{error.strerror}.",
        hint=f"What was queued is kept. {foreign or 'Start one with: avatar worker run'}",
    )


def _start_on_windows(command: list[str], environment: dict[str, str], errors: int, folder: Path) -> None:
    """Start it without a console, and outside the job of an editor or CI if that lets it go."""
    import subprocess  # noqa: PLC0415

    detached, new_group, breakaway = 0x8, 0x200, 0x01000000  # names that only Windows' subprocess knows
    for flags in (detached | new_group | breakaway, detached | new_group):
        try:
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                cwd=folder,
                env=environment,
                creationflags=flags,
            )
        except PermissionError:
            if not flags & breakaway:
                raise
        else:
            return


def has_standby(home: Home) -> bool:
    """Return whether some worker stands by now, or is still being loaded."""
    return any(is_held(slot) for slot in home.standby.glob("*.lock"))


def take_slot(home: Home, version: str, credential: str | None) -> int | None:
    """Take the slot of a standby of this version that can pay with ``credential``; return the descriptor of its lock.

    Whoever starts a worker takes it and the worker inherits it, so that of two shells only one starts a worker.

    None where no process can pass one on. Raises BlockingIOError where another has the slot.
    """
    if fcntl is None:
        return None
    home.standby.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    descriptor = os.open(home.standby / f"{version}-{credential or 'any'}.lock", os.O_RDWR | os.O_CREAT, OWNER_FILE)
    try:
        narrow(descriptor)
        for _ in range(_TRIES):
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            time.sleep(_POLL_S)  # whoever asks whether it is held has it for an instant
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_newer(version: str, than: str) -> bool:
    """Return whether a version of this program came after another."""
    return _release(version) > _release(than)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("+", maxsplit=1)[0].split(".") if part.isdigit())
