import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.text import clean_line, clean_number, shown, visible
from avatar_creator.errors import InvalidInput

OBEYED = {"Cc", "Cs", "Zl", "Zp"}  # the categories a terminal, a file or a database would stumble over
ANYTHING = st.text(st.characters(exclude_categories=()))  # lone surrogates too, as argv can hold them


def harmless(text: str) -> bool:
    reordering = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return not any(unicodedata.category(c) in OBEYED or c in reordering for c in text)


@pytest.mark.parametrize("text", ["", " ", "\t\n \u00a0\u2003"])
def test_nothing_but_white_space_is_empty(text: str) -> None:
    with pytest.raises(InvalidInput, match="persona name is empty") as refused:
        clean_line("persona name", text, longest=100)
    assert refused.value.hint == "Give persona name 1 to 100 characters, or leave it out."


@pytest.mark.parametrize(
    ("text", "code_point"),
    [
        ("a\0b", "U+0000"),
        ("a\x07b", "U+0007"),
        ("\x1b[31mred", "U+001B"),
        ("a\x1b]0;title\x07", "U+001B"),
        ("a\x7fb", "U+007F"),
        ("a\x9b31mb", "U+009B"),
        ("photo\u202egpj.exe", "U+202E"),
        ("a\u2066b", "U+2066"),
        ("a\u2069b", "U+2069"),
        ("caf\udce9", "U+DCE9"),
        ("\ud83d", "U+D83D"),
    ],
)
def test_control_characters_are_refused_and_named(text: str, code_point: str) -> None:
    with pytest.raises(InvalidInput, match="style holds the control character") as refused:
        clean_line("style", text, longest=50)
    assert code_point in refused.value.message
    assert harmless(refused.value.message)


def test_a_long_text_is_refused_in_a_short_message() -> None:
    with pytest.raises(InvalidInput, match="prompt has 10000 characters, at most 2000 are allowed") as refused:
        clean_line("prompt", "x" * 10_000, longest=2000)
    assert len(refused.value.message) < 150


def test_the_longest_text_is_allowed() -> None:
    assert clean_line("name", "x" * 100, longest=100) == "x" * 100


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧‍👦 family",
        "🏳️‍🌈",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "سارة محمد",
        "שרה כהן",
        "李小龍",
        "Zoë Nuñez",
        "e\u0301",
        "[red]bold[/red]",
        "O'Brien; DROP TABLE avatars --",
        "100% {name} %s _ \\ <b>&amp;",
    ],
)
def test_letters_of_any_script_emoji_and_markup_stay_as_they_are(text: str) -> None:
    assert clean_line("name", text, longest=100) == text


@pytest.mark.parametrize(
    "text", [" Sarah  Johnson ", "Sarah\tJohnson\r\n", "Sarah\u00a0\u2028Johnson", "Sarah\x1cJohnson"]
)
def test_white_space_is_folded(text: str) -> None:
    assert clean_line("name", text, longest=13) == "Sarah Johnson"


@given(ANYTHING)
def test_what_is_accepted_is_one_harmless_line_that_cleaning_leaves_alone(text: str) -> None:
    try:
        line = clean_line("name", text, longest=20)
    except InvalidInput as error:
        line = error.message
        assert harmless(line)
        return
    assert harmless(line)
    assert 1 <= len(line) <= 20
    assert line.split() == text.split()
    assert clean_line("name", line, longest=20) == line
    assert visible(line) == line


@pytest.mark.parametrize("value", [1, 60, 120])
def test_numbers_within_their_limits_are_allowed(value: int) -> None:
    assert clean_number("persona age", value, least=1, most=120) == value


@pytest.mark.parametrize("value", [0, 121, -1, 10**30, True, False, "x", "32", 32.0, None, float("nan")])
def test_other_numbers_are_refused_and_named(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"persona age is '.*', outside 1 to 120") as refused:
        clean_number("persona age", value, least=1, most=120)
    assert refused.value.hint == "Give persona age a whole number from 1 to 120."


def test_a_number_too_long_to_be_written_is_refused_like_any_other() -> None:
    with pytest.raises(InvalidInput, match="persona age is"):
        clean_number("persona age", 10**5000, least=1, most=120)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("Zoë 👩‍🚀 שרה", "Zoë 👩‍🚀 שרה"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202eevil", "\\u202eevil"),
        ("\udcff", "\\udcff"),
        ("\x9b", "\\x9b"),
    ],
)
def test_what_a_terminal_would_obey_is_made_visible(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(ANYTHING)
def test_visible_text_is_harmless(text: str) -> None:
    assert harmless(visible(text))
    visible(text).encode()


def test_a_refused_value_is_repeated_short() -> None:
    assert shown("x" * 40) == f"'{'x' * 40}'"
    assert shown("x" * 41) == f"'{'x' * 40}…'"
