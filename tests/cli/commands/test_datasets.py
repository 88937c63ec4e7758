"""Data sets as users ask for them: pictures, what is said of each, and a card."""

import csv
import hashlib
import io
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from arro3.core import Array, DataType, Table
from arro3.io import read_parquet, write_parquet
from PIL import Image

from avatar_creator import open_library
from avatar_creator.domain.filters import Sort
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.datasets.columns import COLUMNS
from avatar_creator.library import Library
from cli.commandline import SMALL, Avatar
from portraits import portrait

HOSTILE = "x</script>|<b>*a*'\"`"
KINDS = {"int64": int, "string": str, "bool": bool, "list": list}


@pytest.fixture
def people(avatar: Avatar) -> list[str]:
    named = (("Ana Costa", "female", 30), ("Ben Li", "male", 41), ("Ana Costa", "female", 66))
    return [
        avatar.avatar("--persona-name", name, "--gender", gender, "--age", age, "--seed", seed, *SMALL)["id"]
        for seed, (name, gender, age) in enumerate(named, start=1)
    ]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def head(card: str) -> dict[str, Any]:
    before, said, _ = card.split("---\n", 2)
    assert before == ""
    values: dict[str, Any] = yaml.safe_load(said)
    return values


def test_an_imagefolder_says_of_each_picture_who_is_in_it(avatar: Avatar, people: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = avatar("export", "--as", "imagefolder", "--output", out).lines
    assert [line[:2] for line in written] == [
        ["train/Ana-Costa.jpg", people[0]],
        ["train/Ben-Li.jpg", people[1]],
        ["train/Ana-Costa-2.jpg", people[2]],
    ]
    metadata = rows(out / "train" / "metadata.jsonl")
    assert [row["file_name"] for row in metadata] == ["Ana-Costa.jpg", "Ben-Li.jpg", "Ana-Costa-2.jpg"]
    for row in metadata:
        assert list(row) == ["file_name", *COLUMNS]
        assert hashlib.sha256((out / "train" / row["file_name"]).read_bytes()).hexdigest() == row["sha256"]
        for name, kind in COLUMNS.items():
            assert type(row[name]) is KINDS[kind] or (row[name] is None and kind != "list"), name
    assert {row["synthetic"] for row in metadata} == {True}
    assert [row["persona_age"] for row in metadata] == [30, 41, 66]
    assert {row["full_prompt"] or row["negative_prompt"] for row in metadata} == {None}  # no model got one
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "train"]


@pytest.mark.usefixtures("people")
def test_a_card_says_how_a_data_set_was_made(avatar: Avatar, tmp_path: Path) -> None:
    avatar("export", "--as", "imagefolder", "--output", tmp_path / "people")
    card = (tmp_path / "people" / "README.md").read_text("utf-8")
    said = head(card)
    assert said["pretty_name"] == "people"
    assert "synthetic" in said["tags"]
    assert said["size_categories"] == ["n<1K"]
    assert said["configs"][0]["data_files"] == [{"split": "train", "path": "train/**"}]
    assert "| female | 2 | 1.5 |" in card
    assert "All were made by programs" in card
    assert said["license_link"].startswith("https://")
    assert "Pablo Stanley" in card
    assert str(tmp_path) not in card


@pytest.mark.usefixtures("people")
def test_a_zip_and_pictures_made_smaller(avatar: Avatar, tmp_path: Path) -> None:
    avatar(
        "export", "--as", "imagefolder", "-o", tmp_path / "out.zip", "--size", 32, "--format", "webp", "--names", "n"
    )
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        names = packed.namelist()
        row = json.loads(packed.read("train/metadata.jsonl").splitlines()[0])
        picture = packed.read(f"train/{row['file_name']}")
    assert names == ["README.md", "train/metadata.jsonl", "train/n-2.webp", "train/n-3.webp", "train/n.webp"]
    assert Image.open(BytesIO(picture)).size == (row["width_px"], row["height_px"]) == (32, 32)
    assert (row["format"], row["sha256"]) == ("webp", hashlib.sha256(picture).hexdigest())


def test_parquet_has_the_pictures_in_it(avatar: Avatar, people: list[str], tmp_path: Path) -> None:
    out = tmp_path / "people.parquet"
    written = avatar("export", "--as", "parquet", "--output", out).lines
    assert [line[:2] for line in written][:2] == [["Ana-Costa.jpg", people[0]], ["Ben-Li.jpg", people[1]]]
    table = read_parquet(out).read_all()
    features = json.loads(table.schema.metadata_str["huggingface"])["info"]["features"]
    assert list(features) == table.schema.names == ["image", *COLUMNS]
    assert features["image"] == {"_type": "Image"}
    assert table["persona_age"].to_pylist() == [30, 41, 66]
    assert table["synthetic"].to_pylist() == [True] * 3
    assert all(isinstance(each, list) for each in table["tags"].to_pylist())
    for picture, sha256 in zip(table["image"].to_pylist(), table["sha256"].to_pylist(), strict=True):
        assert hashlib.sha256(picture["bytes"]).hexdigest() == sha256
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == [out.name]


def test_a_parquet_file_has_groups_of_few_rows(avatar: Avatar, tmp_path: Path) -> None:
    avatar("cast", 40, *SMALL)
    avatar("export", "--as", "parquet", "--output", tmp_path / "p.parquet")
    rows = [row for batch in read_parquet(tmp_path / "p.parquet") for row in batch["persona_id"].to_pylist()]
    assert rows == [f"cast-1-{n}" for n in range(1, 41)]
    with open_library() as library:
        written = library.datasets.export(library.find(sort=Sort.CREATED), tmp_path / "q.parquet", as_="parquet")
        next(written)
        written.close()
    assert [path.name for path in tmp_path.iterdir() if "parquet" in path.name or path.suffix == ".part"] == [
        "p.parquet"
    ]


def test_a_full_disk_leaves_no_parquet_file(avatar: Avatar, tmp_path: Path) -> None:
    avatar("cast", 40, *SMALL)
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    out = tmp_path / "out"
    out.mkdir()
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, before[1]))
    try:
        run = avatar("export", "--as", "parquet", "--output", out / "people.parquet", code=6)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "cannot be written: File too large" in run.err
    assert list(out.iterdir()) == []


@pytest.mark.usefixtures("people")
def test_a_parquet_file_is_replaced_when_that_is_said(avatar: Avatar, tmp_path: Path) -> None:
    out = tmp_path / "people.parquet"
    out.write_bytes(b"mine")
    assert "is there already" in avatar("export", "--as", "parquet", "--output", out, code=2).err
    assert out.read_bytes() == b"mine"
    avatar("export", "--as", "parquet", "--output", out, "--force", "--size", 32, "--format", "png")
    image = read_parquet(out).read_all()["image"].to_pylist()[0]
    assert Image.open(BytesIO(image["bytes"])).size == (32, 32)
    assert image["path"] == "Ana-Costa.png"


@pytest.mark.usefixtures("people")
def test_splits_stand_beside_each_other(avatar: Avatar, tmp_path: Path) -> None:
    out = tmp_path / "out"
    avatar("export", "--gender", "female", "--as", "imagefolder", "--output", out)
    avatar("export", "--gender", "male", "--as", "imagefolder", "--output", out, "--split", "test", "--force")
    files = head((out / "README.md").read_text("utf-8"))["configs"][0]["data_files"]
    assert [each["split"] for each in files] == ["train", "test"]
    assert [len(rows(out / name / "metadata.jsonl")) for name in ("train", "test")] == [2, 1]
    card = (out / "README.md").read_text("utf-8")
    assert "3 pictures of personas" in card
    assert "| offline | dicebear/avataaars | 3 |" in card
    assert "| female | 2 | 1.5 |" in card
    assert card.count("Pablo Stanley") == card.count(": 3 pictures") - 1 == 1
    with (out / "train" / "metadata.jsonl").open("a") as file:
        file.write('{"half\n[]\n')
    run = avatar("export", "--as", "imagefolder", "--output", out, "--split", "validation", "--force")
    assert "2 avatars are in the split train, too" in run.err
    assert "1 avatar is in the split test, too" in run.err


@pytest.mark.usefixtures("people")
def test_the_same_command_goes_on(avatar: Avatar, tmp_path: Path) -> None:
    out = tmp_path / "out"
    avatar("export", "--as", "imagefolder", "--output", out)
    before = (out / "train" / "metadata.jsonl").read_bytes()
    again = avatar("export", "--as", "imagefolder", "--output", out, "--json").json
    assert [each["written"] for each in again] == [False] * 3
    assert (out / "train" / "metadata.jsonl").read_bytes() == before


def test_nobody_knows_whether_an_upload_is_of_somebody_real(avatar: Avatar, tmp_path: Path) -> None:
    portrait().save(tmp_path / "hopper.png")
    avatar("upload", tmp_path / "hopper.png")
    avatar("export", "--as", "imagefolder", "--output", tmp_path / "out")
    assert rows(tmp_path / "out" / "train" / "metadata.jsonl")[0]["synthetic"] is None
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert "whether they show real people is not known" in card
    assert head(card)["license"] == "unknown"
    assert "do not exist" not in card


def test_what_strangers_wrote_is_text_in_a_card(avatar: Avatar, tmp_path: Path) -> None:
    avatar.avatar("--persona-name", HOSTILE, "--ethnicity", "<img src=x>|_y_", "--gender", "male", *SMALL)
    avatar("export", "--as", "imagefolder", "--output", tmp_path / "a: [b]")
    card = (tmp_path / "a: [b]" / "README.md").read_text("utf-8")
    assert head(card)["pretty_name"] == "a: [b]"
    assert "<img" not in card.replace("\\<", "")
    assert rows(tmp_path / "a: [b]" / "train" / "metadata.jsonl")[0]["ethnicity"] == "<img src=x>|_y_"


@pytest.mark.usefixtures("people")
def test_one_whose_file_is_gone_is_left_out(avatar: Avatar, people: list[str], tmp_path: Path) -> None:
    Path(avatar("show", people[1], "--json").json["image_path"]).unlink()
    run = avatar("export", "--as", "imagefolder", "--output", tmp_path / "out", code=6)
    assert f"{people[1]} is left out" in run.err
    assert len(rows(tmp_path / "out" / "train" / "metadata.jsonl")) == 2


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--as", "imagefoldr"), "Did you mean imagefolder? Known: imagefolder, parquet, personas."),
        (("--as", "persona", "--of", "people.csv"), "Did you mean personas?"),
        (("--as", "parquet"), "which is no Parquet file"),
        (("--as", "imagefolder", "--split", "all"), "split is 'all'"),
        (("--as", "imagefolder", "--manifest", "csv"), "as and manifest are both given"),
        (("--as", "imagefolder", "--records"), "as and records are both given"),
        (("--as", "imagefolder", "--size", "64,32"), "one picture a row"),
        (("--split", "test"), "split is given without as"),
        (("--of", "people.csv"), "of is given without as"),
        (("--as", "personas"), "of is not given"),
        (("--as", "imagefolder", "--of", "people.csv"), "as and of are both given"),
        (("--as", "personas", "--of", "people.csv"), "says no format of personas"),
    ],
)
def test_what_cannot_be_is_said(avatar: Avatar, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    run = avatar("export", "--output", tmp_path / "out", *options, code=2)
    assert said in run.err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("people")
def test_a_parquet_file_is_one_split(avatar: Avatar, tmp_path: Path) -> None:
    refused = avatar.refused(
        "export", "--as", "parquet", "--split", "test", "--output", tmp_path / "people.parquet", code=2
    )
    assert "Name the file so: --output test.parquet." in refused
    assert not (tmp_path / "people.parquet").exists()


PEOPLE = """uuid;name;age;sex;notes
u1;Ana Costa;30;Female;"a ""quote"", and
a line"
u2;Ben Li;41;Male;=1+1
u3;Cy;9999;x;
"""
NAMED = "name,age,gender\nAna Costa,30,female\nBen Li,41,male\n"


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("text", [PEOPLE, NAMED])
def test_a_persona_file_gets_portraits(avatar: Avatar, tmp_path: Path, text: str) -> None:
    given, out = tmp_path / "people.csv", tmp_path / "out" / "with.csv"
    given.write_text(text, "utf-8")
    out.parent.mkdir()
    avatar("batch", given, "--skip-bad", *SMALL)
    run = avatar("export", "--as", "personas", "--of", given, "--output", out, "--size", 32)
    before = list(csv.reader(io.StringIO(text), delimiter=";" if text is PEOPLE else ","))
    after = cells(out)
    assert [line[:-1] for line in after] == before
    assert [line[-1] for line in after][:3] == ["portrait", "portraits/Ana-Costa.jpg", "portraits/Ben-Li.jpg"]
    assert Image.open(BytesIO((out.parent / after[1][-1]).read_bytes())).size == (32, 32)
    assert f"2 of {len(before) - 1} people have a portrait." in run.err
    if text is PEOPLE:
        assert after[3][-1] == ""
    again = avatar("batch", out, "--dry-run", "--json", "--skip-bad", *SMALL).json
    assert again["states"]["exists"] == 2


def test_json_lines_stay_as_nested_as_they_are(avatar: Avatar, tmp_path: Path) -> None:
    given = tmp_path / "people.jsonl"
    people = [{"id": n, "name": f"P {n}", "age": 30 + n, "more": {"langs": ["de"]}, "x": None} for n in (1, 2)]
    given.write_text("".join(json.dumps(each) + "\n" for each in people), "utf-8")
    avatar("batch", given, *SMALL)
    only = avatar("list", "--json").json[-1]
    avatar("export", only["id"], "--as", "personas", "--of", given, "--output", tmp_path / "with.jsonl")
    lines = rows(tmp_path / "with.jsonl")
    assert lines == [{**people[0], "portrait": "portraits/P-1.jpg"}, {**people[1], "portrait": None}]
    run = avatar("export", "--as", "personas", "--of", tmp_path / "with.jsonl", "-o", tmp_path / "c.jsonl", code=2)
    assert "has a column 'portrait' already" in run.err


@pytest.mark.usefixtures("people")
def test_a_persona_file_is_never_replaced_by_itself(avatar: Avatar, tmp_path: Path) -> None:
    given = tmp_path / "people.csv"
    given.write_text(NAMED, "utf-8")
    run = avatar("export", "--as", "personas", "--of", given, "--output", given, "--force", code=2)
    assert "the persona file itself" in run.err
    assert given.read_text("utf-8") == NAMED


def test_columns_of_parquet_stay_as_they_are_typed(avatar: Avatar, tmp_path: Path) -> None:
    given, out = tmp_path / "people.parquet", tmp_path / "with.parquet"
    ids, ages = Array(["a", "b"], type=DataType.string()), Array([30, None], type=DataType.int16())
    names = Array(["Ana Costa", "Ben Li"], type=DataType.string())
    write_parquet(Table.from_pydict({"uuid": ids, "name": names, "age": ages}), given)
    avatar("batch", given, *SMALL)
    first = avatar("list", "--json").json[-1]["id"]
    avatar("export", first, "--as", "personas", "--of", given, "--output", out)
    before, after = read_parquet(given).read_all(), read_parquet(out).read_all()
    assert after.select(before.schema.names) == before
    assert after["portrait"].to_pylist() == ["portraits/Ana-Costa.jpg", None]
    assert avatar("batch", out, "--dry-run", "--json", *SMALL).json["states"]["exists"] == 2
    avatar("export", "--as", "personas", "--of", given, "--output", tmp_path / "with.csv")
    assert cells(tmp_path / "with.csv")[2] == ["b", "Ben Li", "", "portraits/Ben-Li.jpg"]
    avatar("export", "--as", "personas", "--of", given, "--output", tmp_path / "n.jsonl")
    assert rows(tmp_path / "n.jsonl")[0] == {
        "uuid": "a",
        "name": "Ana Costa",
        "age": 30,
        "portrait": "portraits/Ana-Costa.jpg",
    }


def test_a_table_of_texts_becomes_parquet(avatar: Avatar, tmp_path: Path) -> None:
    given, out = tmp_path / "people.csv", tmp_path / "with.parquet"
    given.write_text(NAMED, "utf-8")
    avatar("batch", given, *SMALL)
    avatar("export", "--as", "personas", "--of", given, "--output", out)
    table = read_parquet(out).read_all()
    assert table.schema.names == ["name", "age", "gender", "portrait"]
    assert table["age"].to_pylist() == ["30", "41"]
    assert table["portrait"].to_pylist() == ["portraits/Ana-Costa.jpg", "portraits/Ben-Li.jpg"]


def test_a_persona_file_is_for_a_call_of_its_own(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no persona file is given"):
        library.datasets.export([], tmp_path / "out.csv", as_="personas")
