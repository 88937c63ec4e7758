"""Numbers in words."""

import pytest

from avatar_creator.engines.offline.grammar.numbers import in_digits, split_number
from avatar_creator.engines.offline.words.ages import ONES, TENS


def in_words(number: int) -> str:
    """Return a number up to 119 as people write it."""
    if number >= 100:
        return "a hundred" + (f" and {in_words(number - 100)}" if number > 100 else "")
    names = {n: word for word, n in (*ONES.items(), *TENS.items())}
    if number in names:
        return names[number]
    return f"{names[number // 10 * 10]} {names[number % 10]}"


def test_every_number_is_read() -> None:
    assert [in_digits(in_words(number).split())[0] for number in range(1, 120)] == [[str(n)] for n in range(1, 120)]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("a woman in her thirties", "a woman in her 30s"),
        ("fortysomething", "40something"),
        ("fiftyish", "50ish"),
        ("twenty five year old", "25 year old"),
        ("one and five", "1 and 5"),
        ("a hundred men", "100 men"),
        ("ladies", "ladies"),
        ("often", "often"),
    ],
)
def test_number_words_become_digits(text: str, digits: str) -> None:
    assert in_digits(text.split())[0] == digits.split()


def test_each_word_has_its_place() -> None:
    assert in_digits(["a", "thirty", "five", "year"]) == (["a", "35", "year"], [0, 1, 3, 4])


@pytest.mark.parametrize(
    ("word", "parts"),
    [("52yo", (52, "yo")), ("40s", (40, "s")), ("35", (35, "")), ("2020", (None, "")), ("\u00b2", (None, "\u00b2"))],
)
def test_a_number_is_split_from_what_stands_behind_it(word: str, parts: tuple[int | None, str]) -> None:
    assert split_number(word) == parts
