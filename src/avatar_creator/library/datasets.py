"""Avatars as data sets: what people train and test models with."""

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.app import App
from avatar_creator.archives.layout import DELIVERY
from avatar_creator.archives.writing import Target
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.text import nearest, shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.datasets import imagefolder, personas
from avatar_creator.exports.datasets.extra import PARQUET, parquet_module
from avatar_creator.exports.datasets.samples import samples
from avatar_creator.exports.delivery import Delivery, checked_sizes
from avatar_creator.exports.names import USUAL, Names
from avatar_creator.library import pushes
from avatar_creator.library.new_files import path_to_write
from avatar_creator.persona_files import open_persona_file

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar
    from avatar_creator.exports.datasets.card import Card
    from avatar_creator.exports.datasets.personas import People
    from avatar_creator.exports.earlier import StaleFiles
    from avatar_creator.exports.pictures import Exported
    from avatar_creator.storage.pictures.renditions import Wanted

KINDS = ("imagefolder", "parquet", "personas")
_PUSHED = KINDS[:2]


class Datasets:
    """Data sets of avatars."""

    def __init__(self, app: App) -> None:
        self._app = app

    def export(
        self,
        avatars: "Iterable[Avatar]",
        path: Path | str,
        *,
        as_: str = "imagefolder",
        split: str = "train",
        names: str = USUAL,
        sizes: Iterable[int] = (),
        shape: str | None = None,
        format_: str | None = None,
        embed: str | None = None,
        force: bool = False,
        title: str | None = None,
        on_repeated: "Callable[[str, int], None]" = lambda _split, _count: None,
        on_stale: "Callable[[StaleFiles], None]" = lambda _files: None,
        on_card: "Callable[[Card], None]" = lambda _card: None,
    ) -> "Generator[Exported, None, None]":
        """Write avatars as a data set, and yield each once it is written.

        An imagefolder is a folder, or a file whose suffix is .zip or .tar; Parquet is one file.
        ``on_repeated`` gets each other split in the folder that has some of the same avatars, and how many;
        ``on_stale`` the pictures of earlier exports that stay in the folder; ``on_card`` what is in the data set, at
        its end. ``title`` is what the card calls it, in place of the name of the path.
        Pictures are as the library has them, unless a size, a ``shape``, a ``format_`` or ``embed`` is given. Close it
        to end it early: a folder is gone on with by the same call.
        Raises InvalidInput for what cannot be asked for, NotConfigured where an extra is missing, StorageError when
        the disk refuses it.
        """
        _known("as", as_, KINDS)
        if as_ == "personas":
            raise InvalidInput("as is 'personas', and no persona file is given.", hint="Call export_personas.")
        _known("split", split, imagefolder.SPLITS)
        named, wanted = _asked(names, sizes, shape, format_, embed)
        path = path_of("output", path)
        sampled = samples(avatars, named, wanted)
        if as_ == "parquet":
            return _all_of(parquet_module("parquet").write(sampled, _parquet_path(path, force=force)), on_card)
        target = Target(path, mark=imagefolder.metadata_of(split), force=force)
        title = title or (path.stem if path.suffix else path.name) or "avatars"
        written = imagefolder.write(
            sampled, target, split=split, title=title, on_repeated=on_repeated, on_stale=on_stale
        )
        return _all_of(written, on_card)

    def push(
        self,
        name: str,
        path: Path | str | None = None,
        *,
        as_: str = pushes.IMAGEFOLDER,
        split: str = "train",
        public: bool = False,
    ) -> "AbstractContextManager[pushes.Push]":
        """Begin to push a data set to the repository of that name, or owner/name, on Hugging Face's Hub.

        In what is returned, ``export(avatars)`` writes it, and ``send()`` puts it there in one commit. It is written to
        ``path``, or into a folder that is removed. A new repository is private unless ``public``.
        Raises InvalidInput for what cannot be pushed, NotConfigured where the token or an extra is missing, EngineError
        where the Hub cannot be asked.
        """
        _known("as", as_, _PUSHED)
        _known("split", split, imagefolder.SPLITS)
        if as_ == "parquet":
            parquet_module("parquet")
        from avatar_creator.engines.huggingface.dataset_repository import DatasetRepository  # noqa: PLC0415 - heavy

        repository = DatasetRepository(name, self._app.settings.hf_token, public=public)
        return pushes.opened(repository, self.export, path, as_, split)

    def export_personas(
        self,
        avatars: "Iterable[Avatar]",
        of: Path | str,
        path: Path | str,
        *,
        names: str = USUAL,
        sizes: Iterable[int] = (),
        shape: str | None = None,
        format_: str | None = None,
        embed: str | None = None,
        force: bool = False,
        on_written: "Callable[[People], None]" = lambda _people: None,
        on_stale: "Callable[[StaleFiles], None]" = lambda _files: None,
    ) -> "Generator[Exported, None, None]":
        """Write the persona file ``of`` with a column ``portrait``, and the pictures into a folder beside it.

        Rows have the avatars of their ids, or those that were made of what they say; ``on_written`` gets how many have
        one. The suffix of ``path`` is the format: .csv, .jsonl or .parquet. Otherwise as `export`.
        """
        path, of = path_of("output", path), path_of("of", of)
        if path.suffix.lower() not in personas.WRITERS:
            raise InvalidInput(
                f"output is {shown(str(path))}, which says no format of personas.",
                hint=f"Give it one of these suffixes: {', '.join(personas.WRITERS)}",
            )
        if of.exists() and path.exists() and path.samefile(of):
            raise InvalidInput(f"output is {shown(str(path))}, the persona file itself.", hint="Give another name.")
        if path.suffix.lower() == PARQUET:
            parquet_module("parquet")  # before any picture is written
        path = path_to_write("output", path, force=force)
        named, wanted = _asked(names, sizes, shape, format_, embed)
        file = open_persona_file(of, fields=FIELDS, can_map=False)
        target = Target(path.parent / personas.FOLDER, mark=DELIVERY, force=force)
        portraits = personas.Portraits(file, avatars)
        return personas.write(file, portraits, path, target, named, wanted, on_written=on_written, on_stale=on_stale)


def _asked(
    names: str, sizes: Iterable[int], shape: str | None, format_: str | None, embed: str | None
) -> "tuple[Names, Wanted | None]":
    """Return what pictures are called, and what they are to become, one of each."""
    sizes = checked_sizes(sizes)
    if len(sizes) > 1:
        raise InvalidInput(f"size has {len(sizes)} values; a data set has one picture a row.", hint="Give one.")
    named = Names(names, sizes)
    delivery = Delivery.of(sizes=sizes, shape=shape, format_=format_, suffix=named.format, embed=embed)
    return named, delivery.wanted


def _all_of(
    written: "Generator[Exported, None, Card]", on_card: "Callable[[Card], None]"
) -> "Generator[Exported, None, None]":
    on_card((yield from written))


def _parquet_path(path: Path, *, force: bool) -> Path:
    if path.suffix.lower() != PARQUET:
        raise InvalidInput(
            f"output is {shown(str(path))}, which is no Parquet file.", hint="Give a name: people.parquet"
        )
    return path_to_write("output", path, force=force)


def _known(field: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        near = nearest(given, list(known))
        raise InvalidInput(
            f"{field} is {shown(given)}, which does not exist.",
            hint=f"{f'Did you mean {near}? ' if near else ''}Known: {', '.join(known)}.",
        )
