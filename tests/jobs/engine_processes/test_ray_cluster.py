"""The real thing: a head and two nodes on loopback. Skipped where Ray is not installed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apart import Watcher, made_at_once, made_here, request

from avatar_creator.errors import AvatarError, Cancelled, EngineError, NotConfigured
from avatar_creator.jobs.engine_processes import pool as pools
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.ray_cluster import transport as transports
from avatar_creator.jobs.engine_processes.ray_cluster.transport import RayTransport
from ray_nodes import RayNodes, ray_nodes
from waiting import until

pytest.importorskip("ray")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def nodes() -> Iterator[RayNodes]:
    with ray_nodes(2) as nodes:
        yield nodes


@pytest.fixture
def transport(nodes: RayNodes, monkeypatch: pytest.MonkeyPatch) -> Iterator[RayTransport]:
    for name, value in nodes.variables.items():
        monkeypatch.setenv(name, value)
    opened = RayTransport(nodes.address)
    yield opened
    opened.close()
    until(lambda: not nodes.pids("ray::EngineActor"))  # Ray ends the actors of a process that is gone


@pytest.fixture
def pool(transport: RayTransport) -> Iterator[EngineProcesses]:
    opened = EngineProcesses("offline", [transport], makes_all=True)
    yield opened
    opened.close()


def refused(transport: RayTransport) -> AvatarError:
    with pytest.raises(AvatarError) as caught:
        transport.open()
    return caught.value


def engines(nodes: RayNodes) -> list[int]:
    """Return the engine processes on all nodes."""
    return nodes.pids("engine_processes.child")


def grown(pool: EngineProcesses, to: int) -> None:
    while pool.ready < to:
        made_at_once(pool, range(1, 1 + 2 * to), request())


def test_pictures_are_the_same_as_here_and_each_node_makes_some(nodes: RayNodes, pool: EngineProcesses) -> None:
    grown(pool, 2)
    seeds = range(1, 31)
    assert made_at_once(pool, seeds, request()) == {seed: made_here(request(), seed) for seed in seeds}
    assert [process.pictures > 0 for process in pool._started] == [True, True]
    assert len(engines(nodes)) == 2


def test_one_that_is_not_wanted_any_more_ends_on_its_node(nodes: RayNodes, pool: EngineProcesses) -> None:
    with pytest.raises(Cancelled):
        pool.make(request(width_px=2048, height_px=2048), 1, Watcher(cancel_at=1))
    pool.close()
    until(lambda: not engines(nodes) and not nodes.pids("ray::EngineActor"))


@pytest.mark.parametrize("name", ["engine_processes.child", "ray::EngineActor"])
def test_one_that_is_killed_is_replaced_and_its_picture_made(nodes: RayNodes, pool: EngineProcesses, name: str) -> None:
    grown(pool, 1)
    for pid in nodes.pids(name):
        os.kill(pid, signal.SIGKILL)
    assert pool.make(request(), 3, Watcher()) == made_here(request(), 3)


@pytest.mark.parametrize("name", ["engine_processes.child", "ray::EngineActor"])
def test_one_that_is_frozen_is_killed_on_its_node(
    nodes: RayNodes, pool: EngineProcesses, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    grown(pool, 2)
    monkeypatch.setattr(pools, "_SILENT_S", 3)
    frozen = nodes.pids(name)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    assert pool.make(request(), 3, Watcher()) == made_here(request(), 3)
    until(lambda: not set(frozen) & set(nodes.pids()))


def test_a_node_that_joins_is_used_and_one_that_dies_is_not_missed(nodes: RayNodes, pool: EngineProcesses) -> None:
    grown(pool, 2)
    node = nodes.add()
    grown(pool, 3)
    nodes.kill(node)
    assert made_at_once(pool, range(1, 9), request()) == {seed: made_here(request(), seed) for seed in range(1, 9)}
    until(lambda: pool._places[pool._transports[0].name].transport.most == 2)


def test_where_all_cards_are_in_use_pictures_wait_and_say_so(nodes: RayNodes, pool: EngineProcesses) -> None:
    other = RayTransport(nodes.address, gpus=1)
    theirs = EngineProcesses("offline", [other], makes_all=True)
    try:
        grown(theirs, 2)
        watcher, made = Watcher(), []
        waiting = threading.Thread(target=lambda: made.append(pool.make(request(), 5, watcher)))
        waiting.start()
        until(lambda: "waiting for a free GPU of the Ray cluster" in watcher.reported)
        theirs.close()
        waiting.join(60)
        assert made == [made_here(request(), 5)]
    finally:
        theirs.close()
        other.close()


def test_a_worker_that_is_killed_leaves_nothing_on_the_nodes(nodes: RayNodes, transport: RayTransport) -> None:
    script = f"""
import sys, time
sys.path[:0] = {sys.path!a}
from apart import Watcher, request
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.ray_cluster.transport import RayTransport
pool = EngineProcesses("offline", [RayTransport({nodes.address!r})], makes_all=True)
pool.make(request(), 1, Watcher())
print(flush=True)
time.sleep(600)
"""
    assert transport.most == 1
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert engines(nodes)
        process.kill()
    until(lambda: not engines(nodes) and not nodes.pids("ray::EngineActor"))


def test_a_stop_of_all_processes_lets_what_is_made_be_finished(nodes: RayNodes, pool: EngineProcesses) -> None:
    grown(pool, 1)
    for pid in nodes.pids("ray_cluster.child"):
        os.kill(pid, signal.SIGTERM)
    assert pool.make(request(), 3, Watcher()) == made_here(request(), 3)


def test_a_token_that_is_wrong_or_missing_is_said(
    transport: RayTransport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", "0" * 64)
    error = refused(transport)
    assert type(error) is NotConfigured
    assert error.message.endswith("refuses the token.")
    monkeypatch.delenv("RAY_AUTH_TOKEN")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "none"))
    assert "There is no token for the Ray cluster" in refused(transport).message


def test_where_no_cluster_is_an_error_says_so_soon(transport: RayTransport) -> None:
    begun_s = time.monotonic()
    error = refused(RayTransport("127.0.0.1:1"))
    assert error.message == "No Ray cluster answers at 127.0.0.1:1: Connection refused."
    assert time.monotonic() - begun_s < 30
    assert transport.most == 1


def _fake_avatar(folder: Path, version: str | None) -> dict[str, str]:
    """Return variables with which a node finds another version, or none."""
    package = folder / "avatar_creator"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("" if version else "raise ModuleNotFoundError('avatar_creator')")
    (package / "_version.py").write_text(f"__version__ = {version!r}")
    return {"PYTHONPATH": str(folder)}


def test_nodes_with_another_avatar_or_none_are_refused_by_name(
    nodes: RayNodes, pool: EngineProcesses, transport: RayTransport, tmp_path: Path
) -> None:
    grown(pool, 2)
    added = [nodes.add(_fake_avatar(tmp_path / "old", "0.0.1")), nodes.add(_fake_avatar(tmp_path / "none", None))]
    grown(pool, 2)
    until(lambda: transport.most == 4)
    seeds = range(1, 21)
    assert made_at_once(pool, seeds, request()) == {seed: made_here(request(), seed) for seed in seeds}
    until(lambda: made_at_once(pool, range(1, 9), request()) and transport.most == 2)  # they are not counted any more
    for node in added:
        nodes.remove(node)
    assert pool.ready == 2


class _Said(list[str]):
    def warning(self, form: str, *values: Any) -> None:
        self.append(form % values)

    info = warning


def test_a_head_that_dies_is_said_and_pictures_wait_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _Said()
    monkeypatch.setattr(transports, "log", said)
    with ray_nodes(1) as nodes:
        for name, value in nodes.variables.items():
            monkeypatch.setenv(name, value)
        transport = RayTransport(nodes.address)
        pool = EngineProcesses("offline", [transport], makes_all=True)
        try:
            assert pool.make(request(), 1, Watcher()) == made_here(request(), 1)
            nodes.kill_head()
            until(lambda: any("does not answer any more" in line for line in said))
            watcher, made = Watcher(), []
            waiting = threading.Thread(target=lambda: made.append(pool.make(request(), 5, watcher)))
            waiting.start()
            gone = f"No Ray cluster answers at {nodes.address}: Connection refused."
            until(lambda: gone in watcher.reported)
            nodes.end()
            again = RayNodes(Path(nodes.variables["HOME"]), port=int(nodes.address.rpartition(":")[2]))
            try:
                again.add()
                waiting.join(120)
                assert made == [made_here(request(), 5)]
            finally:
                again.end()
        finally:
            pool.close()
            transport.close()


def test_a_cluster_that_asks_for_no_token_is_refused_unless_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    with ray_nodes(0, is_secured=False) as nodes:
        for name, value in nodes.variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("RAY_AUTH_TOKEN", "0" * 64)
        error = refused(RayTransport(nodes.address))
        assert type(error) is NotConfigured
        assert "asks for no token" in error.message
        insecure = RayTransport(nodes.address, is_insecure=True)
        insecure.open()
        insecure.close()
    assert isinstance(refused(RayTransport(nodes.address, is_insecure=True)), EngineError)
