"""One other process, known by the messages that go through its pipes."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Thread
from typing import IO

from avatar_creator.domain.assignments import MASK
from avatar_creator.domain.text import visible, without_tokens
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Message

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_ENDED_S = 5  # for the system to end one that is about to end
_LAST_WORDS_S = 1.0  # for its last words to come through the pipe
_SAID_MOST = 8192  # bytes of standard error that are kept: the last ones
_LINES_MOST, _LINES_LONGEST = 3, 300  # that are shown of it, and their characters
_PIPE_BYTES = 2**18  # of Linux, whose usual 64 KB take sixteen waits for a picture of 1 MB
NT_CTRL_C = 0xC000013A


class Process:
    """A process that reads messages from its standard input and writes some to its standard output.

    It belongs to the process that started it; what has forked off that calls `release`. It has a session of its own:
    Ctrl-C and Ctrl-Z do not reach it, and it has no terminal to ask for a password on. With a group of its own in the
    session of the other one, they do not either. Then one that is stopped does not outlive the other: the system sends
    SIGHUP and SIGCONT to a stopped group when the last process of its session leaves that had started it.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        saves_errors: bool = False,
        pass_fds: Sequence[int] = (),
        own_session: bool = True,
    ) -> None:
        """Start it. Raises OSError. ``saves_errors``: for `last_lines`. ``pass_fds``: descriptors that it inherits.

        ``own_session``: without, it has a group of its own.
        """
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if saves_errors else subprocess.DEVNULL,
            cwd=os.path.sep,
            env=environment,
            start_new_session=own_session,
            process_group=None if own_session or os.name != "posix" else 0,
            pass_fds=pass_fds,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert self._process.stdin is not None  # noqa: S101 - they are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._to, self._from = self._process.stdin, self._process.stdout
        _enlarge(self._from)
        self._is_foreign = False
        self._said = b""
        self._listener: Thread | None = None
        if self._process.stderr is not None:
            try:
                self._listener = Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
                self._listener.start()
            except RuntimeError as error:  # "can't start new thread"
                self._process.stderr.close()
                self.end()
                raise OSError(str(error)) from error

    def _listen(self, errors: IO[bytes]) -> None:
        with errors:
            while part := errors.read(_SAID_MOST):
                self._said = (self._said + part)[-_SAID_MOST:]

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def is_stopped(self) -> bool:
        """Whether somebody has stopped it, as Ctrl-Z does, and not continued it; False where the system cannot tell."""
        if not hasattr(os, "waitid") or self._process.returncode is not None:
            return False
        with suppress(ChildProcessError):  # it has ended
            options = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
            return os.waitid(os.P_PID, self._process.pid, options) is not None
        return False

    def send(self, message: Message) -> None:
        """Send a message. Raises OSError when it has ended."""
        messages.write(self._to, message)

    def receive(self) -> Message:
        """Return its next message. Raises Broken or OSError when there is none, for whatever reason."""
        return messages.read(self._from)

    def code(self, within_s: float = _ENDED_S) -> int | None:
        """Return its exit code, once it has closed its pipes; None where it does not end."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within_s)
        return self._process.poll()

    def last_lines(self, unsaid: Sequence[str] = ()) -> str:
        """Return the last lines that it wrote to standard error, once it has ended, as `last_lines` does."""
        if self._listener is not None:
            self._listener.join(_LAST_WORDS_S)
        return last_lines(self._said, unsaid)

    def kill(self) -> None:
        """Kill it, and what it has started and not given a session of its own."""
        if os.name == "posix" and self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        try:
            self._process.kill()
        except PermissionError:  # it is another user's, by sudo
            self._is_foreign = True

    def end(self) -> None:
        try:
            self.kill()
            if self._is_foreign:
                self._to.close()  # which ends it
            self._process.wait()
        finally:  # Ctrl-C may come while it waits
            self._to.close()
            self._from.close()

    def release(self) -> None:
        """Close our ends of its pipes, in a fork of the process that started it. It ends when all ends are closed."""
        self._process.returncode = 0  # it is not ours to wait for
        for pipe in filter(None, (self._to, self._from, self._process.stderr)):
            pipe.close()


def last_lines(said: bytes, unsaid: Sequence[str] = ()) -> str:
    """Return the last lines that a process wrote to standard error, as one that may be shown: ``unsaid`` is masked."""
    text = said.decode(errors="replace")
    for value in unsaid:
        text = text.replace(value, MASK)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    text = without_tokens(visible(" / ".join(lines[-_LINES_MOST:])))
    return text if len(text) <= _LINES_LONGEST else f"…{text[-_LINES_LONGEST:]}"


def signal_of(code: int) -> str | None:
    """Return the name of the signal that an exit code stands for, None where it stands for none."""
    if code == NT_CTRL_C:
        return "Ctrl-C"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}" if code < 0 else None  # of real time: they have no names


def _enlarge(pipe: IO[bytes]) -> None:
    """Have a pipe hold more, where the system can and the user has not too many that do."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
