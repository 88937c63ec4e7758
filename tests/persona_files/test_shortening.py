"""Long texts, shortened by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.persona_files.shortening import shortened


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("She sails.", 50, "She sails."),
        ("She  sails\nalone.", 50, "She sails alone."),
        ("She sails. He cooks. They paint.", 22, "She sails. He cooks."),
        ('She said "Go!" and went to the far end of it.', 16, 'She said "Go!"'),
        ("Really? Yes, and with a lot of joy in it.", 20, "Really?"),
        ("Dr. Anna Berg collects stamps from everywhere", 25, "Dr. Anna Berg collects"),
        ("very detail oriented and keen on perfection", 40, "very detail oriented"),
        ("warm, generous, a little too loud at dinners", 25, "warm, generous"),
        ("she plays the piano in the evening", 22, "she plays the piano"),
        ("她喜欢航海。她也喜欢做饭和画画。", 8, "她喜欢航海。"),
        ("漢字" * 10, 7, "漢字漢字漢字漢"),
        ("x" * 60, 50, "x" * 50),
        ("0\U000e00000", 2, "0"),
    ],
)
def test_a_text_ends_with_a_sentence_a_clause_or_a_word(text: str, longest: int, short: str) -> None:
    assert shortened(text, longest) == short


@given(st.text(max_size=300), st.integers(1, 100))
def test_what_is_shortened_fits_and_is_the_beginning_of_the_text(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert len(short) <= longest
    assert shortened(text, longest) == short
    assert shortened(short, longest) == short
