"""Pictures of personas: `open_library` is the way in.

>>> from avatar_creator import Attributes, Persona, open_library
>>> with open_library() as library:
...     avatar = library.generate(persona=Persona("Sarah Johnson", 32), attributes=Attributes(gender="female"))
...     print(avatar.image_path)
"""

from importlib import import_module

from avatar_creator._version import __version__

# Not from typing: until `__main__` has taken SIGINT, which only a program may, Ctrl-C shows a traceback.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from avatar_creator.domain.attributes import Attributes
    from avatar_creator.domain.filters import AgeSpan, AvatarFilter
    from avatar_creator.domain.persona import Persona
    from avatar_creator.domain.preset import Preset
    from avatar_creator.domain.records import Avatar, Generation, Project, Status
    from avatar_creator.domain.schedule import Schedule
    from avatar_creator.domain.stats import Use
    from avatar_creator.errors import AvatarError
    from avatar_creator.library import Library, open_library

__all__ = [
    "AgeSpan",
    "Attributes",
    "Avatar",
    "AvatarError",
    "AvatarFilter",
    "Generation",
    "Library",
    "Persona",
    "Preset",
    "Project",
    "Schedule",
    "Status",
    "Use",
    "__version__",
    "open_library",
]

# Loaded on first use: the command line imports this package too, and pays only for what it needs.
_HOMES = {
    "AgeSpan": "domain.filters",
    "Attributes": "domain.attributes",
    "Avatar": "domain.records",
    "AvatarError": "errors",
    "AvatarFilter": "domain.filters",
    "Generation": "domain.records",
    "Library": "library",
    "Persona": "domain.persona",
    "Preset": "domain.preset",
    "Project": "domain.records",
    "Schedule": "domain.schedule",
    "Status": "domain.records",
    "Use": "domain.stats",
    "open_library": "library",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
