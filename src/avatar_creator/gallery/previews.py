"""The small pictures of a page: made of thumbnails on all cores, in order, a few at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from avatar_creator.decoding import Undecodable, isolated
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.records import Avatar
from avatar_creator.processes import cores

LARGE_PX, SMALL_PX = 300, 150  # of thumbnails of 300: whole pixels of theirs are one of these
LARGE_MOST = 600  # avatars; more of the large ones than that no mail takes
_QUALITY = 66
_BYTES_MOST = 2**22  # of a thumbnail
_PIXELS_MOST = 10**6
_AHEAD = 4  # pictures a core


def with_previews(
    avatars: Iterable[Avatar], side_px: int, on_failure: Callable[[str], None]
) -> Iterator[tuple[Avatar, bytes | None]]:
    """Yield each avatar with a WebP of its thumbnail; None where its file is gone or damaged, which is said."""
    waiting = iter(avatars)
    with ThreadPoolExecutor(cores.count()) as threads:

        def started(avatar: Avatar) -> tuple[Avatar, Future[bytes]]:
            return avatar, threads.submit(_preview, avatar.thumbnail_path, side_px)

        try:
            running = deque(map(started, islice(waiting, cores.count() * _AHEAD)))
            while running:
                avatar, future = running.popleft()
                running.extend(map(started, islice(waiting, 1)))
                try:
                    made = future.result()
                except (OSError, Undecodable) as error:
                    why = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
                    on_failure(f"The thumbnail of {avatar.id} {why}.")
                    yield avatar, None
                else:
                    yield avatar, made
        finally:
            threads.shutdown(cancel_futures=True)


def _preview(thumbnail: Path, side_px: int) -> bytes:
    return isolated.preview(read_regular(thumbnail, _BYTES_MOST), side_px, _QUALITY, _PIXELS_MOST)
