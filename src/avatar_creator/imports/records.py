"""The lines of an archive's records, checked before anything of them is used: anybody may have written them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.archives.layout import FORMAT, RECORD_BYTES_MOST, VERSION, AvatarRecord
from avatar_creator.documents.json_values import BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.preset import Preset
from avatar_creator.domain.quotas import Quotas
from avatar_creator.domain.tags import clean_tags
from avatar_creator.domain.text import clean_number, shown
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.storage.exchange import SCHEMA, Row
from avatar_creator.storage.records import avatar_of

_ID = re.compile(r"(av|prj|use|gen)_[0-9a-hjkmnp-tv-z]{13}", re.ASCII)  # a TSID
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WHOLE_MOST = 2**63 - 1  # what SQLite stores
_USES_MOST = 100_000  # of an avatar
_FILES = ("picture", "thumbnail", "picture_sha256", "thumbnail_sha256")
_OF_VERSION = ("version", "generation_id", "picture_at", "image_path", "thumbnail_path")


class ProjectLine(NamedTuple):
    """A project, and its casts."""

    project: Row
    casts: Sequence[Row]


class PresetLine(NamedTuple):
    """A preset of the library's user."""

    preset: Row


class End(NamedTuple):
    """The last line, which says how many avatars there are: without it the file was cut off."""

    avatars: int


Line = ProjectLine | PresetLine | AvatarRecord | End


def read_lines(data: bytes, said: str) -> Iterator[Line]:
    """Yield what the lines of a file of records say, which is called ``said``.

    Raises InvalidInput for one that is none, with its number, for a newer version's file, and for one that was cut off.
    """
    reader = JsonReader("line")
    is_whole = False
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line:
            continue
        values = _values(reader, number, line, said)
        if number == 1:
            _check_head(values, said)
            continue
        try:
            found = _line(values)
        except (AvatarError, KeyError, TypeError, ValueError, AttributeError) as error:
            why = error.message if isinstance(error, AvatarError) else f"{type(error).__name__}: {error}"
            raise InvalidInput(f"{said}, line {number}, is none that avatar wrote: {why}", hint=_OTHER) from error
        is_whole = isinstance(found, End)
        yield found
    if not is_whole:
        raise InvalidInput(f"{said} ends too early.", hint="It was cut off: export once more, or copy it again.")


_OTHER = "Give what avatar export wrote, as it was written."


def _values(reader: JsonReader, number: int, line: bytes, said: str) -> Mapping[str, Any]:
    if len(line) > RECORD_BYTES_MOST:
        raise InvalidInput(f"{said}, line {number}, is longer than {RECORD_BYTES_MOST // 2**20} MB.", hint=_OTHER)
    try:
        text = line.decode()
        value, end = reader.value(number, text)
    except (BrokenJson, UnicodeDecodeError) as error:
        raise InvalidInput(f"{said}, line {number}, {error}.", hint=_OTHER) from error
    if isinstance(value, TooMuch):
        raise InvalidInput(f"{said}, line {number}, {value}.", hint=_OTHER)
    if not isinstance(value, dict) or text[end:].strip():
        raise InvalidInput(f"{said}, line {number}, is no JSON object.", hint=_OTHER)
    return value


def _check_head(values: Mapping[str, Any], said: str) -> None:
    if values.get("kind") != "head" or values.get("format") != FORMAT:
        raise InvalidInput(f"{said} is no export of avatar.", hint=_OTHER)
    version, schema = values.get("version"), values.get("schema")
    if version != VERSION or not isinstance(schema, int) or schema > SCHEMA:
        program = values.get("program")
        raise InvalidInput(
            f"{said} was written by a newer version of avatar, {shown(program)}.",
            hint="Update first: pip install --upgrade avatar-creator",
        )


def _line(values: Mapping[str, Any]) -> Line:
    match values["kind"]:
        case "project":
            return ProjectLine(_project(values["project"]), [_cast(each) for each in _list(values["casts"])])
        case "preset":
            row = _row(values["preset"])
            Preset.from_json(json.loads(row["content"]))
            return PresetLine(row)
        case "avatar":
            return _avatar(values)
        case "end":
            return End(clean_number("avatars", values["avatars"], least=0, most=_WHOLE_MOST))
    raise InvalidInput(f"kind is {shown(values['kind'])}.")


def _project(value: object) -> Row:
    row = _row(value)
    _expect_id(row["id"], "prj_")
    if not isinstance(row["name"], str) or not row["name"].strip():
        raise InvalidInput("A project has no name.")
    return row


def _cast(value: object) -> Row:
    row = _row(value)
    Quotas.from_json(row["quotas"])
    clean_number("seed", row["seed"], least=0, most=_WHOLE_MOST)
    clean_number("people", row["people"], least=0, most=_WHOLE_MOST)
    return row


def _avatar(values: Mapping[str, Any]) -> AvatarRecord:
    avatar = _row(values["avatar"])
    _expect_id(avatar["id"], "av_")
    _expect_id(avatar["project_id"], "prj_")
    if avatar.get("generation_id") is not None:
        _expect_id(avatar["generation_id"], "gen_")
    PictureFormat(avatar["format"])
    _check_readable(avatar)
    versions = [_version(each, avatar) for each in _list(values["versions"])]
    uses = [_row(each) for each in _list(values["uses"])]
    if len(uses) > _USES_MOST:
        raise InvalidInput(f"It was used {len(uses)} times, at most {_USES_MOST} are taken.")
    for use in uses:
        _expect_id(use["id"], "use_")
        if use["avatar_id"] != avatar["id"] or not all(isinstance(use[name], str) for name in ("app", "action")):
            raise InvalidInput("A use is of another avatar.")
    tags = clean_tags(_list(values["tags"]))
    files = [_files(each) for each in _list(values["files"])]
    if len(files) != 1 + len(versions):
        raise InvalidInput(f"It has {1 + len(versions)} pictures, and files of {len(files)}.")
    return AvatarRecord(avatar, versions, tags, uses, files)


def _version(value: object, avatar: Row) -> Row:
    row = _row(value)
    if row["avatar_id"] != avatar["id"]:
        raise InvalidInput("A version is of another avatar.")
    clean_number("version", row["version"], least=1, most=_WHOLE_MOST)
    record = json.loads(row["record"])
    if not _SHA256.fullmatch(record["sha256"]):
        raise InvalidInput("A version has no SHA-256.")
    _check_readable({**avatar, **record, **{name: row[name] for name in _OF_VERSION}})
    return row


def _files(value: object) -> Mapping[str, str]:
    row = _row(value)
    files = {name: row[name] for name in _FILES}
    if not all(isinstance(each, str) for each in files.values()):
        raise InvalidInput("A file has no name.")
    if not all(_SHA256.fullmatch(files[name]) for name in _FILES[2:]):
        raise InvalidInput("A file has no SHA-256.")
    return files


def _check_readable(row: Mapping[str, Any]) -> None:
    """Raise what reading the row would raise, once it is stored."""
    avatar = avatar_of({**row, "project_name": "", "tags": "[]"}, Path("pictures"))
    said: tuple[object, ...] = (avatar.name, *avatar.persona.personality)
    if not all(isinstance(each, str) for each in said) or type(avatar.recipe) is not dict:
        raise InvalidInput("Its name, persona or recipe is none.")
    avatar.as_json()


def _row(value: object) -> Row:
    """Return a row: names, and values that a database stores."""
    if not isinstance(value, dict):
        raise InvalidInput("A row is no object.")
    for name, each in value.items():
        if each is not None and not isinstance(each, str | int | float):
            raise InvalidInput(f"{shown(name)} is no text and no number.")
        if isinstance(each, int) and abs(each) > _WHOLE_MOST:
            raise InvalidInput(f"{shown(name)} is too large a number.")
        if isinstance(each, str):
            try:
                each.encode()
            except UnicodeEncodeError as error:
                raise InvalidInput(f"{shown(name)} holds half of a character.") from error
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput("A list is none.")
    return value


def _expect_id(value: object, prefix: str) -> None:
    if not isinstance(value, str) or not value.startswith(prefix) or _ID.fullmatch(value) is None:
        raise InvalidInput(f"{shown(value)} is no id.")
