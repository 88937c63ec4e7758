import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.text import clean_line, clean_number, counted, fold, is_given, shown, trimmed, visible
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
    ],
)
def test_control_characters_are_refused_and_named(text: str, code_point: str) -> None:
    with pytest.raises(InvalidInput, match="style holds the control character") as refused:
        clean_line("style", text, longest=50)
    assert code_point in refused.value.message
    assert harmless(refused.value.message)


@pytest.mark.parametrize(("text", "seen"), [("caf\udce9", "'caf\\\\udce9'"), ("\ud83d", "'\\\\ud83d'")])
def test_bytes_that_are_no_text_are_refused_as_such(text: str, seen: str) -> None:
    with pytest.raises(InvalidInput, match=f"style is not valid UTF-8 in this locale: {seen}"):
        clean_line("style", text, longest=50)


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


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Zoe\u0308", "Zo\u00eb"),
        ("E\u0301quipe", "\u00c9quipe"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("x\u00b2 \ufb01", "x\u00b2 \ufb01"),  # NFKC would write "x2 fi"
        ("\ufeffAmara", "Amara"),
        ("\u200b Amara \u2060\u200e", "Amara"),
        ("Ama\u00adra\u200b Okafor", "Amara Okafor"),
        ("Amara\ufe0f\u3164", "Amara"),
        ("\u200cAmara\u200d", "Amara"),
        ("A\U000e0041\U000e007f", "A"),
        ("e\u200b\u0301", "\u00e9"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\u0d05\u0d35\u0d28\u0d4d\u200d", "\u0d05\u0d35\u0d28\u0d4d\u200d"),  # the joiner makes the last letter
        ("Anna \u2764\ufe0f", "Anna \u2764\ufe0f"),
        ("\u845b\U000e0100", "\u845b\U000e0100"),  # one of the ways to write this name
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
    ],
)
def test_a_text_is_kept_in_one_form_without_what_is_invisible_at_its_ends(text: str, kept: str) -> None:
    assert clean_line("name", text, longest=100) == trimmed(text) == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\u200b", "\\u200b"),
        ("\u2060", "\\u2060"),
        ("\u3164", "\\u3164"),
        ("\ufe0f", "\\ufe0f"),
        ("\u3164 \ufeff", "\\u3164 \\ufeff"),
    ],
)
def test_a_text_that_shows_nothing_is_refused_and_written_out(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match="persona name shows nothing: ") as refused:
        clean_line("persona name", text, longest=100)
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u00c9QUIPE", "e\u0301quipe"),
        ("STRASSE", "Stra\u00dfe"),
        ("Stra\u1e9ee", "strasse"),
        ("\u0130STANBUL", "istanbul"),
        ("\u0131sparta", "ISPARTA"),
        ("\u017fun", "SUN"),
        ("\u03a3\u03a9\u039a\u03a1\u0391\u03a4\u0397\u03a3", "\u03c3\u03c9\u03ba\u03c1\u03b1\u03c4\u03b7\u03c2"),
        ("\u0414\u041c\u0418\u0422\u0420\u0418\u0419", "\u0434\u043c\u0438\u0442\u0440\u0438\u0439"),
    ],
)
def test_texts_that_differ_in_case_alone_are_folded_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_other_letters_stay_apart_when_folded() -> None:
    assert len({fold(text) for text in ("Zoe", "Zo\u00eb", "Zoi", "x\u00b2", "x2")}) == 5


@pytest.mark.parametrize("text", ["", " \t", "nan", "NaN", "N/A", " n/a ", "None", "NULL", "nil", "-", "?", "NA"])
def test_what_stands_for_no_value_is_none(text: str) -> None:
    assert not is_given(text)


@pytest.mark.parametrize("text", ["None", "Null", "Nil", "Nan", "Na", "Nana", "-x"])
def test_people_may_be_called_like_no_value(text: str) -> None:
    assert is_given(text, name=True)


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
    assert unicodedata.is_normalized("NFC", line)
    assert clean_line("name", line, longest=20) == line
    assert visible(line) == line


@pytest.mark.parametrize("value", [1, 60, 120])
def test_numbers_within_their_limits_are_allowed(value: int) -> None:
    assert clean_number("persona age", value, least=1, most=120) == value


@pytest.mark.parametrize("value", [0, 121, -1, 10**30, True, False, "x", "32", 32.0, None, float("nan")])
def test_other_numbers_are_refused_and_named(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"persona age is '.*', (outside 1|of type)") as refused:
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
        ("\u200b", "\\u200b"),
        ("wid\u200bth", "wid\\u200bth"),
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


@pytest.mark.parametrize("end", ["\U000e007f", "\U000e0041", "\U000e0041" * 40 + "\U000e007f", "\u200d", "\ufe0f"])
def test_a_long_end_that_shows_nothing_is_trimmed_in_one_pass(end: str) -> None:
    assert trimmed("A" + end * (50_000 // len(end))) == "A"


def test_what_is_counted_is_one_or_many() -> None:
    assert [counted(n, "row") for n in (0, 1, 2, 2000)] == ["0 rows", "1 row", "2 rows", "2,000 rows"]
    assert [counted(n, "person is", "people are") for n in (1, 2)] == ["1 person is", "2 people are"]
