"""Who makes the picture: one file or folder each, none knows another. table.py lists them and their options."""

import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any, NamedTuple

from avatar_creator.domain.license import License, require_commercial
from avatar_creator.domain.text import shown
from avatar_creator.engines.base import Engine, Setup
from avatar_creator.engines.table import AUTO_ENGINE, ENGINES, OPTIONS, Entry, check_options, engines_with, joined
from avatar_creator.errors import InvalidInput, NotConfigured

__all__ = ["AUTO_ENGINE", "ENGINES", "OPTIONS", "Entry", "check_options"]

SetupOf = Callable[[str], Setup]
"""Returns what the engine of a name is given from outside."""


class Choice(NamedTuple):
    """An engine, and in one sentence why it."""

    name: str
    reason: str


def automatic(options: Collection[str], setup_of: SetupOf) -> Choice:
    """Return the first engine that takes all given options and is ready, else the first that takes them.

    Raises InvalidInput when they belong to different ones. An option of no engine is left for the engine to refuse.
    """
    owners = {option: names for option in options if (names := engines_with(option))}
    able = [name for name in ENGINES if all(name in names for names in owners.values())]
    if not able:
        whose = ", ".join(f"{OPTIONS[option].flag} is for {joined(names)}" for option, names in owners.items())
        raise InvalidInput(f"No engine takes all of this: {whose}.", hint="Leave out one of them.")
    if owners and len(able) == 1:
        own = next(
            (f"the option {OPTIONS[option].flag}" for option in owners if owners[option] == able), "all that was given"
        )
        return Choice(able[0], f"Made by the {able[0]} engine, the only one with {own}.")
    for name in able:
        ready = ENGINES[name].ready
        reason = ready and _loaded(ready)(setup_of(name))
        if reason:
            return Choice(name, reason)
    return Choice(able[0], f"Made by the {able[0]} engine, the first that takes what was given.")


def fingerprint(name: str, options: Mapping[str, Any], setup: Setup | None = None) -> str | None:
    """Return what `Engine.credential` does, without loading what the engine brings."""
    place = _entry(name).fingerprint
    found: str | None = place and _loaded(place)(options, setup or Setup())
    return found


def licenses(name: str, options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licences of what an engine would use, as far as they are known without asking anybody."""
    place = _entry(name).licenses
    found: tuple[License, ...] = _loaded(place)(options) if place else ()
    return found


def check_commercial(name: str, model: str, found: tuple[License, ...]) -> None:
    """Raise InvalidInput unless all licences allow commercial use; where none is known the model is not allowed."""
    require_commercial(found or (License(model),), instead=_entry(name).commercial)


def load_engine(name: str, setup: Setup | None = None) -> Engine:
    """Return the engine of that name. Raises InvalidInput if there is none, NotConfigured if it cannot be loaded."""
    entry = _entry(name)
    try:
        with redirect_stdout(sys.stderr):  # libraries that cannot be loaded say so where the user's data go
            engine: Engine = _loaded(entry.place)(setup or Setup())
    except (ImportError, ValueError) as error:  # ValueError: a variable that a library reads while it is loaded
        install = f"Install what it needs: pip install '{entry.package}'"
        check = f"Check the variables of the environment that begin with {entry.variables}."
        hint = install if isinstance(error, ImportError) or not entry.variables else check
        raise NotConfigured(f"The {name} engine cannot be loaded: {error}", hint=hint) from error
    return engine


def _entry(name: str) -> Entry:
    if name not in ENGINES:
        known = ", ".join((AUTO_ENGINE, *ENGINES))
        raise InvalidInput(f"engine is {shown(name)}, which does not exist.", hint=f"Known engines: {known}.")
    return ENGINES[name]


def _loaded(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)
