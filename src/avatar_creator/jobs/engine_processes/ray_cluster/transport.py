"""A Ray cluster as a transport: engine processes on its nodes, carried by one child of this process."""

import logging
import os
import socket
from contextlib import suppress
from importlib import metadata
from io import FileIO
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from avatar_creator.domain.text import visible
from avatar_creator.errors import EngineError, NotConfigured
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.jobs.engine_processes.place import TransportGone
from avatar_creator.jobs.engine_processes.process import EngineProcess
from avatar_creator.jobs.engine_processes.ray_cluster.address import clean_address, clean_gpus
from avatar_creator.processes import interpreter, messages
from avatar_creator.processes.messages import Broken, Message
from avatar_creator.processes.process import Process

log = logging.getLogger("avatar_creator.worker")

RAY_LEAST = (2, 52)  # the first that asks for a token
_START = "from avatar_creator.jobs.engine_processes.ray_cluster.child import main; main()"
_INSTALL = "pip install 'avatar-creator[ray]'"
_ENDED_S = 2.0  # for it to be said how an engine process ended
_PASSED_ON = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "RAY_", "GRPC_", "NO_PROXY", "LANG", "LC_")
_SET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_gcs_rpc_server_reconnect_timeout_s": "10",  # 60, if it is not set: until Ray gives up a head that is gone
    "RAY_gcs_server_request_timeout_seconds": "10",  # 60: until it finds no node on this machine
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # or it warns
}


class RayTransport:
    """The engine processes of a cluster: as many as have room there, read each time.

    For the pools of any number of engines. Pictures wait while the cluster is gone.
    """

    is_here = False
    by_hand = None

    def __init__(self, address: str, *, gpus: float = 1.0, is_insecure: bool = False) -> None:
        """``address`` is HOST:PORT or ``auto``; each engine process has ``gpus``, or a CPU if that is 0.

        Raises InvalidInput.
        """
        self._address = clean_address(address)
        self._gpus = clean_gpus(gpus)
        self.name = f"ray {self._address}"
        self._is_secured = not is_insecure
        self._child: _Child | None = None
        self._was_connected = False
        self._changed = Condition()

    def __str__(self) -> str:
        return self.name

    @property
    def most(self) -> int:
        """How many processes there may be now: one at least, since a node may come for one that waits."""
        child = self._child
        return max(child.room, 1) if child else 1

    def open(self) -> None:
        """Connect to the cluster, if it is not connected. Raises NotConfigured, EngineError."""
        with self._changed:
            if self._child is not None and not self._child.has_ended:
                return
            if self._child is not None:
                self._child.end()
                self._child = None
            try:
                self._child = _Child(self._address, gpus=self._gpus, is_secured=self._is_secured)
            except EngineError as error:
                if not self._was_connected:
                    raise
                raise TransportGone(error.message, hint=error.hint) from error
            except OSError as error:
                raise EngineError(f"Ray cannot be started: {error.strerror or error}.") from error
            self._was_connected = True

    def start(self, engine: str) -> EngineProcess:
        """Start a process for an engine, on a node that has room for it or will have. Raises what `open` does."""
        self.open()
        child = self._child
        if child is None:
            raise EngineError("The Ray cluster is not used any more.")
        return child.carry(engine, self.name)

    def close(self) -> None:
        """End all that run on the nodes."""
        with self._changed:
            if self._child is not None:
                self._child.end()
                self._child = None


class _Child(Process):
    """The process that Ray runs in."""

    def __init__(self, address: str, *, gpus: float, is_secured: bool) -> None:
        """Start it, and return when it is connected. Raises NotConfigured, EngineError, OSError."""
        check_installed()
        if is_secured:
            check_token()
        self._links, theirs = socket.socketpair()
        with theirs:
            super().__init__(
                interpreter.command(_START), _variables(is_secured), saves_errors=True, pass_fds=(theirs.fileno(),)
            )
            asked = {"address": address, "gpus": gpus, "is_secured": is_secured, "links": theirs.fileno()}
        self.room = 1
        self.ended: dict[int, tuple[str, bool]] = {}  # by number: how, and whether it is lost
        self.changed = Condition()
        self._carried = 0
        self._noticed = ""
        self._is_given_up = False
        try:
            self.send(Message(asked))
            self._note(self._connected(address))
            Thread(target=self._read_all, daemon=True).start()
        except BaseException:
            self.end()
            raise

    def _connected(self, address: str) -> Message:
        try:
            message = self.receive()
        except (Broken, OSError) as error:
            code = self.code()
            raise EngineError(
                f"Ray ended while it connected to {address}, with exit code {code}: {self.last_lines()}",
                hint="See whether the cluster runs: ray status",
            ) from error
        if (failure := wire.failure_of(message)) is not None:
            raise failure
        self.address = str(message.head["address"])
        log.info(
            "Ray cluster at %s: nodes %s, room for engine processes %s",
            self.address,
            message.head["nodes"],
            message.head["room"],
        )
        return message

    def carry(self, engine: str, name: str) -> "RayProcess":
        """Return an engine process that begins as soon as there is room for it. Raises OSError."""
        ours, theirs = socket.socketpair()
        with theirs, self.changed:
            try:
                socket.send_fds(self._links, [b"\0"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
            number = self._carried
            self._carried += 1
        return RayProcess(engine, name, ours, self, number)

    def _read_all(self) -> None:
        with suppress(Broken, OSError, ValueError):
            while True:
                message = self.receive()
                with self.changed:
                    self._note(message)
                    self.changed.notify_all()
        if not self._is_given_up:
            self.code()
            log.warning("The Ray cluster at %s does not answer any more: %s", self.address, self.last_lines())
        with self.changed:
            self.changed.notify_all()

    def _note(self, message: Message) -> None:
        match message.head:
            case {"room": int(room)}:
                self.room = room
            case {"ended": [int(number), str(how), bool(is_lost)]}:
                self.ended[number] = how, is_lost
            case {"notice": str(notice)} if notice != self._noticed:  # each that waits says so every half second
                self._noticed = notice
                log.warning("%s", visible(notice))

    def end(self) -> None:
        self._is_given_up = True
        self._links.close()
        super().end()


class RayProcess(EngineProcess):
    """An engine process on a node, behind a socket that Ray's process serves."""

    def __init__(self, engine: str, name: str, link: socket.socket, child: _Child, number: int) -> None:
        super().__init__(engine, name)
        self._link = link
        self._file = FileIO(link.fileno(), "r+", closefd=False)
        self._child = child
        self._number = number

    @property
    def has_ended(self) -> bool:
        return self._number in self._child.ended or self._child.has_ended

    def send(self, message: Message, /) -> None:
        messages.write(self._file, message)

    def receive(self) -> Message:
        return messages.read(self._file, self.on_part)

    def how_ended(self) -> str:
        with self._child.changed:
            self._child.changed.wait_for(lambda: self.has_ended, _ENDED_S)
        gone = "the Ray cluster does not answer any more", self._child.has_ended
        how, self.is_lost = self._child.ended.get(self._number, gone)
        self.end()
        return f"it said nothing for {self.quiet_s} s" if self.is_frozen else how

    def kill(self) -> None:
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.kill()
        self.release()

    def release(self) -> None:
        self._link.close()


def check_installed() -> None:
    """Raise NotConfigured where Ray is missing or too old; without importing it."""
    if not hasattr(socket, "send_fds"):
        raise NotConfigured("Ray clusters have nodes with Linux or macOS only.", hint="Run the worker on one of them.")
    try:
        version = metadata.version("ray")
    except metadata.PackageNotFoundError:
        raise NotConfigured("Ray is not installed.", hint=f"Install it with: {_INSTALL}") from None
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < RAY_LEAST:
        least = ".".join(map(str, RAY_LEAST))
        raise NotConfigured(
            f"Ray {version} is installed, and {least} is the first that can ask for a token.",
            hint=f"Install a newer one here and on all nodes: {_INSTALL}",
        )


def check_token() -> None:
    """Raise NotConfigured where no token is found for Ray, or others can read its file."""
    if os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_ENABLE_K8S_TOKEN_AUTH", "").lower() in {"1", "true"}:
        return
    given = os.environ.get("RAY_AUTH_TOKEN_PATH")
    path = Path(given) if given else Path.home() / ".ray" / "auth_token"
    try:
        status = path.stat()
    except OSError as error:
        raise NotConfigured(
            f"There is no token for the Ray cluster: {path}: {error.strerror}.",
            hint="Make one: ray get-auth-token --generate, and copy it to all nodes; see docs/ray.md. "
            "In a network of your own, a cluster without one: --ray-insecure",
        ) from error
    if os.name == "posix" and status.st_uid == os.geteuid() and status.st_mode & 0o077:
        raise NotConfigured(
            f"Others can read the token of the Ray cluster: {path} has mode {status.st_mode & 0o777:o}.",
            hint=f"Whoever has it runs programs as you on every node. Keep it to yourself: chmod 600 {path}",
        )


def _variables(is_secured: bool) -> dict[str, str]:
    """Return the variables of Ray's process: its own, and none of this program's secrets."""
    own: dict[str, Any] = {name: value for name, value in os.environ.items() if name.upper().startswith(_PASSED_ON)}
    secured = {"RAY_AUTH_MODE": "token"} if is_secured else {}
    return interpreter.environment() | _SET | own | {"RAY_USAGE_STATS_ENABLED": "0"} | secured
