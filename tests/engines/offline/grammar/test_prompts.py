"""Prompts read whole: what they ask for and refuse of the person who is shown, and what is of somebody else."""

import sys

import pytest

from avatar_creator.engines.offline.grammar.prompts import read_prompt

ASKED_AND_REFUSED = {
    "no beard but glasses": ({"glasses"}, {"beard"}),
    "a no-nonsense bearded man": ({"beard", "male"}, {""}),
    "not only smiling but laughing": ({"laugh"}, set()),
    "anything but a hat": (set(), {"hat"}),
    "not an old woman": ({"female"}, set()),
    "not a woman": (set(), {"female"}),
    "not a smiling man": ({"male"}, {"smile"}),
    "no red hair": (set(), {"hair color"}),
    "non-Hispanic white man": ({"white", "male"}, {"hispanic"}),
    "no hats": (set(), {"hat"}),
    "everything but a beard": (set(), {"beard"}),
    "nothing like a blonde": ({""}, {"hair color"}),
    "remove the glasses": (set(), {"glasses"}),
    "hair isn't black": (set(), {"hair color"}),
    "her hair is not black": (set(), {"hair color"}),
    "a guy who doesn't wear glasses": ({"male"}, {"glasses"}),
    "a masculine woman": ({"female"}, set()),
    "1girl": ({"female"}, set()),
    "a woman, no dress": ({"female"}, {"dress"}),
    "a man without glasses in a suit": ({"male", "suit"}, {"glasses"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "meanings"), ASKED_AND_REFUSED.items())
def test_what_is_refused_is_not_asked_for(text: str, meanings: tuple[set[str], set[str]]) -> None:
    asked: set[str] = set()
    refused: set[str] = set()
    for one in read_prompt(text).phrases:
        (refused if one.refused else asked).add(str(one.topic) if one.role else one.meaning)
    assert (asked, refused) == meanings


def test_what_is_said_of_somebody_else_is_not_the_persons() -> None:
    prompt = read_prompt("a bald man and his blonde wife in a hat, with glasses")
    assert [one.text for one in prompt.phrases] == ["bald", "man", "glasses"]
    assert prompt.others == ["blonde wife in a hat"]


def test_ages_are_no_other_words() -> None:
    prompt = read_prompt("a 35-year-old Indian woman in her prime")
    assert [age.years for age in prompt.ages] == [35]
    assert [one.text for one in prompt.phrases] == ["indian", "woman", "prime"]


PRONOUNS = {
    "her hair is red": "female",
    "portrait of him, smiling": "male",
    "a teacher with his dog": "male",
    "a doctor and her husband": "female",
    "a doctor by himself": "male",
    "portrait of her old boss": None,
    "a doctor": None,
}


@pytest.mark.parametrize(("text", "gender"), PRONOUNS.items())
def test_pronouns_say_a_gender_of_who_is_shown(text: str, gender: str | None) -> None:
    assert read_prompt(text).pronoun == gender


@pytest.mark.parametrize("text", ["she is 30", "she's 30", "a 30-year-old woman"])
def test_who_is_of_an_age_is_read_beside_it(text: str) -> None:
    prompt = read_prompt(text)
    assert [age.years for age in prompt.ages] == [30]
    assert [one.meaning for one in prompt.phrases] == ["female"]


@pytest.mark.parametrize("repeated", ["red ", "no hat, ", "a man and his blonde wife ", "a 35-year-old ", "black and "])
def test_a_long_text_is_read_in_time_that_grows_with_it(repeated: str) -> None:
    """Counted in calls, as tests depend on no clock: ten times the text is about ten times the work."""

    def calls(times: int) -> int:
        count = 0

        def counted(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event in {"call", "c_call"}

        sys.setprofile(counted)
        try:
            read_prompt(repeated * times)
        finally:
            sys.setprofile(None)
        return count

    calls(1)
    assert calls(300) < 15 * calls(30)
