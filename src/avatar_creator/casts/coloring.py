"""What sets people of one cast apart on sight: the colors of their clothes and of what is behind them."""

import re
from collections.abc import Sequence
from math import lcm
from typing import NamedTuple

from avatar_creator.casts.draws import digest
from avatar_creator.casts.tables import colors
from avatar_creator.casts.tables.traits import EXPRESSIONS
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.prompt import DEFAULT_BASE, PROMPT_LONGEST

_STYLE = next(attribute for attribute in ATTRIBUTES if attribute.name == "style")
_PLACE = re.compile(r"\b(background|backdrop|behind|in front of|against)\b", re.IGNORECASE)
_DECADE = 10
_STEP, _TIMES_MOST = 101, 40


class Colors(NamedTuple):
    """What a prompt says of one person; None of what the user has decided."""

    clothes: str | None
    background: str | None


class Coloring:
    """The colors of one cast, asked for in the order of its people.

    Colors are given by the person's number: neighbors share none, and no pair comes again before all have come. Who
    would look like somebody before in all that is decided, face, hair, clothes and background, gets another pair.
    """

    def __init__(self, seed: int, prompt: str | None) -> None:
        self._seen: set[int] = set()
        self._clothes = _shuffled(seed, "clothes", colors.CLOTHES)
        self._sober = _shuffled(seed, "clothes", colors.SOBER_CLOTHES)
        self._backgrounds = _shuffled(seed, "background", colors.BACKGROUNDS)
        self._own = prompt
        self._has_place = bool(prompt and _PLACE.search(prompt))
        self._has_dress = bool(prompt and not _STYLE.nouns.isdisjoint(re.findall(r"[\w-]+", prompt.lower())))

    def prompt(self, number: int, persona: Persona, attributes: Attributes) -> str:
        """Return the prompt of somebody: the user's own, and the colors."""
        shown = self._colors(number, persona, attributes)
        base = self._own or f"{DEFAULT_BASE} with a {EXPRESSIONS[persona.personality[0]]}"
        said = [base, *(f"{color} {of}" for of, color in shown._asdict().items() if color)]
        whole = ", ".join(said)
        return whole if len(whole) <= PROMPT_LONGEST else base

    def _colors(self, number: int, persona: Persona, attributes: Attributes) -> Colors:
        face = (
            attributes.gender,
            attributes.ethnicity,
            (persona.age or 0) // _DECADE,
            attributes.body_type,
            attributes.hair_style,
            attributes.hair_color,
            attributes.eye_color,
            attributes.skin_tone,
            attributes.style,
            persona.personality[:1],
        )
        clothes = self._sober if attributes.style in colors.SOBER else self._clothes
        has_dress = self._has_dress or attributes.style not in _STYLE.known
        for turn in range(_TIMES_MOST):
            at = number - 1 + turn * _STEP
            found = Colors(
                None if has_dress else clothes[at % len(clothes)],
                None if self._has_place else self._background(at),
            )
            seen = hash((face, found))
            if seen not in self._seen or not any(found):
                break
        self._seen.add(seen)
        return found

    def _background(self, at: int) -> str:
        """Return a background. It does not depend on the clothes, so that another style of dress leaves it as it is."""
        many = len(self._backgrounds)
        return self._backgrounds[(at + at // lcm(len(self._clothes), many)) % many]


def _shuffled(seed: int, of: str, names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda name: digest(seed, of, name))
