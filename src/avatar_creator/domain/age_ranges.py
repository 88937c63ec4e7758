"""Age ranges as people write them, in years: "adult", "25-34", "late 20s", "under 18", "teenager"."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from avatar_creator.domain.persona import AGE_MOST


class Years(NamedTuple):
    """The least and the most years of an age range, both included."""

    least: int
    most: int


# As the prompt says the three that help offers.
KNOWN = {"young": Years(0, 30), "adult": Years(30, 50), "mature": Years(50, AGE_MOST)}
_NAMED = {
    "newborn, infant, baby, babies": Years(0, 2),
    "toddler, toddlers": Years(1, 4),
    "child, children, kid, kids, childhood, school age, schoolchild, schoolboy, schoolgirl": Years(3, 13),
    "preteen, pre teen, tween": Years(9, 13),
    "teen, teens, teenage, teenager, teenagers, adolescent, adolescence": Years(13, 19),
    "young adult": Years(18, 35),
    "middle aged, middle age, midlife": Years(35, 65),
    "senior, seniors, senior citizen, elderly, pensioner, retired, retiree": Years(55, AGE_MOST),
    "centenarian": Years(100, AGE_MOST),
}
_TENS = {
    "twent": 20,
    "thirt": 30,
    "fort": 40,
    "fift": 50,
    "sixt": 60,
    "sevent": 70,
    "eight": 80,
    "ninet": 90,
}
_PARTS = {"early": (0, 4), "mid": (3, 7), "late": (6, 9), "": (0, 9)}  # generous: nobody counts so exactly
_TEENS = {"early": Years(13, 15), "mid": Years(14, 17), "late": Years(16, 19)}
_UNIT = r"(?: ?-?(?:years?|yrs?|y)\b(?:[ -]?olds?| of age)?)?"
_ABOUT = r"(?:aged?|ages|about|around|approximately|circa|ca\.?|roughly|~)"


def read_years(text: str) -> Years | None:
    """Return the years that a text about nothing but an age says, None where it is not understood."""
    line = re.sub(r"[\s_]+", " ", text.lower().replace("\u2013", "-").replace("\u2014", "-")).strip(" .")
    spaced = line.replace("-", " ")
    named = KNOWN.get(spaced) or next((years for names, years in _NAMED.items() if spaced in names.split(", ")), None)
    return named or _decade(spaced) or _numbers(line)


def spans_of(values: Iterable[str]) -> Mapping[str, Years]:
    """Return the years of age ranges; some of the three that help offers are told apart from the others of them."""
    return KNOWN if KNOWN.keys() >= set(values) else {v: years for v in values if (years := read_years(v))}


def range_of(age: int | str | None, spans: Mapping[str, Years]) -> str | None:
    """Return the span that an age lies in, or all ages of a range; where spans overlap the later one."""
    years = Years(age, age) if isinstance(age, int) else read_years(age or "")
    if years is None:
        return None
    fitting = [name for name, span in spans.items() if span.least <= years.least and years.most <= span.most]
    return max(fitting, key=lambda name: spans[name].least, default=None)


def _decade(line: str) -> Years | None:
    found = re.fullmatch(
        r"(?:in )?(?:the |his |her |their )?(early|mid|late|)(?: to late| to mid)? ?"
        r"(?:([2-9])0'?s|([a-z]+?)(?:ies|y ?somethings?)|([2-9])0 ?somethings?|(teens))",
        line,
    )
    if not found:
        return None
    if found[5]:
        return _TEENS.get(found[1])
    tens = int(found[2] or found[4] or 0) * 10 or _TENS.get(found[3] or "")
    if not tens:
        return None
    first, last = _PARTS[found[1]]
    return Years(tens + first, tens + (9 if " to " in line else last))


def _numbers(line: str) -> Years | None:
    if found := re.fullmatch(rf"(?:{_ABOUT} )?(\d{{1,3}}) ?(?:-|to|and|or) ?(\d{{1,3}}){_UNIT}", line):
        low, high = sorted((int(found[1]), int(found[2])))
        return Years(low, min(high, AGE_MOST))
    if found := re.fullmatch(rf"(?:under|below|younger than|less than|<) ?(\d{{1,3}}){_UNIT}", line):
        return Years(0, max(0, int(found[1]) - 1))
    above = r"(?:over|above|older than|more than|past|>) ?(\d{1,3})"
    if found := re.fullmatch(rf"{above}{_UNIT}|(\d{{1,3}}) ?(?:\+|plus|and (?:over|above|older)){_UNIT}", line):
        return Years(min(int(found[1] or found[2]), AGE_MOST), AGE_MOST)
    if found := re.fullmatch(rf"{_ABOUT}? ?(\d{{1,3}}){_UNIT}", line):
        return Years(min(int(found[1]), AGE_MOST), min(int(found[1]), AGE_MOST))
    return None
