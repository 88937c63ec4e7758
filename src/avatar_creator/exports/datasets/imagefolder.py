"""A data set as a folder of pictures with metadata.jsonl, as Hugging Face's imagefolder reads it."""

from collections.abc import Generator, Iterable

from avatar_creator.archives.writing import Target
from avatar_creator.exports.datasets.card import CARD, Card
from avatar_creator.exports.datasets.samples import Sample
from avatar_creator.exports.formats.format import json_text
from avatar_creator.exports.pictures import Exported

SPLITS = ("train", "validation", "test")  # by these names everybody knows them
METADATA = "metadata.jsonl"


def write(
    samples: Iterable[Sample | Exported], target: Target, *, split: str, title: str
) -> Generator[Exported, None, Card]:
    """Yield each sample as it is written, and return the card. Raises StorageError when the target refuses it."""
    card = Card()
    with target.claimed():
        with target.opened(metadata_of(split)) as lines:
            for sample in samples:
                if isinstance(sample, Exported):
                    yield sample
                    continue
                file = f"{split}/{sample.file}"
                written = target.put(file, sample.data)
                lines.write(f"{json_text({'file_name': sample.file, **sample.values})}\n".encode(errors="replace"))
                card.add(sample.avatar)
                yield sample.exported(file, written=written)
        there = [name for name in SPLITS if name == split or (target.root / metadata_of(name)).is_file()]
        files = {name: f"{name}/**" for name in there}
        target.put(CARD, card.markdown(title, files).encode(errors="replace"))
        target.finish()
    return card


def metadata_of(split: str) -> str:
    """Return the name of the file that says what each picture of a split shows."""
    return f"{split}/{METADATA}"
