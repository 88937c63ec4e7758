"""Rows with other values than their own."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.fields import FIELDS
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import ListedRows, PersonaRow
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.crossing import COMBINATIONS_MOST, PICTURES_MOST, CrossedRows, Crossing

ANN = PersonaRow(1, {}, Persona("Ann", 30), Attributes(gender="female"), persona_id="p1")
BO = PersonaRow(2, {}, Persona("Bo", 44), Attributes(gender="male", hair_color="red"), persona_id="p2")
AXES = [field.name for field in FIELDS]


def read(
    each: Mapping[str, str | Sequence[object]], pick: Mapping[str, str | Sequence[object]] | None = None
) -> Crossing:
    return Crossing.read(each, pick or {}, fields=FIELDS, axes=AXES)


def rows(crossing: Crossing, *people: PersonaRow, seed: int = 1) -> Iterator[PersonaRow]:
    crossed = CrossedRows(ListedRows("Two.", people or (ANN, BO)), crossing, seed=seed, fields=FIELDS)
    return (row for row in crossed.rows() if isinstance(row, PersonaRow))


def test_each_row_is_made_once_for_every_combination() -> None:
    made = [
        (row.number, row.copy, row.persona_id, row.persona.age, row.attributes.hair_color)
        for row in rows(read({"hairColour": "black, Red", "age": [25, 60]}), ANN)
    ]
    assert made == [
        (1, 0, "p1/hair_color=black/persona_age=25", 25, "black"),
        (1, 1, "p1/hair_color=black/persona_age=60", 60, "black"),
        (1, 2, "p1/hair_color=red/persona_age=25", 25, "red"),
        (1, 3, "p1/hair_color=red/persona_age=60", 60, "red"),
    ]


def test_a_row_that_is_crossed_has_its_base_and_its_values_as_cells() -> None:
    (row,) = rows(read({"eye color": "green"}), ANN)
    assert row.base is not None
    assert row.base.persona_id == "p1"
    assert (row.cells["persona_id"], row.cells["eye_color"], row.cells["persona_name"]) == (
        row.persona_id,
        "green",
        "Ann",
    )


CY = PersonaRow(3, {}, Persona("Cy", 50), Attributes(hair_style="Shaved bald"), persona_id="p3")


def hair_of(crossing: Crossing, *people: PersonaRow) -> list[tuple[str | None, str | None, str | None]]:
    return [(row.persona_id, row.attributes.hair_style, row.attributes.hair_color) for row in rows(crossing, *people)]


def test_who_is_bald_is_made_once_for_all_colors_of_hair_and_has_none() -> None:
    assert hair_of(read({"hair color": "black,red"}), CY, ANN) == [
        ("p3", "Shaved bald", None),
        ("p1/hair_color=black", None, "black"),
        ("p1/hair_color=red", None, "red"),
    ]
    assert [row[0] for row in hair_of(read({"hair color": "black,red", "age": "25,60"}), CY)] == [
        "p3/persona_age=25",
        "p3/persona_age=60",
    ]
    assert hair_of(read({"hair color": "black,red", "hair style": "bob,bald"}), ANN) == [
        ("p1/hair_color=black/hair_style=bob", "bob", "black"),
        ("p1/hair_style=bald", "bald", None),
        ("p1/hair_color=red/hair_style=bob", "bob", "red"),
    ]


def test_who_is_made_bald_loses_the_color_of_hair() -> None:
    assert hair_of(read({"hair style": "bald,bob"}), BO) == [
        ("p2/hair_style=bald", "bald", None),
        ("p2/hair_style=bob", "bob", "red"),
    ]
    bald, bob = rows(read({"hair style": "bald,bob"}), BO)
    assert (bald.cells["hair_color"], bob.cells["hair_color"]) == ("", "red")
    assert hair_of(read({}, {"hair color": "black", "hair style": "bald"}), BO) == [("p2", "bald", None)]
    (bald,) = rows(read({}, {"hair color": "black"}), CY)
    assert (bald.attributes.hair_color, bald.cells["hair_color"]) == (None, "")


def test_no_color_is_lost_that_nothing_is_crossed_with() -> None:
    both = CY._replace(attributes=Attributes(hair_style="bald", hair_color="red"))
    assert [color for _, _, color in hair_of(read({"age": "25,60"}), both)] == ["red", "red"]


def test_it_is_said_how_many_rows_have_no_color_of_hair() -> None:
    people = ListedRows("Three.", [ANN, BO, CY])
    crossed = CrossedRows(people, read({"hair color": "black,red"}), seed=1, fields=FIELDS)
    for _ in range(2):
        assert len(list(crossed.rows())) == 5
        assert crossed.remarks[-1] == "One row has no hair_color, because of the hair_style."


def test_an_age_takes_the_place_of_a_range_and_the_other_way_round() -> None:
    somebody = ANN._replace(attributes=Attributes(age_range="adult"), persona=Persona("Ann"))
    aged = [(row.persona.age, row.attributes.age_range) for row in rows(read({"age": "25,30-40"}), somebody)]
    assert aged == [(25, None), (None, "30-40 years old")]
    assert [row.persona.age for row in rows(read({"age-range": "young"}), ANN)] == [None]


def test_an_age_that_is_replaced_stands_in_no_cell() -> None:
    somebody = ANN._replace(attributes=Attributes(age_range="adult"))
    (row,), (other,) = rows(read({"age": "25"}), somebody), rows(read({"age-range": "young"}), somebody)
    assert (row.cells["persona_age"], row.cells["age_range"]) == ("25", "")
    assert (other.cells["persona_age"], other.cells["age_range"]) == ("", "young")


def test_values_with_commas_stand_between_semicolons() -> None:
    assert [row.prompt for row in rows(read({"prompt": "red scarf, smile; hat"}), ANN)] == ["red scarf, smile", "hat"]


@pytest.mark.parametrize("age", [25, "25", [25], ("25",)])
def test_one_value_may_be_a_number_a_text_or_a_list(age: int | str | Sequence[object]) -> None:
    crossing = Crossing.read({"persona_age": age}, {}, fields=FIELDS, axes=["persona_age"])
    assert [value.fields for value in crossing.each[0].values] == [{"persona_age": 25}]


def test_a_value_that_is_named_twice_counts_once() -> None:
    assert read({"ethnicity": "East Asian,east-asian,EAST ASIAN"}).combinations == 1


def test_what_is_drawn_depends_on_nobody_else_and_on_no_other_axis() -> None:
    pick = {"hair_color": "black,red,blonde"}
    people = [ANN._replace(number=n, persona_id=f"p{n}") for n in range(1, 301)]
    drawn = {row.persona_id: row.attributes.hair_color for row in rows(read({}, pick), *people)}
    fewer = {row.persona_id: row.attributes.hair_color for row in rows(read({}, pick), *people[7:])}
    assert fewer == {id_: color for id_, color in drawn.items() if id_ in fewer}
    more = {row.persona_id: row for row in rows(read({}, {"eye-color": "blue,green", **pick}), *reversed(people))}
    assert {id_: row.attributes.hair_color for id_, row in more.items()} == drawn
    assert all(70 < list(drawn.values()).count(color) < 130 for color in ("black", "red", "blonde"))
    assert {row.persona_id: row.attributes.hair_color for row in rows(read({}, pick), *people, seed=2)} != drawn


def test_a_value_that_is_added_is_drawn_by_some_and_changes_no_other() -> None:
    people = [ANN._replace(number=n, persona_id=f"p{n}") for n in range(1, 101)]
    before = [row.attributes.hair_color for row in rows(read({}, {"hair_color": "black,red"}), *people)]
    after = [row.attributes.hair_color for row in rows(read({}, {"hair_color": "white,red,black"}), *people)]
    assert "white" in after
    assert all(new in {old, "white"} for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("each", "said"),
    [
        ({"hair_colr": "red"}, "There is no field 'hair_colr'."),
        ({"hair_color": ""}, "each hair_color is ''"),
        ({"hair_color": "red,"}, "ends in a comma"),
        ({"hair_color": "nan"}, "says nothing"),
        ({"age": "25,300"}, "persona age is '300'"),
        ({"width": "9"}, "width"),
        ({"seed": [1], "Seed": [2]}, "The values of seed are given twice."),
        ({"age": "25", "age-range": "young"}, "The values of age are given twice."),
        (
            {"width": range(64, 1064), "seed": range(1, 12)},
            f"11,000 combinations of values, more than {COMBINATIONS_MOST:,}",
        ),
    ],
)
def test_what_cannot_be_crossed_is_refused(each: Mapping[str, str | Sequence[object]], said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(each)
    assert said in refused.value.message
    assert refused.value.hint or said.startswith(("persona age", "width"))


def test_a_field_that_decides_no_picture_is_no_axis() -> None:
    with pytest.raises(InvalidInput, match="each names count, which decides no picture"):
        Crossing.read({"count": "1,2"}, {}, fields=FIELDS, axes=["gender"])


def test_more_pictures_than_anybody_can_compare_are_refused() -> None:
    seeds = read({"seed": range(1, COMBINATIONS_MOST + 1)})
    several = ANN._replace(choices={"count": PICTURES_MOST // COMBINATIONS_MOST})
    assert len(list(rows(seeds, several))) == COMBINATIONS_MOST
    with pytest.raises(InvalidInput, match="each asks for more than 100,000 pictures"):
        list(rows(seeds, several, BO))
    assert len(list(rows(read({}, {"seed": "1,2"}), ANN, BO))) == 2
