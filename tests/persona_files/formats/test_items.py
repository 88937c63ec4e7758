import json
from pathlib import Path

import pytest

from formats.opened import KNOWING, good, opened

A, B = {"name": "A", "age": 1}, {"name": "B"}


@pytest.mark.parametrize(
    "document",
    [
        {"people": [A, B]},
        {"version": 2, "made": "today", "folks": [A, B]},
        {"meta": {"made": "today"}, "data": [A, B]},
        {"name": "My cast", "personas": [A, B]},
        {"tags": ["x"], "none": [], "people": [A, B]},
        {"schema": {"fields": [{"name": "age"}]}, "data": [A, B]},
    ],
)
def test_a_list_within_an_object_is_the_table(document: object, tmp_path: Path) -> None:
    assert good(opened(tmp_path, json.dumps(document), "people.json", KNOWING)) == [A, B]


@pytest.mark.parametrize(
    "document",
    [
        {"type": "TinyPerson", "persona": {"name": "A", "skills": [{"x": 1}]}, "mental_faculties": [{"name": "B"}]},
        {"name": "A", "friends": [{"name": "B"}]},
        {"friends": [{"name": "B"}], "pets": [{"name": "C"}]},
        {"title": "x", "home": {"city": "Lagos"}, "friends": [{"name": "B"}]},
        {"title": "x", "tags": ["a"]},
    ],
)
def test_an_object_that_is_a_record_stays_one(document: object, tmp_path: Path) -> None:
    assert good(opened(tmp_path, json.dumps(document), "people.json", KNOWING)) == [document]


def test_columns_by_number_are_rows_as_pandas_writes_them(tmp_path: Path) -> None:
    text = '{"name": {"0": "A", "1": "B"}, "age": {"0": 1, "1": null}}'
    assert good(opened(tmp_path, text, "people.json")) == [{"name": "A", "age": 1}, {"name": "B", "age": None}]


@pytest.mark.parametrize("wrapped", [None, "personas", "data"])
@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_people_by_their_ids_are_rows_with_ids(wrapped: str | None, suffix: str, tmp_path: Path) -> None:
    people = {"amara": {"age": 29}, "bob": {"id": 7, "age": 40}, "c": {"persona_id": 8, "name": "C"}}
    text = json.dumps({wrapped: people} if wrapped else people, indent=1)  # which is YAML, too
    assert good(opened(tmp_path, text, f"people.{suffix}", KNOWING)) == [
        {"id": "amara", "age": 29},
        {"id": 7, "age": 40},
        {"persona_id": 8, "name": "C"},
    ]


def test_a_list_two_objects_deep_is_the_table(tmp_path: Path) -> None:
    assert good(opened(tmp_path, json.dumps({"data": {"people": [A, B]}}), "people.json", KNOWING)) == [A, B]


@pytest.mark.parametrize(
    "document",
    [
        {"persona": {"name": "A"}, "sampled": {"age": 1}},
        {"person": {"name": "A"}},
        {"home": {"city": "Lagos"}, "work": {"city": "Abuja"}},
        {"amara": {"age": 29}, "bob": "an old man"},
    ],
)
def test_an_object_of_objects_that_are_no_people_stays_one(document: object, tmp_path: Path) -> None:
    assert good(opened(tmp_path, json.dumps(document), "people.json", KNOWING)) == [document]
