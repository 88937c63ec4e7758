"""A Ray cluster of several nodes on this machine, on loopback, that is ended whatever happens.

Ray takes the handlers of signals of the process that it runs in, so the cluster is begun by one of its own: this file.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_STOPPED_S = 60.0
_MARK = "NODES_OF_A_TEST"  # a variable that all processes of a cluster have, and no program that uses it


class RayNodes:
    """A head without cards; nodes with one each, which no card need be there for, are added.

    ``variables`` are those that a program needs to join it.
    """

    def __init__(self, folder: Path, *, is_secured: bool = True, port: int = 0) -> None:
        token = folder / "auth_token"
        if not token.exists():
            token.touch(0o600)
            token.write_text(secrets.token_hex(32))
        secured = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token)}
        self.variables = {
            "HOME": str(folder),
            "RAY_TMPDIR": str(folder),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # else 127.0.0.1 is taken for the address that others see
            **(secured if is_secured else {"RAY_AUTH_MODE": "disabled"}),
        }
        self.added: list[str] = []
        self._folder = folder
        self._log = folder / "cluster.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=kept | self.variables | {_MARK: str(folder)},
                start_new_session=True,
                text=True,
            )
        self.address: str = self._read()

    def add(self, variables: Mapping[str, str] | None = None) -> str:
        """Add a node, whose processes get these variables; return its id."""
        added: str = self._ask("add", dict(variables or {}))
        self.added.append(added)
        return added

    def remove(self, node: str) -> None:
        """Have a node leave, as it does when it is shut down."""
        self._ask("remove", node)

    def kill(self, node: str) -> None:
        """Kill a node."""
        self._ask("kill", node)

    def kill_head(self) -> None:
        self._ask("head", None)

    def _ask(self, what: str, argument: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([what, argument]) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"The cluster ended: {self._log.read_text('utf-8')[-2000:]}")
        return json.loads(said)

    def pids(self, name: str = "") -> list[int]:
        """Return the processes of this cluster, and of those what ``name`` is part of the command."""
        mark = f"{_MARK}={self._folder}\0".encode()
        return [pid for pid, line, environment in _processes() if mark in environment and name.encode() in line]

    def end(self) -> None:
        """Kill all of its processes, and what they have started."""
        while pids := [pid for pid in self.pids() if pid != os.getpid()]:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)
        self._process.communicate(timeout=_STOPPED_S)


def _processes() -> Iterator[tuple[int, bytes, bytes]]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                line, environment = (Path(entry.path, name).read_bytes() for name in ("cmdline", "environ"))
                if line:  # else it has ended
                    yield int(entry.name), line, environment + b"\0"


@contextlib.contextmanager
def ray_nodes(count: int, *, is_secured: bool = True) -> Iterator[RayNodes]:
    """Yield a cluster of so many nodes beside its head."""
    folder = Path(tempfile.mkdtemp(prefix="rn", dir="/tmp"))
    try:
        nodes = RayNodes(folder, is_secured=is_secured)
        try:
            for _ in range(count):
                nodes.add()
            yield nodes
        finally:
            nodes.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(port: int) -> None:
    from ray._private import ray_constants  # noqa: PLC0415
    from ray.cluster_utils import Cluster  # noqa: PLC0415

    each = {"num_cpus": 1, "object_store_memory": 80_000_000, "node_ip_address": "127.0.0.1"}
    given = {"gcs_server_port": port} if port else {}
    cluster = Cluster(True, head_node_args={**each, "num_gpus": 0, "include_dashboard": False, **given})
    nodes: dict[str, Any] = {}
    said: Any = cluster.address
    while True:
        print(json.dumps(said), flush=True)  # noqa: T201
        what, argument = json.loads(sys.stdin.readline())
        said = None
        if what == "add":
            node = cluster.add_node(num_gpus=1, env_vars=argument, **each)
            nodes[node.node_id] = node
            said = node.node_id
        elif what == "head":
            servers = cluster.head_node.all_processes[ray_constants.PROCESS_TYPE_GCS_SERVER]
            os.kill(servers[0].process.pid, signal.SIGKILL)
        else:
            cluster.remove_node(nodes.pop(argument), allow_graceful=what == "remove")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
