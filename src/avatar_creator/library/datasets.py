"""Avatars as data sets: what people train and test models with."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.archives.writing import Target
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.text import nearest, shown
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.datasets import imagefolder
from avatar_creator.exports.datasets.samples import samples
from avatar_creator.exports.delivery import Delivery, checked_sizes
from avatar_creator.exports.names import USUAL, Names

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar
    from avatar_creator.exports.pictures import Exported

KINDS = ("imagefolder",)


class Datasets:
    """Data sets of avatars."""

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
    ) -> "Generator[Exported, None, None]":
        """Write avatars as a data set, into a folder, or a file whose suffix is .zip or .tar; yield each once written.

        Pictures are as the library has them, unless a size, a ``shape``, a ``format_`` or ``embed`` is given. Close it
        to end it early: the same call goes on from there.
        Raises InvalidInput for what cannot be asked for, StorageError when the disk refuses it.
        """
        _known("as", as_, KINDS)
        _known("split", split, imagefolder.SPLITS)
        sizes = checked_sizes(sizes)
        if len(sizes) > 1:
            raise InvalidInput(f"size has {len(sizes)} values; a data set has one picture a row.", hint="Give one.")
        named = Names(names, sizes)
        delivery = Delivery.of(sizes=sizes, shape=shape, format_=format_, suffix=named.format, embed=embed)
        path = path_of("output", path)
        target = Target(path, mark=imagefolder.metadata_of(split), force=force)
        title = (path.stem if path.suffix else path.name) or "avatars"
        return _all_of(imagefolder.write(samples(avatars, named, delivery.wanted), target, split=split, title=title))


def _all_of(written: "Generator[Exported, None, object]") -> "Generator[Exported, None, None]":
    yield from written


def _known(field: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        near = nearest(given, list(known))
        raise InvalidInput(
            f"{field} is {shown(given)}, which does not exist.",
            hint=f"{f'Did you mean {near}? ' if near else ''}Known: {', '.join(known)}.",
        )
