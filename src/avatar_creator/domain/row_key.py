"""Which row of a persona file a row is, and which picture a picture is: by what they say, never by where they stand.

What these functions return decides whether a picture is made, and paid for, once more. So it never changes: not with
the next version, not for a row that says the same as before. Tests pin it. What is not given is left out of what is
hashed, so that a later version may know more attributes and options.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST
from avatar_creator.domain.prompt import USUAL_NEGATIVE, PromptStyle
from avatar_creator.domain.text import fold, trimmed

_to_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode

_OF_ONE = "\0"  # where a recipe has what is a picture's own; no option holds it
_NUMBERED = re.compile(r"\S#[1-9][0-9]*\Z")
_ID_LONGEST = 200  # as an id in a file
_IN_IDS = str.maketrans({" ": "-", "_": "-", "/": "%2f", "=": "%3d", "%": "%25"})
_JOINTS = dict.fromkeys(map(ord, " -_"))  # between the words of a value


def row_key(row: PersonaRow, wording: Mapping[str, Any]) -> str:
    """Return the key of what a row says of whom it is about.

    The persona's background is not part of it, which no picture shows, nor are the row's options, of which the recipe
    has the outcome: an option may move from a column to the command line. ``wording`` are ``negative_prompt``,
    ``quality_terms``, ``name_in_prompt`` and ``prompt_style`` as they are for this row; None counts as not given.
    """
    persona = row.persona
    said = {
        "id": _text(row.persona_id),
        "name": persona.name,
        "age": persona.age,
        "personality": persona.personality or None,
        "attributes": _folded(row.attributes) or None,
        "prompt": _text(row.prompt),
        "wording": _unusual(tuple(wording.items())) or None,
    }
    return _digest(_given(said)).hex()


def derived_seed(batch_seed: int, row: PersonaRow, key: str) -> int:
    """Return the seed of a row that names none: that of its id, if it has one, so that an edited row keeps its face."""
    id_ = _text(row.persona_id)
    digest = _digest({"seed": batch_seed, **({"id": id_} if id_ else {"key": key})})
    return int.from_bytes(digest[:8]) % SEED_MOST + SEED_LEAST


def recipe_hasher(
    *,
    engine: str,
    model: str,
    options: Mapping[str, Any],
    width_px: int,
    height_px: int,
) -> Callable[[str, int], str]:
    """Return what hashes the recipes of pictures that are made alike, by key and seed.

    A recipe's hash is the same for pictures of which one is enough.
    ``options`` are those that decide pixels (`decisive` in engines/table.py), with every default. The format of the
    file is no part of it: nobody gets a second cast, or pays for one, by asking for copies of another suffix.
    """
    recipe = {
        "key": _OF_ONE,
        "seed": _OF_ONE,
        "engine": engine,
        "model": model,
        "options": {name: _plain(value) for name, value in options.items() if value is not None},
        "width_px": width_px,
        "height_px": height_px,
    }
    before_key, before_seed, rest = _to_json(_given(recipe)).split(_to_json(_OF_ONE))

    def hashed(key: str, seed: int) -> str:
        text = f"{before_key}{_to_json(key)}{before_seed}{seed}{rest}"
        return hashlib.sha256(text.encode()).hexdigest()

    return hashed


def persona_id_of(row_id: str, n: int) -> str:
    """Return the persona id of the avatar that is a row's ``n``-th picture: no other picture of any row has it.

    An id that the picture of another row could have had is told apart by a number of its own.
    """
    return row_id if n == 1 and not _NUMBERED.search(row_id) else f"{row_id}#{n}"


def crossed_id(row_id: str, said: Mapping[str, str]) -> str:
    """Return the id of a row with other values, ``p1/hair_color=red``: no other row has it that is given such values.

    One that is longer than an id may be is a digest.
    """
    whole = row_id + "".join(f"/{name}={_escaped(value)}" for name, value in sorted(said.items()))
    return whole if len(whole) <= _ID_LONGEST else hashlib.sha256(whole.encode()).hexdigest()


def drawn_of(values: Sequence[str], *, seed: int, axis: str, row_id: str) -> int:
    """Return the place of the value that a row draws. One that is added is drawn by a few, and changes no other's."""
    texts = (f"{seed}/{axis}/{fold(value)}/{row_id}" for value in values)
    draws = [hashlib.sha256(text.encode()).digest() for text in texts]
    return draws.index(min(draws))


def row_id_of(persona_id: str) -> str:
    """Return the id of the row that has an avatar of this persona id."""
    return persona_id.rpartition("#")[0] if _NUMBERED.search(persona_id) else persona_id


def details_hash(name: str, background: str | None) -> str:
    """Return what is the same as long as a row says the same of what no picture shows."""
    return _digest({"name": name, "background": background}).hex()


def _escaped(value: str) -> str:
    return fold(value).translate(_IN_IDS)


@lru_cache(maxsize=128)  # most rows of a file are worded alike
def _unusual(wording: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Return how a prompt is worded as far as it is not as usual: to say what is usual changes nothing."""
    said = _given(dict(wording))
    natural = said.get("prompt_style") == PromptStyle.NATURAL
    usual = {
        "negative_prompt": USUAL_NEGATIVE,
        "quality_terms": True,
        "name_in_prompt": not natural,
        "prompt_style": PromptStyle.KEYWORDS,
    }
    given = {name: trimmed(value) if isinstance(value, str) else value for name, value in said.items()}
    return {name: value for name, value in given.items() if value != usual.get(name)}


@lru_cache(maxsize=4096)  # many rows of a file look alike
def _folded(attributes: Attributes) -> dict[str, str]:
    return {attribute.name: _word(value) for attribute, value in attributes.given()}


def _word(value: str) -> str:
    """Return what the spellings of an attribute's value have in common: "East Asian" is east-asian.

    That is so for all values, and not for those alone that are known: a later version may know more of them.
    """
    folded = fold(value)
    return folded if folded.isalnum() else folded.translate(_JOINTS)


def _text(value: str | None) -> str | None:
    return trimmed(value) or None if value else None


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    """Return a number in the one way in which JSON has it: 7.0 is 7."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _digest(value: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(_to_json(value).encode()).digest()
