"""Engine processes on a cluster that is played: the module that stands in for Ray's is in tests/without_ray."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from apart import Watcher, made_at_once, made_here, request

from avatar_creator._version import __version__
from avatar_creator.errors import AvatarError, Cancelled, EngineError, NotConfigured
from avatar_creator.jobs.engine_processes import place
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.ray_cluster import transport as transports
from avatar_creator.jobs.engine_processes.ray_cluster.transport import RayTransport
from waiting import LONG_S, until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="Ray has no clusters there")]

Cluster = Callable[..., None]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker's log would have."""
    lines: list[str] = []
    for level in ("info", "warning"):
        monkeypatch.setattr(transports.log, level, lambda form, *values: lines.append(form % values))
    return lines


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Cluster:
    """Set which nodes the cluster has; without any its head is gone."""
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "without_ray")
    monkeypatch.setattr(metadata, "version", lambda _name: "2.60.0")
    monkeypatch.setattr(place, "_AGAIN_S", 0.05)
    monkeypatch.setattr(place, "_AGAIN_MOST_S", 0.05)
    monkeypatch.setenv("RAY_PLAYED", str(tmp_path / "nodes"))
    monkeypatch.setenv("RAY_AUTH_TOKEN", "secret")
    assert said == []

    def have(*nodes: str) -> None:
        (tmp_path / "written").write_text("\n".join(nodes))
        (tmp_path / "written").rename(tmp_path / "nodes")

    return have


@pytest.fixture
def transport() -> Iterator[RayTransport]:
    with open_port() as port:
        opened = RayTransport(f"127.0.0.1:{port}")
        yield opened
        opened.close()


@pytest.fixture
def pool(cluster: Cluster, transport: RayTransport) -> Iterator[EngineProcesses]:
    cluster("n1 1", "n2 1")
    opened = EngineProcesses("offline", [transport], makes_all=True)
    yield opened
    opened.close()


@contextmanager
def open_port() -> Iterator[int]:
    """Yield a port on which something listens, as a head does."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield server.getsockname()[1]


def grown(pool: EngineProcesses, to: int) -> None:
    until(lambda: made_at_once(pool, range(1, 1 + 2 * to), request()) and pool.ready >= to)


def in_a_thread(pool: EngineProcesses, watcher: Watcher) -> tuple[threading.Thread, list[Any]]:
    made: list[Any] = []
    thread = threading.Thread(target=lambda: made.append(pool.make(request(), 5, watcher)))
    thread.start()
    return thread, made


def refused(transport: RayTransport) -> AvatarError:
    with pytest.raises(AvatarError) as caught:
        transport.open()
    return caught.value


def children(transport: RayTransport) -> list[int]:
    """Return the processes that Ray's process has started."""
    assert transport._child is not None
    pid = transport._child._process.pid
    return [int(each) for file in Path(f"/proc/{pid}/task").glob("*/children") for each in file.read_text().split()]


def test_pictures_are_the_same_as_here_and_no_more_are_made_at_once_than_have_room(
    pool: EngineProcesses, transport: RayTransport, said: list[str]
) -> None:
    grown(pool, 2)
    seeds = range(1, 13)
    assert made_at_once(pool, seeds, request()) == {seed: made_here(request(), seed) for seed in seeds}
    assert (pool.ready, transport.most) == (2, 2)
    assert said == [f"{transport.name.replace('ray', 'Ray cluster at')}: nodes 2, room for engine processes 2"]


def test_a_node_that_joins_is_used(pool: EngineProcesses, cluster: Cluster) -> None:
    grown(pool, 2)
    cluster("n1 1", "n2 1", "n3 1")
    grown(pool, 3)


def test_pictures_of_a_node_that_leaves_are_made_on_another(pool: EngineProcesses, cluster: Cluster) -> None:
    grown(pool, 2)
    cluster("n2 1")
    assert made_at_once(pool, range(1, 9), request()) == {seed: made_here(request(), seed) for seed in range(1, 9)}


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_how_an_engine_process_ended_is_said_with_its_node(pool: EngineProcesses, transport: RayTransport) -> None:
    grown(pool, 1)
    assert transport._child is not None
    for pid in children(transport):
        os.kill(pid, signal.SIGKILL)
    until(lambda: transport._child and transport._child.ended.get(0) == (f"SIGKILL on {os.uname().nodename}", False))
    assert pool.make(request(), 3, Watcher()) == made_here(request(), 3)


def test_one_that_nobody_wants_gives_back_its_place(pool: EngineProcesses, transport: RayTransport) -> None:
    with pytest.raises(Cancelled):
        pool.make(request(), 1, Watcher(cancel_at=1))
    pool.close()
    other = EngineProcesses("offline", [transport], makes_all=True)
    grown(other, 2)
    other.close()


def test_where_no_card_is_free_pictures_wait_and_say_so(pool: EngineProcesses, cluster: Cluster) -> None:
    cluster("n1 0")
    watcher = Watcher()
    thread, made = in_a_thread(pool, watcher)
    until(lambda: "waiting for a node with a GPU in the Ray cluster" in watcher.reported)
    cluster("n1 0", "n2 1")
    thread.join(LONG_S)
    assert made == [made_here(request(), 5)]


def test_nodes_with_another_avatar_or_none_are_refused_by_name(
    pool: EngineProcesses, transport: RayTransport, cluster: Cluster, said: list[str]
) -> None:
    cluster("old 1 0.0.1", "bare 1 none")
    watcher = Watcher()
    thread, made = in_a_thread(pool, watcher)
    until(lambda: transport._child and len([line for line in said if "it is not used" in line]) == 2)
    host, ours = os.uname().nodename, f"and the worker is {__version__}"
    waits = f"waiting for a node with a GPU in the Ray cluster. The node {host} has avatar 0.0.1, {ours}"
    until(lambda: any(str(each).startswith(waits) for each in watcher.reported))
    use = f"it is not used. On it: pip install 'avatar-creator=={__version__}'"
    assert f"The node {host} has no avatar, {ours}: {use}" in said
    cluster("old 1 0.0.1", "bare 1 none", "n3 1")
    thread.join(LONG_S)
    assert made == [made_here(request(), 5)]
    until(lambda: transport.most == 1)


def test_a_head_that_dies_is_said_and_pictures_wait_for_another(
    pool: EngineProcesses, transport: RayTransport, cluster: Cluster, said: list[str]
) -> None:
    grown(pool, 1)
    cluster()
    at = transport.name.removeprefix("ray ")
    until(lambda: any(line.startswith(f"The Ray cluster at {at} does not answer any more: ") for line in said))
    watcher = Watcher()
    thread, made = in_a_thread(pool, watcher)
    until(lambda: any("Failed to connect to GCS" in str(each) for each in watcher.reported))
    cluster("n1 1")
    thread.join(LONG_S)
    assert made == [made_here(request(), 5)]


def test_a_token_that_the_cluster_refuses_is_said(
    transport: RayTransport, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster("n1 1")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "wrong")
    error = refused(transport)
    assert type(error) is NotConfigured
    assert error.message.endswith(" refuses the token.")


def test_a_cluster_that_asks_for_no_token_is_refused_unless_that_is_wanted(
    transport: RayTransport, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster("n1 1")
    monkeypatch.setenv("RAY_PLAYED_OPEN", "1")
    error = refused(transport)
    assert type(error) is NotConfigured
    assert "asks for no token: whoever reaches it runs programs on its nodes." in error.message
    insecure = RayTransport(transport.name.removeprefix("ray "), is_insecure=True)
    insecure.open()
    insecure.close()


def test_where_nothing_listens_that_is_said(cluster: Cluster) -> None:
    cluster("n1 1")
    error = refused(RayTransport("127.0.0.1:1"))
    assert type(error) is EngineError
    assert error.message == "No Ray cluster answers at 127.0.0.1:1: Connection refused."


def test_auto_is_the_cluster_that_this_machine_is_a_node_of(cluster: Cluster) -> None:
    cluster("n1 1")
    error = refused(RayTransport("auto"))
    assert error.message == "This machine is no node of a Ray cluster."
    assert error.hint is not None
    assert "ray start --address HOST:PORT" in error.hint


def test_a_process_that_ends_while_it_connects_says_what_it_said(transport: RayTransport, cluster: Cluster) -> None:
    cluster()
    error = refused(transport)
    assert error.message.endswith("with exit code 1: Failed to connect to GCS. The program will terminate.")
    assert type(error) is EngineError


def test_ray_that_is_missing_or_too_old_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    error = refused(RayTransport("auto"))
    assert (type(error), error.message) == (NotConfigured, "Ray is not installed.")
    assert error.hint == "Install it with: pip install 'avatar-creator[ray]'"
    monkeypatch.setattr(metadata, "version", lambda _name: "2.9.3")
    assert (
        refused(RayTransport("auto")).message
        == "Ray 2.9.3 is installed, and 2.52 is the first that can ask for a token."
    )


def test_a_token_is_demanded_and_others_must_not_read_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cluster: Cluster
) -> None:
    cluster("n1 1")
    monkeypatch.delenv("RAY_AUTH_TOKEN")
    token = tmp_path / "token"
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(token))
    error = refused(RayTransport("127.0.0.1:1"))
    assert error.message == f"There is no token for the Ray cluster: {token}: No such file or directory."
    assert error.hint is not None
    assert "--ray-insecure" in error.hint
    token.touch(0o644)
    error = refused(RayTransport("127.0.0.1:1"))
    assert error.message == f"Others can read the token of the Ray cluster: {token} has mode 644."
    assert error.hint is not None
    assert error.hint.endswith(f"chmod 600 {token}")
    token.chmod(0o600)
    assert "answers" in refused(RayTransport("127.0.0.1:1")).message
    monkeypatch.delenv("RAY_AUTH_TOKEN_PATH")
    assert "answers" in refused(RayTransport("127.0.0.1:1", is_insecure=True)).message


def test_no_secret_reaches_the_process_of_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "AVATAR_HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "1")
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    variables = transports._variables(is_secured=True)
    assert "secret" not in variables.values()
    assert (variables["RAY_AUTH_MODE"], variables["RAY_USAGE_STATS_ENABLED"]) == ("token", "0")
    assert transports._variables(is_secured=False)["RAY_AUTH_MODE"] == "disabled"
