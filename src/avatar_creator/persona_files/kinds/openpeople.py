"""Metadata of the synthetic people of openpeople, a record for each."""

import re
from collections.abc import Sequence

from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source

_PLACES = ("character_details.", "")  # of the versions
_SHARE = re.compile(r"(\d{1,3}) ?% ([^,;]+)")
_SKINS = {  # the scale of Fitzpatrick
    "i": "very-light",
    "ii": "light",
    "iii": "light-medium",
    "iv": "medium",
    "v": "dark",
    "vi": "deep",
}


def ancestry(value: object) -> object:
    """Return the two largest parts of "45% Middle Eastern, 55% North African", the larger first."""
    shares = _SHARE.findall(value) if isinstance(value, str) else []
    parts = [part.strip() for _, part in sorted(shares, key=lambda share: -int(share[0]))]
    return " and ".join(parts[:2]) or value


def skin(value: object) -> object:
    """Return the skin tone that a type of Fitzpatrick's scale stands for; any other value as it is."""
    if not isinstance(value, str):
        return value
    return _SKINS.get(value.casefold().replace("fitzpatrick", "").replace("type", "").strip(), value)


def seen(*parts: object) -> str | None:
    """Return what is seen of hair and beard as one text."""
    return ", ".join(part.strip().rstrip(".") for part in parts if isinstance(part, str) and part.strip()) or None


def _sources(_: Sample) -> Sequence[Source]:
    return (
        Source("persona_id", ("person_id",)),
        *(source for place in _PLACES for source in _traits(f"{place}demographics.", f"{place}visible_traits.")),
        Source("style", ("style_context.wardrobe_style",)),
    )


def _traits(people: str, traits: str) -> Sequence[Source]:
    return (
        Source("age_range", (f"{people}age_range",)),
        Source("gender", (f"{people}sex",)),
        Source("ethnicity", (f"{people}ethnicity",), ancestry),
        Source("skin_tone", (f"{people}skin_tone",), skin),
        Source("prompt", (f"{traits}hair.description", f"{traits}facial_hair"), seen),
        Source("hair_style", (f"{traits}hair.style",)),
        Source("hair_color", (f"{traits}hair.color",)),
        Source("body_type", (f"{traits}body_type",)),
    )


def _recognises(sample: Sample) -> bool:
    columns = set(sample.columns)
    return "person_id" in columns and any(f"{place}demographics.sex" in columns for place in _PLACES)


OPENPEOPLE = Kind(
    "openpeople",
    _recognises,
    _sources,
    remarks=("What its descriptions of hair say is the prompt. Height and additional traits are not drawn.",),
)
