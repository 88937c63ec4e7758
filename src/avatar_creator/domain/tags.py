"""Tags: words by which a user puts avatars together."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from avatar_creator.domain.text import clean_line, expect, fold, shown
from avatar_creator.errors import InvalidInput


class TagCount(NamedTuple):
    """A tag, and how many avatars have it."""

    tag: str
    avatars: int

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


TAG_LONGEST = 50
TAGS_MOST = 50  # of one avatar


def clean_tags(given: Iterable[str]) -> tuple[str, ...]:
    """Return tags as they are stored and compared: in lower case, each once. Raises InvalidInput."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        expect("tags", given, list, "a list of texts, such as ['hero']")
    return tuple(dict.fromkeys(map(_clean_tag, given)))


def _clean_tag(given: str) -> str:
    tag = fold(clean_line("tag", given, longest=TAG_LONGEST))
    if "," in tag:
        raise InvalidInput(f"The tag {shown(given)} has a comma, which stands between tags.", hint="Use another sign.")
    if tag.startswith("-"):
        raise InvalidInput(f"The tag {shown(given)} begins with a dash.", hint="Begin it with a letter or a digit.")
    return tag
