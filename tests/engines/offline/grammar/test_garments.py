"""Which of several garments is seen."""

import pytest

from avatar_creator.engines.offline.grammar.garments import without_covered
from avatar_creator.engines.offline.grammar.prompts import read_prompt


@pytest.mark.parametrize(
    ("text", "seen", "hidden"),
    [
        ("navy blazer over white shirt", ["blazer"], ["white", "shirt"]),
        ("a white blouse and a black blazer", ["blazer"], ["white", "blouse"]),
        ("a sweater and a shirt", ["sweater"], ["shirt"]),
        ("white coat over blue scrubs", ["white coat"], ["blue", "scrubs"]),
        ("a red shirt, no blazer", ["shirt", "blazer"], []),
        ("a suit", ["suit"], []),
        ("a black suit and a red tie", ["tie"], []),
        ("yellow bow tie and navy suit", ["bow tie"], []),
        ("a tie and a sweater", ["sweater"], ["tie"]),
        ("a hat", [], []),
    ],
)
def test_the_outer_garment_is_seen(text: str, seen: list[str], hidden: list[str]) -> None:
    found, covered = without_covered(read_prompt(text).phrases)
    assert [one.text for one in found if one.topic == "garment"] == seen
    assert covered == hidden
