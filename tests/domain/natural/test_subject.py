import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.natural.subject import subject_of


def phrase(age: int | None = None, seen: str | None = None, **looks: str) -> str:
    return subject_of(age, Attributes(**looks), seen).phrase


@pytest.mark.parametrize(
    ("age", "girl", "boy", "anyone"),
    [
        (1, "baby girl", "baby boy", "baby"),
        (2, "toddler girl", "toddler boy", "toddler"),
        (4, "girl", "boy", "child"),
        (12, "girl", "boy", "child"),
        (13, "teenage girl", "teenage boy", "teenager"),
        (17, "teenage girl", "teenage boy", "teenager"),
        (18, "woman", "man", "person"),
        (120, "woman", "man", "person"),
    ],
)
def test_a_person_is_called_by_age(age: int, girl: str, boy: str, anyone: str) -> None:
    assert phrase(age, gender="female").endswith(f"{age}-year-old {girl}")
    assert phrase(age, gender="male").endswith(f"{age}-year-old {boy}")
    assert phrase(age).endswith(f"{age}-year-old {anyone}")


@pytest.mark.parametrize(
    ("gender", "said"),
    [
        ("female", "a woman"),
        ("Woman", "a woman"),
        ("m", "a man"),
        ("girl", "a girl"),
        ("lady", "a lady"),
        ("non-binary", "an androgynous non-binary person"),
        ("agender", "an agender person"),
        ("other", "a person"),
        ("trans woman", "a trans woman"),
        ("transgender male", "a transgender man"),
        ("female to male", "a trans man"),
        ("mtf", "a trans woman"),
        ("trans person", "a trans person"),
        ("\u5973\u6027", "a \u5973\u6027 person"),
    ],
)
def test_genders(gender: str, said: str) -> None:
    assert phrase(gender=gender) == said


def test_a_grown_girl_is_a_woman() -> None:
    assert phrase(30, gender="girl") == "a 30-year-old woman"
    assert phrase(30, gender="lady") == "a 30-year-old lady"
    assert phrase(9, gender="lady") == "a 9-year-old girl"


def test_a_gender_that_the_prompt_says_is_taken_where_no_other_is_given() -> None:
    assert phrase(seen="woman") == "a woman"
    assert phrase(seen="woman", gender="male") == "a man"


@pytest.mark.parametrize(
    ("age_range", "said"),
    [
        ("young", "a young woman in her twenties"),
        ("Adult", "a middle-aged woman"),
        ("mature", "a mature woman over fifty"),
        ("25-34", "a woman aged 25 to 34"),
        ("late 20s", "a woman in her late 20s"),
        ("40's", "a woman in her 40s"),
        ("in her forties", "a woman in her forties"),
        ("mid-thirties", "a woman in her mid-thirties"),
        ("teen", "a teenage girl"),
        ("late teens", "a teenage girl in her late teens"),
        ("50+", "a woman over 50"),
        ("under 18", "a teenage girl under 18"),
        ("5-10", "a girl aged 5 to 10"),
        ("thirtysomething", "a thirtysomething woman"),
        ("35 years old", "a 35-year-old woman"),
        ("7", "a 7-year-old girl"),
        ("child", "a girl"),
        ("elderly", "an elderly woman"),
        ("Gen Z", "a woman of the Gen Z age group"),
    ],
)
def test_age_ranges(age_range: str, said: str) -> None:
    assert phrase(gender="female", age_range=age_range) == said


def test_pronouns_follow_the_gender() -> None:
    for gender, their in (("male", "his"), ("non-binary", "their"), ("trans woman", "her")):
        assert phrase(gender=gender, age_range="late 20s").endswith(f"in {their} late 20s")


@pytest.mark.parametrize(
    ("body", "said", "looks"),
    [
        ("slim", "a slim person", []),
        ("heavy", "a heavyset person", []),
        ("average", "a person of average build", []),
        ("tall and slim", "a tall and slim person", []),
        ("athletic build", "a person", ["an athletic build"]),
        ("broad shoulders", "a person", ["broad shoulders"]),
        ("hourglass", "a person of hourglass build", []),
    ],
)
def test_builds(body: str, said: str, looks: list[str]) -> None:
    subject = subject_of(None, Attributes(body_type=body), None)
    assert (subject.phrase, subject.features) == (said, looks)


@pytest.mark.parametrize(
    ("ethnicity", "said"),
    [
        ("south-asian", "a South Asian person"),
        ("middle-eastern", "a Middle Eastern person"),
        ("middle eastern", "a Middle Eastern person"),
        ("african american", "an African American person"),
        ("mixed", "a mixed-race person"),
        ("irish descent", "a person of Irish descent"),
        ("from Ghana", "a person from Ghana"),
        ("Asian ethnicity", "an Asian person"),
        ("non-Hispanic White", "a non-Hispanic White person"),
    ],
)
def test_origins(ethnicity: str, said: str) -> None:
    assert phrase(ethnicity=ethnicity) == said
