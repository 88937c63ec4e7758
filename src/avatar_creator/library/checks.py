"""Whether the pictures of avatars are fit for use."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.app import App
from avatar_creator.domain.check import Check, Fault
from avatar_creator.domain.choices import member
from avatar_creator.engines.table import draws
from avatar_creator.quality import checking

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
    """Checks of pictures that are there."""

    def __init__(self, app: App) -> None:
        self._app = app

    def run(self, avatars: "Iterable[Avatar]", check: Check | str = Check.FACE) -> Iterator[Checked]:
        """Yield what each avatar's picture lacks. Raises InvalidInput, NotConfigured without the extra ``faces``."""
        check = member(Check, "check", check)
        checking.require(check)
        return (self._checked(avatar, check) for avatar in avatars)

    @staticmethod
    def _checked(avatar: "Avatar", check: Check) -> Checked:
        if draws(avatar.engine):
            return Checked(avatar, is_exempt=True)
        try:
            data = avatar.image_path.read_bytes()
        except OSError as error:
            return Checked(avatar, (Fault("missing", f"Its file cannot be read: {error.strerror}."),))
        return Checked(avatar, checking.faults(data, check))
