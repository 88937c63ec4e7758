"""Who makes the picture: one file each, none knows another."""

from importlib import import_module
from typing import NamedTuple

from avatar_creator.domain.text import shown
from avatar_creator.engines.base import Engine
from avatar_creator.errors import InvalidInput

# name -> where its class stands; loaded on first use, since each brings its own heavy libraries.
ENGINES: dict[str, str] = {
    "offline": "avatar_creator.engines.offline.engine:OfflineEngine",
}


class Choice(NamedTuple):
    """An engine, and in one sentence why it."""

    name: str
    reason: str


def automatic() -> Choice:
    """Return the best engine that is ready to be used."""
    return Choice("offline", "Drawn by the offline engine, which needs no token and no network.")


def load_engine(name: str) -> Engine:
    """Return the engine of that name. Raises InvalidInput if there is none."""
    try:
        module, _, attribute = ENGINES[name].partition(":")
    except KeyError:
        known = ", ".join(ENGINES)
        raise InvalidInput(f"engine is {shown(name)}, which does not exist.", hint=f"Known engines: {known}.") from None
    engine: Engine = getattr(import_module(module), attribute)()
    return engine
