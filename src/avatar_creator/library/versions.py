"""The pictures that the avatars of a library have had."""

from typing import TYPE_CHECKING

from avatar_creator import domain, storage
from avatar_creator.app import App
from avatar_creator.domain.text import clean_number, shown, visible
from avatar_creator.errors import AvatarError, NotFound
from avatar_creator.library.generations import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

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

    def revert(
        self, ids: "Iterable[str]", version: int | None = None, *, where_possible: bool = False
    ) -> "list[Avatar]":
        """Make an earlier picture of each avatar its current one again, with all that was known of it then.

        It is the one before the current one, unless ``version`` says which. Where a copy of another of its pictures is,
        as `Library.generate` or a batch wrote it, there is one of this picture then; an avatar's ``warnings`` say where
        that could not be. Raises NotFound, with nothing changed, if one of them has no such picture; ``where_possible``
        passes over those.
        """
        chosen: dict[str, Avatar] = {}
        for id_ in listed(ids):
            try:
                avatar = self._chosen(id_, version)
            except NotFound:
                if not where_possible:
                    raise
            else:
                chosen[avatar.id] = avatar
        with self._app.recipes.together():
            for avatar in chosen.values():
                self._app.recipes.restore(avatar.id, avatar.version)
        return [self._copied(id_) for id_ in chosen]

    def _chosen(self, id_: str, version: int | None) -> "Avatar":
        if version is not None:
            return self.get(id_, version)
        found = self.find(id_)
        current = next(each.avatar for each in found if each.is_current)
        earlier = [each.avatar for each in found if each.avatar.version < current.version]
        if not earlier:
            later = ", ".join(str(each.avatar.version) for each in found if not each.is_current)
            raise NotFound(
                f"{shown(current.name)} ({current.id}) has no earlier picture than that of version {current.version}.",
                hint=f"It has later ones: --to {later}." if later else f"See: avatar show {current.id}",
            )
        return earlier[-1]

    def _copied(self, id_: str) -> "Avatar":
        """Return an avatar, the copy of its picture written where one of another of its pictures is."""
        avatar = self._app.queries.get_avatar(id_)
        others = (each.avatar.image_path for each in self.find(id_) if not each.is_current)
        try:
            if avatar.copy_path is None or not avatar.copy_path.exists():
                return avatar
            if storage.pictures.copies.is_copy_of(avatar.copy_path, avatar.image_path):
                return avatar
            if any(storage.pictures.copies.is_copy_of(avatar.copy_path, each) for each in others):
                storage.pictures.copies.write_copy(avatar.image_path.read_bytes(), avatar.copy_path)
                return avatar
            said = f"{visible(str(avatar.copy_path))} is no copy of its picture any more, and stays as it is."
        except (AvatarError, OSError) as error:
            said = f"The copy could not be written: {error}"
        return avatar._replace(warnings=(said,))
