"""The one process of a worker in which Ray runs: it carries engine processes on the nodes of a cluster.

Ray ends the process that it runs in when the head of its cluster does not answer, and takes its handlers of signals. So
that is a process of its own. It ends when its standard input does; Ray then ends the actors on all nodes, as it does
when this process is killed.
"""

import os
import signal
import time
from io import FileIO
from socket import recv_fds, socket
from threading import Lock, Thread
from typing import Any, NoReturn

from avatar_creator.errors import AvatarError
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.jobs.engine_processes.ray_cluster import actor
from avatar_creator.jobs.engine_processes.ray_cluster.carrier import Carrier, Ended
from avatar_creator.jobs.engine_processes.ray_cluster.connecting import connect
from avatar_creator.jobs.engine_processes.ray_cluster.nodes import Nodes
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Broken, Message

_NODES_S = 2.0  # between two looks at which nodes there are


def main() -> None:
    """Serve until standard input ends."""
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever stops the worker lets it finish what it makes
        signal.signal(number, signal.SIG_IGN)
    requests, replies = FileIO(os.dup(0)), FileIO(os.dup(1), "w")
    os.dup2(2, 1)  # what Ray prints is no message
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _Server(requests, replies).serve()


class _Server:
    def __init__(self, requests: FileIO, replies: FileIO) -> None:
        self._requests = requests
        self._replies = replies
        self._writes = Lock()

    def serve(self) -> NoReturn:
        """Carry one engine process for each link that comes, in the order in which they come."""
        try:
            asked = messages.read(self._requests).head
        except (Broken, OSError):
            os._exit(1)
        Thread(target=self._await_end, daemon=True).start()
        ray, nodes = self._connected(asked)
        Thread(target=self._watch, args=(nodes,), daemon=True).start()
        with socket(fileno=asked["links"]) as links:
            number = 0
            while descriptors := recv_fds(links, 1, 1)[1]:  # a byte goes with each, so that none is read with another
                link = socket(fileno=descriptors[0])
                Thread(target=self._carry, args=(number, Carrier(ray, nodes, link)), daemon=True).start()
                number += 1
        os._exit(0)

    def _connected(self, asked: dict[str, Any]) -> tuple[Any, Nodes]:
        try:
            import ray  # noqa: PLC0415 - takes a second, and is missing for most

            where = connect(ray, asked["address"], is_secured=asked["is_secured"])
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # Ray has taken it
            ray.cloudpickle.register_pickle_by_value(actor)
            nodes = Nodes(ray, asked["gpus"], lambda said: self._say(Message({"notice": said})))
            self._say(Message({"address": where, "room": nodes.room(), "nodes": len(ray.nodes())}))
        except AvatarError as error:
            self._say(wire.failure(error))
            os._exit(1)
        return ray, nodes

    def _await_end(self) -> NoReturn:
        while self._requests.read(1):
            pass
        os._exit(0)

    def _watch(self, nodes: Nodes) -> NoReturn:
        said = -1
        while True:
            time.sleep(_NODES_S)
            room = nodes.room()
            if room != said:
                self._say(Message({"room": room}))
                said = room

    def _carry(self, number: int, carrier: Carrier) -> None:
        try:
            ended = carrier.run()
        except Exception as error:  # noqa: BLE001 - the worker says it
            ended = Ended(f"a bug, {type(error).__name__}: {error}")
        self._say(Message({"ended": [number, *ended]}))

    def _say(self, message: Message) -> None:
        try:
            with self._writes:
                messages.write(self._replies, message)
        except OSError:
            os._exit(0)
