"""Avatars as a page to look at."""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from avatar_creator import gallery
from avatar_creator.app import App
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import clean_number
from avatar_creator.exports.names import Names
from avatar_creator.gallery.writing import Gallery

TITLE = "Avatars"
_PORT_MOST = 65535


class Galleries:
    """Pages with avatars: files that need neither this library nor a network, and one that is live."""

    def __init__(self, app: App) -> None:
        self._app = app

    def write(
        self,
        avatars: Iterable[Avatar],
        path: Path | str,
        *,
        title: str = TITLE,
        count: int | None = None,
        full: bool = False,
        force: bool = False,
        on_failure: Callable[[str], None] = lambda _said: None,
    ) -> Gallery:
        """Write one file whose suffix is .html, or a folder with the pictures beside its page.

        ``count`` says how many avatars there are, where they are no list: the more, the smaller pictures in one file
        are. ``full`` has it hold the pictures, too. ``on_failure`` gets a sentence for each file that is gone
        or damaged. Raises InvalidInput for the path, StorageError when the disk refuses it.
        """
        path = path_of("output", path)
        gallery.writing.check(path, force=force)
        if not gallery.writing.is_file(path):
            return gallery.writing.write_folder(path, title, avatars, Names().of, on_failure=on_failure)
        if count is None:
            avatars = avatars if isinstance(avatars, Collection) else list(avatars)
            count = len(avatars)
        return gallery.writing.write_file(path, title, avatars, count=count, full=full, on_failure=on_failure)

    def server(
        self, wanted: AvatarFilter | None = None, *, title: str = TITLE, port: int = 0
    ) -> "gallery.serving.Server":
        """Return a server of a page on loopback that shows the avatars that match, those made meanwhile, too.

        Its ``url`` has a token in it; its `run` serves until Ctrl-C. Raises InvalidInput for a port that cannot be had;
        0 is any that is free.
        """
        shown = AvatarFilter() if wanted is None else wanted

        def find(**how: Any) -> Iterator[Avatar]:
            return self._app.finder.find(shown, **how)

        def show(id_: str) -> Avatar:
            return self._app.queries.get_avatar(id_)

        return gallery.serving.Server(title, find, show, port=clean_number("port", port, least=0, most=_PORT_MOST))
