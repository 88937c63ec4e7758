"""What the files of exported pictures are called: names that every file system takes."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from avatar_creator.archives.layout import FOLDER
from avatar_creator.domain.output_pattern import NAME_MOST, OutputNames, OutputPattern, Places, values_of
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import fold, shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput

USUAL = "{name}"
_SIZE = "size"
_LONGEST = NAME_MOST - len("-10000000-1024.jpeg")  # bytes: a number, a size and a suffix may come behind it
_NOWHERE = set('\\:*?"<>|')


class Names:
    """Names by a pattern of fields, such as ``{gender}/{name}``; namesakes are numbered in the order of the avatars.

    With several sizes each has its own name: where the pattern has ``{size}``, else at the end, as in ``Ana-512.png``.
    """

    def __init__(self, given: str = USUAL, sizes: Sequence[int] = ()) -> None:
        """Raises InvalidInput for what is no pattern, or leads out of the export."""
        self._said = f"names is {shown(given)}"
        self._pattern = OutputPattern.parse(given, OutputNames(FIELDS, {_SIZE: None}), "names")
        self._sizes = sizes
        self._is_sized = any(slot.is_column for slot in self._pattern.slots)
        self._places = Places(self._pattern)
        self._n = 0
        self._check(given)
        self.format = self._pattern.format

    def _check(self, given: str) -> None:
        names = self._pattern.names
        if given.startswith(("/", "~")) or any(name in ((), (".",), ("..",)) for name in names):
            raise InvalidInput(f"{self._said}, which leads elsewhere.", hint="Begin with a name: {name}")
        texts = [part for name in names for part in name if isinstance(part, str)]
        ends = [name[-1] for name in names[:-1] if isinstance(name[-1], str)]
        if any(set(text) & _NOWHERE or not text.isprintable() for text in texts) or any(
            text.endswith((".", " ")) for text in ends
        ):
            raise InvalidInput(f"{self._said}, which no file can be called everywhere.", hint="Try {name}")
        if len(names) > 1 and len(names[0]) == 1 and fold(str(names[0][0])) == FOLDER:
            raise InvalidInput(f"{self._said}; the folder {FOLDER} is for what is known of them.", hint="Try {name}")
        if self._is_sized and not self._sizes:
            raise InvalidInput(f"{self._said}, and no size is given.", hint="Say which: --size 512,256")

    def of(self, avatar: Avatar) -> str:
        """Return the name of an avatar's picture, that no other one has."""
        return self.all_of(avatar, PictureFormat(avatar.format))[0]

    def all_of(self, avatar: Avatar, format_: PictureFormat) -> list[str]:
        """Return the names of an avatar's files, that no other one has: one for each size, or for its own size."""
        self._n += 1
        values = values_of(avatar, self._n)
        suffix = "" if self.format else f".{format_.extension}"
        if self._is_sized:
            return [self._placed(values, {_SIZE: size}, suffix) for size in self._sizes]
        path = self._placed(values, {}, suffix)
        return [_sized(path, size) for size in self._sizes] if len(self._sizes) > 1 else [path]

    def _placed(self, values: dict[str, object], cells: dict[str, int], suffix: str) -> str:
        path = f"{self._pattern.fill(values, cells, bytes_most=_LONGEST)}{suffix}"
        first, slash, rest = path.partition("/")
        if slash and fold(first) == FOLDER:
            path = f"{first}_/{rest}"
        return self._places.place(path)


def _sized(path: str, size: int) -> str:
    whole = PurePosixPath(path)
    return str(whole.with_name(f"{whole.stem}-{size}{whole.suffix}"))
