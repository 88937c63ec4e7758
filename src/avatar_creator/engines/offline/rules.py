"""The number of the rules that drawings are made by.

It grows when the same request is drawn in another way than before, whatever changed: words, chance, tables or art. The
fingerprint of a style's art, which recipes have beside it, says only that its drawings are the same.
"""

from avatar_creator.domain.text import clean_number
from avatar_creator.errors import InvalidInput

RULES = 2
_LAST_VERSIONS = {1: "0.1.0"}  # of avatar, that draw by earlier rules
_MOST = 9999


def check_rules(rules: int) -> None:
    """Raise InvalidInput for rules that this version does not draw by: it would draw something else."""
    clean_number("drawing rules", rules, least=1, most=_MOST)
    if rules == RULES:
        return
    version = _LAST_VERSIONS.get(rules)
    drawn = f"avatar {version} draws by them: pip install 'avatar-creator=={version}'"
    newer = "a newer avatar draws by them: pip install --upgrade avatar-creator"
    raise InvalidInput(
        f"drawing rules is {rules}, and this version draws by {RULES}: it would be another drawing.",
        hint=f"Leave --drawing-rules out to have that one; {drawn if version else newer}",
    )
