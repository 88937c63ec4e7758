"""Names of columns that are a field's, but for a slip of the fingers: "gendr", "presona_name"."""

from avatar_creator.domain.fields import Fields, squashed

_SHORT, _LONG = 5, 9  # letters: a slip in a shorter word makes another one, in a longer one two slips are forgiven
# Words of their own that are one letter from a field.
_NO_SLIPS = frozenset(["county", "counts", "country", "counter", "formal", "weight", "engineer", "prompts", "stage"])


def slip_of(column: str, fields: Fields) -> str | None:
    """Return the field that a column was meant to be named after, None where it is another word."""
    word = squashed(column)
    if word in _NO_SLIPS:
        return None
    for spelling, field in fields.spellings.items():
        if _is_slip(word, spelling):
            return field
    return None


def _is_slip(word: str, known: str) -> bool:
    shorter = min(len(word), len(known))
    allowed = 2 if shorter >= _LONG else 1
    if abs(len(word) - len(known)) > allowed or shorter < _SHORT - 1 or len(set(word) ^ set(known)) > 2 * allowed:
        return False
    distance = _distance(word, known)
    if shorter < _SHORT or word[:1] != known[:1]:  # only letters in the wrong order: "nmae", "egnder"
        return distance == 1 and sorted(word) == sorted(known)
    return distance <= allowed


def _distance(word: str, known: str) -> int:
    """Return how many letters are wrong, missing, too many, or changed places with the next."""
    before: list[int] = []
    row = list(range(len(known) + 1))
    for i, letter in enumerate(word, start=1):
        last, before, row = before, row, [i]
        for j, other in enumerate(known, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == known[j - 2] and word[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
