"""One engine process on a node: it is found a place, and what both sides say is passed on."""

import time
from contextlib import suppress
from io import FileIO
from socket import SHUT_RDWR, socket
from threading import Thread
from typing import Any, NamedTuple

from avatar_creator.jobs.engine_processes import wire
from avatar_creator.jobs.engine_processes.ray_cluster.actor import EngineActor
from avatar_creator.jobs.engine_processes.ray_cluster.nodes import Nodes
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Message
from avatar_creator.processes.process import last_lines, signal_of

_PART_BYTES = 2**16
_PLACED_S = 5.0  # that an actor takes to begin where there is room; it has to wait for that if it takes longer
_AGAIN_S = 1.0  # after an actor did not begin
_END_S = 2.0  # for an actor to kill its engine process
_GROUPS = {"replies": 1, "sends": 1}


class Ended(NamedTuple):
    """How an engine process ended. One that ``is_lost`` did not end by itself: its node, say, is gone."""

    how: str
    is_lost: bool = False


class Carrier:
    """Serves one end of a socket as an engine process would its pipes."""

    def __init__(self, ray: Any, nodes: Nodes, link: socket) -> None:
        self._ray = ray
        self._nodes = nodes
        self._link = link
        self._host = ""
        self._node = ""

    def run(self) -> Ended:
        """Serve until either side ends; return how. The link is closed."""
        with self._link:
            try:
                return self._pass_on(self._placed())
            except OSError:  # the other end of the link is closed
                return Ended("it was not wanted any more")
            finally:
                with suppress(OSError):
                    self._link.shutdown(SHUT_RDWR)  # to close it is not enough while a thread waits for what it reads

    # -- a place

    def _placed(self) -> Any:
        """Return an actor on a node that is used. Raises OSError when the other side is gone."""
        while True:
            actor = self._ray.remote(**self._nodes.needs(), max_restarts=0, concurrency_groups=_GROUPS)(
                EngineActor
            ).remote()
            try:
                found = self._awaited(actor.node.remote())
            except self._ray.exceptions.RayError:  # its node is gone: there may be another
                self._wait(_AGAIN_S)
                continue
            except BaseException:
                self._ray.kill(actor)
                raise
            if self._nodes.why_refused(found) is None:
                self._node, self._host = found["node"], found["host"]
                return actor
            self._ray.kill(actor)

    def _awaited(self, ref: Any) -> Any:
        """Return what a call of an actor returns. Raises OSError when the other side is gone."""
        began_s = time.monotonic()
        while not self._ray.wait([ref], timeout=wire.ALIVE_S)[0]:
            is_late = time.monotonic() - began_s > _PLACED_S
            self._say(Message({"phase": self._nodes.waits_for()}) if is_late else wire.ALIVE)
        return self._ray.get(ref)

    def _wait(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self._say(wire.ALIVE)
            time.sleep(wire.ALIVE_S)

    def _say(self, message: Message) -> None:
        messages.write(FileIO(self._link.fileno(), "w", closefd=False), message)

    # -- what both sides say

    def _pass_on(self, actor: Any) -> Ended:
        try:
            self._ray.get(actor.begin.remote())
            replies = actor.replies.options(concurrency_group="replies", num_returns="streaming").remote()
            Thread(target=self._send_all, args=(actor,), daemon=True).start()
            for ref in replies:
                part = self._ray.get(ref)
                if isinstance(part, bytes):
                    self._link.sendall(part)
                else:
                    return self._ended(*part)
            return Ended("it said no more")
        except self._ray.exceptions.RayError as error:
            return self._lost(error)
        finally:
            self._end(actor)

    def _send_all(self, actor: Any) -> None:
        """Pass on what comes through the link, until it is closed: then nobody wants the engine process."""
        with suppress(OSError):
            while part := self._link.recv(_PART_BYTES):
                actor.send.options(concurrency_group="sends").remote(part)
        self._end(actor)

    def _ended(self, code: int, said: bytes) -> Ended:
        how = signal_of(code) or f"exit code {code}"
        last = last_lines(said)
        return Ended(f"{how} on {self._host}" + (f": {last}" if last else ""))

    def _lost(self, error: Exception) -> Ended:
        if not self._nodes.is_alive(self._node):
            return Ended(f"the node {self._host} has left the cluster", is_lost=True)
        kind = type(error).__name__
        return Ended(f"its actor on {self._host} was ended ({kind})", is_lost=True)

    def _end(self, actor: Any) -> None:
        """End an actor with its engine process, also where one of them is frozen. For any thread, any number of times.

        Ray kills an actor that does not react, but not what that has started.
        """
        with suppress(Exception):  # it has ended, or does not react
            self._ray.get(actor.end.remote(), timeout=_END_S)
        with suppress(Exception):
            self._ray.kill(actor)
