import bz2
import gzip
import lzma
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats import open_table
from formats.opened import good, opened, put, refused
from formats.workbooks import packed, written

CALC = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "is a JPEG picture, not a table of personas."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a PNG picture, not a table of personas."),
        (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(range(256)), "is a WebP picture, not a table of personas."),
        (b"GIF89a" + bytes(range(256)), "is a GIF picture, not a table of personas."),
        (b"%PDF-1.7\n% text alone\n", "is a PDF document, not a table of personas."),
        (b"{\\rtf1 text}", "is an RTF document, not a table of personas."),
        (b"\x1f\x8b\x08\0" + bytes(range(256)), "is a gzip archive, not a table of personas."),
        (b"SQLite format 3\0" + bytes(200), "is an SQLite database, not a table of personas."),
        (b"ARROW1\0\0" + bytes(range(256)), "is an Arrow (Feather) file, not a table of personas."),
        (bytes(5000), "holds only zero bytes, as a copy that failed leaves them."),
        (b"<!DOCTYPE html>\n<html><table>", "is a web page, not a table of personas."),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook>", "is an XML document, not a table of personas."),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            "is a pointer of Git LFS to a file that was not downloaded, not a table of personas.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(300_000) + "EncryptedPackage".encode("utf-16-le") + bytes(64),
            "is protected by a password.",
        ),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG drawing, not a table of personas."),
        (packed({"photo.jpg": "x"}), "is a zip archive, not a table of personas."),
        (packed({"word/document.xml": "x"}), "is a Word document, not a table of personas."),
        (packed({"ppt/slides/slide1.xml": "x"}), "is a PowerPoint presentation, not a table of personas."),
        (packed({"Index/Document.iwa": "x"}), "is an Apple document: export it as Excel or CSV"),
        (
            packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}),
            "is an OpenDocument file without a table, not a table of personas.",
        ),
    ],
)
@pytest.mark.parametrize("name", ["people.csv", "people.xlsx", "people.json"])
def test_what_is_no_table_is_named(data: bytes, what: str, name: str, tmp_path: Path) -> None:
    assert what in refused(tmp_path, data, name)


def test_an_archive_that_unpacks_to_very_much_is_refused(tmp_path: Path) -> None:
    bomb = packed({"xl/workbook.xml": bytes(2**29 + 1)})
    for name in ("people.csv", "people.xlsx", "people.json"):
        assert "takes more than 512 MB unpacked." in refused(tmp_path, bomb, name)


@pytest.mark.parametrize("name", ["people.json", "people.jsonl", "people.ndjson"])
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("null", "has no objects: item 1 is empty"),
        ("true\n", "has no objects: item 1 is true or false"),
        (" -5 ", "has no objects: item 1 is a number"),
        ('"Amara, 29"', "has no objects: item 1 is a text"),
        ('// people\n[{"name": "A"}]', "is broken JSON: Expecting value, in line 1"),
        ('/* people */ {"name": "A"}', "is broken JSON: Expecting value, in line 1"),
        ("[{}, {}]", "has objects without names and values"),
    ],
)
def test_json_without_an_object_is_named(text: str, what: str, name: str, tmp_path: Path) -> None:
    assert what in refused(tmp_path, text, name)


def test_a_table_may_have_the_name_of_json(tmp_path: Path) -> None:
    assert good(opened(tmp_path, '"name","age"\n"A",1\n', "people.json")) == [{"name": "A", "age": "1"}]


@pytest.mark.parametrize("name", ["BMI,name\n20,A\n", "ORC,name\nx,A\n", "ID3 tag,name\nx,A\n", "PARK,name\nx,A\n"])
def test_texts_may_begin_as_other_files_do(name: str, tmp_path: Path) -> None:
    assert opened(tmp_path, name).format == "CSV"


def test_a_spreadsheet_of_libreoffice_is_read(tmp_path: Path) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cells = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        f"</table:table-row>"
        for text in ("name", "Amara")
    )
    content = (
        f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="People">{cells}'
        f"</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    spaces = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    data = packed({"mimetype": CALC, "content.xml": content, "META-INF/manifest.xml": f"<manifest:manifest {spaces}/>"})
    table = opened(tmp_path, data, "people.ods")
    assert good(table) == [{"name": "Amara"}]


@pytest.mark.parametrize(
    ("data", "library", "what", "extra"),
    [
        (written(People=[["name"], ["A"]]), "python_calamine", "a workbook", "excel"),
        (b"PAR1" + bytes(100) + b"PAR1", "arro3", "a Parquet file", "parquet"),
    ],
)
def test_an_extra_that_is_missing_is_named(data: bytes, library: str, what: str, extra: str, tmp_path: Path) -> None:
    path = put(tmp_path, data, "people.bin")
    program = (
        "import sys, pathlib\n"
        f"sys.modules[{library!r}] = None\n"
        "from avatar_creator.errors import NotConfigured\n"
        "from avatar_creator.persona_files.formats import open_table\n"
        "try: open_table(pathlib.Path(sys.argv[1]))\n"
        "except NotConfigured as error: print(error.message, error.hint, sep='\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"'{path}' is {what}, and what reads it is not installed.",
        f"Install it: pip install 'avatar-creator[{extra}]'",
    ]


@pytest.mark.parametrize(
    ("data", "name", "what", "hint"),
    [
        (gzip.compress(b"name\nAnn\n"), "my people.csv", "a gzip archive", "gzip -dc {file} | avatar batch -"),
        (lzma.compress(b"name\nAnn\n"), "people.csv", "an xz archive", "xz -dc {file} | avatar batch -"),
        (bz2.compress(b"name\nAnn\n"), "people.csv", "a bzip2 archive", "bzip2 -dc {file} | avatar batch -"),
        (packed({"people.csv": "name\nAnn\n"}), "people.csv", "a zip archive", "Unpack it, and name the table"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "people.csv", "a JPEG picture", "avatar upload {file}"),
        (b"%PDF-1.7\n", "people.csv", "a PDF document", "save that as CSV"),
        (packed({"word/document.xml": "x"}), "people.xlsx", "a Word document", "save that as CSV"),
        (b"<head><title>Sign in</title></head>\n", "people.csv", "a web page", "Download the file itself."),
        (b"\n<table>\n<tr><td>name</td></tr>\n", "people.csv", "a web page", "Download the file itself."),
        (b"ARROW1\0\0" + bytes(range(256)), "people.csv", "an Arrow (Feather) file", "Write it as CSV or Parquet"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("a") else "",
)
def test_what_is_no_table_is_named_with_what_to_do(
    data: bytes, name: str, what: str, hint: str, tmp_path: Path
) -> None:
    path = put(tmp_path, data, name)
    with pytest.raises(InvalidInput) as caught:
        open_table(path)
    assert caught.value.message == f"'{path}' is {what}, not a table of personas."
    assert hint.format(file=shlex.quote(str(path))) in (caught.value.hint or "")


def test_a_binary_file_without_such_a_name_is_of_an_unknown_kind(tmp_path: Path) -> None:
    assert "is of an unknown kind, not a table of personas." in refused(tmp_path, bytes(range(256)) * 4, "people.csv")


@pytest.mark.parametrize(("suffix", "kind"), [("parquet", "Parquet file"), ("xlsx", "workbook")])
def test_a_binary_file_is_measured_by_its_name(suffix: str, kind: str, tmp_path: Path) -> None:
    said = refused(tmp_path, b"\x81\x01\x02\x03" * 200, f"people.{suffix}")
    assert f"is damaged, or no {kind} as its name says." in said
