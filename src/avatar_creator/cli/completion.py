"""What the shell offers after TAB: ids and names from the library, known values of attributes."""

from collections.abc import Callable, Sequence

from avatar_creator.errors import AvatarError
from avatar_creator.library import Library, open_library

_MOST = 50  # more candidates help nobody

Candidates = list[tuple[str, str]]
"""Values and what the shell says beside each."""


def avatars(incomplete: str) -> Candidates:
    return _from_library(lambda library: library.reading.avatar_names(incomplete, limit=_MOST))


def projects(incomplete: str) -> Candidates:
    start = incomplete.casefold()
    return _from_library(
        lambda library: [
            (project.name, project.description or project.id)
            for project in library.reading.find_projects()
            if project.name.casefold().startswith(start)
        ][:_MOST]
    )


def generations(incomplete: str) -> Candidates:
    return _from_library(
        lambda library: [
            (generation.id, generation.status.value)
            for generation in library.reading.find_generations(limit=_MOST)
            if generation.id.startswith(incomplete)
        ]
    )


def settings(incomplete: str) -> list[str]:
    return [key for key in open_library().setting_names() if key.startswith(incomplete)]


def known_values(known: Sequence[str]) -> Callable[[str], list[str]]:
    def values(incomplete: str) -> list[str]:
        return [value for value in known if value.startswith(incomplete)]

    return values


def _from_library(ask: Callable[[Library], Candidates]) -> Candidates:
    try:
        with open_library() as library:
            return ask(library) if library.home.database.exists() else []
    except AvatarError:  # a shell waiting for TAB has no place for an error
        return []
