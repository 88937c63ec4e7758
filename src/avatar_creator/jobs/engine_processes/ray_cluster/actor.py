"""What an engine process is on a node of a Ray cluster: an actor that runs it and passes on its bytes.

Its code travels to the node, so that a node without avatar, or with another version, can say so. So it imports nothing
of avatar, and nothing that Python does not bring.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import Any

_START = "from avatar_creator.jobs.engine_processes.child import main; main()"
_PART_BYTES = 2**20  # that are passed on at once, at most
_SAID_MOST = 8192  # bytes of standard error that are kept: the last ones
_HEARD_S = 1.0  # for its last words to come through the pipe
# Ray's own: among them the token of the cluster, and that a process without a CPU of its own is to use one thread.
_NOT_PASSED_ON = ("RAY_", "OMP_NUM_THREADS")


class EngineActor:
    """One engine process on this node, with the cards that Ray gives it.

    `replies` runs in a thread of Ray's own, `send` in another, and the rest in a third.
    """

    def __init__(self, command: Sequence[str] = ()) -> None:
        """``command`` is run instead of the engine process of the avatar that is installed here."""
        self._command = command or [sys.executable, "-P", "-c", _START]
        self._said = b""

    def node(self) -> dict[str, Any]:
        """Return what is to be known of the node before it is used; ``version`` is None where avatar is missing."""
        import ray  # noqa: PLC0415 - it runs this

        try:
            version = import_module("avatar_creator._version").__version__  # that of the node
        except ImportError:
            version = None
        return {"node": ray.get_runtime_context().get_node_id(), "host": platform.node(), "version": version}

    def begin(self) -> None:
        """Start the engine process. Raises OSError."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            self._command, bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe, cwd=os.path.sep, env=variables
        )
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def replies(self) -> Iterator[bytes | tuple[int, bytes]]:
        """Yield what the engine process says, part after part; at last its exit code and its last errors."""
        while part := os.read(self._process.stdout.fileno(), _PART_BYTES):  # type: ignore[union-attr]
            yield part
        code = self._process.wait()
        self._listener.join(_HEARD_S)
        yield code, self._said

    def send(self, part: bytes) -> None:
        """Pass on what the other side says. If the engine process has ended, `replies` says so."""
        rest = memoryview(part)
        with suppress(OSError):
            while rest:
                rest = rest[os.write(self._process.stdin.fileno(), rest) :]  # type: ignore[union-attr]

    def end(self) -> None:
        """Kill the engine process, also one that is frozen."""
        self._process.kill()

    def _listen(self) -> None:
        while part := os.read(self._process.stderr.fileno(), _SAID_MOST):  # type: ignore[union-attr]
            self._said = (self._said + part)[-_SAID_MOST:]
