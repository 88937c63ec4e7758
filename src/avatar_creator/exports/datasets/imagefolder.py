"""A data set as a folder of pictures with metadata.jsonl, as Hugging Face's imagefolder reads it."""

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from avatar_creator.archives.writing import Target
from avatar_creator.exports.datasets.card import CARD, Card
from avatar_creator.exports.datasets.samples import Sample
from avatar_creator.exports.earlier import EarlierFiles, StaleFiles
from avatar_creator.exports.formats.format import json_text
from avatar_creator.exports.pictures import Exported
from avatar_creator.storage.records import is_inside

SPLITS = ("train", "validation", "test")  # by these names everybody knows them
METADATA = "metadata.jsonl"


def write(
    samples: Iterable[Sample | Exported],
    target: Target,
    *,
    split: str,
    title: str,
    on_repeated: Callable[[str, int], None] = lambda _split, _count: None,
    on_stale: Callable[[StaleFiles], None] = lambda _files: None,
) -> Generator[Exported, None, Card]:
    """Yield each sample as it is written, and return the card, which is of all splits that are there.

    ``on_repeated`` gets each other split that has some of the same avatars, and how many; ``on_stale`` the pictures of
    earlier exports that stay. Raises StorageError when the target refuses it.
    """
    card, ids = Card(), set[str]()
    with target.claimed():
        earlier = EarlierFiles(target, dataset=metadata_of(split))
        with target.opened(metadata_of(split)) as lines:
            for sample in samples:
                if isinstance(sample, Exported):
                    earlier.spare(f"{split}/{file}" for file in sample.files)
                    yield sample
                    continue
                file = f"{split}/{sample.file}"
                written = target.put(file, sample.data)
                lines.write(f"{json_text({'file_name': sample.file, **sample.values})}\n".encode(errors="replace"))
                card.add(sample.avatar)
                ids.add(sample.avatar.id)
                yield sample.exported(file, written=written)
            earlier.write()
        there = [name for name in SPLITS if name == split or (target.root / metadata_of(name)).is_file()]
        for other in there:
            if other != split:
                repeated = 0
                for row in _rows(target.root / metadata_of(other)):
                    card.add_row(row)
                    repeated += str(row.get("id")) in ids
                if repeated:
                    on_repeated(other, repeated)
        files = {name: f"{name}/**" for name in there}
        target.put(CARD, card.markdown(title, files).encode(errors="replace"))
        stale = earlier.stale()
        target.finish()
    if stale.files:
        on_stale(stale)
    return card


def metadata_of(split: str) -> str:
    """Return the name of the file that says what each picture of a split shows."""
    return f"{split}/{METADATA}"


def files_of(root: Path) -> dict[str, Path]:
    """Return the files of a folder that was written so, by their names: no other file that is there."""
    files = {CARD: root / CARD}
    for split in SPLITS:
        metadata = root / metadata_of(split)
        if metadata.is_file():
            files[metadata_of(split)] = metadata
            names = (f"{split}/{row.get('file_name')}" for row in _rows(metadata))
            files |= {name: root / name for name in names if is_inside(name) and (root / name).is_file()}
    return files


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what the lines of another split say; one that somebody has damaged says nothing."""
    with suppress(OSError), path.open("rb") as file:
        for line in file:
            with suppress(ValueError):
                row = json.loads(line)
                if isinstance(row, dict):
                    yield row
