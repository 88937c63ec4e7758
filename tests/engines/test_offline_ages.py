"""Ages in free text: a table of prompts, and one of age ranges."""

import pytest

from avatar_creator.engines.offline.ages import age_in_range, ages_in_prompt
from avatar_creator.engines.offline.grammar import tokens_of

PROMPTS = {
    "a 35 year old woman": 35,
    "Professional headshot of a 32-year-old man, navy blazer": 32,
    "a woman in an old town": None,
    "3/4 view portrait of a man": None,
    "a man, (red hair:1.3)": None,
    "an elderly woman": 78,
    "a woman, 80 years old": 80,
    "a 35 years old man": 35,
    "five-year-old": 5,
    "old-fashioned suit": None,
    "Old Navy hoodie": None,
    "a man, not old": None,
    "an old photograph of a woman": None,
    "an old friend": None,
    "16:9 portrait": None,
    "ISO 25": None,
    "a man with 3 kids": None,
    "woman --v 6": None,
    "size 11 shoes": None,
    "iPhone 16 photo of a woman": None,
    "a mother with her baby": None,
    "father of two kids": None,
    "teacher of kids": None,
    "child psychologist": None,
    "a child psychologist with glasses": None,
    "a child": 6,
    "portrait of a smiling child": 6,
    "a child, red hair": 6,
    "a toddler in a hat": 3,
    "52 y/o woman": 52,
    "52yo woman": 52,
    "woman (52 y.o.)": 52,
    "aged 42": 42,
    "man, age: 42": 42,
    "woman in her forties": 45,
    "woman in her late 20s": 28,
    "in her mid-thirties": 35,
    "man in his 40s": 45,
    "mid 30s man": 35,
    "in the late 60s": None,
    "photo from the 1960s": None,
    "1980s style woman": None,
    "a 200-year-old castle": None,
    "a man and his 5-year-old son": None,
    "a mother of a 5-year-old": None,
    "a 35-year-old woman with her 5-year-old son": 35,
    "thirty-five year old engineer": 35,
    "an old man": 78,
    "a very old woman": 78,
    "old professor": 78,
    "old": 78,
    "portrait, old, smiling": 78,
    "a man who is old": 78,
    "he is very old": 78,
    "no old man": None,
    "a not very old woman": None,
    "an old Indian woman with glasses": 78,
    "an old-fashioned gentleman": None,
    "a young woman": 25,
    "a teenage girl": 16,
    "teenager with braces": 16,
    "senior engineer": None,
    "a senior woman": 72,
    "a mature West African man": 60,
    "a retired teacher": 72,
    "woman aged 25-34": 29,
    "25-34 year old woman": 29,
    "3-piece suit, 6 feet tall": None,
    "a dress code of 2020": None,
    "woman of 40 years": 40,
    "a teacher of 20 years": None,
    "teacher with 20 years of experience": None,
    "kid gloves": None,
    "baby blue eyes": None,
    "a baby": 3,
    "cinematic photo of a child playing": 6,
    "woman holding a baby": None,
    "a 6 month old baby": 1,
    "age 30, woman": 30,
    "Windows 11": None,
    "No. 6": None,
    "CFG 3.5": None,
    "85mm f/1.8": None,
    "7": None,
    "a 7-year-old boy": 7,
    "middle-aged man": 47,
    "headshot of a male doctor in his late 40s": 48,
    "a woman with an old face": None,
    "an old house and a woman": None,
    "a woman in her early thirties": 32,
    "thirtysomething woman": 35,
    "20 something man": 25,
    "dressed as a baby": None,
    "child development specialist": None,
    "grandmother with her grandchildren, 72 years old": 72,
    "ages 30 to 40": 35,
    "content creator, 28": None,
    "Anna, 28": None,
    "woman turning 30 years old": 30,
    "a woman of 45": 45,
    "man of 60, gray beard": 60,
    "a group of 3 people": None,
    "a boy of 5 years": 5,
    "a mother with a boy of 5 years": None,
    "portrait of 35 years old man": 35,
    "forty-something man": 45,
    "thirty something woman": 35,
    "a man in his sixties": 65,
    "a woman aged between 30 and 40": 35,
    "a man of 3 talents": None,
    "twenty-one years old": 21,
    "nineteen-year-old student": 19,
    "a man 40 yrs old": 40,
    "one hundred percent cotton": None,
    "best of 5": None,
}
RANGES = {
    "25-34": 29,
    "mid 30s": 35,
    "late 20s": 28,
    "in her forties": 45,
    "thirties": 35,
    "under 18": 17,
    "30": 30,
    "50+": 50,
    "over 60": 60,
    "not old": None,
    "young adult (20-30 years old)": 25,
    "late twenties": 28,
    "elderly": 78,
    "30s-40s": 40,
    "early to mid 30s": 33,
    "thirtysomething": 35,
    "18 to 25": 21,
    "twenty-five": 25,
    "adult": 40,
    "senior": 72,
    "middle-aged": 47,
    "teens": 16,
    "29.0": 29,
    "5 months old": 1,
    "ageless": None,
    "25 - 34 years": 29,
    "between 30 and 40": 35,
    "999": None,
}
# Each form that ages are written in, for every age.
FORMS = (
    "a {} year old man",
    "man aged {}",
    "a {}-year-old woman",
    "portrait of a woman, {} years old",
    "woman, age {}",
    "a person of {} years",
    "woman ({} y/o)",
    "{}yo man",
)


def age_of(prompt: str) -> int | None:
    return next((age.years for age in ages_in_prompt(tokens_of(prompt)) if not age.refused), None)


@pytest.mark.parametrize(("prompt", "age"), PROMPTS.items())
def test_an_age_in_a_prompt_is_read_where_it_is_said_of_the_person(prompt: str, age: int | None) -> None:
    assert age_of(prompt) == age


@pytest.mark.parametrize("form", FORMS)
def test_every_age_is_read_in_every_form(form: str) -> None:
    assert [age_of(form.format(age)) for age in range(1, 121)] == list(range(1, 121))


@pytest.mark.parametrize(("text", "age"), RANGES.items())
def test_an_age_range_is_read_as_the_middle_of_its_ages(text: str, age: int | None) -> None:
    assert age_in_range(tokens_of(text)) == age


def test_a_refused_age_is_read_as_refused() -> None:
    assert [age.refused for age in ages_in_prompt(tokens_of("a man, not old"))] == [True]
