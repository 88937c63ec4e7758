"""What the shell offers after TAB: ids and names from the library, known values of attributes and settings.

Names and descriptions come from users, and from strangers whose files they were given. A shell reads what it is offered
as code, so a value is a plain word or it is not offered: what has another name is offered by its id.
"""

import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from typer import Context

from avatar_creator import domain
from avatar_creator.errors import AvatarError
from avatar_creator.home import COMPLETE_VARIABLE
from avatar_creator.library import Library, open_library

_MOST = 50  # more candidates help nobody
_PUNCTUATION = frozenset("._/+-")  # what is left when each of the four shells has taken what it reads in its own way
_SHOWN_PUNCTUATION = _PUNCTUATION | frozenset(",:()@")
_SHOWN_LONGEST = 100  # characters
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_LOOKALIKES = str.maketrans("[]{};", "()(),") | str.maketrans(dict.fromkeys("'\"`", _APOSTROPHE))

Candidates = list[tuple[str, str]]
"""Values and what the shell says beside each."""


def is_plain(value: str) -> bool:
    """Return whether bash, zsh, fish and PowerShell all take ``value`` as it stands, once its spaces are quoted.

    Not an option either: its first character is a letter or a digit.
    """
    words = value.split(" ")
    return value[:1].isalnum() and all(words) and all(c in _PUNCTUATION or _is_letter(c) for c in "".join(words))


def harmless(text: str) -> str:
    """Return ``text`` as it may stand beside a candidate: nothing in it means something to a shell."""
    allowed = _SHOWN_PUNCTUATION | {_APOSTROPHE} if _is_unicode() else _SHOWN_PUNCTUATION
    plain = "".join(c if c in allowed or _is_letter(c) else " " for c in text.translate(_LOOKALIKES))
    return " ".join(plain.split())[:_SHOWN_LONGEST]


def _is_letter(c: str) -> bool:
    """Return whether it is a letter, a mark on one or a digit, of any script that the output can hold."""
    return c.isalnum() if c.isascii() else unicodedata.category(c)[0] in "LMN" and _is_unicode()


def _is_unicode() -> bool:
    """Return whether the output holds every character: one that it lacks is written with a backslash."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def avatars(incomplete: str) -> Candidates:
    return _from_library(lambda library: library.find_names(incomplete, limit=_MOST))


def projects(incomplete: str) -> Candidates:
    def named(library: Library) -> Iterator[tuple[str, str]]:
        for project in library.projects.find():
            if is_plain(project.name):
                yield project.name, project.description or project.id
            else:
                yield project.id, project.name

    return _from_library(lambda library: [found for found in named(library) if found[0].startswith(incomplete)][:_MOST])


def generations(incomplete: str) -> Candidates:
    return _from_library(
        lambda library: [
            (generation.id, generation.status.value)
            for generation in library.generations.find(limit=_MOST)
            if generation.id.startswith(incomplete)
        ]
    )


def presets(incomplete: str) -> list[str]:
    try:
        with open_library() as library:
            return [name for name in library.presets.names() if name.startswith(incomplete) and is_plain(name)]
    except AvatarError:
        return []


def settings(incomplete: str) -> list[str]:
    return [key for key in open_library().config.names() if key.startswith(incomplete)]


def setting_values(ctx: Context, incomplete: str) -> list[str]:
    """Return the values of the setting that stands before; of most there are too many."""
    from avatar_creator.engines.table import AUTO_ENGINE, ENGINES, option_settings

    key = ctx.params.get("key")
    if key == "project":
        return [value for value, _ in projects(incomplete)]
    known = {key: option.known for key, option in option_settings()}
    known |= {
        "engine": (AUTO_ENGINE, *ENGINES),
        "format": tuple(domain.picture.PictureFormat),
        "embed": tuple(domain.picture.Embed),
        "prompt_style": tuple(domain.prompt.PromptStyle),
    }
    return [str(value) for value in known.get(str(key), ()) if str(value).startswith(incomplete)]


def known_values(known: Sequence[str]) -> Callable[[str], list[str]] | None:
    """Return what offers these values; None while no shell asks: typer reads the signature of each that is given."""
    if COMPLETE_VARIABLE not in os.environ:
        return None

    def values(incomplete: str) -> list[str]:
        return [value for value in known if value.startswith(incomplete)]

    return values


def _from_library(ask: Callable[[Library], Candidates]) -> Candidates:
    try:
        with open_library() as library:
            return ask(library) if library.home.database.exists() else []
    except AvatarError:  # a shell waiting for TAB has no place for an error
        return []
