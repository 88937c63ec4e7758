"""The art styles of the offline engine; read by help and documentation too, so it loads nothing heavy."""

from collections.abc import Mapping
from typing import Any

from avatar_creator.domain.license import License
from avatar_creator.engines.offline.art.avataaars import AVATAAARS
from avatar_creator.engines.offline.art.lorelei import LORELEI
from avatar_creator.engines.offline.art.micah import MICAH
from avatar_creator.engines.offline.art.notionists import NOTIONISTS
from avatar_creator.engines.offline.art.open_peeps import OPEN_PEEPS
from avatar_creator.engines.offline.art.personas import PERSONAS
from avatar_creator.engines.offline.art.toon_head import TOON_HEAD

ART_STYLES = {style.name: style for style in (AVATAAARS, NOTIONISTS, OPEN_PEEPS, TOON_HEAD, PERSONAS, MICAH, LORELEI)}
DEFAULT_ART_STYLE = AVATAAARS.name


def licenses_of(options: Mapping[str, Any]) -> tuple[License, ...]:
    """Return the licence of the art style that is chosen."""
    name = str(options.get("art_style", DEFAULT_ART_STYLE))
    return (ART_STYLES[name].license if name in ART_STYLES else License(f"dicebear/{name}"),)
