import json
import sqlite3
from contextlib import closing
from dataclasses import fields

import pytest
from hypothesis import given
from people import attributes

from avatar_creator.domain.attributes import ATTRIBUTES, Attribute, Attributes
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.migrations import migrate
from avatar_creator.storage.tables import AvatarRow

NAMES = [attribute.name for attribute in ATTRIBUTES]
EACH = pytest.mark.parametrize("attribute", ATTRIBUTES, ids=NAMES)


def test_the_nine_attributes_stand_in_prompt_order() -> None:
    order = "gender age_range ethnicity body_type hair_style hair_color eye_color skin_tone style"
    assert order.split() == NAMES


def test_fields_table_and_columns_are_the_same() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection)
        columns = {row[1]: row[2:4] for row in connection.execute("PRAGMA table_info(avatars)")}
    assert [field.name for field in fields(Attributes)] == NAMES
    assert [name for name in AvatarRow.model_fields if name in NAMES] == NAMES
    assert [name for name in columns if name in NAMES] == NAMES
    assert {columns[name] for name in NAMES} == {("TEXT", 0)}
    between = list(columns)[list(columns).index(NAMES[0]) : list(columns).index(NAMES[-1]) + 1]
    assert between == NAMES  # so that a tenth column among them is noticed


@EACH
def test_flag_and_label_follow_from_the_name(attribute: Attribute) -> None:
    assert attribute.flag.removeprefix("--").replace("-", "_") == attribute.name
    assert attribute.label.replace(" ", "_") == attribute.name


@EACH
def test_known_values_are_different_and_allowed(attribute: Attribute) -> None:
    assert len(set(attribute.known)) == len(attribute.known) > 1
    for value in attribute.known:
        assert getattr(Attributes(**{attribute.name: value}), attribute.name) == value
    assert set(attribute.spoken) <= set(attribute.known)
    assert attribute.phrase.count("{}") == 1


@EACH
def test_any_text_up_to_fifty_characters_is_allowed(attribute: Attribute) -> None:
    assert getattr(Attributes(**{attribute.name: "x" * 50}), attribute.name) == "x" * 50
    for refused in ("x" * 51, "\u200b", "\x1b[2J"):
        with pytest.raises(InvalidInput, match=f"^{attribute.label} "):
            Attributes(**{attribute.name: refused})


@EACH
def test_a_text_that_says_nothing_counts_as_not_given(attribute: Attribute) -> None:
    for nothing in ("", " ", "nan", "N/A", "None", "null", "-"):
        assert Attributes(**{attribute.name: nothing}) == Attributes()


def test_attributes_are_read_as_they_were_kept_under_earlier_rules() -> None:
    kept = Attributes().as_json() | {"gender": "nan", "style": "\u200b"}
    assert Attributes.from_json(kept).as_json() == kept


def test_texts_are_cleaned() -> None:
    assert Attributes(hair_style="  long \t straight ").hair_style == "long straight"


def test_given_yields_what_has_a_value_in_prompt_order() -> None:
    some = Attributes(style="casual", gender="female", eye_color="blue")
    assert [(attribute.name, value) for attribute, value in some.given()] == [
        ("gender", "female"),
        ("eye_color", "blue"),
        ("style", "casual"),
    ]
    assert list(Attributes().given()) == []


@given(attributes())
def test_attributes_survive_json(some: Attributes) -> None:
    assert Attributes.from_json(json.loads(json.dumps(some.as_json()))) == some
