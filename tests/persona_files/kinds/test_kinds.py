"""Every kind in every format that can hold it: the same people, whatever they are written as."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from known_files import FIXTURES, opened

from avatar_creator.domain.persona_row import BadRow, PersonaRow
from avatar_creator.persona_files import open_persona_file
from avatar_creator.persona_files.kinds import KINDS, PLAIN, recognised
from avatar_creator.persona_files.kinds.kind import Sample

core = pytest.importorskip("arro3.core")
io = pytest.importorskip("arro3.io")
xlsxwriter = pytest.importorskip("xlsxwriter")

Records = Sequence[Mapping[str, Any]]


def records(fixture: str) -> Records:
    text = (FIXTURES / fixture).read_text(encoding="utf-8")
    if fixture.endswith(".csv"):
        return list(csv.DictReader(text.splitlines(keepends=True)))
    return [json.loads(line) for line in text.splitlines()]


def array(values: Sequence[Any]) -> Any:
    given = [value for value in values if value is not None]
    if given and isinstance(given[0], dict):
        names = list(given[0])
        parts = [array([value and value.get(name) for value in values]) for name in names]
        fields = [core.Field(name, part.type, nullable=True) for name, part in zip(names, parts, strict=True)]
        return core.struct_array(parts, fields=fields)
    text = core.DataType.string()
    if given and isinstance(given[0], list):
        return core.Array(values, core.DataType.list(core.Field("item", text, nullable=True)))
    return core.Array(values, core.DataType.int64() if given and isinstance(given[0], int) else text)


def write_parquet(path: Path, rows: Records) -> None:
    io.write_parquet(core.Table.from_pydict({name: array([row.get(name) for row in rows]) for name in rows[0]}), path)


def write_excel(path: Path, rows: Records) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row.values()):
                sheet.write(number, place, value)


def write_tsv(path: Path, rows: Records) -> None:
    with path.open("w", encoding="utf-16", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t")
        writer.writeheader()
        writer.writerows(rows)


def write_json(path: Path, rows: Records) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def write_yaml(path: Path, rows: Records) -> None:
    path.write_text(yaml.safe_dump([dict(row) for row in rows], allow_unicode=True), encoding="utf-8")


NESTED = {".json": write_json, ".parquet": write_parquet, ".yaml": write_yaml}
FLAT = {".xlsx": write_excel, ".tsv": write_tsv} | NESTED
FLAT_FILES = ["nemotron_usa.jsonl", "nemotron_korea.jsonl", "data_designer_faker.csv", "faker_profile.csv"]
NESTED_FILES = ["data_designer.jsonl"]
CASES = [
    *((fixture, suffix, write) for fixture in FLAT_FILES for suffix, write in FLAT.items()),
    *((fixture, suffix, write) for fixture in NESTED_FILES for suffix, write in NESTED.items()),
    *(
        (fixture, suffix, NESTED[suffix])
        for fixture in ("tinytroupe.jsonl", "openpeople.jsonl")
        for suffix in (".json",)
    ),
]


def said(row: PersonaRow | BadRow) -> tuple[Any, ...]:
    assert isinstance(row, PersonaRow), row
    return row.persona, row.attributes, row.prompt, row.choices, row.persona_id


@pytest.mark.parametrize(("fixture", "suffix", "write"), CASES, ids=lambda part: part if isinstance(part, str) else "")
def test_the_same_people_are_read_from_every_format(
    fixture: str, suffix: str, write: Callable[[Path, Records], None], tmp_path: Path
) -> None:
    original, rows = opened(fixture)
    path = tmp_path / f"people{suffix}"
    write(path, records(fixture))
    file = open_persona_file(path)
    assert file.kind == original.kind
    assert [said(row) for row in file.rows()] == [said(row) for row in rows]


def test_a_column_added_to_a_known_kind_is_used(tmp_path: Path) -> None:
    rows = [{**row, "hairColour": "red", "seed": 7} for row in records("nemotron_usa.jsonl")]
    write_json(tmp_path / "people.json", rows)
    file = open_persona_file(tmp_path / "people.json")
    first, *_ = file.rows()
    assert isinstance(first, PersonaRow)
    assert file.kind == "Nemotron-Personas"
    assert (first.attributes.hair_color, first.choices["seed"]) == ("red", 7)
    assert first.persona.name == "Mary Alberti"


def test_a_name_column_added_to_a_known_kind_goes_before_what_a_narrative_says(tmp_path: Path) -> None:
    rows = [{**row, "name": "Somebody Else"} for row in records("nemotron_usa.jsonl")]
    write_json(tmp_path / "people.json", rows)
    assert [
        row.persona.name for row in open_persona_file(tmp_path / "people.json").rows() if isinstance(row, PersonaRow)
    ] == ["Somebody Else"] * 3


def test_kinds_have_names_of_their_own_and_other_tables_are_plain() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert recognised(Sample(("name", "age"), ({"name": "A", "age": "3"},))) is PLAIN
    assert recognised(Sample((), ())) is PLAIN
