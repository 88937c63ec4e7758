"""What a user's own prompt says of a picture already: who is shown, where, in what light, and how it is taken."""

import re
from typing import NamedTuple

from avatar_creator.domain.natural import words
from avatar_creator.domain.natural.english import is_plural, with_article


class Scene(NamedTuple):
    """Whether a prompt names these: then a natural prompt adds none of its own."""

    frame: bool
    direction: bool
    light: bool
    place: bool
    lens: bool
    expression: bool
    dress: bool
    hair: bool


def read_scene(text: str) -> Scene:
    """Return what a prompt names."""
    return Scene(*(bool(re.search(rf"\b(?:{words.SCENE[part]})\b", text, re.IGNORECASE)) for part in Scene._fields))


# The first words of a prompt, up to where it says more of the person than who that is.
_HEAD_ENDS = re.compile(
    r"[,.;:!?(]|\s(?:with|in|on|at|by|wearing|and|who|whose|beside|next|aged|against)\b|"
    r"(?<! a)(?<! an)\s(?:holding|standing|sitting|looking|smiling|laughing)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(rf"\b(?:{words.PICTURES})\b", re.IGNORECASE)
_CONTINUES = re.compile(rf"(?:{words.CONTINUING})\b")
_PERSON = re.compile(rf"\b(?:{words.PERSONS})\b", re.IGNORECASE)
_WOMAN = re.compile(r"\b(?:woman|girl|lady|female|businesswoman|bride|grandmother|mother)\b", re.IGNORECASE)
_MAN = re.compile(r"\b(?:man|boy|gentleman|male|businessman|groom|grandfather|father)\b", re.IGNORECASE)


def _head(text: str) -> str:
    return _HEAD_ENDS.split(text, maxsplit=1)[0]


def gender_in(text: str) -> str | None:
    """Return "woman" or "man", if a prompt begins with one: only so a word is surely about who is shown."""
    woman, man = _WOMAN.search(_head(text)), _MAN.search(_head(text))
    return "woman" if woman and not man else "man" if man and not woman else None


def opening(text: str) -> str | None:
    """Return a prompt as the beginning of a caption, if it says itself who is shown; None if it does not."""
    head = _head(text)
    if _PICTURE.search(head) and _PERSON.search(head):
        return text
    if _CONTINUES.match(text):
        return f"A photograph of a person {text}"
    first = head.partition(" ")[0]
    if first.lower() in ("a", "an", "the", "one", "two", "three", "my"):
        return f"A photograph of {text[0].lower()}{text[1:]}"
    if not _PERSON.search(head):
        return None
    text = text if _is_proper(first) else text[0].lower() + text[1:]
    return f"A photograph of {text if is_plural(head) else with_article(text)}"


def _is_proper(word: str) -> bool:
    """Return whether a word has a capital wherever it stands, as an origin has: "Nigerian", "Dutch", "CEO"."""
    if not word.istitle():
        return True
    return word in words.PROPER or (word.endswith(words.PROPER_ENDS) and not _PERSON.fullmatch(word))
