"""What people of a cast do and how they live."""

import re
from functools import cache

from avatar_creator.casts.people import CastSpec, people
from avatar_creator.casts.tables import lives
from avatar_creator.casts.tables.appearance import STYLES
from avatar_creator.casts.tables.traits import TRAITS
from avatar_creator.domain.persona_row import PersonaRow

OF_A_GENDER = r"(?i)\b(?:he|she|hi[sm]|hers?|wife|husband|\w*(?:mother|father|man|woman)|widow|widower|\w+tress)\b"
WORKED = r"(?:Works|Has worked for (?:a year|(\d+) years)) as an? ([\w ]+)\."


@cache
def everybody() -> list[PersonaRow]:
    return list(people(CastSpec(5, 4000, fixed={"age": "1-100"})))


def of_ages(least: int, most: int) -> list[str]:
    return [row.persona.background or "" for row in everybody() if least <= (row.persona.age or 0) <= most]


def test_families_fit_ages() -> None:
    assert not any(re.search("Married|Divorced|Widowed|child|partner", text) for text in of_ages(1, 17))
    assert not any(re.search("Widowed|Divorced|grandchild|grown-up", text) for text in of_ages(18, 31))
    assert not any("grandchild" in text for text in of_ages(1, 57))
    assert not any("young child" in text for text in of_ages(47, 100))
    assert not any("parents" in text for text in of_ages(26, 100))
    assert any("Widowed" in text for text in of_ages(60, 100))


def test_children_go_to_school_and_nobody_works_before_the_age_for_it() -> None:
    assert all(text.startswith(("Still at home", "Goes to")) for text in of_ages(1, 17))
    least = {occupation.title: occupation.least for occupation in lives.OCCUPATIONS}
    for row in everybody():
        worked = re.match(WORKED, row.persona.background or "")
        if worked:
            assert (row.persona.age or 0) >= least[worked[2]] + int(worked[1] or 0)


def test_old_people_are_retired_and_young_ones_are_not() -> None:
    assert not any(text.startswith("Retired") for text in of_ages(1, 61))
    assert sum(text.startswith("Retired") for text in of_ages(68, 100)) > 0.9 * len(of_ages(68, 100))
    assert not any(text.startswith("Studies") for text in of_ages(27, 100))
    assert any(text.startswith("Studies") for text in of_ages(18, 26))


def test_every_age_and_every_dress_has_an_occupation() -> None:
    for style in STYLES:
        for age in range(lives.GROWN_UP, 101):
            assert any(occupation.least <= age and (style in occupation.dress) for occupation in lives.OCCUPATIONS) or (
                style not in lives.ONLY_IF_NAMED
            )


def test_who_is_dressed_for_work_has_such_work() -> None:
    dress = {occupation.title: occupation.dress for occupation in lives.OCCUPATIONS}
    for row in people(CastSpec(5, 300, fixed={"style": "workwear", "age": "adult"})):
        worked = re.search(r" as an? ([\w ]+)\.", row.persona.background or "")
        assert worked
        assert "workwear" in dress[worked[1]]


def test_no_table_knows_a_gender() -> None:
    texts = [occupation.title for occupation in lives.OCCUPATIONS]
    texts += [*(home.text for home in lives.HOMES), *lives.HOBBIES, *lives.CHILDREN_LIKE, *lives.SUBJECTS]
    for text in texts:
        assert not re.search(OF_A_GENDER, text)


def test_tables_have_nothing_twice() -> None:
    titles = [occupation.title for occupation in lives.OCCUPATIONS]
    traits = [trait for group in TRAITS for trait in group]
    for table in (titles, traits, lives.HOBBIES, lives.CHILDREN_LIKE, lives.SUBJECTS):
        assert len(set(table)) == len(table)


def test_nobody_has_two_traits_of_one_group() -> None:
    for row in everybody():
        groups = [at for trait in row.persona.personality for at, group in enumerate(TRAITS) if trait in group]
        assert len(set(groups)) == len(row.persona.personality)


def test_backgrounds_are_sentences() -> None:
    for row in everybody():
        text = row.persona.background or ""
        assert re.fullmatch(r"[A-Z][^.]+\.(?: [A-Z][^.]+\.)?", text), text
        assert len(text) <= 160
        assert not re.search(r"\ba [aeio]|\ban [^aeiou]", text), text
