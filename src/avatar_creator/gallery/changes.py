"""What changes in a library while pages show it: read once for all pages, however often they ask."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from avatar_creator.domain.filters import Sort
from avatar_creator.domain.records import Avatar
from avatar_creator.storage.database import now

MOST = 1000  # avatars that are remembered; a page that missed more begins anew
_AGAIN_S = 1.0  # the library is read once in that time
_OVERLAP_S = 30.0  # a row is there a little later than the moment that it has


class Changed(NamedTuple):
    """Avatars that are new or were changed, the latest last; ``number`` is that of the latest change.

    None where they are more than are remembered.
    """

    number: int
    avatars: Sequence[Avatar] | None


class Changes:
    """Numbers the changes of avatars that ``find`` yields, as `Library.find` does: takes sort."""

    def __init__(self, find: Callable[..., Iterator[Avatar]], *, again_s: float = _AGAIN_S) -> None:
        self._find = find
        self._again_s = again_s
        self._lock = threading.Lock()
        self._number = 0
        self._latest: deque[Avatar] = deque(maxlen=MOST)
        self._from = now(after_s=-_OVERLAP_S)
        self._known: dict[str, str] = {}  # when those were changed that may be read again
        self._read_at_s = float("-inf")

    @property
    def number(self) -> int:
        """The number of the latest change that is known."""
        return self._number

    def since(self, number: int) -> Changed:
        """Return what changed after the change of that number. Raises StorageError."""
        with self._lock:
            if time.monotonic() - self._read_at_s >= self._again_s:
                self._read()
                self._read_at_s = time.monotonic()
            missed = self._number - number
            if not 0 <= missed <= len(self._latest):
                return Changed(self._number, None)
            return Changed(self._number, tuple(islice(self._latest, len(self._latest) - missed, None)))

    def _read(self) -> None:
        begins = now(after_s=-_OVERLAP_S)
        found = list(islice(self._changed(), MOST + 1))
        new = [avatar for avatar in found if self._known.get(avatar.id) != avatar.updated_at]
        self._number += len(new)
        self._latest.extend(reversed(new))  # of more than it holds, the earliest are forgotten
        self._known = {avatar.id: avatar.updated_at for avatar in found}
        self._from = begins

    def _changed(self) -> Iterator[Avatar]:
        for avatar in self._find(sort=Sort.UPDATED, limit=None):
            if avatar.updated_at < self._from:
                return
            yield avatar
