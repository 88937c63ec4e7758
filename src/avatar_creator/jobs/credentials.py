"""What a worker can pay with: by fingerprints, since no credential is ever written down."""

from collections.abc import Callable, Mapping
from typing import Any

from avatar_creator.engines import ENGINES
from avatar_creator.errors import AvatarError
from avatar_creator.storage.generations import Generations


class Credentials:
    """The credentials this process has, among those that generations wait for; they may come and go."""

    def __init__(self, generations: Generations, fingerprint: Callable[[str, Mapping[str, Any]], str | None]) -> None:
        self.held: tuple[str, ...] = ()
        self._generations = generations
        self._fingerprint = fingerprint
        self._asked: dict[tuple[str, str], Mapping[str, Any]] = {(name, ""): {} for name in ENGINES}

    def refresh(self) -> tuple[str, ...]:
        """Find what this process has now, and return it."""
        known = [credential for _, credential in self._asked]
        for engine, credential, options in self._generations.find_credentials(but=known):
            self._asked.setdefault((engine, credential), options)
        found = {self._find(engine, options) for (engine, _), options in self._asked.items()}
        self.held = tuple(sorted(filter(None, found)))
        return self.held

    def _find(self, engine: str, options: Mapping[str, Any]) -> str | None:
        try:
            return self._fingerprint(engine, options)
        except AvatarError:  # there is none, or it is not valid
            return None
