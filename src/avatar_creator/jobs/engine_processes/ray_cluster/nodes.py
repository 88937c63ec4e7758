"""The nodes of a Ray cluster: which are used, which are refused and why, and how many engine processes have room."""

import math
import time
from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple

from avatar_creator._version import __version__

_REFUSED_S = 60.0  # until a refused node is tried again: avatar may be there by then
_NODE_LABEL = "ray.io/node-id"  # Ray gives it to each node


class _Refused(NamedTuple):
    why: str
    until_s: float


class Nodes:
    """For any thread. ``gpus`` has each engine process; without any it has a CPU."""

    def __init__(self, ray: Any, gpus: float, say: Callable[[str], None]) -> None:
        """``say`` is called, in any thread, with what the worker's log is to have."""
        self._ray = ray
        self._say = say
        self._resource, self._each = ("GPU", gpus) if gpus else ("CPU", 1.0)
        self._refused: dict[str, _Refused] = {}
        self._lock = Lock()

    def room(self) -> int:
        """Return how many engine processes the nodes have room for, whoever else uses them now."""
        refused = self._refused_now()
        return sum(
            math.floor(node["Resources"].get(self._resource, 0) / self._each)
            for node in self._alive()
            if node["NodeID"] not in refused
        )

    def is_alive(self, node: str) -> bool:
        return any(each["NodeID"] == node for each in self._alive())

    def _alive(self) -> list[dict[str, Any]]:
        return [node for node in self._ray.nodes() if node["Alive"]]

    def needs(self) -> dict[str, Any]:
        """Return what Ray is to place an actor by.

        A node whose CPUs are busy may have a card that is free: an actor with a card needs no CPU to be placed.
        """
        needs: dict[str, Any] = {"num_gpus": self._each, "num_cpus": 0} if self._resource == "GPU" else {"num_cpus": 1}
        if refused := self._refused_now():
            needs["label_selector"] = {_NODE_LABEL: f"!in({','.join(refused)})"}
        return needs

    def why_refused(self, found: dict[str, Any]) -> str | None:
        """Return why a node is not used, given what its actor found there; None where it is. It is noted."""
        if found["version"] == __version__:
            return None
        has = f"has avatar {found['version']}" if found["version"] else "has no avatar"
        why = f"The node {found['host']} {has}, and the worker is {__version__}"
        with self._lock:
            self._refused[found["node"]] = _Refused(why, time.monotonic() + _REFUSED_S)
        self._say(f"{why}: it is not used. On it: pip install 'avatar-creator=={__version__}'")
        return why

    def _refused_now(self) -> dict[str, _Refused]:
        now_s = time.monotonic()
        with self._lock:
            self._refused = {node: each for node, each in self._refused.items() if each.until_s > now_s}
            return dict(self._refused)

    def waits_for(self) -> str:
        """Return what an actor waits for that Ray has not placed."""
        if self.room():
            said = f"waiting for a free {self._resource} of the Ray cluster"
        else:
            refused = dict.fromkeys(each.why for each in self._refused_now().values())
            said = ". ".join([f"waiting for a node with a {self._resource} in the Ray cluster", *refused])
        return said
