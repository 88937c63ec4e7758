"""Whether the pictures of avatars are fit for use."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.app import App
from avatar_creator.domain.check import Check, Fault, Reject
from avatar_creator.domain.choices import member
from avatar_creator.engines.table import draws
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.quality import checking, judging
from avatar_creator.storage.ids import REJECT

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar


class Checked(NamedTuple):
    """What a check found. A drawing ``is_exempt``: it is not checked."""

    avatar: "Avatar"
    faults: tuple[Fault, ...] = ()
    is_exempt: bool = False

    @property
    def id(self) -> str:
        return self.avatar.id

    @property
    def words(self) -> str:
        """What it is in a word: what is wrong, or ``ok``, or ``exempt``."""
        return "exempt" if self.is_exempt else ",".join(fault.word for fault in self.faults) or "ok"

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.avatar.id,
            "name": self.avatar.name,
            "image_path": str(self.avatar.image_path),
            "exempt": self.is_exempt,
            "faults": [fault.as_json() for fault in self.faults],
        }


class Checks:
    """Checks of pictures that are there, and pictures that failed one when they were made."""

    def __init__(self, app: App) -> None:
        self._app = app

    def run(self, avatars: "Iterable[Avatar]", check: Check | str = Check.FACE) -> Iterator[Checked]:
        """Yield what each avatar's picture lacks. Raises InvalidInput, NotConfigured without the extra ``faces``."""
        check = member(Check, "check", check)
        if check is Check.NONE:
            raise InvalidInput("check is none, which checks nothing.", hint="Choose one: basic, face")
        checking.require(check)
        return (self._checked(avatar, check) for avatar in avatars)

    def _checked(self, avatar: "Avatar", check: Check) -> Checked:
        if draws(avatar.engine):
            return Checked(avatar, is_exempt=True)
        try:
            data = avatar.image_path.read_bytes()
        except OSError as error:
            return Checked(avatar, (Fault("missing", f"Its file cannot be read: {error.strerror}."),))
        return Checked(avatar, checking.faults(data, check) or self._twin(avatar, check))

    def _twin(self, avatar: "Avatar", check: Check) -> tuple[Fault, ...]:
        alike = self._app.rejects.find_alike(avatar.project_id, avatar.id) if check is Check.FACE else None
        return () if alike is None else judging.twin(alike.name, alike.id, alike.bits)

    # -- what failed when it was made

    def rejects(self, of: str | None = None) -> Iterator[Reject]:
        """Yield the rejects of a project, by name or id, of a generation or an avatar, or that of an id; else all.

        Raises NotFound.
        """
        rejects = self._app.rejects
        if of is None:
            return rejects.find()
        with suppress(NotFound):
            return rejects.find(project_id=self._app.queries.get_project(of).id)
        return rejects.find(ids_=[rejects.resolve(of)])

    def take(self, id_: str) -> "Avatar":
        """Make a reject the picture of its avatar after all, which is made now if need be. Raises NotFound."""
        (reject,) = self._named([id_])
        return self._app.queries.get_avatar(self._app.rejects.take(reject.id))

    def delete_rejects(self, ids: Iterable[str]) -> list[str]:
        """Delete rejects and their files, all or none; return their ids. Raises NotFound."""
        found = [reject.id for reject in self._named(ids)]
        for files in self._app.rejects.remove(found):
            self._app.pictures.remove(*files)
        return found

    def _named(self, ids: Iterable[str]) -> list[Reject]:
        whole = [self._app.rejects.resolve(id_) for id_ in ids]
        found = list(self._app.rejects.find(ids_=whole))
        for id_ in whole:
            if not id_.startswith(REJECT):
                raise NotFound(f"{id_} is no reject.", hint=f"See which it has: avatar rejects {id_}")
        return found
