"""A row as a line: what comes back decides the same picture."""

import json
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PRESET_OPTIONS, PersonaRow, PlannedPicture
from avatar_creator.errors import InvalidInput
from avatar_creator.shards.rows import ShardRows, line_of
from avatar_creator.storage.ids import AVATAR, new_id

PLANNED = PlannedPicture(2, 7, "ab" * 32, "p1#2", new_id(AVATAR))
WHOLE = PersonaRow(
    3,
    {"name": "Ana"},
    Persona("Ana Lúcia", 30, ("kind", "loud"), "A baker"),
    Attributes(gender="female", hair_style="bob"),
    "a red scarf",
    {"width_px": 64, PRESET_OPTIONS: (("steps", 4),)},
    "p1",
)


def read(path: Path, *lines: str) -> list[PersonaRow]:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return list(ShardRows(path, "Shard 0").rows())


@pytest.mark.parametrize("row", [WHOLE, PersonaRow(1, {}, Persona("Bo"), Attributes())])
def test_a_line_says_all_of_a_row_but_its_cells(tmp_path: Path, row: PersonaRow) -> None:
    (found,) = read(tmp_path / "rows", line_of(row, PLANNED, row.choices))
    assert found == row._replace(cells={}, planned=PLANNED)


def test_what_is_of_all_pictures_of_a_row_is_left_to_the_plan(tmp_path: Path) -> None:
    (found,) = read(tmp_path / "rows", line_of(WHOLE, PLANNED, {"seed": 1, "count": 3, "name": "A"}))
    assert found.choices == {"name": "A"}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"avatar_id": "../../etc/passwd"}, "its id or a number of it is none"),
        ({"seed": "7"}, "its id or a number of it is none"),
        ({"n": True}, "its id or a number of it is none"),
        ({"row": None}, "its id or a number of it is none"),
        ({"recipe": 1}, "a text of it is none"),
        ({"prompt": [1]}, "a text of it is none"),
        ({"persona": {"age": "x"}}, "persona age"),
        ({"persona": 1}, "persona"),
        ({"attributes": {"gender": 1}}, "gender is of type int"),
        ({"choices": [1]}, "cannot convert"),
        ({"choices": {PRESET_OPTIONS: [1]}}, "cannot unpack"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, wrong: dict[str, Any], why: str) -> None:
    line = line_of(WHOLE, PLANNED, WHOLE.choices)
    with pytest.raises(InvalidInput, match=f"rows', line 2, is none that avatar wrote: .*{why}"):
        read(tmp_path / "rows", line, json.dumps(json.loads(line) | wrong))


@pytest.mark.parametrize("line", ["", "{", "[]", "1", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_what_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(InvalidInput, match="line 1, is none that avatar wrote"):
        read(tmp_path / "rows", line)


def test_a_line_without_end_is_not_read_to_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="line 1, is none"):
        read(tmp_path / "rows", " " * 3_000_000)


def test_it_says_what_it_is(tmp_path: Path) -> None:
    rows = ShardRows(tmp_path / "rows", "Shard 0 of 2")
    assert (rows.introduced(1), rows.columns, rows.remarks, rows.field_of("name")) == (
        "Shard 0 of 2: 1 row.",
        (),
        (),
        None,
    )
