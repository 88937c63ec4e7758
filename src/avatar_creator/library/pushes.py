"""Data sets on their way to the Hub: exported into a folder, and sent from there."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from avatar_creator._version import __version__
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.datasets import imagefolder
from avatar_creator.exports.datasets.card import CARD, Card
from avatar_creator.exports.datasets.extra import PARQUET

if TYPE_CHECKING:
    from avatar_creator.engines.huggingface.dataset_repository import DatasetRepository, Pushed
    from avatar_creator.exports.pictures import Exported

IMAGEFOLDER = "imagefolder"
_PARQUET_FILES = "data/{split}-00000-of-00001.parquet"  # as the Hub finds the splits of files
_DATA = ("data/", *(f"{split}/" for split in imagefolder.SPLITS))

Export = Callable[..., "Generator[Exported, None, None]"]


class Push:
    """A data set that is pushed: export it, see what goes where, and send it."""

    def __init__(
        self, repository: "DatasetRepository", export: Export, folder: Path, output: Path | None, as_: str, split: str
    ) -> None:
        """Raises InvalidInput where the new card would leave out what is there already."""
        self.repository = repository
        self.card = Card()
        self._export = export
        self._folder = folder
        self.as_ = as_
        self._split = split
        self._path = output or folder / (f"{split}{PARQUET}" if as_ == "parquet" else "dataset")
        named = {_marker(as_, each) for each in self._splits()}
        left = (_marker(kind, each) for kind in (IMAGEFOLDER, "parquet") for each in imagefolder.SPLITS)
        for marker in left:
            if marker not in named and repository.has(marker):
                raise InvalidInput(
                    f"{repository.id} has {marker} already, which the new card would not name.",
                    hint="Name another one; or have all its splits in one folder: --output FOLDER",
                )

    def _splits(self) -> list[str]:
        if self.as_ == "parquet":
            return [self._split]
        there = (each for each in imagefolder.SPLITS if (self._path / imagefolder.metadata_of(each)).is_file())
        return sorted({self._split, *there}, key=imagefolder.SPLITS.index)

    def export(self, avatars: object, **options: Any) -> "Generator[Exported, None, None]":
        """Write the data set; ``options`` are those of `Datasets.export`. Yields as that does."""
        yield from self._export(
            avatars,
            self._path,
            as_=self.as_,
            split=self._split,
            title=self.repository.name,
            on_card=self._take,
            **options,
        )

    def _take(self, card: Card) -> None:
        self.card = card

    @cached_property
    def files(self) -> dict[str, Path]:
        """What goes up, by its name there: the pictures, what is said of them, and the card. Raises InvalidInput."""
        if not self.card.samples:
            raise InvalidInput("There is no avatar to push.", hint="See which there are: avatar list")
        if self.as_ == IMAGEFOLDER:
            return imagefolder.files_of(self._path)
        card = self._folder / CARD
        card.write_text(self.card.markdown(self.repository.name, {self._split: f"data/{self._split}-*"}), "utf-8")
        return {CARD: card, _PARQUET_FILES.format(split=self._split): self._path}

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files.values())

    @property
    def stale(self) -> list[str]:
        """The names of files of an earlier push that stay there."""
        return self.repository.others(self.files, _DATA)

    def send(self, on_sent: Callable[[], object] = lambda: None) -> "Pushed":
        """Have it on the Hub, in one commit. ``on_sent`` is called for each file. Raises AvatarError."""
        count = self.card.samples
        message = f"Put {'1 picture' if count == 1 else f'{count:,} pictures'} by avatar {__version__}"
        return self.repository.push(self.files, count, message, on_sent)


@contextmanager
def opened(
    repository: "DatasetRepository", export: Export, output: Path | str | None, as_: str, split: str
) -> Iterator[Push]:
    """Have a folder for what is pushed, which is gone afterwards; with ``output`` the data set itself stays there."""
    path = None if output is None else path_of("output", output)
    if path is not None and as_ == IMAGEFOLDER and path.suffix.lower() in {".zip", ".tar"}:
        raise InvalidInput(
            f"output is {shown(str(path))}, one file, and a folder is pushed.", hint="Name a folder, or leave it out."
        )
    with TemporaryDirectory(prefix="avatar-push-", ignore_cleanup_errors=True) as folder:
        yield Push(repository, export, Path(folder), path, as_, split)


def _marker(as_: str, split: str) -> str:
    return _PARQUET_FILES.format(split=split) if as_ == "parquet" else imagefolder.metadata_of(split)
