import pytest

from avatar_creator.storage.pictures.parameters import json_object, number_of, part_of, text_of, write


def test_it_is_written_as_the_readers_of_a1111_expect() -> None:
    text = write("a face", "blurry", {"Steps": 28, "Seed": 1, "Size": "64x64", "Model": "a, b"})
    assert text == 'a face\nNegative prompt: blurry\nSteps: 28, Seed: 1, Size: 64x64, Model: "a, b"'
    assert write("a face", "", {}) == "a face"


@pytest.mark.parametrize(
    "text", [None, "", "{", "[1]", "5", "a prompt", "[" * 100_000, '{"a":' * 100_000, '{"n": %s}' % ("9" * 5000)]
)
def test_what_is_no_json_object_is_an_empty_one(text: str | None) -> None:
    assert json_object(text) == {}


def test_what_json_alone_can_hold_is_taken_out() -> None:
    assert json_object('{"seed": "\\ud800", "is_changed": [NaN]}') == {"seed": "?", "is_changed": [None]}


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        ("5442345829", 5442345829),
        (7.0, 7),
        (2**64 - 1, 2**64 - 1),
        (2**64, None),
        (True, None),
        (float("inf"), None),
        (float("nan"), None),
        ("9" * 5000, None),
        ("sesame", None),
        ([5], None),
        (None, None),
    ],
)
def test_numbers_are_read_in_any_form(value: object, number: int | None) -> None:
    assert number_of(value) == number


def test_what_has_another_type_says_nothing() -> None:
    assert [text_of(value) for value in (" a ", "  ", 5, ["a"], None)] == ["a", None, None, None, None]
    assert [part_of({"a": value}, "a") for value in ({"b": 1}, [1], None)] == [{"b": 1}, {}, {}]
