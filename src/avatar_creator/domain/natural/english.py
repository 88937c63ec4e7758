"""English grammar, as far as a caption needs it: articles, plurals, lists, capitals."""

import re
import unicodedata
from collections.abc import Collection, Sequence

_VOWELS = "aeiou"
_INITIALS = 3  # letters: with more, most are spoken as a word
_SPOKEN_WITH_VOWEL = "aefhilmnorsx"  # letters whose names begin with one: "an X-ray"
# Written with a vowel and spoken with a consonant, and the other way round.
_CONSONANT = re.compile(r"(?:eu|ew|u(?:ni(?!n)|se|su|ti|kr|gand|rug|tah)|one\b|once\b|ouija)")
_VOWEL = re.compile(r"(?:hono[u]?r|honest|hour|heir)")
_NUMBER = re.compile(r"(?:8|11(?!\d)|18(?!\d))")
_SINGULAR = {"lens", "canvas", "atlas", "bias", "gas", "christmas", "texas", "kansas"}
_PLURAL = {"people", "men", "women", "children"}
_DETERMINERS = {
    "a",
    "an",
    "the",
    "some",
    "any",
    "no",
    "his",
    "her",
    "their",
    "my",
    "your",
    "our",
    "its",
    "this",
    "that",
}
_ENDS = ".!?\u2026\u3002\uff01\uff1f\u061f\u0964"


def with_article(phrase: str) -> str:
    """Return a phrase with "a" or "an" before it, by how its first word is spoken; one that has another stays."""
    return phrase if _has_determiner(phrase) else f"{article(phrase)} {phrase}"


def article(phrase: str) -> str:
    """Return "a" or "an"."""
    word = phrase.partition(" ")[0].lstrip("(\"'\u201c\u2018")
    plain = unicodedata.normalize("NFKD", word)
    first, low = plain[:1].lower(), plain.lower()
    if first.isdigit():
        return "an" if _NUMBER.match(low) else "a"
    initials = plain.isupper() and (len(plain) <= _INITIALS or not set(low) & set(_VOWELS))
    if len(plain) > 1 and (plain[1] == "-" or initials):  # each letter is spoken by its name
        return "an" if first in _SPOKEN_WITH_VOWEL else "a"
    begins = first and ((first in _VOWELS and not _CONSONANT.match(low)) or _VOWEL.match(low))
    return "an" if begins else "a"


def is_plural(word: str) -> bool:
    """Return whether a noun is one of several things, by its end."""
    low = word.lower().strip(".,;:!?)")
    return low in _PLURAL or (low.endswith("s") and not low.endswith(("ss", "us", "is")) and low not in _SINGULAR)


def _has_determiner(phrase: str) -> bool:
    first = phrase.partition(" ")[0].lower()
    return first in _DETERMINERS or (phrase[0].isupper() and first.endswith(("'s", "\u2019s")))


def one_of(phrase: str, mass: Collection[str] = ()) -> str:
    """Return a phrase with an article, if its noun is one thing: "a red dress", "jeans", "black denim"."""
    noun = phrase.rpartition(" ")[2].lower()
    if is_plural(noun) or noun in mass or noun.endswith("wear"):
        return phrase
    return with_article(phrase)


def listed(items: Sequence[str]) -> str:
    """Join phrases: "a", "a and b", "a, b and c"."""
    *before, last = items
    return f"{', '.join(before)} and {last}" if before else last


def sentence(text: str) -> str:
    """Return a text as a sentence: with a capital, if its first word is all in small letters, and with an end."""
    first = text.partition(" ")[0]
    if first.islower() and first[0].isalpha():
        text = text[0].upper() + text[1:]
    text = text.rstrip(" ,;:")
    return text if text.endswith(tuple(_ENDS)) or text[-2:-1] in tuple(_ENDS) else f"{text}."
