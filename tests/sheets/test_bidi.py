"""Right to left: where each part of a line stands."""

import pytest

from avatar_creator.sheets.bidi import visual

MIRRORED = str.maketrans("()[]", ")(][")


def seen(text: str) -> str:
    """Return the characters in the order in which they stand, from left to right, brackets as they are drawn."""
    return "".join(part[::-1].translate(MIRRORED) if is_reversed else part for part, is_reversed in visual(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Ana, 29", "Ana, 29"),
        ("Амара 29", "Амара 29"),
        ("אבג, 29", "29 ,גבא"),
        ("אבג, Tel 29", "Tel 29 ,גבא"),
        ("Ana אבג, 29", "Ana 29 ,גבא"),
        ("Ana אבג Bob", "Ana גבא Bob"),
        ("Omar אבג (30)", "Omar (30) גבא"),
        ("אב (Omar) גד", "דג (Omar) בא"),
        ("Ana (אבג)", "Ana (גבא)"),
        ("אבג 1,000", "1,000 גבא"),
        ("29 אבג", "גבא 29"),
        ("אבג!", "!גבא"),
    ],
)
def test_each_part_stands_where_unicode_says(text: str, expected: str) -> None:
    assert seen(text) == expected


def test_a_mark_stays_with_its_letter() -> None:
    assert visual("Ana \u05d0\u05b8\u05d1") == [("Ana ", False), ("\u05d0\u05b8\u05d1", True)]


@pytest.mark.parametrize("text", ["(((", ")(", "]א[", "א" * 300, "1,", ",1", "\u05b8"])
def test_nothing_is_lost(text: str) -> None:
    assert sorted("".join(part for part, _ in visual(text))) == sorted(text)
