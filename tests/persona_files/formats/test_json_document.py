import json
from pathlib import Path

import pytest

from avatar_creator.persona_files.formats import json_document
from avatar_creator.persona_files.formats.base import RECORD_MOST
from formats.opened import good, opened, refused, rows

PEOPLE = [{"name": "A", "age": 29}, {"name": "B", "x": {"y": [1]}}]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["people.json", "people.jsonl", "people.txt"])
def test_the_items_of_a_list_are_records_from_1(indent: int | None, name: str, tmp_path: Path) -> None:
    table = opened(tmp_path, json.dumps(PEOPLE, indent=indent), name)
    assert (table.format, table.columns, table.notes) == ("JSON", ("name", "age", "x"), ())
    assert rows(table) == [(1, PEOPLE[0]), (2, PEOPLE[1])]


@pytest.mark.parametrize("document", [{"name": "A", "age": 1}, {"name": "A", "tags": ["x"], "y": {"z": 1}}])
def test_an_object_is_a_record(document: object, tmp_path: Path) -> None:
    assert rows(opened(tmp_path, json.dumps(document, indent=1), "person.json")) == [(1, document)]


def test_objects_that_follow_each_other_are_records(tmp_path: Path) -> None:
    text = "\n".join(json.dumps(each, indent=2) for each in PEOPLE)
    assert good(opened(tmp_path, text, "people.json")) == PEOPLE


def test_lists_are_streamed_whatever_their_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "_BLOCK", 50)
    monkeypatch.setattr(json_document, "OBJECT_BYTES_MOST", 100)
    people = [{"name": f"P{number}", "text": "x" * (number % 130), "n": number * 10**10} for number in range(1000)]
    assert good(opened(tmp_path, json.dumps(people), "people.json")) == people
    assert "is an object of more than" in refused(tmp_path, json.dumps({"people": people}), "people.json")


@pytest.mark.parametrize("end", ["]", "\n]\n", " ] "])
def test_numbers_at_the_end_of_a_block_are_read_to_their_end(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_document, "_BLOCK", 1)
    assert rows(opened(tmp_path, f'[{{"age": 1234}}, 567{end}', "people.json")) == [
        (1, {"age": 1234}),
        (2, "is a number, not an object with names and values"),
    ]


def test_a_bad_item_does_not_spoil_the_next(tmp_path: Path) -> None:
    items = ["29", '{"a":' * 100 + "1" + "}" * 100, json.dumps({"name": "x" * RECORD_MOST}), r'{"a": "\udc00"}']
    text = "[" + ",".join(['{"name": "A"}', *items, '{"name": "D"}']) + "]"
    assert rows(opened(tmp_path, text, "people.json")) == [
        (1, {"name": "A"}),
        (2, "is a number, not an object with names and values"),
        (3, "is nested more than 64 deep"),
        (4, "is longer than 1,048,576 characters"),
        (5, "has half of a character, a surrogate without its other half"),
        (6, {"name": "D"}),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"name": "A"},\n{"name": "B', "is cut short: its JSON does not end, in line 2."),
        ('[{"name": "A"},\n{"name": "B"}', "is cut short: its JSON does not end, in line 2."),
        ('[{"name": "A"},\n', "is cut short: its JSON does not end, in line 2."),
        ("{", "is cut short: its JSON does not end, in line 1."),
        ("[", "is cut short: its JSON does not end, in line 1."),
        ('[{"name": "A"}\n{"name": "B"}]', "a comma or the end of the list is missing, in line 2."),
        ('[{"name": "A"}] []', "more follows behind the end of the list, in line 1."),
        ('[\n\n{"name": A}]', "is broken JSON: Expecting value, in line 3."),
        ('[{"name": "A"},]', "is broken JSON: Expecting value, in line 1."),
        ("[]", "has no items."),
        ("[1, 2]", "has no objects: item 1 is a number, not an object with names and values."),
        ("[" * 100_000, "is nested too deeply, in line 1."),
    ],
)
def test_what_is_broken_is_named_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, text, "people.json").endswith(message)


def test_keys_that_stand_twice_are_noted(tmp_path: Path) -> None:
    table = opened(tmp_path, '[{"age": 1, "age": 2}]', "people.json")
    assert good(table) == [{"age": 2}]
    assert table.notes == ("where an object has a key twice the last is read: 'age' in item 1",)
