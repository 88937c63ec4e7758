"""Lines of records that strangers wrote: each is what avatar writes, or is refused with its number."""

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.persona import Persona
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.records import read_lines
from avatar_creator.library import open_library
from avatar_creator.storage.exchange import Tables
from imports.exported import Line, exported, filled, lines_of, write_lines
from made_anew import rejected
from stored_files import stored_files

DEEP = "[" * 10_000 + "]" * 10_000
WRONG: list[Any] = [
    *(None, True, -1, 0, 1, 2**63, 2**70, 0.5, 1e308, float("inf"), float("nan")),
    *("", "x", "\0", "a\nb", "\x1b[2J", "\ud800", "\u202e", "x" * 2000, "../../x", "=cmd", "<script>"),
    *("null", "1", "[]", "[1]", "{}", '{"sha256":1}', '{"a":"\\ud800"}', '{"options":3,"made_with":[]}', DEEP),
    *('{"made_with":{"licenses":[1]}}', '{"not_shown":1,"drawn":[]}', '[{"axes":[1],"cells":[[2]]}]', "9" * 5000),
    *([], [1], ["x"], [[]], {}, {"a": 1}, [{"a": 1}], ["x"] * 99),
]


class Given:
    """An export, its lines, and the tables of this version."""

    def __init__(self, folder: Path, tables: Tables) -> None:
        self.folder, self.lines, self.tables = folder, lines_of(folder), tables


@pytest.fixture(scope="module")
def given_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    folder = tmp_path_factory.mktemp("records")
    Image.new("RGB", (64, 80), "teal").save(folder / "ben.png")
    with open_library(folder / "home") as library:
        filled(library, folder / "ben.png")
        rejected(library, persona=Persona("Cy"))
        out = exported(library, folder / "out")
        yield Given(out, library.app.exchange.tables)


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value in a line."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], *path, key)


def changed(lines: list[Line], path: tuple[Any, ...], value: Any) -> list[Line]:
    new: Any = copy.deepcopy(lines)
    place = new
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return new  # type: ignore[no-any-return]


def text_of(line: Any) -> bytes:
    return json.dumps(line).encode()


def wrong_lines(lines: list[Line]) -> Iterator[list[bytes]]:
    """Yield files with one wrong value each, of all that is in a line of each kind."""
    head = [text_of(line) for line in lines if line["kind"] in {"head", "project"}]
    of_each_kind = {(line["kind"], bool(line.get("uses"))): line for line in reversed(lines[:-1])}
    for line in of_each_kind.values():
        for path in filter(None, places(line)):
            for value in WRONG:
                yield [*head, text_of(changed([line], (0, *path), value)[0])]


def without(lines: list[Line], kind: str) -> list[Line]:
    """Return lines without the last one of a kind."""
    last = max(number for number, line in enumerate(lines) if line["kind"] == kind)
    return [*lines[:last], *lines[last + 1 :]]


def test_every_value_that_is_wrong_is_read_or_refused(given_: Given) -> None:
    said = []
    for lines in wrong_lines(given_.lines):
        with pytest.raises(InvalidInput) as caught:  # what can be read ends too early
            list(read_lines(lines, "x", given_.tables))
        assert caught.value.hint
        said.append(caught.value.message)
    assert all(each.startswith("x") and each.isprintable() and len(each) < 500 for each in said)
    assert 100 < len([each for each in said if "ends too early" in each]) < len(said) / 3


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_read_can_be_shown_and_what_is_refused_leaves_nothing(
    given_: Given, tmp_path: Path, data: st.DataObject
) -> None:
    lines = given_.lines
    for _ in range(data.draw(st.integers(1, 2))):
        index = data.draw(st.integers(1, len(lines) - 1))
        path = data.draw(st.sampled_from([each for each in places(lines[index]) if each]))
        value = data.draw(st.sampled_from(WRONG) | st.text(max_size=20) | st.integers())
        lines = changed(lines, (index, *path), value)
    folder, home = tmp_path / "out", tmp_path / "home"
    for place in (folder, home, tmp_path / "again"):
        shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(given_.folder, folder)
    write_lines(folder, lines)
    with open_library(home) as library:
        try:
            imported = list(library.archives.import_(folder))
        except InvalidInput:
            assert (library.count(), stored_files(library.app.pictures)) == (0, [])
            return
        assert len(list(library.archives.import_(folder))) == len(imported)
        for avatar in library.find():
            json.dumps(avatar.as_json()).encode()
            library.usage(avatar.id)
            for version in library.versions.find(avatar.id):
                json.dumps(version.as_json()).encode()
                library.versions.revert([avatar.id], version.avatar.version)
        for reject in list(library.checks.rejects()):
            json.dumps(reject.as_json()).encode()
            library.checks.take(reject.id)
        library.stats()
        list(library.find(AvatarFilter(text="ana", attributes={"gender": "male"}), sort="name"))
        list(library.presets.find())
        for project in library.projects.find():
            library.projects.coverage(project.id)
        exported(library, tmp_path / "again")
        assert not [each for each in library.examine().findings if each.subject in {"picture", "file"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff", "is no UTF-8"),
        (b"", "JSON"),
        (b"[]", "is no JSON object"),
        (b"{}{}", "is no JSON object"),
        (b'{"kind": "avatar"}', "is none that avatar wrote"),
        (b'{"kind": "other"}', "kind is 'other'"),
        (DEEP.encode(), "nested"),
    ],
)
def test_a_line_that_is_none_is_named_by_its_number(given_: Given, text: bytes, said: str) -> None:
    lines = [text_of(given_.lines[0]), text]
    with pytest.raises(InvalidInput) as caught:
        list(read_lines(lines, "x", given_.tables))
    assert "x, line 2" in caught.value.message
    assert said in caught.value.message


@pytest.mark.parametrize("lines", [slice(0, -1), slice(0, 0), slice(0, 1)])
def test_a_file_that_was_cut_off_is_refused(given_: Given, lines: slice) -> None:
    with pytest.raises(InvalidInput, match="ends too early"):
        list(read_lines(map(text_of, given_.lines[lines]), "x", given_.tables))


def test_what_is_missing_or_follows_the_end_is_noticed(given_: Given) -> None:
    with pytest.raises(InvalidInput, match="There are 2 avatars, and not 3"):
        list(read_lines(map(text_of, without(given_.lines, "avatar")), "x", given_.tables))
    with pytest.raises(InvalidInput, match="There are 0 rejects, and not 1"):
        list(read_lines(map(text_of, without(given_.lines, "reject")), "x", given_.tables))
    with pytest.raises(InvalidInput, match="behind the end"):
        list(read_lines(map(text_of, [*given_.lines, given_.lines[-2]]), "x", given_.tables))


def test_an_avatar_needs_its_project_before_it(given_: Given) -> None:
    lines = [line for line in given_.lines if line["kind"] != "project"]
    with pytest.raises(InvalidInput, match="does not stand before it"):
        list(read_lines(map(text_of, lines), "x", given_.tables))


@pytest.mark.parametrize("head", [{"schema": 999}, {"version": 2}, {"schema": "x"}])
def test_a_newer_versions_file_asks_for_an_update(given_: Given, head: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        list(read_lines([text_of({**given_.lines[0], **head})], "x", given_.tables))
    assert "pip install --upgrade" in (caught.value.hint or "")


def test_a_text_that_is_too_long_is_refused(given_: Given) -> None:
    number = max(number for number, line in enumerate(given_.lines) if line["kind"] == "avatar")
    lines = changed(given_.lines, (number, "avatar", "prompt"), "x" * 2**21)
    with pytest.raises(InvalidInput, match="prompt has 2097152 characters"):
        list(read_lines(map(text_of, lines), "x", given_.tables))


@pytest.mark.parametrize(
    "record",
    [
        {"name) VALUES (1); --": 1},
        {"tags": "[]"},
        {"id": "av_0sabd6w2bmk2v"},
        {"name": "Somebody"},
        {"seed": 77},
        {"copy_path": "/etc/passwd"},
        {"sha256": "x"},
        {"width_px": 0},
    ],
)
def test_what_a_reject_would_be_taken_as_is_checked_as_a_row(given_: Given, record: dict[str, Any]) -> None:
    (number,) = (number for number, line in enumerate(given_.lines) if line["kind"] == "reject")
    text = json.dumps(json.loads(given_.lines[number]["reject"]["record"]) | record)
    with pytest.raises(InvalidInput, match=f"line {number + 1}, is none that avatar wrote"):
        list(read_lines(map(text_of, changed(given_.lines, (number, "reject", "record"), text)), "x", given_.tables))
