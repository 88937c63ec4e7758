import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import arro3.core
import pytest
from arro3.core import Array, DataType, Field, struct_array
from arro3.io import read_parquet, write_parquet

from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats import Record, open_table, parquet
from avatar_creator.persona_files.formats.base import RECORD_MOST
from formats.opened import good, opened, put, refused, rows

TEXT, WHOLE = DataType.utf8(), DataType.int64()
NAMES = Array(["Amara", "David", None], TEXT)
AGES = Array([29, None, 41], WHOLE)


def written(columns: dict[str, Any], **options: Any) -> bytes:
    """Return a Parquet file with these columns."""
    file = BytesIO()
    write_parquet(arro3.core.Table.from_pydict(columns), file, **options)
    return file.getvalue()


PEOPLE = written({"name": NAMES, "age": AGES})


@pytest.mark.parametrize("name", ["people.parquet", "people.csv", "people"])
def test_rows_are_records_from_1(name: str, tmp_path: Path) -> None:
    table = opened(tmp_path, PEOPLE, name)
    assert (table.format, table.columns, table.notes) == ("Parquet", ("name", "age"), ())
    for _ in range(2):
        assert rows(table) == [
            (1, {"name": "Amara", "age": 29}),
            (2, {"name": "David", "age": None}),
            (3, {"name": None, "age": 41}),
        ]


def test_only_what_is_wanted_is_given(tmp_path: Path) -> None:
    table = opened(tmp_path, PEOPLE, "people.parquet")
    assert [dict(each.values) for each in table.records({"age", "other"}) if isinstance(each, Record)] == [
        {"age": 29},
        {"age": None},
        {"age": 41},
    ]
    assert [each.number for each in table.records(())] == [1, 2, 3]


def test_structs_are_objects_within(tmp_path: Path) -> None:
    fields = [Field("city", TEXT), Field("n", WHOLE)]
    address = struct_array([Array(["Lagos"], TEXT), Array([None], WHOLE)], fields=fields)
    fields = [Field("first_name", TEXT), Field("at", address.type)]
    person = struct_array([Array(["Amara"], TEXT), address], fields=fields)
    table = opened(tmp_path, written({"person": person}), "people.parquet")
    assert good(table) == [{"person": {"first_name": "Amara", "at": {"city": "Lagos", "n": None}}}]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (Array([float("nan")], DataType.float64()), None),
        (Array([29.5], DataType.float64()), 29.5),
        (Array([True], DataType.bool()), True),
        (Array(["Jürgen".encode()], DataType.binary()), "Jürgen"),
        (Array([b"\xff\xd8"], DataType.binary()), None),
        (Array([9617], DataType.int32()).cast(DataType.date32()), "1996-05-01"),
        (Array([830_953_800_000_000], WHOLE).cast(DataType.timestamp("us")), "1996-05-01 12:30:00"),
        (Array(["a"], TEXT).cast(DataType.dictionary(DataType.int32(), TEXT)), "a"),
        (Array(["a"], TEXT).cast(DataType.large_utf8()), "a"),
    ],
)
def test_values_are_as_json_would_have_them(column: Any, value: object, tmp_path: Path) -> None:
    assert good(opened(tmp_path, written({"v": column}), "people.parquet")) == [{"v": value}]


@pytest.mark.parametrize("end", [4, 9, len(PEOPLE) // 2, len(PEOPLE) - 1])
def test_a_file_that_is_cut_short_is_said_to_be(end: int, tmp_path: Path) -> None:
    assert refused(tmp_path, PEOPLE[:end], "people.parquet").endswith("is a Parquet file that is cut short.")


def test_a_damaged_file_is_refused_and_rust_says_nothing(tmp_path: Path) -> None:
    """Its library gives up in ways of its own, which write to stderr."""
    path = put(tmp_path, b"", "people.parquet")
    program = (
        "import sys, pathlib\n"
        "from avatar_creator.errors import InvalidInput\n"
        "from avatar_creator.persona_files.formats import open_table\n"
        "for line in sys.stdin:\n"
        "    pathlib.Path(sys.argv[1]).write_bytes(bytes.fromhex(line))\n"
        "    try: list(open_table(pathlib.Path(sys.argv[1])).records())\n"
        "    except InvalidInput as error: print(error.message)\n"
    )
    length = int.from_bytes(PEOPLE[-8:-4], "little") + 8
    places = (*range(4, len(PEOPLE) - length, 7), *range(len(PEOPLE) - length, len(PEOPLE) - 11, 7))
    spoilt = [PEOPLE[:at] + b"\xff" * 3 + PEOPLE[at + 3 :] for at in places]
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        input="\n".join(each.hex() for each in spoilt),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    said = {line.removeprefix(f"'{path}' ") for line in done.stdout.splitlines()}
    assert "is a Parquet file that is damaged." in said
    # No word of the library's own; a name that is spoilt is read as another.
    assert all(not re.search(r"error|struct|utf|thrift", each, re.IGNORECASE) for each in said)


def test_long_records_do_not_spoil_the_others(tmp_path: Path) -> None:
    column = Array(["a", "x" * (RECORD_MOST + 1), "b"], TEXT)
    assert rows(opened(tmp_path, written({"v": column}), "people.parquet")) == [
        (1, {"v": "a"}),
        (2, "is longer than 1,048,576 characters"),
        (3, {"v": "b"}),
    ]


def test_rows_with_pictures_are_read_few_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def recorded(path: Path, *, batch_size: int) -> Any:
        asked.append(batch_size)
        return read_parquet(path, batch_size=batch_size)

    monkeypatch.setattr(parquet, "read_parquet", recorded)
    pictures = Array([bytes(2**20)] * 40, DataType.binary())
    table = opened(tmp_path, written({"n": Array(list(range(40)), WHOLE), "picture": pictures}), "people.parquet")
    assert [dict(each.values)["n"] for each in table.records({"n"}) if isinstance(each, Record)] == list(range(40))
    assert asked[-1] < 10


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (written({"name": Array([], TEXT)}), "has no rows."),
        (b"PARE" + PEOPLE[4:], "is an encrypted Parquet file."),
    ],
)
def test_what_has_no_rows_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, data, "people.parquet").endswith(message)


def test_a_change_between_two_readings_is_noticed(tmp_path: Path) -> None:
    table = opened(tmp_path, PEOPLE, "people.parquet")
    put(tmp_path, written({"name": NAMES, "age": NAMES}), "people.parquet")
    with pytest.raises(InvalidInput, match="changed while it was read"):
        rows(table)


def test_a_folder_of_parts_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "people.parquet").mkdir()
    with pytest.raises(InvalidInput, match="is a folder, not a table of personas"):
        open_table(tmp_path / "people.parquet")
