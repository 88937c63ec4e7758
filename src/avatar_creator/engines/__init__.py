"""Who makes the picture: one file or folder each, none knows another."""

import sys
from collections.abc import Collection, Mapping
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any, NamedTuple

from avatar_creator.domain.license import License, require_commercial
from avatar_creator.domain.text import shown
from avatar_creator.engines.base import Engine, Setup
from avatar_creator.engines.huggingface.credentials import token_source
from avatar_creator.errors import InvalidInput, NotConfigured


class Entry(NamedTuple):
    """Where an engine's class stands, and the options that only this engine takes.

    A setting of ``by_model`` is for the model that is set: it gives way when another one is given. ``fingerprint`` is
    the function behind `Engine.credential`, where it can be had without the engine. ``licenses`` is the function behind
    `licenses`, and ``commercial`` says which options choose what may be used commercially.
    """

    place: str  # module:class, loaded on first use, since each brings its own heavy libraries
    options: tuple[str, ...]
    by_model: tuple[str, ...] = ()
    fingerprint: str | None = None  # module:function of the options and the setup; None: nothing is paid with
    licenses: str | None = None  # module:function of the options; None: nothing is known
    commercial: str = "another --engine"


AUTO_ENGINE = "auto"  # stands for the one that `automatic` returns
ENGINES: dict[str, Entry] = {
    "huggingface": Entry(
        "avatar_creator.engines.huggingface.engine:HuggingFaceEngine",
        (
            "model",
            "provider",
            "lora",
            "lora_scale",
            "steps",
            "guidance",
            "timeout_s",
            "bill_to",
            "require_lora",
            "reroll",
            "provider_key_env",
        ),
        by_model=("lora", "lora_scale", "steps", "guidance"),
        fingerprint="avatar_creator.engines.huggingface.options:fingerprint",
        licenses="avatar_creator.engines.huggingface.licenses:licenses_of",
        commercial="--model flux-schnell, without --lora",
    ),
    "offline": Entry(
        "avatar_creator.engines.offline.engine:OfflineEngine",
        ("art_style",),
        licenses="avatar_creator.engines.offline.styles:licenses_of",
        commercial="--art-style open-peeps",
    ),
}


class Choice(NamedTuple):
    """An engine, and in one sentence why it."""

    name: str
    reason: str


def automatic(options: Collection[str], setup: Setup) -> Choice:
    """Return the engine that the given options belong to, else the best that is ready to be used.

    Raises InvalidInput when they belong to different ones.
    """
    wanted = {name: option for name, entry in ENGINES.items() for option in options if option in entry.options}
    if len(wanted) > 1:
        whose = ", ".join(f"{option} is for the {name} engine" for name, option in wanted.items())
        raise InvalidInput(f"No engine takes all of this: {whose}.", hint="Leave out one of them.")
    for name, option in wanted.items():
        return Choice(name, f"Made by the {name} engine, the only one with the option {option}.")
    source = token_source(setup.hf_token)
    if source:
        return Choice("huggingface", f"Photographed by the huggingface engine, with the token from {source}.")
    return Choice("offline", "Drawn by the offline engine: there is no Hugging Face token for photographs.")


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
    """Return the engine of that name. Raises InvalidInput if there is none."""
    place = _entry(name).place
    try:
        with redirect_stdout(sys.stderr):  # libraries that cannot be loaded say so where the user's data go
            engine: Engine = _loaded(place)(setup or Setup())
    except (ImportError, ValueError) as error:  # ValueError: a variable that a library reads while it is loaded
        raise NotConfigured(
            f"The {name} engine cannot be loaded: {error}",
            hint="Check the variables of the environment that begin with HF_, or install avatar-creator again.",
        ) from error
    return engine


def _entry(name: str) -> Entry:
    if name not in ENGINES:
        known = ", ".join((AUTO_ENGINE, *ENGINES))
        raise InvalidInput(f"engine is {shown(name)}, which does not exist.", hint=f"Known engines: {known}.")
    return ENGINES[name]


def _loaded(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)
