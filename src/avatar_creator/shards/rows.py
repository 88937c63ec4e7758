"""The pictures of a plan as lines, and lines as rows: what a line says is all that decides a picture."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from avatar_creator.decoding.reading import open_regular
from avatar_creator.documents.json_values import BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PRESET_OPTIONS, PersonaRow, PlannedPicture
from avatar_creator.domain.text import counted, visible
from avatar_creator.errors import AvatarError, InvalidInput, StorageError
from avatar_creator.shards.layout import LINE_BYTES_MOST
from avatar_creator.storage.durable import refused
from avatar_creator.storage.ids import AVATAR, is_id

_ANEW = "Copy the plan once more, or make it anew: avatar batch plan"
_OF_ROWS = frozenset(["seed", "count"])  # what a row says of all its pictures; each has its own
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def line_of(row: PersonaRow, planned: PlannedPicture, choices: Mapping[str, Any]) -> str:
    """Return the line of a picture; ``choices`` are those of the row, as far as they are not those of the plan."""
    persona = row.persona
    said = {
        "row": row.number,
        **planned._asdict(),
        "of": row.persona_id,
        "prompt": row.prompt,
        "persona": {
            name: value
            for name, value in (
                ("name", persona.name),
                ("age", persona.age),
                ("personality", persona.personality),
                ("background", persona.background),
            )
            if value
        },
        "attributes": {attribute.name: value for attribute, value in row.attributes.given()},
        "choices": {name: value for name, value in choices.items() if name not in _OF_ROWS},
    }
    return _encode({name: value for name, value in said.items() if value})


def row_of(values: Mapping[str, Any]) -> PersonaRow:
    """Return the row that a line says. Raises InvalidInput, KeyError and TypeError for one that is none of ours."""
    planned = PlannedPicture(*(values.get(name) for name in PlannedPicture._fields))  # type: ignore[arg-type]
    texts = (planned.recipe, planned.persona_id or "", values.get("of") or "", values.get("prompt") or "")
    numbers = (values["row"], planned.n, planned.seed)
    choices = dict(values.get("choices", {}))
    if not is_id(planned.avatar_id, AVATAR) or not all(type(each) is int for each in numbers):
        raise TypeError("its id or a number of it is none")
    if not all(isinstance(each, str) for each in texts):
        raise TypeError("a text of it is none")
    if PRESET_OPTIONS in choices:
        choices[PRESET_OPTIONS] = tuple((name, value) for name, value in choices[PRESET_OPTIONS])
    return PersonaRow(
        values["row"],
        {},
        Persona.from_json(values.get("persona", {})),
        Attributes.from_json(values.get("attributes", {})),
        values.get("prompt"),
        choices,
        values.get("of"),
        planned=planned,
    )


class ShardRows:
    """The rows of a shard, read from its file each time."""

    def __init__(self, path: Path, said: str) -> None:
        """``said`` is how messages name the shard."""
        self._path = path
        self._said = said
        self.columns: Sequence[str] = ()
        self.remarks: Sequence[str] = ()

    def field_of(self, column: str) -> str | None:  # noqa: ARG002 - its cells are left where the file is
        return None

    def introduced(self, rows: int) -> str:
        return f"{self._said}: {counted(rows, 'row')}."

    def rows(self) -> Iterator[PersonaRow]:
        """Raises InvalidInput for what is no line of ours, StorageError where the file cannot be read."""
        reader = JsonReader("line")
        try:
            with io.BufferedReader(open_regular(self._path)) as file:
                for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES_MOST + 1), b""), 1):
                    yield self._row(reader, number, line)
        except OSError as error:
            raise refused("read", self._path, error) from error

    def _row(self, reader: JsonReader, number: int, line: bytes) -> PersonaRow:
        try:
            value, _ = reader.value(number, line.decode())
            if isinstance(value, TooMuch):
                raise value
            return row_of(value)
        except StorageError:
            raise
        except (BrokenJson, AvatarError, ValueError, TypeError, KeyError, AttributeError) as error:
            why = error.message.removesuffix(".") if isinstance(error, AvatarError) else str(error)
            raise InvalidInput(
                f"'{visible(str(self._path))}', line {number}, is none that avatar wrote: {visible(why)}.", hint=_ANEW
            ) from error
