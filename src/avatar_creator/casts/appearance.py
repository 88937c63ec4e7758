"""How old people of a cast are, and what they look like."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from avatar_creator.casts.draws import Draws
from avatar_creator.casts.tables import ages, appearance
from avatar_creator.domain.age_ranges import KNOWN, Years, range_of, read_years, spans_of
from avatar_creator.domain.exclusions import excluded
from avatar_creator.domain.persona import AGE_LEAST, AGE_MOST
from avatar_creator.domain.synonyms import value_of
from avatar_creator.domain.text import clean_number, fold, shown
from avatar_creator.errors import InvalidInput

_BALD = "bald"
_HAIR = frozenset(["hair_style", "hair_color"])
_SPAN = re.compile(r"(\d{1,3}) ?[-\u2013] ?(\d{1,3})")


@lru_cache
def years_of(text: str) -> Years:
    """Return the ages that people of an age range are given. Raises InvalidInput for what says no age."""
    named = ages.AGES.get(fold(text).strip())
    if named:
        return named
    years = read_years(text)
    if years is None:
        raise InvalidInput(f"age {shown(text)} is not understood.", hint="Try young, adult, mature, 25-34, 65+ or 42.")
    backwards = _SPAN.fullmatch(text.strip())
    if backwards and int(backwards[1]) > int(backwards[2]):
        raise InvalidInput(f"age is {shown(text)}, which is empty.", hint=f"Try {backwards[2]}-{backwards[1]}.")
    if text.strip().isdecimal():
        clean_number("age", int(text), least=AGE_LEAST, most=AGE_MOST)
    least, most = max(years.least, AGE_LEAST), max(years.most, AGE_LEAST)
    return Years(least, max(least, ages.OLDEST) if most == AGE_MOST else most)


@lru_cache
def ages_of(text: str, ranges: Sequence[str]) -> Sequence[int]:
    """Return the ages that people of an age range are given where others have other ``ranges``.

    An age that is in several counts for one of them alone: the quota of each is met.
    """
    years, spans = years_of(text), spans_of(ranges)
    ages_ = range(years.least, years.most + 1)
    return tuple(age for age in ages_ if range_of(age, spans) in {text, None}) or ages_


def age_range_of(text: str, age: int) -> str:
    """Return the age range of somebody who is so old: the one that was asked for, a known one where it is one age."""
    years = read_years(text)
    if years is not None and years.least == years.most:
        return next(name for name, known in reversed(KNOWN.items()) if age >= known.least)
    return text


def side_of(gender: str) -> str:
    """Return whose names and hair styles somebody has: female, male, or non-binary, which is those of both."""
    side = appearance.TRANS_GENDERS.get(fold(gender).strip()) or value_of("gender", gender.strip())
    return side if side in appearance.SIDES else appearance.NON_BINARY


def draw_attributes(
    decided: Mapping[str, str], age: int, draws: Draws, crossed: Collection[str] = ()
) -> dict[str, str]:
    """Return the attributes that are not decided; hair of no color where there is no hair.

    Nobody is bald by chance where colors of hair are decided, or where people are ``crossed`` with hair later.
    """
    drawn = {name: decided[name] for name in ("gender", "ethnicity") if name in decided}
    side, colors = side_of(drawn["gender"]), _colors_of(drawn["ethnicity"])
    drawn["body_type"] = draws.weighted("body_type", appearance.BODY_TYPES[side])
    may_be_bald = "hair_color" not in decided and _HAIR.isdisjoint(crossed)
    drawn["hair_style"] = _hair_style(side, age, draws, may_be_bald=may_be_bald)
    drawn["hair_color"] = _hair_color(colors.hair, age, draws)
    drawn["eye_color"] = draws.weighted("eye_color", colors.eyes)
    drawn["skin_tone"] = draws.weighted("skin_tone", colors.skin)
    drawn["style"] = draws.weighted(
        "style", appearance.STYLES if age >= appearance.GROWN_UP else appearance.STYLES_OF_CHILDREN
    )
    found = drawn | dict(decided)
    without = excluded(found)
    return {axis: value for axis, value in found.items() if axis not in without}


def _hair_style(side: str, age: int, draws: Draws, *, may_be_bald: bool) -> str:
    percent = next((percent for least, percent in appearance.BALD if age >= least), 0) if side == appearance.MALE else 0
    if may_be_bald and draws.share("bald") * 100 < percent:
        return _BALD
    return draws.weighted("hair_style", appearance.HAIR_STYLES[side])


def _hair_color(weights: Mapping[str, int], age: int, draws: Draws) -> str:
    gray, white = next(((gray, white) for least, gray, white in appearance.GRAY if age >= least), (0, 0))
    if gray and draws.share("gray hair") * 100 < gray:
        return "white" if draws.share("white hair") * 100 < white else "gray"
    return draws.weighted("hair_color", weights)


@lru_cache(maxsize=1024)
def _colors_of(ethnicity: str) -> appearance.Colors:
    called = fold(ethnicity).strip().replace(" ", "-").replace("_", "-")
    return appearance.COLORS.get(appearance.SAME_COLORS.get(called, called), appearance.ANY_COLORS)
