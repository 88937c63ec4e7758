"""The pictures that the avatars of a library have had."""

from typing import TYPE_CHECKING

from avatar_creator import domain
from avatar_creator.app import App
from avatar_creator.domain.text import clean_number
from avatar_creator.errors import NotFound

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.versions import Version


class Versions:
    """An avatar that was made anew has its earlier pictures, too; each is given by the avatar and its number."""

    def __init__(self, app: App) -> None:
        self._app = app

    def find(self, id_: str) -> "list[Version]":
        """Return all of an avatar, the first one first. Raises NotFound."""
        current, others = self._app.queries.get_pictures(self._app.queries.get_avatar(id_).id)
        return list(domain.versions.versions_of(current, others))

    def get(self, id_: str, version: int) -> "Avatar":
        """Return an avatar as it is with one of its pictures. Raises NotFound, InvalidInput for what is no number."""
        clean_number("version", version, least=1, most=domain.records.LIMIT_MOST)
        found = {each.avatar.version: each.avatar for each in self.find(id_)}
        if version not in found:
            whose = next(iter(found.values())).id
            raise NotFound(
                f"The avatar {whose} has no version {version}.", hint=f"It has: {', '.join(map(str, found))}."
            )
        return found[version]

    def restore(self, id_: str, version: int) -> "Avatar":
        """Make a picture the present one again, with all that was known of the avatar then. Raises NotFound."""
        avatar = self.get(id_, version)
        self._app.recipes.restore(avatar.id, version)
        return self._app.queries.get_avatar(avatar.id)
