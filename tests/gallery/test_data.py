"""What a page knows of avatars: how their pictures came to be, the texts they share, and no path."""

import json
from typing import Any

import pytest

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar, SourceType
from avatar_creator.gallery.data import COLUMNS, Table, about, as_json
from sample_records import an_avatar

UPLOAD = {"source_type": SourceType.UPLOADED, "engine": None, "model": None}
PHOTOGRAPH = {"engine": "huggingface", "model": "FLUX.1-dev", "recipe": {}}


def record(avatar: Avatar) -> dict[str, Any]:
    """Return the cells of a row, with the texts that they stand for."""
    table = Table()
    row = table.row(avatar)
    texts = table.head()["texts"]
    return {
        column.key: texts[cell] if column.shared and cell is not None else cell
        for column, cell in zip(COLUMNS, row, strict=True)
    }


@pytest.mark.parametrize(
    ("changes", "said", "source"),
    [
        ({}, "drawn", "algorithmicMedia: made by an algorithm, from no training data"),
        (PHOTOGRAPH, "AI-made", "trainedAlgorithmicMedia: made by a trained model"),
        (UPLOAD, "uploaded", None),
    ],
)
def test_it_is_said_how_a_picture_came_to_be(changes: dict[str, Any], said: str, source: str | None) -> None:
    avatar = an_avatar(**changes)
    assert about(avatar) == f"32, female, {said}"
    assert (record(avatar)["made"], record(avatar)["digital_source"]) == (said, source)


def test_what_is_not_known_of_somebody_is_not_said() -> None:
    nobody = an_avatar(persona=Persona(), attributes=Attributes())
    assert about(nobody) == "drawn"
    assert record(nobody)["age"] is record(nobody)["ages"] is record(nobody)["gender"] is None


@pytest.mark.parametrize(
    ("age", "ages"),
    [(1, "under 18"), (17, "under 18"), (18, "18 to 24"), (24, "18 to 24"), (64, "55 to 64"), (65, "65 and over")],
)
def test_ages_are_groups(age: int, ages: str) -> None:
    assert record(an_avatar(persona=Persona("Ann", age)))["ages"] == ages


def test_all_attributes_are_columns_to_filter_by() -> None:
    filtered = {column.key: column for column in COLUMNS if column.filtered}
    assert [filtered[attribute.name].values for attribute in ATTRIBUTES] == [each.known for each in ATTRIBUTES]


def test_texts_that_many_share_stand_once() -> None:
    table = Table()
    rows = [table.row(an_avatar(credit="© Pablo", name=name)) for name in ("Ann", "Bob")]
    assert table.head()["texts"].count("© Pablo") == 1
    assert rows[0] != rows[1]


def test_no_path_is_in_a_row() -> None:
    assert "/pictures" not in as_json(Table().row(an_avatar()))


def test_a_prompt_that_nobody_read_is_left_out() -> None:
    assert record(an_avatar())["full_prompt"] is None
    assert record(an_avatar(**PHOTOGRAPH))["full_prompt"] == "Sarah"


def test_json_has_no_markup_and_reads_the_same() -> None:
    text = "</script><!-- & \u2028\u2029 ümlaut"
    assert not set("<>&\u2028\u2029") & set(as_json([text]))
    assert json.loads(as_json([text])) == [text]


def test_rights_are_said() -> None:
    works = {"made_with": {"licenses": [{"of": "avataaars", "name": "CC BY 4.0", "commercial_use": "yes"}]}}
    assert record(an_avatar(recipe=works))["license"] == "avataaars: CC BY 4.0"
