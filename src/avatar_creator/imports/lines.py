"""One line of an archive's records, checked before anything of it is used: anybody may have written it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.archives.layout import FORMAT, VERSION, AvatarRecord, Head, RejectRecord
from avatar_creator.documents.json_values import BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.domain.check import Fault
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.preset import Preset
from avatar_creator.domain.quotas import Quotas
from avatar_creator.domain.tags import TAGS_MOST, clean_tags
from avatar_creator.domain.text import clean_line, clean_number, shown
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.imports.rows import SHA256, WHOLE_MOST, clean_json, clean_row, expect_id, find_sha256
from avatar_creator.storage.exchange import SCHEMA, Row, Tables
from avatar_creator.storage.records import avatar_of

_USES_MOST = 100_000  # of an avatar
_SIDE_MOST = 100_000  # pixels
_TRAIT_LONGEST = _FAULT_LONGEST = 1000
_FILES = ("picture", "thumbnail", "picture_sha256", "thumbnail_sha256")
_OF_VERSION = ("version", "generation_id", "picture_at", "image_path", "thumbnail_path", "bytes", "thumbnail_bytes")
OTHER = "Give what avatar export wrote, as it was written."
# What a value of another kind may raise where it is used.
_WRONG = (AvatarError, KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError)


class ProjectLine(NamedTuple):
    """A project, and its casts."""

    project: Row
    casts: Sequence[Row]


class PresetLine(NamedTuple):
    """A preset of the library's user."""

    preset: Row


class End(NamedTuple):
    """The last line, which says how many avatars and rejects there are: without it the file was cut off."""

    avatars: int
    rejects: int


Line = Head | ProjectLine | PresetLine | AvatarRecord | RejectRecord | End
CheckedLine = Line | InvalidInput  # what is wrong with a line stands in its place


class LineReader:
    """Reads lines of a file of records, which is called ``said``, as rows of these tables."""

    def __init__(self, said: str, tables: Tables) -> None:
        self._said = said
        self._json = JsonReader("line")
        self._rows = _Rows(tables)

    def read(self, number: int, line: bytes) -> Line:
        """Return what a line says. Raises InvalidInput for one that is none, with its number."""
        values = _values(self._json, number, line, self._said)
        if number == 1:
            return _head(values, self._said)
        try:
            return self._rows.line(values)
        except _WRONG as error:
            why = error.message if isinstance(error, AvatarError) else f"{type(error).__name__}: {error}"
            raise no_line(self._said, number, why) from error


def no_line(said: str, number: int, why: str) -> InvalidInput:
    """Return the error of a line that is none."""
    return InvalidInput(f"{said}, line {number}, is none that avatar wrote: {why}", hint=OTHER)


def _values(reader: JsonReader, number: int, line: bytes, said: str) -> Mapping[str, Any]:
    try:
        text = line.decode()
        value, end = reader.value(number, text)
    except (BrokenJson, UnicodeDecodeError) as error:
        why = "is no UTF-8" if isinstance(error, UnicodeDecodeError) else error
        raise InvalidInput(f"{said}, line {number}, {why}.", hint=OTHER) from error
    if isinstance(value, TooMuch):
        raise InvalidInput(f"{said}, line {number}, {value}.", hint=OTHER)
    if not isinstance(value, dict) or text[end:].strip():
        raise InvalidInput(f"{said}, line {number}, is no JSON object.", hint=OTHER)
    return value


def _head(values: Mapping[str, Any], said: str) -> Head:
    if values.get("kind") != "head" or values.get("format") != FORMAT:
        raise InvalidInput(f"{said} is no export of avatar.", hint=OTHER)
    version, schema = values.get("version"), values.get("schema")
    if version != VERSION or type(schema) is not int or schema > SCHEMA:
        program = values.get("program")
        raise InvalidInput(
            f"{said} was written by a newer version of avatar, {shown(program)}.",
            hint="Update first: pip install --upgrade avatar-creator",
        )
    return Head(schema, str(values.get("program")))


class _Rows:
    """Checks lines, each by itself."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def line(self, values: Mapping[str, Any]) -> Line:
        match values["kind"]:
            case "project":
                project = self._project(values["project"])
                casts = [self._cast({**_object(each), "project_id": project["id"]}) for each in _list(values["casts"])]
                return ProjectLine(project, casts)
            case "preset":
                return PresetLine(self._preset(values["preset"]))
            case "avatar":
                return self._avatar(values)
            case "reject":
                return self._reject(values)
            case "end":
                counted = {"rejects": 0, **values}  # of which earlier versions say nothing
                return End(*(clean_number(each, counted[each], least=0, most=WHOLE_MOST) for each in End._fields))
        raise InvalidInput(f"kind is {shown(values['kind'])}.")

    def _row(self, table: str, value: object) -> Row:
        return clean_row(self._tables, table, value)

    def _project(self, value: object) -> Row:
        row = self._row("projects", value)
        expect_id(row["id"], "prj_")
        return row

    def _preset(self, value: object) -> Row:
        row = self._row("presets", value)
        Preset.from_json(clean_json("content", row["content"], dict))
        return row

    def _cast(self, value: object) -> Row:
        row = self._row("casts", value)
        clean_json("quotas", row["quotas"], list)
        for part in Quotas.from_json(row["quotas"]).parts:
            named = all(isinstance(name, str) for name in part.axes)
            is_part = named and all(len(cell) == len(part.axes) for cell in part.cells)
            if not is_part or not all(type(weight) in {int, float} and weight >= 0 for weight in part.cells.values()):
                raise InvalidInput("The quotas of a cast are none.")
        return row

    def _avatar(self, values: Mapping[str, Any]) -> AvatarRecord:
        avatar = self._row("avatars", values["avatar"])
        expect_id(avatar["id"], "av_")
        check_readable(avatar)
        versions = [self._version(each, avatar) for each in _list(values["versions"])]
        numbers = {avatar["version"], *(version["version"] for version in versions)}
        if len(numbers) != 1 + len(versions):
            raise InvalidInput("Two of its pictures are the same version.")
        uses = [self._use(each, avatar) for each in _list(values["uses"])]
        if len(uses) > _USES_MOST:
            raise InvalidInput(f"It was used {len(uses)} times, at most {_USES_MOST} are taken.")
        tags = clean_tags(_list(values["tags"]))
        if len(tags) > TAGS_MOST:
            raise InvalidInput(f"It has {len(tags)} tags, at most {TAGS_MOST} are taken.")
        files = [_files(each) for each in _list(values["files"])]
        if len(files) != 1 + len(versions):
            raise InvalidInput(f"It has {1 + len(versions)} pictures, and files of {len(files)}.")
        return AvatarRecord(avatar, versions, tags, uses, files)

    def _reject(self, values: Mapping[str, Any]) -> RejectRecord:
        row = self._row("rejects", values["reject"])
        for name, prefix in (("id", "rej_"), ("generation_id", "gen_"), ("avatar_id", "av_")):
            expect_id(row[name], prefix)
        record = clean_json("record", row["record"], dict)
        find_sha256(record)
        clean = self._row("avatars", record)  # once it is taken, its values are those of a row, and its names columns
        of_both = ("project_id", "name", "seed")
        is_same = clean["id"] == row["avatar_id"] and all(clean[name] == row[name] for name in of_both)
        if not is_same or any(name not in clean or clean[name] != each for name, each in record.items()):
            raise InvalidInput("The record of a reject holds what avatar writes otherwise.")
        check_readable(clean)
        for fault in clean_json("faults", row["faults"], list):
            if any(clean_line("fault", each, longest=_FAULT_LONGEST) != each for each in Fault(**_object(fault))):
                raise InvalidInput("A fault is none that avatar wrote.")
        return RejectRecord(row, [_files(each) for each in _list(values["files"])[:1]])

    def _version(self, value: object, avatar: Row) -> Row:
        row = self._row("avatar_versions", value)
        if row["avatar_id"] != avatar["id"]:
            raise InvalidInput("A version is of another avatar.")
        record = clean_json("record", row["record"], dict)
        find_sha256(record)
        whole = {**avatar, **record, **{name: row[name] for name in _OF_VERSION}}
        clean = self._row("avatars", whole)
        if any(clean[name] != each for name, each in whole.items() if name in clean):
            raise InvalidInput("The record of a version holds what avatar writes otherwise.")
        check_readable(clean)
        return row

    def _use(self, value: object, avatar: Row) -> Row:
        row = self._row("usage_events", value)
        expect_id(row["id"], "use_")
        if row["avatar_id"] != avatar["id"]:
            raise InvalidInput("A use is of another avatar.")
        return row


def _files(value: object) -> Mapping[str, str]:
    row = _object(value)
    files = {name: row[name] for name in _FILES}
    if not all(isinstance(each, str) for each in files.values()):
        raise InvalidInput("A file has no name.")
    if not all(SHA256.fullmatch(files[name]) for name in _FILES[2:]):
        raise InvalidInput("A file has no SHA-256.")
    return files


def check_readable(row: Row) -> None:
    """Raise what reading the row would raise, once it is stored."""
    PictureFormat(row["format"])
    for name in ("width_px", "height_px"):
        clean_number(name, row[name], least=1, most=_SIDE_MOST)
    clean_number("version", row["version"], least=1, most=WHOLE_MOST)
    if row["generation_id"] is not None:
        expect_id(row["generation_id"], "gen_")
    clean_json("recipe", row["recipe"], dict)
    for trait in clean_json("persona_personality", row["persona_personality"], list):
        if clean_line("personality", trait, longest=_TRAIT_LONGEST) != trait:
            raise InvalidInput("A trait is none that avatar wrote.")
    avatar_of({**row, "project_name": "", "tags": "[]"}, Path("pictures")).as_json()


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput("A row is no object.")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput("A list is none.")
    return value
