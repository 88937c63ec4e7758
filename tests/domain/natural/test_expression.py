import pytest

from avatar_creator.domain.natural.expression import expression_of


@pytest.mark.parametrize(
    ("trait", "said"),
    [
        ("friendly", "with a friendly smile"),
        ("Friendly personality", "with a friendly smile"),
        ("stubborn", "with a stubborn expression"),
        ("Anxious", "with an anxious expression"),
        ("calm expression", "with a calm expression"),
        ("warm smile", "with a warm smile"),
        ("a warm smile", "with a warm smile"),
        ("smiling", "smiling"),
        ("smiling warmly", "smiling warmly"),
        ("quietly confident", "with a quietly confident expression"),
        ("warm and open", "with a warm and open expression"),
        ("anger", "with an expression of anger"),
        ("in love", "looking in love"),
        ("good listener", "with the look of a good listener"),
        ("loves hiking", "with a look that says loves hiking"),
        ("no smile", "with a serious, closed-lipped expression"),
        ("not smiling", "with a serious, closed-lipped expression"),
        (":d", "with a look that says :d"),
    ],
)
def test_a_trait_is_seen_in_the_face(trait: str, said: str) -> None:
    assert expression_of((trait, "another")) == said


def test_without_a_trait_there_is_none() -> None:
    assert expression_of(()) is None
