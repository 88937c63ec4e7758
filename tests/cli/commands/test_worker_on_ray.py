"""avatar worker run --ray, on a cluster that is played: the module that stands in for Ray's is in tests/without_ray."""

import os
import socket
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.home import Home
from cli.commandline import Avatar, start
from cli.jobs import queue, until_a_worker_runs
from waiting import LONG_S, until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="Ray has no clusters there")]


@pytest.fixture
def nodes(tmp_path: Path) -> Path:
    """The file in which the nodes of the cluster stand: one with a card."""
    file = tmp_path / "nodes"
    file.write_text("n1 1")
    return file


@pytest.fixture
def address(nodes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the head of the cluster listens."""
    played = Path(__file__).parents[2] / "without_ray"
    installed = tmp_path / "installed" / "ray-2.60.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: ray\nVersion: 2.60.0\n")
    found = (str(played), str(installed.parent), *filter(None, [os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(found))
    monkeypatch.setenv("RAY_PLAYED", str(nodes))
    monkeypatch.setenv("RAY_AUTH_TOKEN", "secret")
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


UNUSED: dict[str, Any] = {"engine": None, "state": "unused", "pictures": 0, "facts": {}, "why": None}


def test_a_worker_has_the_nodes_of_a_cluster_make_its_pictures(
    avatar: Avatar, home: Home, address: str, nodes: Path
) -> None:
    def said() -> Any:
        return next(iter(avatar("worker", "status", "--json").json["engine_processes"]), None)

    with start("worker", "run", "--ray", address) as worker:
        until_a_worker_runs(home)  # else the one that a command starts may have made all of them
        until(lambda: said() == UNUSED | {"transport": f"ray {address}"})
        ids = queue(avatar, "--engine", "offline", "--count", 6)
        until(lambda: said()["engine"] == "offline")
        assert said()["transport"] == f"ray {address}"
        avatar("wait", *ids)
        nodes.write_text("")
        until(lambda: f"The Ray cluster at {address} does not answer any more" in avatar("worker", "logs").out)
        avatar("worker", "stop")
        assert worker.wait(LONG_S) == 0
    assert f"Ray cluster at {address}: nodes 1, room for engine processes 1" in avatar("worker", "logs").out


def test_a_cluster_that_cannot_be_used_is_said_at_once(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    said = avatar.refused("worker", "run", "--ray", "auto", code=4)
    assert "Ray is not installed." in said
    assert "pip install 'avatar-creator[ray]'" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--ray", "gpu1"), "ray is 'gpu1'."),
        (("--ray", "ray://gpu1:10001"), "an address of Ray's client, which is not used here."),
        (("--ray", "gpu1:65536"), "ray is 'gpu1:65536'."),
        (("--ray", "auto", "--gpus-per-actor", "1.5"), "gpus per actor is 1.5."),
        (("--ray", "auto", "--gpus-per-actor", "nan"), "gpus per actor is nan."),
    ],
)
def test_what_is_no_cluster_is_refused(avatar: Avatar, options: tuple[str, ...], said: str) -> None:
    assert said in avatar.refused("worker", "run", *options, code=2)
