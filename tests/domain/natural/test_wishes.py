import pytest

from avatar_creator.domain.natural.wishes import TURNED, seen_instead, turned_round, without_refusals
from avatar_creator.domain.prompt import NEGATIVE_TERMS


@pytest.mark.parametrize(
    ("negative", "seen", "left"),
    [
        ("glasses", ["clear, unobstructed eyes"], []),
        ("no glasses", ["clear, unobstructed eyes"], []),
        ("(glasses:1.3), Hat", ["clear, unobstructed eyes", "a bare head"], []),
        ("beard, mustache", ["a clean-shaven face"], []),
        ("purple wall", [], ["purple wall"]),
        ("ugly, low quality", [], []),
        ("people. text", ["one person alone", "a clean, unmarked picture"], []),
    ],
)
def test_wishes_are_turned_round(negative: str, seen: list[str], left: list[str]) -> None:
    assert turned_round(negative) == (seen, left)


def test_all_usual_terms_can_be_turned_round() -> None:
    assert turned_round(", ".join(NEGATIVE_TERMS))[1] == []


def test_no_wish_stands_twice() -> None:
    names = [name for names in TURNED for name in names.split(", ")]
    assert len(names) == len(set(names))


def test_what_is_seen_instead_names_nothing_that_is_not_wished_for() -> None:
    for names, seen in TURNED.items():
        assert not {"no", "not", "without"} & set(seen.split()), names


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("a woman without glasses in an office", "a woman with clear, unobstructed eyes in an office"),
        ("no glasses, smiling", "clear, unobstructed eyes, smiling"),
        ("a man, no beard or mustache", "a man, with a clean-shaven face"),
        ("not wearing a hat", "with a bare head"),
        (
            "no makeup and no jewelry, in a park",
            "a natural, bare-faced look and bare ears and neck, in a park",
        ),
        ("No people in the background", "an empty background"),
        ("a no-nonsense man", "a no-nonsense man"),
        ("without a doubt", "without a doubt"),
        ("no hair products", "no hair products"),
        ("no hat stand", "no hat stand"),
        ("no glass", "no glass"),
        ("no purple wall", "no purple wall"),
        ("a piano", "a piano"),
    ],
)
def test_what_a_prompt_refuses_is_turned_round(text: str, turned: str) -> None:
    assert without_refusals(text) == turned


def test_a_value_that_is_a_refusal() -> None:
    assert seen_instead("no tie") == "an open collar"
    assert seen_instead("tie") is None
    assert seen_instead("no purple") is None
