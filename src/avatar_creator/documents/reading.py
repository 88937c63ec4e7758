"""One document out of a small file: settings of a person's own, such as quotas and presets."""

import json
from pathlib import Path
from typing import Any

from avatar_creator.decoding.reading import NoFile, read_regular
from avatar_creator.decoding.signatures import SPECIAL
from avatar_creator.documents.json_values import SPACE, BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.documents.yaml_values import BrokenYaml, yaml_documents
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput

BYTES_MOST = 2**20
_CORRECT = "Correct it there, and try again."


def read_document(path: Path, *, what: str, hint: str) -> Any:
    """Return the one document in a file of YAML or JSON: ``what`` is what it should be, "a table of quotas".

    Raises InvalidInput for a file that cannot be read, of more than 1 MB, with two documents, or where a map has a key
    twice; ``hint`` is for one that is something else.
    """
    named = f"'{visible(str(path))}'"
    return read_bytes(_bytes(path, named, what, hint), named, what=what, hint=hint, suffix=path.suffix)


def read_bytes(data: bytes, named: str, *, what: str, hint: str, suffix: str = "") -> Any:
    """Return the one document in the bytes of a file or of a pipe, which errors call ``named``: see `read_document`."""
    text = _text(data, named, what, hint)
    doubled: list[str] = []
    try:
        value = _json(text, doubled) if _is_json(suffix, text) else _yaml(text, doubled)
    except BrokenYaml as error:
        raise _refusal(named, str(error), error.hint) from error
    except (BrokenJson, TooMuch) as error:
        raise _refusal(named, str(error), _CORRECT) from error
    if doubled:
        raise _refusal(named, f"has a key twice: {doubled[0]}", "Write each once.")
    if value is None:
        raise _refusal(named, f"is empty, not {what}", hint)
    return value


def _bytes(path: Path, named: str, what: str, hint: str) -> bytes:
    try:
        return read_regular(path, BYTES_MOST)
    except NoFile as error:
        raise _refusal(named, f"is {SPECIAL.get(error.kind, 'not a file')}, not {what}", hint) from error
    except ValueError as error:  # a NUL, or half of a character
        raise _refusal(named, "is no name that a file can have", "Check its name.") from error
    except OSError as error:
        raise _refusal(
            named, f"cannot be read: {error.strerror or error}", "Check its name and permissions."
        ) from error


def _text(data: bytes, named: str, what: str, hint: str) -> str:
    if len(data) > BYTES_MOST:
        raise _refusal(named, f"has more than {BYTES_MOST // 2**20} MB, so it is not {what}", hint)
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal(named, f"is no text in UTF-8, so it is not {what}", f"Save it as UTF-8. {hint}") from error


def _is_json(suffix: str, text: str) -> bool:
    if suffix.lower() == ".json":
        return True
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _json(text: str, doubled: list[str]) -> Any:
    reader = JsonReader("object")
    text = text.strip(SPACE)
    if not text:
        return None
    try:
        value, end = reader.value(1, text)
    except BrokenJson as error:
        line = text.count("\n", 0, error.at) + 1
        raise BrokenJson(f"{error}, in line {line}", error.at) from error
    if isinstance(value, TooMuch):
        raise value
    if text[end:].strip(SPACE):
        raise BrokenJson("is broken JSON: more follows behind its end", end)
    doubled.extend(reader.doubled)
    return value


def _yaml(text: str, doubled: list[str]) -> Any:
    documents = [document.value for document in yaml_documents(text, doubled)]
    if len(documents) > 1:
        raise BrokenYaml(f"has {len(documents)} documents, not one", "Leave the others out: they begin with ---")
    return documents[0] if documents else None


def _refusal(named: str, message: str, hint: str) -> InvalidInput:
    return InvalidInput(f"{named} {message}.", hint=hint)
