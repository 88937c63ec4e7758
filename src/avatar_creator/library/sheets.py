"""Pages with the pictures of a library."""

from collections.abc import Callable, Iterable
from pathlib import Path

from avatar_creator.domain.choices import path_of
from avatar_creator.domain.records import Avatar
from avatar_creator.sheets.sheet import Drawing, Sheet
from avatar_creator.sheets.style import Style


class Sheets:
    """Pages of many pictures, with who they show below each."""

    @staticmethod
    def write(
        avatars: Iterable[Avatar],
        path: Path | str,
        style: Style | None = None,
        *,
        count: int | None = None,
        force: bool = False,
        on_done: Callable[[], None] = lambda: None,
        on_failure: Callable[[Avatar, str], None] = lambda _avatar, _why: None,
    ) -> Sheet:
        """Write avatars as one file, or one for each page, whose suffix is .png, .jpg, .webp or .pdf.

        ``count`` says how many they are, where they are no list. ``on_done`` is called as each is read; ``on_failure``
        gets each whose files are gone or damaged, and what is wrong. Raises InvalidInput for what cannot be drawn,
        StorageError when the disk refuses it.
        """
        if count is None:
            avatars = list(avatars)
            count = len(avatars)
        drawing = Drawing(path_of("output", path), style or Style(), count=count, force=force)
        return drawing.write(avatars, on_done, on_failure)
