"""One other process, known by the messages that go through its pipes."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress

from avatar_creator.processes import messages
from avatar_creator.processes.messages import Message

_ENDED_S = 5  # for the system to end one that is about to end
NT_CTRL_C = 0xC000013A


class Process:
    """A process that reads messages from its standard input and writes some to its standard output.

    It belongs to the process that started it; what has forked off that calls `release`. It has a process group of its
    own, which Ctrl-C and Ctrl-Z do not reach.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it. Raises OSError."""
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=os.path.sep,
            env=environment,
            process_group=0 if os.name == "posix" else None,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert self._process.stdin is not None  # noqa: S101 - they are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._to, self._from = self._process.stdin, self._process.stdout

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

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

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        try:
            self._process.kill()
            self._process.wait()
        finally:  # Ctrl-C may come while it waits
            self._to.close()
            self._from.close()

    def release(self) -> None:
        """Close our ends of its pipes, in a fork of the process that started it. It ends when all ends are closed."""
        self._process.returncode = 0  # it is not ours to wait for
        self._to.close()
        self._from.close()


def signal_of(code: int) -> str | None:
    """Return the name of the signal that an exit code stands for, None where it stands for none."""
    if code == NT_CTRL_C:
        return "Ctrl-C"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}" if code < 0 else None  # of real time: they have no names
