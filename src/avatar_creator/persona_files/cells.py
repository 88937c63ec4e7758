# ruff: noqa: RUF001 - signs of other scripts are meant
"""Cells as people and programs write them: as texts, as traits, as an age, as a gender."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from avatar_creator.domain.age_ranges import read_years
from avatar_creator.domain.persona import TRAIT_LONGEST, TRAITS_MOST
from avatar_creator.domain.synonyms import GENDERS
from avatar_creator.domain.text import fold, is_given, shown, trimmed
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.shortening import shortened

NESTED_MOST = 6  # levels of a record that become columns of their own
BABY = "baby"  # who is not one year old yet: an age in years is at least 1
_NO_NAME = frozenset(["None", "none", "NONE", "null", "NULL", "undefined", "unknown", "Unknown", "UNKNOWN", "\\N"])
_YEARS = (
    r"(?: ?-?(?:years?|yrs?|y\.?o\.?|y/o|y|jahre?|j\.|ans?|años?|anos?|anni|jaar|lat|лет|года?|세|살|歳|才|岁|歲)"
    r"(?:[ -]?(?:olds?|alt|of age))?)?"
)
_AGE = re.compile(rf"(?:aged?:? |age of )?(\d{{1,6}})(?:[.,]0+)?{_YEARS}\.?", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})(?:[.,]0)?")  # a program writes 1990.0 into CSV where a row of the column has none
_RANGE_END = re.compile(r"[\d+]$")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_BULLET = re.compile(r"^(?:[-*•·–]|\d{1,2}[.)])\s+")
_LIST_SIGNS = re.compile(r"\s*[;|•\n\r]\s*")
_WORDS_OF_A_TRAIT = 3  # at most, where only commas separate: more words are a sentence with commas
_DATES = ("%d.%m.%Y", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y")


def flat(values: Mapping[str, object]) -> Mapping[str, object]:
    """Return a record with what is nested in it under paths: ``person`` with a ``name`` is "person.name"."""
    if dict not in map(type, values.values()):
        return values
    return dict(_leaves(values, "", NESTED_MOST))


def _leaves(values: Mapping[str, object], path: str, levels: int) -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value and levels > 1:
            yield from _leaves(value, f"{path}{name}.", levels - 1)
        else:
            yield f"{path}{name}", value


def as_text(value: object) -> str:
    """Return a cell as a text: numbers without a needless ".0", lists with "; ", and nothing for what is none."""
    write = _WRITERS.get(type(value))
    return write(value) if write else str(value)


def _number_text(number: float) -> str:
    if number != number:  # noqa: PLR0124 - NaN, which stands for no value
        return ""
    return f"{number:.0f}" if number.is_integer() else repr(number)


def _moment_text(moment: datetime) -> str:
    midnight = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    return moment.date().isoformat() if midnight else moment.isoformat()  # sheets have days as moments


def _nested_text(value: Mapping[str, object] | Sequence[object]) -> str:
    if not isinstance(value, Mapping) and not any(isinstance(item, Mapping | list | tuple) for item in value):
        items = [as_text(item) for item in value]
        if not any(";" in item for item in items):
            return "; ".join(items)
    return json.dumps(value, ensure_ascii=False, default=as_text)


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    type(None): lambda _: "",
    bool: lambda truth: "true" if truth else "false",
    float: _number_text,
    datetime: _moment_text,
    date: date.isoformat,
    bytes: lambda _: "",  # a picture within the file, which no text shows
    dict: _nested_text,
    list: _nested_text,
    tuple: _nested_text,
}


def plain(value: object) -> object:
    """Return a value as fields read it: lists and dates as texts."""
    return value if isinstance(value, str | int | float) else as_text(value)


def given_text(value: object) -> str | None:
    """Return a text; None for what stands for none."""
    text = as_text(value)
    return text if is_given(text) else None


def name(value: object) -> str | None:
    """Return a name; None for what programs write where they have none, which `is_given` leaves to people's names."""
    text = as_text(value)
    line = text.strip()
    given = is_given(text, name=True) and line not in _NO_NAME and any(map(str.isalnum, line))
    return text if given or (line and not line.isascii()) else None


def full_name(*parts: object) -> str | None:
    """Return the parts of a name that are there as one name; a last part may have all of it."""
    names = [text for part in parts if (text := as_text(part).strip()) and is_given(text, name=True)]
    first, last = names[0] if names else "", names[-1] if names else ""
    return last if len(names) > 1 and first in last.split() else " ".join(names) or None


def gender(value: object) -> str | None:
    """Return a gender, in English where it is a known word of another language or a letter."""
    text = as_text(value)
    if not is_given(text):
        return None
    return GENDERS.get(fold(text.strip()), text)


def spanish_gender(value: object) -> object:
    """Return a gender of which M is short for mujer."""
    return "female" if as_text(value).strip() in {"M", "m"} else value


def age(value: object) -> int | str | None:
    """Return an age in years, or an age range as a text. Raises InvalidInput for what is neither."""
    text = trimmed(as_text(value))
    if not is_given(text):
        return None
    if found := _AGE.fullmatch(text):
        return int(found[1])
    years = read_years(text)
    if years is None:
        hint = "Give years or an age range, such as 34, 25-34, 65+ or late 30s; a date in a column of dates of birth."
        raise InvalidInput(f"persona age is {shown(text)}, which is no age.", hint=hint)
    if years.least == years.most:
        return years.least
    return f"{text} years old" if _RANGE_END.search(text) else text


def age_on(day: date, value: object) -> int | str | None:
    """Return the age on a day of who was born on the date in a cell. Raises InvalidInput for what is no date."""
    born = _birth_date(value)
    if born is None:
        return None
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if years < 0:
        raise InvalidInput(f"birth date is {shown(as_text(value))}, after {day.isoformat()}.")
    return years or BABY


def is_date(value: object) -> bool:
    """Return whether a cell can be read as a date of birth."""
    try:
        return _birth_date(value) is not None
    except InvalidInput:
        return False


def _birth_date(value: object) -> date | None:
    if isinstance(value, date):
        return value
    text = as_text(value).strip()
    if not is_given(text):
        return None
    try:
        if found := _YEAR.fullmatch(text):
            return date(int(found[1]), 7, 1)  # half of the people of a year are born by then
        return date.fromisoformat(re.split(r"[T ](?=\d\d:)", text)[0])
    except ValueError:
        pass
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise InvalidInput(f"birth date is {shown(text)}, which is no date. Write it as 1990-05-17.")


def traits(value: object) -> tuple[tuple[str, ...], bool]:
    """Return traits, each short enough, the first ten of more; and whether they are all that the cell says."""
    found: dict[str, None] = {}
    is_whole = True
    for item in _items(value):
        whole = trimmed(_BULLET.sub("", item.strip())).rstrip(". ")
        trait = shortened(whole, TRAIT_LONGEST)
        if is_given(trait):
            found.setdefault(trait)
            is_whole = is_whole and trait == whole
    return tuple(found)[:TRAITS_MOST], is_whole and len(found) <= TRAITS_MOST


def _items(value: object) -> Sequence[str]:
    if isinstance(value, Mapping):  # {"trait": "curious"}, {"curious": 0.8}
        texts = [item for item in value.values() if isinstance(item, str)]
        return texts[:1] or [str(key) for key in value]
    if isinstance(value, list | tuple):
        return [text for item in value for text in (_items(item) if isinstance(item, Mapping) else [as_text(item)])]
    text = as_text(value).strip()
    if text.startswith("[") and text.endswith("]"):
        return _listed(text)
    pieces = _LIST_SIGNS.split(text)
    if len(pieces) == 1:
        by_comma = re.split(r"\s*[,、，]\s*", text)
        if all(len(piece.split()) <= _WORDS_OF_A_TRAIT for piece in by_comma):
            return by_comma
    return pieces


def _listed(text: str) -> Sequence[str]:
    """Return what a list written as a text holds: JSON, or as Python and numpy write it, which may have no commas."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        quoted = [first or second for first, second in _QUOTED.findall(text)]
        return quoted or [item.strip() for item in text[1:-1].split(",")]
    return _items(value)
