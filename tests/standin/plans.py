"""Which request is to be answered badly, and how."""

import random
from collections import deque
from collections.abc import Sequence
from typing import get_args

from .behaviour import Behaviour
from .record import Kind


class Plans:
    """A script first, then what is always so, then chance."""

    def __init__(self) -> None:
        self._scripts: dict[Kind, deque[Behaviour]] = {kind: deque() for kind in get_args(Kind)}
        self._always: dict[Kind, Behaviour] = {}
        self._rate = 0.0
        self._behaviours: Sequence[Behaviour] = ()
        self._random = random.Random(0)

    def script(self, kind: Kind, behaviours: Sequence[Behaviour]) -> None:
        for behaviour in behaviours:
            _check(kind, behaviour)
        self._scripts[kind].extend(behaviours)

    def always(self, kind: Kind, behaviour: Behaviour | None) -> None:
        if behaviour is None:
            self._always.pop(kind, None)
        else:
            _check(kind, behaviour)
            self._always[kind] = behaviour

    def chance(self, rate: float, behaviours: Sequence[Behaviour], seed: int) -> None:
        self._rate, self._behaviours, self._random = rate, behaviours, random.Random(seed)

    def next(self, kind: Kind) -> Behaviour | None:
        """Return what happens to the next request of this kind, None if all is well."""
        if self._scripts[kind]:
            return self._scripts[kind].popleft()
        if kind in self._always:
            return self._always[kind]
        if kind == "call" and self._rate and self._random.random() < self._rate:
            return self._random.choice(self._behaviours)
        return None


def _check(kind: Kind, behaviour: Behaviour) -> None:
    if behaviour.at_connect != (kind == "connect") and behaviour.wire == "whole":
        raise ValueError(f"{behaviour.name} never happens to a {kind}")
