"""The fonts of this machine, and for each text those that have its characters."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont, features

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.sheets import font_files
from avatar_creator.sheets.scripts import is_simple, script_of, shows_nothing

_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_FILES_MOST = 10_000
_BITMAP_PX = (109, 96, 128, 136, 160)  # the sizes in which fonts of emoji come
_FIRST = (  # of fonts that have the same characters
    *("notosans", "dejavusans", "liberationsans", "segoeui", "arial", "helvetica", "roboto", "opensans", "ubuntu"),
    *("notosanscjk", "notonaskharabic", "notocoloremoji", "seguiemj", "applecoloremoji"),
)
# A caption is upright, of usual weight and width, and without serifs; where nothing else is there, any will do.
_STYLED = re.compile(
    r"bold|italic|oblique|black|light|thin|medium|heavy|condensed|narrow|mono|typewriter|fixed|math|symbol|display"
    r"|caption|looped|rashi|kufi|ui(?=-|$)",
)
_SERIF = re.compile(r"serif|times|roman|georgia|song|ming|naskh|nastaliq")


class Font:
    """One file. It is read when a character of it is asked for, and loaded when a text is drawn."""

    def __init__(self, path: Path | None) -> None:
        """None is the small one that Pillow brings along."""
        self.path = path
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}

    @cached_property
    def _coverage(self) -> font_files.Coverage | None:
        try:
            with BytesIO(_bundled(12).font_bytes) if self.path is None else self.path.open("rb") as file:
                return font_files.read(file)
        except (OSError, ValueError, font_files.Unreadable):
            return None

    @property
    def is_bitmap(self) -> bool:
        """Whether it has pictures of one size, as fonts of emoji have them."""
        return self._coverage is not None and self._coverage.is_bitmap

    @property
    def is_readable(self) -> bool:
        return self._coverage is not None

    def has(self, character: str) -> bool:
        return self._coverage is not None and self._coverage.has(ord(character))

    def sized(self, px: int) -> "Sized | None":
        """Return it so large; None where FreeType does not take it."""
        if self.path is None:
            return Sized(_bundled(px), 1.0)
        for size in _BITMAP_PX if self.is_bitmap else (px,):
            try:
                if size not in self._sizes:
                    self._sizes[size] = ImageFont.truetype(self.path, size)
                return Sized(self._sizes[size], 1.15 * px / size if self.is_bitmap else 1.0)
            except OSError:  # a size that its pictures do not have, or a damaged file
                continue
        return None


class Sized(NamedTuple):
    """A font in a size; what it draws is to be scaled where it has pictures of another one."""

    face: ImageFont.FreeTypeFont
    scale: float


class Run(NamedTuple):
    """A part of a text that one font draws."""

    font: Font
    text: str


class Fonts:
    """All that there are, the given ones first."""

    def __init__(self, given: Sequence[Path] = ()) -> None:
        """Raises InvalidInput for a file that is no font."""
        self._given = [_given(path) for path in given]
        self._known: dict[str, Font | None] = {}
        self._can_shape = features.check("raqm")

    def runs(self, text: str) -> list[Run]:
        """Return the parts of a text that can be drawn, in its order; what no font has is left out."""
        parts: list[tuple[Font, list[str]]] = []
        for character in text:
            font = parts[-1][0] if parts else None
            if shows_nothing(character):
                if parts:
                    parts[-1][1].append(character)
                continue
            if font is None or character.isalnum() or font.is_bitmap or not font.has(character):
                font = self.find(character)
            if font is None:
                continue
            if parts and parts[-1][0] is font:
                parts[-1][1].append(character)
            else:
                parts.append((font, [character]))
        return [Run(font, "".join(characters)) for font, characters in parts]

    def lacking(self, text: str) -> set[str]:
        """Return the writings of which it has characters that cannot be drawn."""
        missing = (each for each in text if not shows_nothing(each) and self.find(each) is None)
        return {script_of(character) for character in missing}

    def find(self, character: str) -> Font | None:
        """Return the best font that has a character."""
        if character not in self._known:
            self._known[character] = self._find(character)
        return self._known[character]

    def _find(self, character: str) -> Font | None:
        if not self._can_shape and not character.isascii() and not is_simple(script_of(character)):
            return None
        return next((font for font in (*self._given, *self._installed) if font.has(character)), None)

    @cached_property
    def _installed(self) -> list[Font]:
        files = islice((path for folder in _folders() for path in _below(folder)), _FILES_MOST)
        return [*map(Font, sorted(files, key=_rank)), Font(None)]


def _bundled(px: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(px)
    if not isinstance(font, ImageFont.FreeTypeFont):  # a Pillow without FreeType, as nobody distributes it
        raise InvalidInput("Pillow was built without FreeType, and can draw no text.", hint="Install Pillow by pip.")
    return font


def _given(path: Path) -> Font:
    font = Font(path)
    if not font.is_readable or font.sized(12) is None:
        raise InvalidInput(
            f"font is {shown(str(path))}, which is no font that can be read.", hint="Give a file: .ttf, .otf or .ttc."
        )
    return font


def _folders() -> Iterator[Path]:
    """Yield where systems have fonts, those of the user first."""
    environ = os.environ
    match sys.platform:
        case "win32":
            roots = [f"{environ.get('LOCALAPPDATA', '')}/Microsoft/Windows", environ.get("WINDIR", "C:/Windows")]
        case "darwin":
            roots = [os.path.expanduser("~/Library"), "/Library", "/System/Library"]  # noqa: PTH111 - may have no home
        case _:
            own = environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")  # noqa: PTH111
            shared = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
            roots = [own, *shared.split(":")]
    yield from (Path(root, "fonts") for root in roots if root)


def _below(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in names if name.lower().endswith(_SUFFIXES))


def _rank(path: Path) -> tuple[int, int, str, str]:
    """Return what puts the fonts that a caption looks best in at the front."""
    name = path.stem.lower().replace("_", "-")
    family = name.partition("-")[0].replace(" ", "")
    styles = 3 * len(_STYLED.findall(name)) + len(_SERIF.findall(name.replace("sansserif", "")))
    return styles, _FIRST.index(family) if family in _FIRST else len(_FIRST), name, str(path)
