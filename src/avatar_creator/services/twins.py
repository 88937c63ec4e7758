"""Pictures of a library that look alike."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice

from avatar_creator.decoding import Undecodable
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.twins import BITS, Hashed, Twin, distance, grouped
from avatar_creator.engines.table import draws
from avatar_creator.errors import StorageError
from avatar_creator.storage.hashes import Hashes, NewHash
from avatar_creator.storage.pictures import containers, pixels

_PAGE = 200  # avatars whose missing hashes are made and saved together
_BYTES_MOST = 2**26  # of a picture: more than any that avatar saves
_HASH = re.compile(f"[0-9a-f]{{{BITS // 4}}}", re.ASCII)  # another program may have written another one


class TwinFinder:
    """Compares pictures, and hashes those that have no hash: they were saved by an earlier version, or imported."""

    def __init__(
        self, hashes: Hashes, find_avatars: Callable[[Sequence[str]], dict[str, Avatar]], *, at_once: int
    ) -> None:
        self._hashes = hashes
        self._find_avatars = find_avatars
        self._at_once = at_once

    def find(
        self, avatars: Iterable[Avatar], most: int | None = None, *, on_read: Callable[[], None] = lambda: None
    ) -> Iterator[Twin]:
        """Yield the avatars whose pictures are like others, group after group, those of the same bytes first.

        ``most`` is in how many bits two may differ; without it, in as many as is usual. ``on_read`` is called for each.
        """
        pictures: list[Hashed] = []
        rest = iter(avatars)
        with ThreadPoolExecutor(self._at_once) as threads:
            while page := list(islice(rest, _PAGE)):
                hashes = self._hashed(page, threads)
                for avatar in page:
                    hash_ = hashes.get(avatar.id)
                    number = None if hash_ is None else int(hash_, 16)
                    pictures.append(Hashed(avatar.id, avatar.sha256, number, draws(avatar.engine)))
                    on_read()
        for number, group in enumerate(grouped(pictures, most), 1):
            yield from self._twins(number, group)

    def _twins(self, number: int, group: Sequence[Hashed]) -> Iterator[Twin]:
        first = group[0]
        for begin in range(0, len(group), _PAGE):
            page = group[begin : begin + _PAGE]
            found = self._find_avatars([each.id for each in page])
            for each in page:
                if each.id in found:  # else it was deleted meanwhile
                    is_same_file = each.sha256 == first.sha256
                    bits = 0 if is_same_file else distance(first, each)
                    yield Twin(number, found[each.id], bits, each is first, is_same_file)

    def _hashed(self, page: Sequence[Avatar], threads: ThreadPoolExecutor) -> dict[str, str]:
        """Return the hashes of avatars; those that are missing are made and, where the disk takes them, saved."""
        found = {
            id_: each for id_, each in self._hashes.find([each.id for each in page]).items() if _HASH.fullmatch(each)
        }
        missing = [avatar for avatar in page if avatar.id not in found]
        made = zip(missing, threads.map(_hash_of, missing), strict=True)
        new = [NewHash(avatar.id, avatar.sha256, hash_) for avatar, hash_ in made if hash_ is not None]
        if new:
            with suppress(StorageError):  # on a read-only disk they are made again the next time
                self._hashes.add(new)
        return found | {each.avatar_id: each.hash for each in new}


def _hash_of(avatar: Avatar) -> str | None:
    """Return the hash of a picture; a drawing's is that of its thumbnail. None where it cannot be read."""
    path = avatar.thumbnail_path if draws(avatar.engine) else avatar.image_path
    try:
        data = read_regular(path, _BYTES_MOST)
        return pixels.perceptual_hash(data, containers.read(data))
    except (OSError, StorageError, Undecodable):
        return None
