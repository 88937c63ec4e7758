"""Which of the garments of a text is seen: a blazer covers the blouse under it."""

from collections.abc import Iterable

from avatar_creator.engines.offline.grammar.phrases import Phrase
from avatar_creator.engines.offline.words.function_words import NECKWEAR
from avatar_creator.engines.offline.words.tables import NEAREST
from avatar_creator.engines.offline.words.topics import Topic

# How far outside garments are worn. Others are worn as their nearest garment is.
_LAYERS = {"shirt": 0, "t-shirt": 0, "blouse": 0, "sweater": 1, "hoodie": 1, "waistcoat": 1, "apron": 2, "suit": 2}
_WITH_TIE = frozenset({"suit", "blazer", "shirt", "tie", "tuxedo"})


def without_covered(phrases: Iterable[Phrase]) -> tuple[list[Phrase], list[str]]:
    """Return what a text says without the garments that another covers and their colors, and the words of those."""
    found = list(phrases)
    garments = [one for one in found if one.topic is Topic.GARMENT and not one.refused]
    if len({one.meaning for one in garments}) < 2:  # noqa: PLR2004 - nothing covers another
        return found, []
    ties = [one for one in garments if one.text in NECKWEAR]
    seen = max([one for one in garments if one not in ties] or garments, key=lambda one: _layer(one.meaning))
    covered = {one.start for one in garments} - {seen.start}
    if ties and seen.meaning in _WITH_TIE:  # "a black suit and a red tie" is one garment
        found.remove(seen)
        covered.discard(ties[0].start)
        if seen.meaning in {"suit", "blazer"} and ties[0].meaning == "tie":
            found[found.index(ties[0])] = ties[0]._replace(meanings={Topic.GARMENT: "suit and tie"})
    hidden = [one for one in found if one.start in covered or one.thing in covered]
    return [one for one in found if one not in hidden], [one.text for one in hidden if not one.refused]


def _layer(garment: str) -> int:
    following: str | None = garment
    while following is not None and following not in _LAYERS:
        following = NEAREST.get(following)
    return _LAYERS.get(following or "", 0)
