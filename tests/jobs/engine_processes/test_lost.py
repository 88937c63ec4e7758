"""A pool whose processes end without any fault of their own, as nodes of a cluster do."""

from collections.abc import Callable

import pytest
from apart import Watcher, made_here, request

from avatar_creator.errors import EngineError
from avatar_creator.jobs.engine_processes import place, pool, wire
from avatar_creator.jobs.engine_processes.place import TransportGone
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.process import EngineProcess
from avatar_creator.processes.messages import Broken, Message


class Played(EngineProcess):
    """One that makes a picture, or ends over it."""

    def __init__(self, is_lost: bool | None) -> None:
        """``is_lost``: whether it is lost when it ends; None: it does not end."""
        super().__init__("offline", "played")
        self._loses = is_lost
        self._replies = [wire.ready({"host": "gpu2"})]

    @property
    def has_ended(self) -> bool:
        return False

    def send(self, message: Message, /) -> None:
        if "seed" in message.head and self._loses is None:
            self._replies = [wire.made(made_here(request(), message.head["seed"]))]

    def receive(self) -> Message:
        if not self._replies:
            raise Broken
        return self._replies.pop(0)

    def how_ended(self) -> str:
        self.is_lost = bool(self._loses)
        return "the node gpu2 has left the cluster" if self.is_lost else "SIGKILL"

    def kill(self) -> None: ...

    def end(self) -> None: ...

    def release(self) -> None: ...


class Transport:
    """Starts what each of some functions returns, one after another."""

    name, is_here, by_hand, most = "played", False, None, 1

    def __init__(self, *starts: Callable[[], EngineProcess]) -> None:
        self._starts = list(starts)

    def open(self) -> None: ...

    def start(self, engine: str) -> EngineProcess:
        assert engine == "offline"
        return self._starts.pop(0)()

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_AGAIN_S", 0)


def processes(*starts: Callable[[], EngineProcess]) -> EngineProcesses:
    return EngineProcesses("offline", [Transport(*starts)], makes_all=True)


def lost() -> Played:
    return Played(is_lost=True)


def killed() -> Played:
    return Played(is_lost=False)


def gone() -> Played:
    raise TransportGone("No cluster answers.")


def well() -> Played:
    return Played(is_lost=None)


def test_a_picture_outlives_more_nodes_than_processes() -> None:
    made = processes(lost, killed, lost, lost, killed, lost, well).make(request(), 3, Watcher())
    assert made == made_here(request(), 3)


def test_but_not_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_LOST_MOST", 2)
    with pytest.raises(EngineError) as caught:
        processes(lost, lost).make(request(), 3, Watcher())
    assert caught.value.message.endswith("ended 2 times over this one: the node gpu2 has left the cluster.")


def test_nor_three_that_ended_by_themselves() -> None:
    with pytest.raises(EngineError) as caught:
        processes(killed, lost, killed, killed).make(request(), 3, Watcher())
    assert "SIGKILL, the node gpu2 has left the cluster" in caught.value.message


def test_a_cluster_that_is_gone_is_waited_for_and_said() -> None:
    watcher = Watcher()
    assert processes(lost, *[gone] * 5, well).make(request(), 3, watcher) == made_here(request(), 3)
    assert "No cluster answers." in watcher.reported
