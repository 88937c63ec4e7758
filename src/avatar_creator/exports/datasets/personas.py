"""A persona file with a column more: where the portrait of each person is."""

import csv
import io
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from avatar_creator.archives.layout import DELIVERY
from avatar_creator.archives.writing import Target
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.row_key import persona_id_of, row_key
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.datasets.extra import PARQUET, parquet_module
from avatar_creator.exports.datasets.samples import Sample, samples
from avatar_creator.exports.earlier import EarlierFiles, StaleFiles
from avatar_creator.exports.made import HEAD, Made, line
from avatar_creator.exports.names import Names
from avatar_creator.exports.pictures import Exported
from avatar_creator.persona_files import PersonaFile
from avatar_creator.persona_files.cells import as_text
from avatar_creator.persona_files.formats import BadRecord
from avatar_creator.storage.durable import opened_beside, put_over, refused
from avatar_creator.storage.pictures.renditions import Wanted

PORTRAIT = "portrait"
FOLDER = "portraits"
_ANY_FILE = 0o666  # less the umask


class People(NamedTuple):
    """How many rows a persona file has, and how many of them have a portrait."""

    rows: int
    portraits: int


class Portraits:
    """The avatars of the rows of a persona file, by the ids of rows, or by all that a row says of a picture.

    Of several avatars the last one counts.
    """

    def __init__(self, file: PersonaFile, avatars: Iterable[Avatar]) -> None:
        """Read the file. Raises InvalidInput for one that has such a column already."""
        self.rows = 0
        self._by_number: dict[int, Avatar] = {}
        by_id: dict[str, Avatar] = {}
        by_key: dict[str, Avatar] = {}
        for avatar in avatars:
            if avatar.persona_id is not None:
                by_id[avatar.persona_id] = avatar
            else:
                by_key[_key(PersonaRow(0, {}, avatar.persona, avatar.attributes, avatar.prompt))] = avatar
        for row in file.rows():
            self.rows += 1
            if isinstance(row, PersonaRow):
                id_ = row.persona_id
                found = by_key.get(_key(row)) if id_ is None else by_id.get(persona_id_of(id_, 1))
                if found is not None:
                    self._by_number[row.number] = found
        if PORTRAIT in file.columns:
            raise InvalidInput(
                f"{file.called} has a column {shown(PORTRAIT)} already.", hint="Give the file without it."
            )

    def avatars(self) -> Iterator[Avatar]:
        """Yield each avatar once, in the order of the rows."""
        yield from {avatar.id: avatar for avatar in self._by_number.values()}.values()

    def ids(self) -> Mapping[int, str]:
        """Return the ids of avatars by the numbers of rows."""
        return {number: avatar.id for number, avatar in self._by_number.items()}


def write(
    file: PersonaFile,
    portraits: Portraits,
    path: Path,
    target: Target,
    names: Names,
    wanted: Wanted | None,
    *,
    on_written: Callable[[People], None],
    on_stale: Callable[[StaleFiles], None] = lambda _files: None,
) -> Generator[Exported, None, None]:
    """Yield each picture as it is written to a folder beside ``path``; then write the rows.

    ``on_written`` gets how many people there are, ``on_stale`` the pictures of earlier exports that stay. Raises
    StorageError when the disk refuses it.
    """
    files: dict[str, str] = {}
    with target.claimed():
        earlier = EarlierFiles(target)
        with target.opened(DELIVERY) as made:
            made.write(line(HEAD))
            for sample in samples(portraits.avatars(), names, wanted):
                if isinstance(sample, Exported):
                    earlier.spare(sample.files)
                    yield sample
                    continue
                written = target.put(sample.file, sample.data)
                made.write(line(_made(sample).as_json()))
                files[sample.avatar.id] = f"{target.path.name}/{sample.file}"
                yield sample.exported(files[sample.avatar.id], written=written)
            made.writelines(earlier.lines())
        stale = earlier.stale()
        target.finish()
    placed = {number: files[id_] for number, id_ in portraits.ids().items() if id_ in files}
    try:
        with opened_beside(path, _ANY_FILE) as (new, to):
            WRITERS[path.suffix.lower()](file, placed, to)
            put_over(new, to, path)
    except OSError as error:
        raise refused("written", path, error) from error
    on_written(People(portraits.rows, len(placed)))
    if stale.files:
        on_stale(stale)


def _as_csv(file: PersonaFile, placed: Mapping[int, str], to: BinaryIO) -> None:
    """Write cells as they are: who has the file has them already, and reads them back."""
    columns = _columns(file)
    to.write(_csv((*columns, PORTRAIT)))
    to.writelines(map(_csv, _texts(file, columns, placed)))


def _as_json_lines(file: PersonaFile, placed: Mapping[int, str], to: BinaryIO) -> None:
    for number, values in _records(file):
        text = json.dumps({**values, PORTRAIT: placed.get(number)}, ensure_ascii=False, default=as_text)
        to.write(f"{text}\n".encode(errors="replace"))


def _as_parquet(file: PersonaFile, placed: Mapping[int, str], to: BinaryIO) -> None:
    """Write the columns of Parquet as they are, and those of other formats as texts."""
    module = parquet_module("persona_parquet")
    if isinstance(file.table, module.ParquetTable):
        module.with_column(file.table, PORTRAIT, placed, to)
    else:
        columns = _columns(file)
        module.of_texts((*columns, PORTRAIT), _texts(file, columns, placed), to)


WRITERS: Mapping[str, Callable[[PersonaFile, Mapping[int, str], BinaryIO], None]] = {
    ".csv": _as_csv,
    ".jsonl": _as_json_lines,
    PARQUET: _as_parquet,
}


def _records(file: PersonaFile) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Yield the rows that can be read, with their numbers; nobody can write the others."""
    for record in file.table.records():
        if not isinstance(record, BadRecord):
            yield record.number, record.values


def _columns(file: PersonaFile) -> Sequence[str]:
    """Return the columns of all rows, in their order."""
    names = dict.fromkeys(name for _, values in _records(file) for name in values)
    return tuple(dict.fromkeys((*file.table.columns, *names)))


def _texts(file: PersonaFile, columns: Sequence[str], placed: Mapping[int, str]) -> Iterator[Sequence[str]]:
    """Yield the cells of each row as texts, and its portrait."""
    for number, values in _records(file):
        yield [*(_cell(values.get(name)) for name in columns), placed.get(number, "")]


def _cell(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=as_text) if isinstance(value, dict) else as_text(value)


def _csv(values: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(values)
    return text.getvalue().encode(errors="replace")


def _key(row: PersonaRow) -> str:
    """Return the key of what a row says, however its prompt is worded."""
    return row_key(row._replace(persona_id=None), {})


def _made(sample: Sample) -> Made:
    values = sample.values
    return Made(sample.file, values["sha256"], values["width_px"], values["height_px"], values["sha256"][:32])
