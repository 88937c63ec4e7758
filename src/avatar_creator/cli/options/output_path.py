"""Where `generate --output` writes: a file, a folder, a name pattern, or stdout."""

import os
import re
import stat
import string
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from avatar_creator.cli.options.confirm import can_ask, confirm
from avatar_creator.domain.picture import COUNT_MOST, SEED_MOST, PictureFormat
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.home import whole

STDOUT = "-"
FIELDS = ("name", "id", "seed", "n")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")  # letters of any script stay; separators, spaces and quotes do not
_AN_ID = "av_" + 13 * "0"  # as long as any
_NAMED_MOST = 3  # files that a question names


class Copies(NamedTuple):
    """Where the pictures go, those by seed that is known of before, and whether they may ``replace`` files."""

    destination: "Destination"
    paths: Mapping[int, Path]
    replace: bool


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
        whole(Path(given), f"output is {shown(given)}")  # raises if it starts from nowhere
        unknown = sorted(set(self._fields()) - set(FIELDS))
        if unknown:
            raise InvalidInput(
                f"output is {shown(given)}; {{{unknown[0]}}} is no field.",
                hint="Fields: " + ", ".join(f"{{{field}}}" for field in FIELDS) + "; {{ for a brace.",
            )
        if not self._is_folder:
            PictureFormat.of_name("output", given)
        if count > 1 and not self._is_folder and not set(self._fields()):
            raise InvalidInput(
                f"output is {shown(given)}, one file for {count} pictures.",
                hint="Give a folder, or a name with {name}, {n}, {seed} or {id}.",
            )
        folder = Path(given) if self._is_folder else Path(given).parent
        if not os.path.isdir(folder):  # noqa: PTH112
            raise InvalidInput(f"output is {shown(given)}; there is no folder {folder}.", hint="Make it first.")
        if self._is_folder:
            _check_writable(folder, f"output is {shown(given)}")
        return self

    @property
    def is_stdout(self) -> bool:
        return self.given == STDOUT

    @property
    def format(self) -> PictureFormat | None:
        """The format that the name's suffix asks for."""
        return None if self._is_folder or self.is_stdout else PictureFormat.of_name("output", self.given)

    def paths(self, name: str, seeds: Iterable[int]) -> dict[int, Path]:
        """Return by seed where the pictures go, as far as their ids have no part in it; namesakes are numbered.

        Raises InvalidInput for a name that is too long for the disk.
        """
        if self.is_stdout or self._is_folder:
            return {}
        if "id" in self._fields():
            _is_taken(self._filled(name=name, id=_AN_ID, seed=SEED_MOST, n=COUNT_MOST))
            return {}
        found: dict[Path, int] = {}  # and the number that its last namesake has
        paths: dict[int, Path] = {}
        for n, seed in enumerate(seeds, start=1):
            path = first = self._filled(name=name, seed=seed, n=n)
            while path in found:
                found[first] += 1
                path = first.with_name(f"{first.stem}-{found[first]}{first.suffix}")
            found[path] = 1
            paths[seed] = path
        return paths

    def copies(self, name: str, seeds: Sequence[int], *, force: bool, ask: bool) -> Copies:
        """Return where the pictures of a run go.

        Raises InvalidInput for a file that stands there and is not to be replaced.
        """
        paths = self.paths(name, seeds)
        return Copies(self, paths, allow_replacing(paths.values(), force=force, ask=ask))

    def path(self, avatar: Avatar, n: int) -> Path:
        """Return where the ``n``-th picture goes, counted from 1."""
        extension = PictureFormat(avatar.format).extension
        if self._is_folder:
            return Path(self.given) / f"{avatar.id}.{extension}"
        return self._filled(name=avatar.name, id=avatar.id, seed=avatar.seed, n=n)

    def _filled(self, *, name: str, **values: object) -> Path:
        name = _NOT_IN_NAMES.sub("-", name)
        if self.format is None:  # what follows a dot would be taken for one
            name = name.replace(".", "-")
        return Path(self.given.format_map({"name": name.strip("-.") or "avatar", **values}))

    @property
    def _is_folder(self) -> bool:
        return self.given.endswith("/") or os.path.isdir(self.given)  # noqa: PTH112 - Path's raises for too long a name

    def _fields(self) -> Iterator[str]:
        try:
            for _, field, spec, conversion in string.Formatter().parse(self.given):
                if field is not None:
                    yield field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        except ValueError as error:
            raise InvalidInput(f"output is {shown(self.given)}: {error}.", hint="Write {{ for a brace.") from error


def allow_replacing(paths: Collection[Path], *, force: bool, ask: bool) -> bool:
    """Return whether files that stand at the paths are to be replaced; they are where the user says so.

    Raises InvalidInput for one that stands there where nobody is to be asked, or that no picture can be written to,
    Cancelled for "no".
    """
    there = [path for path in paths if _is_taken(path)]
    if force or not there:
        return force
    named = ", ".join(visible(str(path)) for path in there[:_NAMED_MOST])
    named += f" and {len(there) - _NAMED_MOST} more" if len(there) > _NAMED_MOST else ""
    if not ask or not can_ask():
        raise InvalidInput(
            f"output names {named}, which {'is' if len(there) == 1 else 'are'} there already.",
            hint="Give another name, or say --force to replace what is there.",
        )
    confirm(f"Replace {named}?", yes=False, otherwise="Nothing was made, and nothing replaced.")
    return True


def _is_taken(path: Path) -> bool:
    """Return whether a file would be replaced. Raises InvalidInput for what can be no picture's place."""
    said = f"output is '{visible(str(path))}'"
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = 0
    except OSError as error:
        raise InvalidInput(f"{said}: {error.strerror}.", hint="Give another name.") from error
    if stat.S_ISDIR(mode):
        raise InvalidInput(f"{said}, which is a folder.", hint="Add the name of a file to it.")
    if not mode or stat.S_ISREG(mode):
        folder = Path(os.path.realpath(path)).parent  # of what a link names
        if not folder.is_dir():
            raise InvalidInput(f"{said}, a link; there is no folder {visible(str(folder))}.", hint="Make it first.")
        _check_writable(folder, said)
    return stat.S_ISREG(mode)


def _check_writable(folder: Path, said: str) -> None:
    if not os.access(folder, os.W_OK):
        raise InvalidInput(f"{said}; nothing can be written to {visible(str(folder))}.", hint="Name another folder.")
