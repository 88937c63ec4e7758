import json
from pathlib import Path

import pytest

from avatar_creator.persona_files.formats.base import RECORD_MOST
from formats.opened import good, opened, refused, rows


def test_each_line_is_a_record_with_its_number(tmp_path: Path) -> None:
    table = opened(
        tmp_path, '{"name": "A", "age": 29}\r\n\n  {"name": "B", "x": {"y": [1, null, true, 1.5]}}', "p.jsonl"
    )
    assert (table.format, table.columns, table.notes) == ("JSON lines", ("name", "age", "x"), ())
    assert rows(table) == [
        (1, {"name": "A", "age": 29}),
        (3, {"name": "B", "x": {"y": [1, None, True, 1.5]}}),
    ]


@pytest.mark.parametrize("name", ["people.json", "people.txt", "people", "people.ndjson", "people.csv"])
def test_they_are_recognised_by_their_content(name: str, tmp_path: Path) -> None:
    assert opened(tmp_path, '{"name": "A"}\n{"name": "B"}\n', name).format == "JSON lines"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"name": "B"', "is broken JSON: Expecting ',' delimiter at character 13"),
        ("{'name': 'B'}", "is broken JSON: Expecting property name enclosed in double quotes at character 2"),
        ('{"name": "B"} {"name": "C"}', "has more than one value, the second at character 14"),
        ("name: B", "is broken JSON: Expecting value at character 1"),
        ('["B", 29]', "is a list, not an object with names and values"),
        ("29", "is a number, not an object with names and values"),
        ("null", "is empty, not an object with names and values"),
        ('{"a":' * 200 + "1" + "}" * 200, "is nested more than 64 deep"),
        ('{"a":' * 100_000, "is nested too deeply at character 1"),
        ('{"age": ' + "9" * 5000 + "}", "has a number of too many digits at character 1"),
        (r'{"name": "\ud83d"}', "has half of a character, a surrogate without its other half"),
        (json.dumps({"name": "x" * RECORD_MOST}), "is longer than 1,048,576 characters"),
        (json.dumps({f"k{number}": 1 for number in range(20_000)}), "has 20000 keys, at most 16384 are read"),
    ],
)
def test_a_bad_line_does_not_spoil_the_next(line: str, message: str, tmp_path: Path) -> None:
    table = opened(tmp_path, f'{{"name": "A"}}\n{line}\n{{"name": "D"}}\n', "people.jsonl")
    assert rows(table) == [(1, {"name": "A"}), (2, message), (3, {"name": "D"})]


def test_a_bad_first_line_is_named_where_the_name_says_what_it_is(tmp_path: Path) -> None:
    table = opened(tmp_path, '{"name": }\n{"name": "B"}\n', "people.jsonl")
    assert rows(table)[1] == (2, {"name": "B"})


def test_nan_is_no_value_and_what_is_escaped_is_a_character(tmp_path: Path) -> None:
    table = opened(tmp_path, '{"age": NaN, "x": "\\ud83d\\ude00"}\n{}\n', "people.jsonl")
    assert good(table) == [{"age": None, "x": "😀"}, {}]


def test_keys_that_stand_twice_are_noted(tmp_path: Path) -> None:
    table = opened(tmp_path, '{"age": 1, "age": 2}\n{"x": {"y": 1, "y": 2}}\n', "people.jsonl")
    assert good(table)[0] == {"age": 2}
    assert table.notes == ("where an object has a key twice the last is read: 'age' in line 1, 'y' in line 2",)


def test_a_file_without_any_object_is_refused(tmp_path: Path) -> None:
    assert "has no objects: line 1 is broken JSON" in refused(tmp_path, '{"a": }\n{"b"}\n', "people.jsonl")
