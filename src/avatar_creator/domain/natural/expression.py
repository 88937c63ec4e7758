"""Personality as it is seen in a face."""

from collections.abc import Sequence

from avatar_creator.domain.natural import words
from avatar_creator.domain.natural.english import one_of, with_article
from avatar_creator.domain.natural.subject import plain
from avatar_creator.domain.natural.wishes import seen_instead


def expression_of(traits: Sequence[str]) -> str | None:
    """Return the first trait as an expression, None without any: "with a warm smile", "smiling"."""
    if not traits:
        return None
    trait = plain(traits[0])
    before, _, last = trait.rpartition(" ")
    if last.lower() == "personality" and before:
        trait, (before, _, last) = before, before.rpartition(" ")
    low = trait.lower()
    if seen := seen_instead(trait):
        return f"with {seen}"
    if low in words.EXPRESSIONS:
        return f"with {words.EXPRESSIONS[low]}"
    if words.PARTICIPLES & {low.partition(" ")[0], last.lower()}:
        return trait[0].lower() + trait[1:]
    if low.startswith(("in ", "at ", "on ")):
        return f"looking {trait}"
    return f"with {_face(trait, before.lower(), last.lower())}"


def _face(trait: str, before: str, last: str) -> str:
    if last in words.EXPRESSION_NOUNS:
        return one_of(trait)
    if last in words.CHARACTERS:
        return f"the look of {with_article(trait)}"
    if trait.lower() in words.EMOTIONS:
        return f"an expression of {trait}"
    manner = set(before.split()) - words.ADVERBS
    is_pair = before.endswith((" and", " but")) and before.count(" ") == 1
    is_adjective = is_pair or all(word.endswith("ly") for word in manner)
    if is_adjective and trait.replace(" ", "").replace("-", "").isalpha():
        return f"{with_article(trait)} expression"
    return f"a look that says {trait}"
