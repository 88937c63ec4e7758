"""What is said of avatars that are shown although files of theirs are damaged: once, however many there are."""

from collections.abc import Iterable, Iterator

from avatar_creator.cli.render.output import Output
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import counted


class Damaged:
    """Counts avatars whose picture or thumbnail is gone or empty, or whose picture has another size than was saved."""

    def __init__(self) -> None:
        self._first = ""
        self._count = 0

    def watched(self, avatars: Iterable[Avatar]) -> Iterator[Avatar]:
        """Yield the avatars, and count."""
        for avatar in avatars:
            if _is_damaged(avatar):
                self._first = self._first or avatar.id
                self._count += 1
            yield avatar

    def warn(self, out: Output) -> None:
        if self._count:
            said = counted(self._count, "avatar has", "avatars have")
            out.warn(f"{said} files that are damaged or missing, first {self._first}. Run: avatar verify")


def _is_damaged(avatar: Avatar) -> bool:
    try:
        return avatar.image_path.stat().st_size != avatar.bytes or not avatar.thumbnail_path.stat().st_size
    except OSError:
        return True
