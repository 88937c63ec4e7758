import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.tokens import CLIP_MOST, beyond_clip, tokens_about, words_in


@pytest.mark.parametrize(
    ("text", "clip"),  # as counted by its own vocabulary
    [
        ("", 2),
        ("a woman", 4),
        ("32 years old", 6),
        ("professional photo studio portrait, ultra realistic, high detail", 12),
        ("f/1.8 aperture", 9),
        ("A photograph of a 45-year-old athletic South Asian woman with shoulder length wavy dark brown hair", 23),
    ],
)
def test_english_is_counted_as_clip_counts_it(text: str, clip: int) -> None:
    assert abs(tokens_about(text) - clip) <= 1


def test_other_scripts_cost_more() -> None:
    assert tokens_about("\u043a\u0440\u0430\u0441\u0438\u0432\u0430\u044f") > tokens_about("beautiful")


def test_words_are_what_blanks_part() -> None:
    assert words_in("shot at f/1.8,  in  Rome") == len(["shot", "at", "f/1.8,", "in", "Rome"])


def test_what_clip_does_not_read_begins_at_a_word() -> None:
    read = " ".join(["word"] * (CLIP_MOST - 2))
    assert beyond_clip(read) == ""
    assert beyond_clip(f"{read} business-casual attire") == "business-casual attire"


@given(st.text(max_size=400))
def test_any_text_can_be_counted(text: str) -> None:
    assert tokens_about(text) >= len(["begin", "end"])
    assert text.endswith(beyond_clip(text))
    assert bool(beyond_clip(text)) <= (tokens_about(text) >= CLIP_MOST)
