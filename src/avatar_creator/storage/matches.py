"""A filter as an expression of SQLite's full-text index, which finds candidates without reading others.

What a filter says is quoted or made of letters alone, so that no text is taken for syntax.
"""

import sqlite3
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from avatar_creator.domain.filters import MANY, several
from avatar_creator.domain.persona import AGE_LEAST, AGE_MOST
from avatar_creator.domain.search import Phrase, fact, phrase_of, phrases_of
from avatar_creator.domain.synonyms import spellings_of

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter

NOTHING = '"=nothing"'  # no avatar has it
_AGES_MOST = 60  # more ages than these find nearly all
_ENDINGS_MOST = 100  # of the start of a word that is searched for by the words it may be
_WORDS_MOST = 20  # of a text, for which that is worth it
_FIRST_DAY = date(2020, 1, 1)  # ids begin there
_DAY = timedelta(days=1)
_FACTS = {"seed": "seed", "width": "width", "height": "height", "format": "format", "persona_id": "persona_id"}
_FACTS |= {"model": "model", "provider": "provider", "art_style": "art_style", "preset": "preset"}
_PHRASES = ("avatar_name", "persona_name", "personality")


def match_of(wanted: "AvatarFilter", connection: sqlite3.Connection) -> str | None:
    """Return the expression that all avatars fit that a filter finds, and few others; None where it narrows nothing."""
    parts = [*_text(wanted.text, connection), *_facts(wanted)]
    if parts and wanted.project_id is not None:
        parts.append(_any([fact("project", id_) for id_ in several(wanted.project_id)]))
    return " AND ".join(parts) if parts else None


def _text(text: str | None, connection: sqlite3.Connection) -> Iterator[str]:
    if text is None:
        return
    phrases = phrases_of(text)
    for phrase in phrases:
        words = phrase.tokens if phrase.open and len(phrase.tokens) == 1 and len(phrases) <= _WORDS_MOST else ()
        yield (_endings(*words, connection) if words else None) or _phrase(phrase)


def _endings(start: str, connection: sqlite3.Connection) -> str | None:
    """Return the words that begin like that, as an expression; None if they are many.

    Of a start alone SQLite would gather all avatars before it returns the first.
    """
    found: list[str] = []
    least = start
    while len(found) <= _ENDINGS_MOST:
        row = connection.execute("SELECT term FROM avatar_terms WHERE term >= ? LIMIT 1", (least,)).fetchone()
        if row is None or not row[0].startswith(start):
            return _any(found) if found else NOTHING
        found.append(row[0])
        least = row[0] + "\x01"
    return None


def _facts(wanted: "AvatarFilter") -> Iterator[str]:
    facts = {
        "engine": several(wanted.engine),
        "source": several(wanted.source_type),
        "starred": (1,) if wanted.starred else (),
    }
    facts |= {_FACTS[name]: several(given) for name, given in wanted.fields.items() if name in _FACTS}
    facts |= {
        name: [same for text in several(texts) for same in spellings_of(name, text)]
        for name, texts in wanted.attributes.items()
    }
    yield from (_any([fact(name, value) for value in values]) for name, values in facts.items() if values)
    yield from (_quoted(fact("tag", tag)) for tag in wanted.tags)
    for name in _PHRASES:
        phrases = [phrase_of(str(text)) for text in several(wanted.fields.get(name))]
        if phrases and None not in phrases:
            either = " AND " if name in MANY else " OR "
            yield f"({either.join(_phrase(phrase) for phrase in phrases if phrase)})"
    spans = [(max(span.least, AGE_LEAST), min(span.most, AGE_MOST)) for span in several(wanted.age)]
    ages = {age for least, most in spans for age in range(least, most + 1)}
    if spans and len(ages) <= _AGES_MOST:
        yield _any([fact("age", age) for age in sorted(ages)]) or NOTHING
    if wanted.since or wanted.until:
        yield _any(list(_span(wanted.since, wanted.until))) or NOTHING


def _span(since: str | None, until: str | None) -> Iterator[str]:
    """Yield facts of the years, months and days that a span of time touches."""
    day = _FIRST_DAY if since is None else max(_FIRST_DAY, _day(since))
    # A clock may go ahead, but not by more.
    last = datetime.now().date() + 366 * _DAY  # noqa: DTZ005 - a day more or less is none
    last = last if until is None else min(last, _day(until))
    while day <= last:
        year, month = date(day.year + 1, 1, 1), (day.replace(day=28) + 4 * _DAY).replace(day=1)
        if day == date(day.year, 1, 1) and year - _DAY <= last:
            yield fact("year", day.year)
            day = year
        elif day.day == 1 and month - _DAY <= last:
            yield fact("month", f"{day:%Y-%m}")
            day = month
        else:
            yield fact("day", day)
            day += _DAY


def _day(moment: str) -> date:
    year, month, day = map(int, moment[:10].split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


def _any(tokens: Sequence[str]) -> str:
    return f"({' OR '.join(map(_quoted, dict.fromkeys(tokens)))})" if tokens else ""


def _phrase(phrase: Phrase) -> str:
    return " + ".join(map(_quoted, phrase.tokens)) + (" *" if phrase.open else "")


def _quoted(token: str) -> str:
    return f'"{token}"'
