from pathlib import Path

import pytest

from avatar_creator.persona_files.formats.base import RECORD_MOST
from formats.opened import good, opened, refused, rows


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("- name: A\n  age: 1\n- name: B\n", "people.yaml"),
        ("- {name: A, age: 1}\n- {name: B}\n", "people.yml"),
        ("name: A\nage: 1\n---\nname: B\n", "people.yml"),
        ("---\nname: A\nage: 1\n---\nname: B\n...\n", "people.txt"),
        ("# our people\n\n- name: A\n  age: 1\n- name: B\n", "people.txt"),
        ("%YAML 1.2\n---\n- name: A\n  age: 1\n- name: B\n", "people"),
        ("version: 1\npeople:\n- name: A\n  age: 1\n- name: B\n", "people.yaml"),
        ('[{"name": "A", "age": 1}, {"name": "B"}]', "people.yaml"),
    ],
)
def test_maps_are_records_from_1(text: str, name: str, tmp_path: Path) -> None:
    table = opened(tmp_path, text, name)
    assert (table.format, table.columns) == ("YAML", ("name", "age"))
    assert rows(table) == [(1, {"name": "A", "age": 1}), (2, {"name": "B"})]
    assert rows(table) == [(1, {"name": "A", "age": 1}), (2, {"name": "B"})]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("29", 29),
        ("-3", -3),
        ("0", 0),
        ("29.5", 29.5),
        ("29.0", 29.0),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        (".nan", None),
        ("NO", "NO"),
        ("yes", "yes"),
        ("off", "off"),
        ("01234", "01234"),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("1990-01-02", "1990-01-02"),
        ("2026-01-02 10:00:00", "2026-01-02 10:00:00"),
        ('"29"', "29"),
        ("[a, 1]", ["a", 1]),
        ("{b: {c: 1}}", {"b": {"c": 1}}),
        ("{2: x, true: y}", {"2": "x", "True": "y"}),
        ("|\n    two\n    lines", "two\nlines\n"),
    ],
)
def test_values_are_those_of_yaml_1_2(written: str, value: object, tmp_path: Path) -> None:
    (row,) = good(opened(tmp_path, f"- v: {written}\n", "people.yaml"))
    assert row == {"v": value}
    assert type(row["v"]) is type(value)


def test_aliases_and_merges_are_read(tmp_path: Path) -> None:
    text = "base: &base {style: formal, age: 1}\npeople:\n- {<<: *base, name: A}\n- {<<: *base, name: B, age: 2}\n"
    assert good(opened(tmp_path, text, "people.yaml")) == [
        {"style": "formal", "age": 1, "name": "A"},
        {"style": "formal", "age": 2, "name": "B"},
    ]


def laughs(first: str, again: str, times: int) -> str:
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} {again.format(f'*a{n - 1}')}" for n in range(1, times)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (laughs("[lol]", "[{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}]", 12), "stands for too many values"),
        (laughs("{k: v}", "{{<<: [{0}, {0}]}}", 40), "stands for too many values"),
        (laughs("[" + "x" * 100_000 + "]", "[{0}, {0}, {0}, {0}]", 10), "stands for too many values"),
        (laughs("[x]", "[{0}]", 100), "is nested more than 64 deep"),
        ("- &a [*a]\n", "has an alias within what it stands for"),
        ("- " + "[" * 100 + "]" * 100 + "\n", "is nested more than 64 deep"),
        ("[" * 100_000, "is broken YAML in line 1: exceeded maximum nesting depth"),
        ("- !!python/object/apply:os.system [echo]\n", "could not determine a constructor for the tag"),
        ("- name: A\n  age: : 3\n", "is broken YAML in line 2: mapping values are not allowed in this context"),
        ("- name: *nobody\n", "is broken YAML in line 1: found undefined alias"),
        ("- [a]: b\n  {c: d}: e\n", "is broken YAML in line 1"),
        ("- name: A\x07\n", "is broken YAML"),
        ("name,age\nA,29\n", "has no objects: item 1 is a text, not an object with names and values"),
        ("# nothing\n", "has no items"),
        ("- age: " + "9" * 5000 + "\n", "has a number of too many digits."),
    ],
)
def test_what_is_broken_or_a_bomb_is_refused(text: str, message: str, tmp_path: Path) -> None:
    assert message in refused(tmp_path, text, "people.yaml")


def test_keys_that_stand_twice_are_noted(tmp_path: Path) -> None:
    text = "- name: A\n  age: 1\n  name: B\n- {x: {y: 1, y: 2, y: 3}}\n- &c {age: 1}\n- <<: *c\n  age: 2\n"
    table = opened(tmp_path, text, "people.yaml")
    assert good(table)[0] == {"name": "B", "age": 1}
    assert table.notes == ("where a map has a key twice the last is read: 'name' in line 3, 'y' in line 4",)


def test_a_bad_item_does_not_spoil_the_next(tmp_path: Path) -> None:
    text = f"- name: A\n- 5\n- name: {'x' * (RECORD_MOST + 1)}\n- name: D\n"
    assert rows(opened(tmp_path, text, "people.yaml")) == [
        (1, {"name": "A"}),
        (2, "is a number, not an object with names and values"),
        (3, "is longer than 1,048,576 characters"),
        (4, {"name": "D"}),
    ]


def test_large_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    assert "is YAML of more than 8 MB" in refused(tmp_path, "- name: A\n" * 900_000, "people.yaml")
