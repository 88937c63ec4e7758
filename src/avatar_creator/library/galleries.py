"""Avatars as a page to look at."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from avatar_creator.app import App
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.records import Avatar
from avatar_creator.exports.names import Names
from avatar_creator.gallery import writing
from avatar_creator.gallery.writing import Gallery

TITLE = "Avatars"


class Galleries:
    """Pages with avatars, which need neither this library nor a network."""

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
        writing.check(path, force=force)
        if not writing.is_file(path):
            return writing.write_folder(path, title, avatars, Names().of, on_failure=on_failure)
        if count is None:
            avatars = avatars if isinstance(avatars, Collection) else list(avatars)
            count = len(avatars)
        return writing.write_file(path, title, avatars, count=count, full=full, on_failure=on_failure)
