"""Ages written with a number: "35-year-old", "52 y/o", "aged 42", "in her late 40s", "under 18"."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from avatar_creator.domain.persona import AGE_MOST
from avatar_creator.engines.offline.grammar.numbers import in_digits, split_number
from avatar_creator.engines.offline.grammar.subjects import is_person
from avatar_creator.engines.offline.grammar.tokens import word_at
from avatar_creator.engines.offline.words.ages import AGED_THINGS, PARENTS, PERSONS
from avatar_creator.engines.offline.words.function_words import CLAUSE_BOUNDARIES, OTHERS

_INTO_DECADE = {"early": 2, "mid": 5, "late": 8}  # years
_MIDDLE = 5
_PARTS = _INTO_DECADE.keys()
_TEENS = {"early": 13, "mid": 16, "late": 18}
_TEN, _TWENTY, _NINETY = 10, 20, 90
_OWNERS = frozenset({"his", "her", "their", "my", "your"})
_UNITS = frozenset({"year", "years", "yr", "yrs", "y"})
_SHORT_UNITS = frozenset({"month", "months", "week", "weeks", "day", "days"})
_OLD = frozenset({"old", "olds", "young", "o", "yo"})
_ABOUT = frozenset(
    {"of", "about", "around", "approximately", "roughly", "nearly", "almost", "between", "is", ":", "the"}
)
_AGED = frozenset({"age", "ages", "aged"})
_BOUNDS = frozenset({"under", "below", "over", "above"})
_SUBJECTS = frozenset({"she", "he", "who", "they", "i"})
_SAY = frozenset({"is", "are", "am"})
_SAID = frozenset({"shes", "hes", "theyre", "im"})
_DECADES = frozenset({"s", "something", "somethings", "ish"})


class WrittenAge(NamedTuple):
    """``years`` that the words from ``start`` to before ``end`` say of what stands at ``whose``."""

    years: int
    start: int
    end: int
    whose: int


class _Words:
    """The words of a text with numbers in digits."""

    def __init__(self, words: Sequence[str]) -> None:
        self.written, self.places = in_digits(words)

    def __len__(self) -> int:
        return len(self.written)

    def at(self, place: int) -> str:
        """Return a word, a stop outside of the text."""
        return word_at(self.written, place)

    def ends(self, place: int) -> bool:
        return self.at(place) in CLAUSE_BOUNDARIES or self.at(place) in {"and", "in", "or", "who"}


def find_written_ages(words: Sequence[str]) -> Iterator[WrittenAge]:
    """Yield the ages that are written with a number. A number alone is none: most count other things."""
    text = _Words(words)
    at = 0
    while at < len(text):
        age = _decade_at(text, at) or _age_at(text, at)
        if age is None:
            at += 1
            continue
        at = age.end
        if age.years <= AGE_MOST and text.at(age.end) not in AGED_THINGS:
            start, end, whose = (text.places[place] for place in (age.start, age.end, age.whose))
            yield WrittenAge(max(1, age.years), start, end, whose)


def find_numbers(words: Sequence[str]) -> Iterator[int]:
    """Yield the numbers and decades of a text that is about an age: "25-34", "mid 30s", "under 18"."""
    text = _Words(words)
    for at, word in enumerate(text.written):
        number, tail = split_number(word)
        if number is None or (text.at(at - 1) == "." and at > 1):  # "29.0"
            continue
        parts = _parts_before(text, at)
        years = _in_decade(number, parts) if tail in {"s", "something"} else number
        years -= text.at(at - 1) in {"under", "below"}
        if years <= AGE_MOST:
            yield years


def _age_at(text: _Words, at: int) -> WrittenAge | None:
    """Return the age whose number stands at a place."""
    number, tail = split_number(text.at(at))
    if not number or tail not in {"", "yo", *_UNITS}:  # nobody is of 0 years
        return None
    last, end = (number, at + 1) if tail else _range_end(text, at, number)
    end += 2 * (end == at + 1 and not tail and text.at(end) == "." and text.at(end + 1).isdecimal())  # "2.5 years"
    years = (number + last) // 2
    end += 3 * ([text.at(end + index) for index in range(3)] == ["and", "a", "half"])
    if text.at(end) in _SHORT_UNITS and text.at(end + 1) == "old":
        return WrittenAge(number // 12 if text.at(end).startswith("month") else 1, at, end + 2, at)
    has_unit = tail in _UNITS or (not tail and text.at(end) in _UNITS)
    end += has_unit and not tail
    end += has_unit and text.at(end) == "." and text.at(end + 1) == "o"  # "y.o."
    is_of_age = has_unit and text.at(end) == "of" and text.at(end + 1) == "age"
    is_old = tail == "yo" or text.at(end) == "yo" or (has_unit and text.at(end) in _OLD) or is_of_age
    end += 2 * is_of_age or (is_old and tail != "yo")
    first = _led_from(text, at)
    if first is None or (text.at(first) == "of" and text.at(first - 1) not in PERSONS | OTHERS):
        is_whole = is_old or (
            first is None and (has_unit or _is_beside_person(text, at)) and _stands_alone(text, at, end)
        )
        return WrittenAge(years, at, end, at) if is_whole else None
    if text.at(first) == "of":  # "a woman of 40 years", not "of 3 talents", nor "a mother of two"
        counts = number < _TWENTY and not has_unit and text.at(first - 1) in PARENTS
        is_whole = (text.ends(end) and not counts) or is_old or (has_unit and text.at(end) != "of")
        return WrittenAge(years, first, end, first - 1) if is_whole else None
    is_whole = text.at(first) in _AGED or is_old or text.ends(end)
    years -= text.at(first) in {"under", "below"}
    return WrittenAge(years, first, end, first) if is_whole else None


def _range_end(text: _Words, at: int, number: int) -> tuple[int, int]:
    """Return the last number of "25-34" or "30 to 40", or the number itself, and the place behind it."""
    for place in (at + 1, at + 2 if text.at(at + 1) in {"to", "or", "and"} else at + 1):
        last, tail = split_number(text.at(place))
        if last is not None and last > number and not tail:
            return last, place + 1
    return number, at + 1


def _led_from(text: _Words, at: int) -> int | None:
    """Return where what leads to an age begins: "aged between", "she is about", "under the age of", a person's "of"."""
    place = at - 1
    while text.at(place) in _ABOUT and text.at(place) not in {"is", "of"} and at - place < _TEN:
        place -= 1
    word, before = text.at(place), text.at(place - 1)
    if word in {"of", "is", ":"} and before in _AGED:
        place, word, before = place - 1, before, text.at(place - 2)
    if word in _AGED:
        return place - 2 if text.at(place - 1) == "the" and text.at(place - 2) in _BOUNDS else place
    if word in _SAY and before in _SUBJECTS:
        return place - 1
    return place if word in _BOUNDS or word in _SAID or word == "of" else None


def _stands_alone(text: _Words, at: int, end: int) -> bool:
    """Return whether "35 yrs" stands in a part of its own, or behind a person."""
    before = text.at(at - 1)
    return text.ends(end) and (before in {",", "."} or is_person(before))


def _is_beside_person(text: _Words, at: int) -> bool:
    """Return whether a bare number of two digits stands right behind a person: "a businessman, 45, in a suit"."""
    before = text.at(at - 2) if text.at(at - 1) == "," else text.at(at - 1)
    is_bare = len(text.at(at)) == 2 and text.at(at).isdecimal() and text.at(at + 1) not in {":", "or", "and"}  # noqa: PLR2004
    return is_bare and is_person(before) and not (text.at(at + 1) == "." and text.at(at + 2).isdecimal())


def _decade_at(text: _Words, at: int) -> WrittenAge | None:
    """Return the age of "in her late 40s", "mid thirties", "thirty-something", "woman, 40s"."""
    number, tail = split_number(text.at(at))
    end = at + 1
    if number is not None and not tail and text.at(end) in {"something", "somethings", "ish"}:
        tail, end = text.at(end), end + 1
    if text.at(at) == "teens":
        number, tail = _TEN, "s"
    if number is None or tail not in _DECADES:
        return None
    parts = _parts_before(text, at)
    first = at - len(parts) - (len(parts) > 1)
    before = text.at(first - 1)
    if tail == "ish":
        return WrittenAge(number, at, end, at)
    if number % _TEN or not (_TWENTY <= number <= _NINETY or text.at(at) == "teens"):
        return None
    years = _in_decade(number, parts)
    if before in _OWNERS:
        return WrittenAge(years, first - 1, end, first - 1)
    if tail != "s" or (parts and before != "the"):
        return WrittenAge(years, first, end, first)
    is_lone = before in {",", "."} or is_person(before)
    is_age = text.at(at) != "teens" and is_lone and (text.ends(end) or is_person(text.at(end)))
    return WrittenAge(years, at, end, at) if is_age else None


def _parts_before(text: _Words, at: int) -> list[str]:
    """Return "early" and "mid" of "early to mid 30s"."""
    part, earlier = text.at(at - 1), text.at(at - 3)
    if part not in _PARTS:
        return []
    return [earlier, part] if text.at(at - 2) in {"to", "or"} and earlier in _PARTS else [part]


def _in_decade(decade: int, parts: Sequence[str]) -> int:
    if decade == _TEN:
        return sum(_TEENS[part] for part in parts) // len(parts) if parts else _TEENS["mid"]
    return decade + (sum(_INTO_DECADE[part] for part in parts) // len(parts) if parts else _MIDDLE)
