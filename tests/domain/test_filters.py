from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.filters import AgeSpan, AvatarFilter
from avatar_creator.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("32", (32, 32)),
        ("30-40", (30, 40)),
        ("30-30", (30, 30)),
        ("30-", (30, 120)),
        ("-40", (1, 40)),
        ("1-120", (1, 120)),
        (" 30-40 ", (30, 40)),
        ("007", (7, 7)),
        ("30 - 40", (30, 40)),
        ("30..40", (30, 40)),
        ("30\u201340", (30, 40)),
        ("\uff13\uff12", (32, 32)),
        ("30+", (30, 120)),
        ("<18", (1, 17)),
        ("<= 18", (1, 18)),
        ("<200", (1, 120)),
        (">=0", (1, 120)),
        (">40", (41, 120)),
        ("\u226540", (40, 120)),
        ("under 18", (1, 17)),
        ("30 to 40", (30, 40)),
        ("late 20s", (26, 29)),
        ("teenager", (13, 19)),
    ],
)
def test_ages_and_spans(text: str, span: tuple[int, int]) -> None:
    assert AgeSpan.parse(text) == AgeSpan(*span)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "..", "+", "<", "--", "thirty", "30-40-50", "3.5", "+30", "1234", "\x1b[2J", "3" * 10_000],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^age is ") as refused:
        AgeSpan.parse(text)
    assert refused.value.hint == "Give an age or a span: 32, 30-40, 30+ or <18."
    assert refused.value.message.isprintable()


def test_an_empty_span_is_refused_and_turned_round() -> None:
    with pytest.raises(InvalidInput, match="age is '40-30', which is empty") as refused:
        AgeSpan.parse("40-30")
    assert refused.value.hint == "Try 30-40."


@given(st.text(max_size=9))
def test_any_text_gives_a_span_or_invalid_input(text: str) -> None:
    try:
        span = AgeSpan.parse(text)
    except InvalidInput:
        return
    assert 0 <= span.least <= span.most <= 999


def test_a_filter_asks_for_everything_unless_told() -> None:
    assert AvatarFilter() == AvatarFilter(
        project_id=None, age=None, engine=None, source_type=None, text=None, attributes={}
    )


@pytest.mark.parametrize("value", ["", "  ", "\x1b[2J", "caf\udce9", "x" * 10_001])
@pytest.mark.parametrize("field", ["text", "engine", "hair color"])
def test_a_text_that_nothing_can_hold_is_refused_by_name(field: str, value: str) -> None:
    given_: dict[str, Any] = {"attributes": {"hair_color": value}} if " " in field else {field: value}
    with pytest.raises(InvalidInput, match=f"^{field} "):
        AvatarFilter(**given_)


def test_an_attribute_that_does_not_exist_is_refused() -> None:
    """Its name becomes the name of a column: a filter made in Python must not carry SQL, or a typing error, there."""
    with pytest.raises(InvalidInput, match="hair"):
        AvatarFilter(attributes={"hair": "black"})
