"""One document out of a small file, whoever wrote it."""

import os
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.documents.reading import BYTES_MOST, read_document
from avatar_creator.errors import InvalidInput


def read(folder: Path, content: str | bytes, name: str = "quota.yaml") -> Any:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_document(path, what="a table of quotas", hint="Write gender: {female: 1}")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("a: 1\nb: [x, NO]\n", "q.yaml"),
        ('{"a": 1, "b": ["x", "NO"]}', "q.json"),
        ('{"a": 1, "b": ["x", "NO"]}', "q.txt"),
        ("\ufeffa: 1\nb:\n- x\n- NO\n", "q.yml"),
        ("a: 1\r\nb: [x, NO]\r\n".encode("utf-16"), "q.yaml"),
    ],
)
def test_yaml_and_json_are_read(tmp_path: Path, content: str | bytes, name: str) -> None:
    assert read(tmp_path, content, name) == {"a": 1, "b": ["x", "NO"]}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "stands for too many values with its aliases"),
        ("a: &a [*a]\n", "has an alias within what it stands for"),
        ("[" * 100 + "]" * 100, "is nested"),
        ("a: !!python/object/apply:os.system ['true']\n", "is broken YAML in line 1"),
        ("a: !mine 3\n", "is broken YAML in line 1"),
        ("a: 1\nb: 2\na: 3\n", "has a key twice: 'a' in line 3"),
        ("a: {b: 1, b: 2}\n", "has a key twice: 'b' in line 1"),
        ("a: 1\n---\nb: 2\n", "has 2 documents, not one"),
        ("a: [1\n", "is broken YAML in line 2"),
        ("", "is empty, not a table of quotas"),
        ("# nothing\n", "is empty, not a table of quotas"),
        (b"\xff\x00\x80abc", "is no text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", "is no text in UTF-8"),
        ("a: " + "1" * 5000, "has a number of too many digits"),
        ("a: \x00\n", "is broken YAML"),
        (b"a: 1\n" * (BYTES_MOST // 5 + 1), "has more than 1 MB"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=r"quota\.yaml' ") as caught:
        read(tmp_path, content)
    assert message in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1, "a": 2}', "has a key twice: 'a'"),
        ('{"a": 1', "is broken JSON"),
        ('{"a": 1}\n{"b": 2}', "more follows behind its end"),
        ("[" * 100_000, "is nested too deeply"),
        ("[" * 70 + "]" * 70, "is nested more than 64 deep"),
        ('{"a": "\\ud83d"}', "has half of a character"),
        (" ", "is empty"),
    ],
)
def test_what_is_no_json_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, content, "quota.json")
    assert message in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "is a folder"), (tmp_path / "none.yaml", "cannot be read: No such file")):
        with pytest.raises(InvalidInput, match=message):
            read_document(path, what="a table of quotas", hint="")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput, match="is a pipe"):
        read_document(tmp_path / "pipe", what="a table of quotas", hint="")
