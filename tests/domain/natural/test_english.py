import pytest

from avatar_creator.domain.natural.english import is_plural, listed, one_of, sentence, with_article


@pytest.mark.parametrize(
    "phrase",
    [
        "a woman", "an Asian woman", "an 8-year-old", "an 11-year-old", "an 18-year-old", "an 80-year-old",
        "a 1-year-old", "a 12-year-old", "a 108-year-old", "a uniform", "a Ukrainian", "an updo", "an undercut",
        "a European", "an hour", "an honest look", "an X-ray", "a T-shirt", "an A-line dress", "an s-shaped braid",
        "an FBI jacket", "a NATO jacket", "an \u00e9clair", "a one-piece", "an oxford shirt", "an Uzbek", "a Ugandan",
        "an NHS lanyard", "a \u9ed2 coat", "an unusual hat", "a universal joint", "an uninterested look",
        "a (long) coat", "a U-neck top",
    ],
)  # fmt: skip
def test_articles_are_chosen_by_sound(phrase: str) -> None:
    bare = phrase.partition(" ")[2]
    assert with_article(bare) == phrase
    assert with_article(phrase) == phrase


@pytest.mark.parametrize(
    ("phrase", "one"),
    [
        ("red dress", "a red dress"),
        ("jeans", "jeans"),
        ("black denim", "black denim"),
        ("swimwear", "swimwear"),
        ("necklace", "a necklace"),
        ("one shoulder dress", "a one shoulder dress"),
        ("two scarves", "two scarves"),
        ("the coat", "the coat"),
        ("doctor's coat", "a doctor's coat"),
        ("Ann's coat", "Ann's coat"),
    ],
)
def test_one_thing_has_an_article(phrase: str, one: str) -> None:
    assert one_of(phrase, {"denim"}) == one


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("braids", True), ("dress", False), ("lens", False), ("people", True), ("iris", False), ("bangs", True)],
)
def test_plurals(noun: str, plural: bool) -> None:
    assert is_plural(noun) is plural


def test_lists() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in a park", "In a park."),
        ("iPhone photo", "iPhone photo."),
        ("In a park!", "In a park!"),
        ("in a park,", "In a park."),
        ('she says "no."', 'She says "no."'),
        ("\u516c\u5712\u3067\u3002", "\u516c\u5712\u3067\u3002"),
        ("3/4 view", "3/4 view."),
        ("...", "..."),
    ],
)
def test_sentences(text: str, said: str) -> None:
    assert sentence(text) == said
