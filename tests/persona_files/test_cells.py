"""Cells as people and programs write them."""

from datetime import UTC, date, datetime

import pytest

from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import cells


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is ", "as it is "),
        (None, ""),
        (True, "true"),
        (29.0, "29"),
        (1.5, "1.5"),
        (float("nan"), ""),
        (7, "7"),
        (date(1990, 5, 17), "1990-05-17"),
        (datetime(1990, 5, 17, tzinfo=UTC), "1990-05-17"),
        (datetime(1990, 5, 17, 8, 30), "1990-05-17T08:30:00"),  # noqa: DTZ001 - as sheets have them
        (b"\x89PNG", ""),
        (["a", 2], "a; 2"),
        (["a; b", "c"], '["a; b", "c"]'),
        ([{"a": date(1990, 5, 17)}], '[{"a": "1990-05-17"}]'),
        ({}, "{}"),
    ],
)
def test_a_cell_is_a_text(value: object, text: str) -> None:
    assert cells.as_text(value) == text


def test_what_is_nested_is_under_paths_to_some_depth() -> None:
    deep: dict[str, object] = {"end": 1}
    for _ in range(50):
        deep = {"a": deep}
    flat = cells.flat({"x": 1, "person": {"name": "A", "job": {"title": "B"}}, "empty": {}, "deep": deep})
    assert flat["person.name"] == "A"
    assert flat["person.job.title"] == "B"
    assert flat["empty"] == {}
    assert len(flat) == 5


@pytest.mark.parametrize(
    ("value", "traits"),
    [
        ("friendly", ("friendly",)),
        ("friendly; curious", ("friendly", "curious")),
        ("friendly|curious", ("friendly", "curious")),
        ("friendly, curious", ("friendly", "curious")),
        ("- friendly\n- curious", ("friendly", "curious")),
        ('["friendly", "curious"]', ("friendly", "curious")),
        ("['friendly', 'curious']", ("friendly", "curious")),
        ("['friendly' 'curious']", ("friendly", "curious")),
        ("['doesn\\'t care' \"it's fine\"]", ("doesn\\'t care", "it's fine")),
        ("[friendly, curious]", ("friendly", "curious")),
        (["friendly", "nan", "curious", "friendly"], ("friendly", "curious")),
        ([{"trait": "friendly"}], ("friendly",)),
        ({"friendly": 0.8, "curious": 0.1}, ("friendly", "curious")),
        ("kind to those who ask, cold to others", ("kind to those who ask, cold to others",)),
        ("", ()),
        ("N/A", ()),
    ],
)
def test_traits_are_read_however_a_list_is_written(value: object, traits: tuple[str, ...]) -> None:
    assert cells.traits(value) == (traits, True)


def test_more_than_ten_traits_are_cut_and_long_ones_shortened() -> None:
    found, is_whole = cells.traits([f"trait {i}" for i in range(12)])
    assert (len(found), is_whole) == (10, False)
    found, is_whole = cells.traits(["You would rather stay at home with a book than go anywhere else at all"])
    assert (len(found[0]) <= 50, is_whole) == (True, False)


@pytest.mark.parametrize(
    ("word", "gender"),
    [
        ("F", "female"),
        ("m", "male"),
        ("Female", "female"),
        ("männlich", "male"),
        ("Frau", "female"),
        ("homme", "male"),
        ("Mujer", "female"),
        ("남자", "male"),
        ("女", "female"),
        ("divers", "non-binary"),
        ("woman", "woman"),
        ("genderfluid", "genderfluid"),
        ("nan", None),
        (None, None),
    ],
)
def test_genders_are_in_english(word: str | None, gender: str | None) -> None:
    assert cells.gender(word) == gender


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Null", "Null"),
        ("Na", "Na"),
        ("None", None),
        ("NULL", None),
        ("-", None),
        ("🙂", "🙂"),
        ("?", None),
        (None, None),
        (7, "7"),
    ],
)
def test_a_name_is_none_only_where_programs_write_so(value: object, name: str | None) -> None:
    assert cells.name(value) == name


@pytest.mark.parametrize(
    ("value", "age"),
    [
        (29, 29),
        (29.0, 29),
        ("29", 29),
        ("29,0", 29),
        ("29 yrs", 29),
        ("29yo", 29),
        ("29 years old", 29),
        ("29-year-old", 29),
        ("29 세", 29),
        ("29歳", 29),
        ("about 30", 30),
        ("in her 30s", "in her 30s"),
        ("20-29", "20-29 years old"),
        (None, None),
        ("unknown", None),
    ],
)
def test_ages(value: object, age: int | str | None) -> None:
    assert cells.age(value) == age


@pytest.mark.parametrize("value", ["abc", "29.5", True, "29 apples", "-3", "6 months"])
def test_what_is_no_age_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="which is no age"):
        cells.age(value)


@pytest.mark.parametrize(
    ("value", "age"),
    [
        ("1990-05-17", 35),
        ("1990-05-17T00:00:00", 35),
        ("1990-05-17 10:00:00.000Z", 35),
        (date(1990, 1, 1), 36),
        (datetime(1990, 1, 2), 35),  # noqa: DTZ001 - as sheets have them
        ("17.05.1990", 35),
        ("1990.0", 35),
        ("05/17/1990", 35),
        ("17/05/1990", 35),
        ("May 17, 1990", 35),
        ("1990", 35),
        (1990, 35),
        ("2025-12-31", "baby"),
        ("", None),
    ],
)
def test_an_age_by_a_date_of_birth(value: object, age: int | str | None) -> None:
    assert cells.age_on(date(2026, 1, 1), value) == age


@pytest.mark.parametrize("value", ["soon", "17.05.90", "2026-01-02", "1990-13-01"])
def test_what_is_no_date_of_birth_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match="birth date is"):
        cells.age_on(date(2026, 1, 1), value)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Mary", "Ann", "Alberti"), "Mary Ann Alberti"),
        (("Mary", None, "Alberti"), "Mary Alberti"),
        (("Mary", None), "Mary"),
        ((None, "Alberti"), "Alberti"),
        (("Mary", "Mary Alberti"), "Mary Alberti"),
        ((None, "nan"), None),
    ],
)
def test_parts_of_a_name_make_one(parts: tuple[object, ...], name: str | None) -> None:
    assert cells.full_name(*parts) == name
