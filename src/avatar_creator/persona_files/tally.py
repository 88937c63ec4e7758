"""What was read of a file, in numbers, and in sentences for people."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from avatar_creator.domain.text import counted, visible
from avatar_creator.persona_files.columns import Meaning, columns_of
from avatar_creator.persona_files.kinds.kind import Kind
from avatar_creator.persona_files.words import BIRTH_DATE

_COLUMNS_MOST = 12  # that are named, of those not used
_TOGETHER_MOST = 3  # that are named, of those for one field
_SHORTENED_WORDS = {
    "personality": "Traits were cut to the first ten, of 50 characters each",
    "background": "Backgrounds were shortened to 500 characters",
    "prompt": "Prompts were shortened to 2000 characters",
}


class Tally:
    """Counts of one reading.

    ``filled`` are the rows with a value for each field, ``blank`` those with none in each column that is not used.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.nameless = 0
        self.ranges = 0
        self.filled: Counter[str] = Counter()
        self.blank: Counter[str] = Counter()
        self.shortened: Counter[str] = Counter()


def remarks(kind: Kind, meaning: Meaning, as_of: date, tally: Tally | None) -> Sequence[str]:
    """Return what to say of a file before anything is made; with the numbers of a reading, once there was one."""
    said = [_used(meaning, tally), *_not_used(meaning, tally), *kind.remarks]
    if any(source.field == BIRTH_DATE for source in meaning.sources.get("persona_age", ())):
        said.append(f"Ages by date of birth are those of {as_of.isoformat()}; for another day: --as-of DATE")
    if tally is None:
        return said
    if tally.ranges:
        said.append(f"An age that is a range counts as age_range: {counted(tally.ranges, 'row')}.")
    if tally.nameless and "persona_name" in meaning.sources:
        said.append(f"Without a name: {counted(tally.nameless, 'row')}.")
    said += [
        f"{words}: {counted(tally.shortened[field], 'row')}. The whole text stays in the manifest."
        for field, words in _SHORTENED_WORDS.items()
        if tally.shortened[field]
    ]
    return said


def _used(meaning: Meaning, tally: Tally | None) -> str:
    parts = [
        f"{_joined(columns_of(sources))} as {field}{_part(tally.filled[field], tally) if tally else ''}"
        for field, sources in meaning.sources.items()
    ]
    return f"Used: {', '.join(parts)}."


def _joined(names: Sequence[str]) -> str:
    more = f" and {len(names) - _TOGETHER_MOST} more" if len(names) > _TOGETHER_MOST else ""
    return " + ".join(map(visible, names[:_TOGETHER_MOST])) + more


def _not_used(meaning: Meaning, tally: Tally | None) -> Sequence[str]:
    """Return what is not used; of a column in which there is nothing, nothing is said."""
    aside = [visible(column) for column in meaning.unused if column in meaning.set_aside]
    said = [f"Left out, as --map or --set says: {', '.join(aside)}."] if aside else []
    others = [
        f"{visible(column)}{_part(tally.rows - tally.blank[column], tally) if tally else ''}"
        for column in meaning.unused
        if column not in meaning.set_aside and (tally is None or tally.blank[column] < tally.rows)
    ]
    if others:
        more = f" and {len(others) - _COLUMNS_MOST} more" if len(others) > _COLUMNS_MOST else ""
        said.append(f"Not used: {', '.join(others[:_COLUMNS_MOST])}{more}. To use one: --map COLUMN=FIELD")
    return said


def _part(count: int, tally: Tally) -> str:
    """Return of how many rows something is, where it is not of all."""
    return "" if count == tally.rows else f" ({count:,} of {counted(tally.rows, 'row')})"
