import json
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from people import attributes

from avatar_creator.domain.attributes import ATTRIBUTES, Attribute, Attributes
from avatar_creator.domain.text import is_given
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.migrations import migrate

NAMES = [attribute.name for attribute in ATTRIBUTES]
EACH = pytest.mark.parametrize("attribute", ATTRIBUTES, ids=NAMES)


@EACH
def test_each_has_a_column_of_its_own(attribute: Attribute) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        columns = {row[1]: row[2:4] for row in connection.execute("PRAGMA table_info(avatars)")}
    assert columns[attribute.name] == ("TEXT", 0)


@EACH
def test_flag_and_label_follow_from_the_name(attribute: Attribute) -> None:
    assert attribute.flag.removeprefix("--").replace("-", "_") == attribute.name
    assert attribute.label.replace(" ", "_") == attribute.name


@EACH
def test_known_values_are_different_and_allowed(attribute: Attribute) -> None:
    assert len(set(attribute.known)) == len(attribute.known) > 1
    for value in attribute.known:
        assert is_given(value), f"{value!r} counts as not given: choose another word, such as 'without' for 'none'"
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
