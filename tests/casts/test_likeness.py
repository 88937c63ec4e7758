"""Casts that are distributed as the people of a file are."""

import itertools
import random
from collections import Counter

import pytest

from avatar_creator.casts.allocation import allocate
from avatar_creator.casts.likeness import quotas_like
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import BadRow, PersonaRow
from avatar_creator.errors import InvalidInput


def row(age: int | None = None, locale: str = "", **attributes: str) -> PersonaRow:
    cells = {"Locale": locale} if locale else {}
    return PersonaRow(1, cells, Persona(age=age), Attributes(**attributes))


def test_cells_are_the_combinations_that_people_have() -> None:
    rows = [row(25, gender="female"), row(35, gender="male"), row(70, gender="female"), row(29, gender="Female")]
    like = quotas_like(rows, ["gender", "age"])
    (part,) = like.quotas.parts
    assert part.axes == ("gender", "age")
    assert part.cells == {("female", "young"): 0.5, ("male", "adult"): 0.25, ("female", "mature"): 0.25}
    assert like.rows == 4


def test_rows_that_lack_a_value_are_counted_by_axis() -> None:
    rows: list[PersonaRow | BadRow] = [row(25, gender="female"), row(gender="male"), row(30), row(), BadRow(5, {}, ())]
    like = quotas_like(rows, ["gender", "age"])
    assert (like.rows, like.lacking, like.bad_rows) == (1, {"age": 2, "gender": 2}, 1)


def test_an_age_range_that_says_no_age_counts_as_none() -> None:
    like = quotas_like([row(25), row(age_range="Gen Z"), row(age_range="late 20s")], ["age"])
    assert like.quotas.parts[0].cells == {("young",): 0.5, ("late 20s",): 0.5}
    assert like.lacking == {"age": 1}


def test_ages_are_grouped_by_what_is_given() -> None:
    rows = [row(18), row(24), row(25), row(80), row(90, age_range="young"), row(age_range="18-20"), row(5)]
    like = quotas_like(rows, ["age"], ages=["18-24", "25-44", "45+"])
    assert like.quotas.parts[0].cells == {("18-24",): 0.5, ("45+",): 2 / 6, ("25-44",): 1 / 6}
    assert like.lacking == {"age": 1}
    with pytest.raises(InvalidInput, match="The age group 'blue' is no age"):
        quotas_like(rows, ["age"], ages=["blue"])


def test_age_ranges_and_locales_of_a_file_are_taken_as_they_are() -> None:
    rows = [row(age_range="late 20s", locale="ja_JP"), row(60, locale="de_DE")]
    like = quotas_like(rows, ["age", "locale"])
    assert set(like.quotas.parts[0].cells) == {("late 20s", "ja_JP"), ("mature", "de_DE")}


def test_a_file_without_a_value_is_refused() -> None:
    with pytest.raises(InvalidInput, match="No row of the file says gender and age"):
        quotas_like([row(25)], ["gender", "age"])
    with pytest.raises(InvalidInput, match="no axis 'shoe'"):
        quotas_like([row(25)], ["shoe"])


def test_too_many_combinations_are_refused() -> None:
    rows = (row(ethnicity=f"e{number}") for number in range(6_000))
    with pytest.raises(InvalidInput, match="more than 5,000 combinations of ethnicity"):
        quotas_like(rows, ["ethnicity"])


@pytest.mark.parametrize("people", [1, 7, 24, 100, 1000])
def test_a_cast_is_as_its_file_is_to_a_person_for_each_combination(people: int) -> None:
    rng = random.Random(3)
    genders, looks = ["female", "male"], ["white", "black", "hispanic", "east-asian", "mixed"]
    rows = [
        row(
            rng.choice([19, 25, 33, 48, 61, 85]),
            gender=rng.choice(genders),
            ethnicity=rng.choices(looks, [9, 3, 4, 2, 1])[0],
        )
        for _ in range(500)
    ]
    (part,) = (quotas := quotas_like(rows, ["gender", "age", "ethnicity"]).quotas).parts
    made = Counter(tuple(p.values()) for p in itertools.islice(allocate(quotas, 7), people))
    gaps = [abs(made[cell] / people - share) for cell, share in part.cells.items()]
    assert set(made) <= set(part.cells)
    assert max(gaps) <= 1 / people + 1e-9
    assert sum(gaps) / 2 <= len(part.cells) / people / 2
