"""The picture of one avatar as one file, in the format that the name of the file says."""

from collections.abc import Generator, Iterable
from itertools import islice
from pathlib import Path

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.datasets.samples import samples
from avatar_creator.exports.delivery import Delivery
from avatar_creator.exports.names import Names
from avatar_creator.exports.pictures import Exported
from avatar_creator.storage.durable import refused, write_over
from avatar_creator.storage.pictures.renditions import Wanted

_ANY_FILE = 0o666  # less the umask


def one_of(avatars: Iterable[Avatar], path: Path, format_: PictureFormat) -> Avatar:
    """Return the one avatar. Raises InvalidInput for none, and for several, which one file cannot hold."""
    found = list(islice(avatars, 2))
    if len(found) != 1:
        whose = "several avatars are" if found else "no avatar is"
        raise InvalidInput(
            f"output is {shown(str(path))}, one picture, and {whose} meant.",
            hint=f"Give one id; or a folder, a .zip or .tar file for all: --output FOLDER --format {format_}",
        )
    return found[0]


def wanted_of_one(delivery: Delivery, path: Path) -> Wanted | None:
    """Return what the picture is to become. Raises InvalidInput for several sizes."""
    wanted = delivery.wanted
    if wanted is not None and len(wanted.sizes) > 1:
        raise InvalidInput(
            f"size has {len(wanted.sizes)} values, and {shown(str(path))} is one picture.", hint="Give one size."
        )
    return wanted


def write(avatar: Avatar, path: Path, wanted: Wanted | None) -> Generator[Exported, None, None]:
    """Write it and yield it. Raises StorageError when the disk refuses it."""
    for sample in samples([avatar], Names(), wanted):
        if isinstance(sample, Exported):
            yield sample
            continue
        try:
            write_over(path, sample.data, _ANY_FILE)
        except OSError as error:
            raise refused("written", path, error) from error
        yield sample.exported(path.name)
