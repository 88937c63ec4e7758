"""Pictures that look alike."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from avatar_creator import processes
from avatar_creator.app import App
from avatar_creator.domain.text import clean_number
from avatar_creator.domain.twins import DISTANCE_MOST
from avatar_creator.services.twins import TwinFinder

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.twins import Twin


class Twins:
    """Finds them among avatars."""

    def __init__(self, app: App) -> None:
        self._app = app

    def find(
        self,
        avatars: "Iterable[Avatar]",
        *,
        distance: int | None = None,
        on_read: Callable[[], None] = lambda: None,
    ) -> "Iterator[Twin]":
        """Yield the avatars whose pictures are like others, group after group, those of the same bytes first.

        ``distance`` is in how many of 1536 bits their hashes may differ. Raises InvalidInput for what is no number.
        """
        if distance is not None:
            clean_number("distance", distance, least=0, most=DISTANCE_MOST)
        finder = TwinFinder(self._app.hashes, self._app.queries.find_avatars_by_ids, at_once=processes.cores.count())
        return finder.find(avatars, distance, on_read=on_read)
