"""Whether pictures are those that were saved, and whether their recipes make them again."""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from avatar_creator.app import App
from avatar_creator.services.verification import Verifier

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.verification import Verified


class Verification:
    """Proves pictures, as far as they can be."""

    def __init__(self, app: App) -> None:
        self._app = app

    def run(
        self,
        avatars: "Iterable[Avatar]",
        *,
        versions: bool = False,
        redraw: bool = True,
        concurrency: int | None = None,
    ) -> "Generator[Verified, None, None]":
        """Yield what is found of each avatar's picture, in their order, and of its earlier ones with ``versions``.

        Drawings are drawn again, unless ``redraw`` is off. Nothing is written. Close it to end it early.
        """
        verifier = Verifier(self._app.engines.load, self._app.processes_most(concurrency))
        return verifier.run(self._pictures(avatars, with_versions=versions), redraw=redraw)

    def _pictures(self, avatars: "Iterable[Avatar]", *, with_versions: bool) -> "Iterator[tuple[Avatar, bool]]":
        for avatar in avatars:
            yield avatar, True
            if with_versions:
                _, others = self._app.queries.get_pictures(avatar.id)
                yield from ((other, False) for other in others)
