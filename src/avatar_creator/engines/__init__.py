"""Who makes the picture: one file or folder each, none knows another."""

from collections.abc import Collection
from importlib import import_module
from typing import NamedTuple

from avatar_creator.domain.text import shown
from avatar_creator.engines.base import Engine, Setup
from avatar_creator.errors import InvalidInput


class Entry(NamedTuple):
    """Where an engine's class stands, and the options that only this engine takes."""

    place: str  # module:class, loaded on first use, since each brings its own heavy libraries
    options: tuple[str, ...]


ENGINES: dict[str, Entry] = {
    "offline": Entry("avatar_creator.engines.offline.engine:OfflineEngine", ("art_style",)),
}


class Choice(NamedTuple):
    """An engine, and in one sentence why it."""

    name: str
    reason: str


def automatic(options: Collection[str], setup: Setup) -> Choice:  # noqa: ARG001
    """Return the engine that the given options belong to, else the best that is ready to be used.

    Raises InvalidInput when they belong to different ones.
    """
    return Choice("offline", "Drawn by the offline engine, which needs no token and no network.")


def load_engine(name: str, setup: Setup | None = None) -> Engine:
    """Return the engine of that name. Raises InvalidInput if there is none."""
    try:
        module, _, attribute = ENGINES[name].place.partition(":")
    except KeyError:
        known = ", ".join(ENGINES)
        raise InvalidInput(f"engine is {shown(name)}, which does not exist.", hint=f"Known engines: {known}.") from None
    engine: Engine = getattr(import_module(module), attribute)(setup or Setup())
    return engine
