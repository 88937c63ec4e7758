"""Patterns of `--output`: a path with fields in braces, such as ``cast/{gender}/{name}-{n:03}.png``.

What values fill in leads to no other folder, and can be the name of a file on every system.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath, PureWindowsPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.fields import Fields, Part
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import fold, nearest, shown
from avatar_creator.errors import InvalidInput

if TYPE_CHECKING:
    from avatar_creator.domain.records import Avatar

UNKNOWN = "unknown"  # stands for a value that is not given, or has nothing that a name of a file may hold
PICTURE_FIELDS = ("name", "id", "seed", "n")  # of the picture itself: its avatar's name and id, its seed, its number
NAME_MOST = 255  # bytes of one name: what file systems allow
_DIGITS_MOST = 20

_SEPARATORS = re.compile(r"[/\\]" if isinstance(PurePath(), PureWindowsPath) else "/")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_PADDED = re.compile(r"(?P<name>.*):(?P<spec>[^:]*)", re.DOTALL)
_PADDING = re.compile(r"0(?P<digits>[1-9]\d?)d?", re.ASCII)
_ASCII_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)
_DASHES = re.compile("--+")
_INVISIBLE = frozenset("\u200c\u200d" + "".join(map(chr, range(0xFE00, 0xFE10))))  # joiners, and the looks of emoji
# What Windows takes for devices, whatever the suffix.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_LEFT_OUT = {"count", "quality_terms", "name_in_prompt", "negative_prompt", "commercial", "embed", "jpeg_quality"}


class Slot(NamedTuple):
    """A field in braces: a canonical name or a column of a file; its number padded with zeros to so many digits."""

    name: str
    digits: int = 0
    is_column: bool = False


@dataclass(frozen=True, slots=True)
class OutputNames:
    """What may stand in braces: fields of a picture, and of a persona file its ``columns``.

    Each column has the field that it is used for, or None. A column comes before a field of the same name.
    """

    fields: Fields
    columns: Mapping[str, str | None] = field(default_factory=dict)

    def known(self) -> list[str]:
        """Return the names that a message lists: all but options of engines."""
        own = [
            each.name
            for each in self.fields
            if self._is_offered(each.name) and each.part is not Part.OPTIONS and each.name != "avatar_name"
        ]
        return list(dict.fromkeys((*PICTURE_FIELDS, *self.columns, *own)))

    def find(self, name: str) -> Slot | None:
        """Return what a name in braces means, in any spelling; None if it means nothing."""
        name = name.strip()
        if name in self.columns:
            return self._of_column(name)
        if fold(name) in PICTURE_FIELDS:
            return Slot(fold(name))
        if fold(name) == "avatar_id":  # where the file has an id of its own
            return Slot("id")
        known = self.fields.normalised(name) if _is_spelling(name) else None
        if known is not None and self._is_offered(known):
            return _of_field(known)
        return next((self._of_column(each) for each in self.columns if fold(each) == fold(name)), None)

    def is_number(self, slot: Slot) -> bool:
        """Return whether a value may be padded with zeros; that of an id or a column is, if it is a number."""
        return (
            slot.is_column
            or slot.name in {"seed", "n", "persona_id"}
            or (slot.name not in PICTURE_FIELDS and self.fields[slot.name].kind is int)
        )

    def _of_column(self, column: str) -> Slot:
        used = self.columns[column]
        is_field = used is not None and self._is_offered(used)
        return _of_field(used) if used is not None and is_field else Slot(column, is_column=True)

    def _is_offered(self, name: str) -> bool:
        if name in _LEFT_OUT or name not in self.fields:
            return False
        return self.fields[name].part is not Part.ROW or bool(self.columns)


def _of_field(name: str) -> Slot:
    return Slot("name" if name == "avatar_name" else name)


@dataclass(frozen=True, slots=True)
class OutputPattern:
    """A parsed pattern: the names that make up its path, each of texts and fields."""

    given: str
    names: tuple[tuple[str | Slot, ...], ...]
    option: str = "output"  # that it is given as

    @classmethod
    def parse(cls, given: str, known: OutputNames, option: str = "output") -> Self:
        """Raises InvalidInput for a field that does not exist, and for braces without a partner."""
        names: list[list[str | Slot]] = [[]]
        for part in parts_of(option, given, known):
            if isinstance(part, str):
                _add_text(names, part)
            else:
                names[-1].append(part)
        return cls(given, tuple(map(tuple, names)), option)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(part for name in self.names for part in name if isinstance(part, Slot))

    @property
    def fields(self) -> frozenset[str]:
        """The names of its fields, without columns that are none."""
        return frozenset(slot.name for slot in self.slots if not slot.is_column)

    @property
    def folder(self) -> str:
        """The folder that has to be there: all that stands before the first name with a field in it."""
        fixed = 0
        while fixed < len(self.names) - 1 and all(isinstance(part, str) for part in self.names[fixed]):
            fixed += 1
        folder = "/".join("".join(map(str, name)) for name in self.names[:fixed])
        return folder or ("/" if fixed else ".")

    @property
    def format(self) -> PictureFormat | None:
        """The format that its suffix asks for, None without one. Raises InvalidInput for any other."""
        last = self.names[-1]
        text = last[-1] if last and isinstance(last[-1], str) else ""
        suffix = PurePath(f"x{text}" if len(last) > 1 else text).suffix
        return PictureFormat.of_name(self.option, self.given) if suffix else None

    def fill(
        self,
        values: Mapping[str, Any],
        cells: Mapping[str, Any] = MappingProxyType({}),
        *,
        bytes_most: int | None = None,
    ) -> str:
        """Return the path with ``values`` by field filled in, and of columns that are no fields ``cells``.

        Values are cut where a name would have more than ``bytes_most``. Raises InvalidInput for a name that is longer
        than a file can have.
        """
        dots = self.format is not None  # else what follows a dot would be taken for a suffix
        return "/".join(
            self._filled(name, values, cells, dots=dots or at < len(self.names), bytes_most=bytes_most)
            for at, name in enumerate(self.names, 1)
        )

    def _filled(
        self,
        name: tuple[str | Slot, ...],
        values: Mapping[str, Any],
        cells: Mapping[str, Any],
        *,
        dots: bool,
        bytes_most: int | None,
    ) -> str:
        parts = [
            part
            if isinstance(part, str)
            else _value(part, (cells if part.is_column else values).get(part.name), dots=dots)
            for part in name
        ]
        if bytes_most is not None:
            _shorten(parts, [at for at, part in enumerate(name) if isinstance(part, Slot)], bytes_most)
        text = "".join(parts)
        if _DEVICES.fullmatch(text) and any(isinstance(part, Slot) for part in name):
            stem, dot, suffix = text.partition(".")
            text = f"{stem}_{dot}{suffix}"
        self.check_length(text)
        return text

    def check_length(self, name: str) -> None:
        """Raise InvalidInput for a name that is longer than a file can have."""
        length = _length(name)
        if length > NAME_MOST:
            raise InvalidInput(
                f"{self.option} is {shown(self.given)}: File name too long.",
                hint=f"{shown(name)} has {length} bytes, and a name at most {NAME_MOST}: leave out a field, or a part.",
            )


class Places:
    """The paths of one run. One that another picture has is numbered: ``Ana.png``, ``Ana-2.png``.

    Paths that differ in case or Unicode form alone are the same: on some disks they are.
    """

    def __init__(self, pattern: OutputPattern) -> None:
        self._pattern = pattern
        self._taken: dict[int, int] = {}  # hashes, since a run may have very many; and the number of the last namesake

    def place(self, path: str) -> str:
        """Return a path that no other picture has. Raises InvalidInput for one that becomes too long."""
        first, key = PurePath(path), hash(fold(path))
        while hash(fold(path)) in self._taken:
            self._taken[key] += 1
            path = str(first.with_name(f"{first.stem}-{self._taken[key]}{first.suffix}"))
        if path != str(first):
            self._pattern.check_length(PurePath(path).name)
        self._taken[hash(fold(path))] = 1
        return path


def parts_of(option: str, given: str, known: OutputNames) -> Iterator[str | Slot]:
    """Yield the texts and fields of what an option is given.

    Raises InvalidInput for a field that does not exist, and for braces without a partner.
    """
    end = 0
    for found in _BRACES.finditer(given):
        yield given[end : found.start()]
        end = found.end()
        if found[0] in {"{{", "}}"}:
            yield found[0][0]
        elif found[1] is None:
            raise InvalidInput(f"{option} is {shown(given)}: a {found[0]} stands alone.", hint="Write {{ for a brace.")
        else:
            yield _slot(option, given, found[1], known)
    yield given[end:]


def values_of(avatar: "Avatar", n: int) -> dict[str, Any]:
    """Return the values that a pattern may ask of an avatar, by field; ``n`` is its number."""
    options = avatar.recipe.get("options", {})
    means = {
        **(options if isinstance(options, dict) else {}),
        "engine": avatar.engine,
        "model": avatar.model,
        "width": avatar.width_px,
        "height": avatar.height_px,
        "format": avatar.format,
        "preset": avatar.preset,
        "project": avatar.project_name,
    }
    own = {"name": avatar.name, "id": avatar.id, "seed": avatar.seed, "persona_id": avatar.persona_id, "n": n}
    return picture_values(means, avatar.persona, avatar.attributes, avatar.prompt, **own)


def picture_values(
    means: Mapping[str, Any],
    persona: Persona,
    attributes: Attributes,
    prompt: str | None,
    **own: str | int | None,
) -> dict[str, Any]:
    """Return the values that a pattern may ask of a picture, by field.

    ``means`` are those of how it is made, as a plan has them; ``own`` its name, seed, number and id, and those of its
    row.
    """
    return {
        **means,
        **attributes.as_json(),
        "persona_name": persona.name,
        "persona_age": persona.age,
        "personality": persona.personality,
        "background": persona.background,
        "prompt": prompt,
        **own,
    }


def safe(value: str, *, dots: bool = True) -> str:
    """Return a value as part of a name: letters, marks and digits of every script stay, and ``_``, ``.`` and ``-``.

    Anything else, as spaces and slashes, becomes one ``-``; none stands at an end.
    """
    if value.isascii():
        text = _ASCII_UNSAFE.sub("-", value)
    else:
        letters = (_safe_character(each) for each in unicodedata.normalize("NFC", value))
        text = _DASHES.sub("-", "".join(letters))
    return (text if dots else text.replace(".", "-")).strip("-.") or UNKNOWN


def _safe_character(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    return character if character in "_.-" or unicodedata.category(character)[0] in "LMN" else "-"


def _shorten(parts: list[str], at: Collection[int], bytes_most: int) -> None:
    """Cut the longest of the parts at these places, until all of them together have no more bytes."""
    while at and (excess := sum(map(_length, parts)) - bytes_most) > 0:
        longest = max(at, key=lambda each: _length(parts[each]))
        text = parts[longest].encode("utf-8", "surrogateescape")
        cut = text[: max(len(text) - excess, 1)].decode("utf-8", "ignore").rstrip("-.")
        while cut and unicodedata.combining(
            parts[longest][len(cut) : len(cut) + 1] or "x"
        ):  # a letter goes with its accents
            cut = cut[:-1]
        if not cut or cut == parts[longest]:
            return
        parts[longest] = cut


def _length(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _value(slot: Slot, value: object, *, dots: bool) -> str:
    if isinstance(value, str) and slot.digits and value.strip().isdecimal() and len(value) <= NAME_MOST:
        value = int(value)  # Python reads none of thousands of digits
    match value:
        case None | "" | ():
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:0{slot.digits}d}" if slot.digits else str(value)
        case float():
            value = f"{value:g}"
        case list() | tuple():
            value = "-".join(map(str, value))
    return safe(str(value), dots=dots)


def _slot(option: str, given: str, text: str, known: OutputNames) -> Slot:
    slot = known.find(text)
    if slot is not None:
        return slot
    padded = _PADDED.fullmatch(text)
    slot = known.find(padded["name"]) if padded else None
    if padded is None or slot is None:
        raise _no_field(option, given, text, known)
    padding = _PADDING.fullmatch(padded["spec"])
    if padding is None or int(padding["digits"]) > _DIGITS_MOST or not known.is_number(slot):
        is_text = padding is not None and not known.is_number(slot)
        why = f"{slot.name} is no number" if is_text else f"'{padded['spec']}' is no padding"
        raise InvalidInput(
            f"{option} is {shown(given)}; in {{{text}}}, {why}.",
            hint=f"Write {{{padded['name']}}}." if is_text else f"Write {{{padded['name']}:03}} for three digits.",
        )
    return slot._replace(digits=int(padding["digits"]))


def _no_field(option: str, given: str, text: str, known: OutputNames) -> InvalidInput:
    names = known.known()
    near = nearest(text, names, alike=0.75) or known.fields.nearest(text) or nearest(text, names)
    guess = f"Did you mean {{{near}}}? " if near in names else ""
    return InvalidInput(
        f"{option} is {shown(given)}; {{{text}}} is no field.",
        hint=f"{guess}Fields: {', '.join(f'{{{name}}}' for name in names)}; {{{{ for a brace.",
    )


def _add_text(names: list[list[str | Slot]], text: str) -> None:
    """Add a text, which begins another name behind each separator."""
    for at, part in enumerate(_SEPARATORS.split(text)):
        if at:
            names.append([])
        if part:
            names[-1].append(part)


def _is_spelling(name: str) -> bool:
    """Return whether it may be a field, and not a piece of Python: no conversion, no call."""
    return re.fullmatch(r"[\w .-]+", name) is not None
