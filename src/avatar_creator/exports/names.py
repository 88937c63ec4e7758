"""What the files of exported pictures are called."""

from avatar_creator.domain.output_pattern import OutputNames, OutputPattern, Places, values_of
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput

USUAL = "{name}"


class Names:
    """Names by a pattern of fields, such as ``{gender}/{name}``; namesakes are numbered in the order of the avatars."""

    def __init__(self, given: str = USUAL) -> None:
        """Raises InvalidInput for what is no pattern, or leads out of the export."""
        self._pattern = OutputPattern.parse(given, OutputNames(FIELDS))
        self._given = given
        self._places = Places(self._pattern)
        self._n = 0
        texts = [part for name in self._pattern.names for part in name if isinstance(part, str)]
        if given.startswith(("/", "~")) or any(name in ((), (".",), ("..",)) for name in self._pattern.names):
            raise InvalidInput(f"names is {shown(given)}, which leads elsewhere.", hint="Begin with a name: {name}")
        if any(set(text) & set('\\:*?"<>|\0') for text in texts):
            raise InvalidInput(f"names is {shown(given)}, which no file can be called everywhere.", hint="Try {name}")
        self.format = self._pattern.format

    def of(self, avatar: Avatar) -> str:
        """Return the name of an avatar's picture, that no other one has."""
        self._n += 1
        values = values_of(avatar, self._n)
        suffix = "" if self.format else f".{_extension(avatar.format)}"
        return self._places.place(f"{self._pattern.fill(values)}{suffix}")


def _extension(format_: str) -> str:
    return "jpg" if format_ == "jpeg" else format_
