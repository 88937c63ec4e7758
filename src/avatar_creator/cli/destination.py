"""Where `generate --output` writes: a file, a folder, a name pattern, or stdout."""

import re
import string
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput

STDOUT = "-"
FIELDS = ("name", "id", "seed", "n")
_SUFFIXES = {
    ".jpg": PictureFormat.JPEG,
    ".jpeg": PictureFormat.JPEG,
    ".png": PictureFormat.PNG,
    ".webp": PictureFormat.WEBP,
}
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")  # letters of any script stay; separators, spaces and quotes do not


@dataclass(frozen=True, slots=True)
class Destination:
    """Checked before anything is made: a wrong path must not cost a picture."""

    given: str

    @classmethod
    def parse(cls, given: str, *, count: int, as_json: bool) -> "Destination":
        """Raises InvalidInput when pictures could not be written there, or would overwrite each other."""
        self = cls(given)
        if not given:
            raise InvalidInput("output is empty.", hint="Give a file, a folder, or - for stdout.")
        if self.is_stdout:
            if sys.stdout.isatty():
                raise InvalidInput(
                    "output is '-', and stdout is a terminal.", hint="Redirect it: --output - > picture.jpg"
                )
            if count > 1 or as_json:
                raise InvalidInput(
                    f"output is '-', which takes one picture and nothing else on stdout "
                    f"({'--json' if as_json else f'--count {count}'} was given).",
                    hint="Give --output a folder instead.",
                )
            return self
        unknown = sorted(set(self._fields()) - set(FIELDS))
        if unknown:
            raise InvalidInput(
                f"output is {shown(given)}; {{{unknown[0]}}} is no field.",
                hint="Fields: " + ", ".join(f"{{{field}}}" for field in FIELDS) + "; {{ for a brace.",
            )
        suffix = Path(given).suffix
        if not self._is_folder and suffix and suffix.lower() not in _SUFFIXES:
            raise InvalidInput(
                f"output is {shown(given)}; {suffix} is no format that can be written.",
                hint=f"Suffixes: {', '.join(_SUFFIXES)}; or a name without one.",
            )
        if count > 1 and not self._is_folder and not {"id", "seed", "n"} & set(self._fields()):
            raise InvalidInput(
                f"output is {shown(given)}, one file for {count} pictures.",
                hint="Give a folder, or a name with {n}, {seed} or {id}.",
            )
        folder = Path(given) if self._is_folder else Path(given).parent
        if not folder.is_dir():
            raise InvalidInput(f"output is {shown(given)}; there is no folder {folder}.", hint="Make it first.")
        return self

    @property
    def is_stdout(self) -> bool:
        return self.given == STDOUT

    @property
    def format(self) -> PictureFormat | None:
        """The format that the name's suffix asks for."""
        return _SUFFIXES.get(Path(self.given).suffix.lower())

    def path(self, avatar: Avatar, n: int) -> Path:
        """Return where the ``n``-th picture goes, counted from 1."""
        extension = PictureFormat(avatar.format).extension
        if self._is_folder:
            return Path(self.given) / f"{avatar.id}.{extension}"
        values: Mapping[str, object] = {
            "name": _NOT_IN_NAMES.sub("-", avatar.name).strip("-.") or "avatar",
            "id": avatar.id,
            "seed": avatar.seed,
            "n": n,
        }
        return Path(self.given.format_map(values))

    @property
    def _is_folder(self) -> bool:
        return self.given.endswith("/") or Path(self.given).is_dir()

    def _fields(self) -> Iterator[str]:
        try:
            for _, field, spec, conversion in string.Formatter().parse(self.given):
                if field is not None:
                    yield field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        except ValueError as error:
            raise InvalidInput(f"output is {shown(self.given)}: {error}.", hint="Write {{ for a brace.") from error
