"""What a text refuses: the refused words stand in brackets."""

import pytest

from avatar_creator.engines.offline.grammar.refusals import find_refused
from avatar_creator.engines.offline.grammar.tokens import tokenize

TEXTS = [
    "no [glasses]",
    "no [facial hair]",
    "not [blonde]",
    "never [smiling]",
    "doesn't [wear glasses]",
    "isn\u2019t [wearing any glasses]",
    "without [a hat]",
    "without [wearing a hat]",
    "no [glasses or beard], with a turban",
    "without [glasses, beard or hat], smiling",
    "without [a hat, glasses, or a beard], smiling",
    "no [hat, or beard]",
    "no [hat], or a smile that is broad",
    "no [hat], red or blue shirt",
    "no [beard] but glasses",
    "no [beard] and a pair of glasses",
    "no [beard and glasses]",
    "no [beard] and long hair",
    "no [glasses] and smiling",
    "no [glasses] smiling",
    "without [a hat] in a red dress",
    "not [in a red dress]",
    "neither [glasses] nor [beard]",
    "hates [hats]",
    "a face free of [makeup], calm",
    "anything but [blonde]",
    "curly rather than [straight]",
    "red instead of [blue], bald",
    "anything except [a hat]",
    "not only smiling but laughing",
    "nothing but a smile",
    "never without a hat",
    "no doubt a happy man",
    "a no-[nonsense] bearded man",
    "non-[hispanic] white",
    "non [hispanic] white",
    "a [beard]-free man with glasses",
    "[glasses]: none, beard: full",
    "not [a smiling man]",
    "not [really smiling]",
    "minus [the glasses]",
    "a man with glasses",
    "no",
    ", no",
    "no , no",
]


@pytest.mark.parametrize("marked", TEXTS)
def test_a_refusal_ends_where_its_clause_ends(marked: str) -> None:
    text = tokenize(marked.replace("[", "").replace("]", ""))
    refused, inside = [], False
    for part in marked.replace("[", " [ ").replace("]", " ] ").split():
        inside = part == "[" or (inside and part != "]")
        if part not in {"[", "]"}:
            refused += [inside] * len(tokenize(part).words)
    assert find_refused(text) == refused
