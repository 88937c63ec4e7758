"""Avatars as the samples of a data set: the bytes of each picture, and what is said of it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.records import Avatar
from avatar_creator.errors import StorageError
from avatar_creator.exports.at_once import at_once
from avatar_creator.exports.datasets.columns import values_of
from avatar_creator.exports.made import Made
from avatar_creator.exports.manifest import Entry
from avatar_creator.exports.names import Names
from avatar_creator.exports.pictures import Exported, format_of, read_stored, wanted_of
from avatar_creator.storage.pictures.renditions import Wanted, render


class Sample(NamedTuple):
    """A picture: ``file`` is its name in the data set, ``values`` are what the columns say of it."""

    avatar: Avatar
    file: str
    data: bytes
    values: Mapping[str, Any]
    is_smaller: bool = False  # than it was asked for

    def exported(self, file: str, *, written: bool = True) -> Exported:
        return Exported(self.avatar, (file,), written, self.is_smaller)


def samples(avatars: Iterable[Avatar], names: Names, wanted: Wanted | None) -> Iterator[Sample | Exported]:
    """Yield each avatar as a sample, in their order, few of them at once in memory.

    Pictures are as the library has them unless others are ``wanted``. One whose file is damaged or gone says so.
    """
    named = ((avatar, names.all_of(avatar, format_of(avatar, wanted))[0]) for avatar in avatars)
    for _, sample in at_once(lambda item: _sample(*item, wanted), named):
        yield sample


def _sample(avatar: Avatar, file: str, wanted: Wanted | None) -> Sample | Exported:
    try:
        data = read_stored(avatar.image_path, avatar.bytes, avatar.sha256)
        if wanted is None:
            return Sample(avatar, file, data, values_of(Entry(avatar, (file,), file)))
        rendition = render(data, wanted_of(avatar, wanted))[0]
    except StorageError as error:
        return Exported(avatar, (file,), written=False, error=error)
    sha256 = hashlib.sha256(rendition.data).hexdigest()
    made = Made(file, sha256, rendition.width_px, rendition.height_px, "")
    values = values_of(Entry(avatar, (file,), file, made))
    return Sample(avatar, file, rendition.data, values, any(rendition.width_px < size for size in wanted.sizes))
