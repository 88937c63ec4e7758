"""Whom a natural prompt shows: a noun, what stands before it and what behind it."""

import re
from typing import NamedTuple

from avatar_creator.domain.age_ranges import read_years
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.natural import words
from avatar_creator.domain.natural.english import is_plural, with_article
from avatar_creator.domain.persona import AGE_MOST

_OLDEST_CHILD = words.STAGES[-2][0]
_POSSESSIVE = ("her", "his", "their")
_GROWN = 30  # any age of a woman or a man
_DECADE = re.compile(r"(?:\d0'?s|ies|[a-z] teens)$")
_BEHIND = ("of ", "from ", "in ", "with ", "born ", "aged ")


class Subject(NamedTuple):
    """``before`` are adjectives, ``behind`` phrases, ``features`` what one is "with", ``years`` the least age."""

    noun: str
    before: list[str]
    behind: list[str]
    features: list[str]
    years: int | None

    @property
    def phrase(self) -> str:
        return with_article(" ".join((*self.before, self.noun, *self.behind)))


def subject_of(age: int | None, attributes: Attributes, seen: str | None) -> Subject:
    """Return who is shown. ``seen`` is "woman" or "man" where the prompt says which, and no attribute does."""
    kind, prefix, own = _gender(attributes.gender or seen)
    subject = Subject("", [], [], [], None)
    stage, years = age, age
    if age is not None:
        subject.before.append(f"{age}-year-old")
    elif attributes.age_range:
        stage, years = _add_age_range(subject, attributes.age_range, _POSSESSIVE[kind])
    _add_build(subject, attributes.body_type)
    if attributes.hair_style and plain(attributes.hair_style).lower() in words.BALD:
        subject.before.append("bald")
    _add_origin(subject, attributes.ethnicity)
    if prefix:
        subject.before.append(prefix)
    row = next((row for row in words.STAGES if stage is not None and stage <= row[0]), words.STAGES[-1])
    if own and (stage is None or (stage > _OLDEST_CHILD and own not in words.YOUNG)):
        return subject._replace(noun=own, years=years)
    return subject._replace(noun=row[1][kind], years=years)


def _gender(gender: str | None) -> tuple[int, str, str | None]:
    """Return whether a woman (0), a man (1) or anyone (2) is shown, what is said before the noun, and an own noun."""
    line = (gender or "").lower().replace("_", " ").strip(" .")
    if line in words.CROSSED:
        line = words.CROSSED[line]
    if line in words.GENDERS:
        return 2, words.GENDERS[line], None
    before, _, last = line.rpartition(" ")
    own = last if last in words.OWN_NOUNS else None
    if last in words.WOMEN:
        return 0, before, own
    if last in words.MEN:
        return 1, before, own
    if last in words.PEOPLE:
        return 2, before, None
    return 2, (gender or "").strip(), None


def _add_age_range(subject: Subject, text: str, possessive: str) -> tuple[int | None, int | None]:
    """Add an age range; return the age by which the person is named, and the least one if it shows."""
    line = text.lower().strip(" .")
    years = read_years(text)
    if line in words.RANGES:
        before, behind, shown_from = words.RANGES[line]
        subject.before.append(before)
        subject.behind.extend([behind.format(possessive)] if behind else [])
        return _GROWN, shown_from
    if years is None:
        subject.behind.append(text if line.startswith(_BEHIND) else f"of the {text} age group")
        return None, None
    least, most = years
    middle = (least + most) // 2
    if _DECADE.search(line):  # "late 20s", "in her forties", "late teens"
        line = line.removeprefix("in ").removeprefix("the ").replace("'s", "s")
        subject.behind.append(f"in {line if line.startswith(_POSSESSIVE) else f'{possessive} {line}'}")
    elif line.endswith(("something", "somethings")):
        subject.before.append(line.removesuffix("s").replace(" ", "-"))
    elif not any(map(str.isdigit, line)):  # "teenager": the noun says it
        pass
    elif least == most:
        subject.before.append(f"{least}-year-old")
    elif least == 0:
        subject.behind.append(f"under {most + 1}")
        middle = most
    else:
        subject.behind.append(f"over {least}" if most == AGE_MOST else f"aged {least} to {most}")
    return middle, least or None


def _add_build(subject: Subject, build: str | None) -> None:
    if not build:
        return
    text = plain(build)
    low = words.HEAVY.get(text.lower(), text)
    last = low.rpartition(" ")[2].lower()
    if last in words.BUILD_NOUNS or is_plural(last):
        subject.features.append(
            low.removeprefix("with ") if is_plural(last) else with_article(low.removeprefix("with "))
        )
    elif all(word.lower().strip(",") in words.BUILDS | {"and", "very"} for word in low.split()):
        subject.before.append(low)
    else:
        subject.behind.append(f"of {low} build")


def _add_origin(subject: Subject, ethnicity: str | None) -> None:
    if not ethnicity:
        return
    text = origin(ethnicity)
    if text.lower().startswith(_BEHIND):
        subject.behind.append(text)
    elif text.rpartition(" ")[2].lower() in words.DESCENT:
        subject.behind.append(f"of {text}")
    else:
        subject.before.append(text)


def origin(ethnicity: str) -> str:
    """Return an origin with capitals, where it is written in small letters: "South Asian", "of Irish descent"."""
    if ethnicity.lower() in words.ORIGINS:
        return words.ORIGINS[ethnicity.lower()]
    text = ethnicity.removesuffix(" ethnicity").removesuffix(" Ethnicity")
    if not text.islower():
        return text
    small = words.DESCENT | words.LINKS
    return " ".join(word if word in small else _capital(word, small) for word in text.split())


def _capital(word: str, small: frozenset[str]) -> str:
    return "-".join(part if part in small else part[:1].upper() + part[1:] for part in word.split("-"))


def plain(text: str, *, brands: bool = False) -> str:
    """Return a value as it stands within a sentence, where nations alone have capitals.

    Where it may name ``brands``, only words that are known to be none lose theirs.
    """

    def in_sentence(word: str) -> str:
        low = word.lower()
        if low in words.NATIONS:
            return low.capitalize()
        return low if word.istitle() and (low in _COMMON or not brands) else word

    return " ".join(map(in_sentence, text.replace("_", " ").split()))


_COMMON: frozenset[str] = frozenset().union(
    words.BUILDS,
    words.BUILD_NOUNS,
    words.ARRANGED,
    words.LOCKS,
    words.BESIDE,
    words.CUTS,
    words.TEXTURES,
    words.TIED,
    words.FACIAL_HAIR,
    words.COVERS,
    words.SKIN_NOUNS,
    words.OUTFIT_NOUNS,
    words.GARMENTS,
    words.MASS,
    words.EXPRESSIONS,
    words.EXPRESSION_NOUNS,
    (part for style in words.OUTFITS for part in style.split()),
    words.HAIR_COLORS,
    words.COMMON,
)
