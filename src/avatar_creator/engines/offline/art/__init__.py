"""The art styles of the offline engine; read by help and documentation too, so each loads when it is looked up."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.license import License

if TYPE_CHECKING:
    from avatar_creator.engines.offline.art.style import ArtStyle

DEFAULT_ART_STYLE = "avataaars"
_NAMES = (DEFAULT_ART_STYLE, "notionists", "open-peeps", "toon-head", "personas", "micah", "lorelei")


class _ArtStyles(Mapping[str, "ArtStyle"]):
    """The art styles by name: ``open-peeps`` is `OPEN_PEEPS` of `open_peeps.py`."""

    def __getitem__(self, name: str) -> "ArtStyle":
        if name not in _NAMES:
            raise KeyError(name)
        module = name.replace("-", "_")
        style: ArtStyle = getattr(import_module(f"{__name__}.{module}"), module.upper())
        return style

    def __contains__(self, name: object) -> bool:
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


ART_STYLES = _ArtStyles()


def licenses_of(options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licence of the art style that is chosen."""
    name = str(options.get("art_style", DEFAULT_ART_STYLE))
    return (ART_STYLES[name].license if name in ART_STYLES else License(f"dicebear/{name}"),)
