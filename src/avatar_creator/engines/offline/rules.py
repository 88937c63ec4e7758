"""The number of the rules that drawings are made by.

It grows when the same request is drawn in another way than before, whatever changed: words, chance, tables or art. The
fingerprint of a style's art, which recipes have beside it, says only that its drawings are the same.
"""

from avatar_creator.domain.text import clean_number
from avatar_creator.errors import InvalidInput

RULES = 2
_MOST = 9999


def check_rules(rules: int) -> None:
    """Raise InvalidInput for rules that this version does not draw by: it would draw something else."""
    clean_number("drawing rules", rules, least=1, most=_MOST)
    if rules == RULES:
        return
    avatar = "a newer" if rules > RULES else "an older"
    raise InvalidInput(
        f"drawing rules is {rules}, and this version draws by {RULES}: it would be another drawing.",
        hint=f"Leave --drawing-rules out to have that one; rules {rules} are those of {avatar} avatar.",
    )
