"""Where `generate --output` writes: a file, a folder, a pattern of names, a pipe or a device, or stdout."""

import os
import shlex
import stat
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from avatar_creator.cli.options.confirm import can_ask, confirm
from avatar_creator.domain.output_pattern import OutputNames, OutputPattern, Places, picture_values
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.place import Place, PlaceOf
from avatar_creator.domain.text import shown, visible
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.home import whole
from avatar_creator.library.outputs import check_folder, is_taken

if TYPE_CHECKING:
    from avatar_creator.jobs.plan import Plan

STDOUT = "-"
_AN_ID = "av_" + 13 * "0"  # as long as any
_NAMED_MOST = 3  # files that a question names


@dataclass(frozen=True, slots=True)
class Destination:
    """Checked before anything is made: a wrong path must not cost a picture.

    ``pattern`` is None for what is written to as it is: stdout, a pipe, a device. In a folder the names are the ids.
    """

    given: str
    pattern: OutputPattern | None = None
    is_folder: bool = False

    @classmethod
    def parse(
        cls,
        given: str,
        *,
        count: int,
        as_json: bool,
        detached: bool = False,
        columns: Mapping[str, str | None] = MappingProxyType({}),
    ) -> "Destination":
        """Raises InvalidInput when pictures could not be written there, or would overwrite each other.

        ``count`` is 0 where nobody knows it. ``columns`` are those of a persona file, each with the field that it is
        used for.
        """
        if not given:
            raise InvalidInput("output is empty.", hint="Give a file, a folder, or - for stdout.")
        if given == STDOUT:
            _check_stdout(count=count, as_json=as_json, detached=detached)
            return cls(given)
        whole(Path(given), f"output is {shown(given)}")  # raises if it starts from nowhere
        there = os.path.isdir(given)  # noqa: PTH112 - Path's raises for too long a name
        is_folder = there or given.endswith("/")
        text = given.replace("{", "{{").replace("}", "}}") if there else given
        pattern = OutputPattern.parse(
            f"{text.rstrip('/')}/{{id}}" if is_folder else text, OutputNames(FIELDS, dict(columns))
        )
        _ = pattern.format  # raises for one that cannot be written
        if count != 1 and not pattern.slots:
            raise InvalidInput(
                f"output is {shown(given)}, one file for {count or 'many'} pictures.",
                hint=f"{_folder(given)}, or a name with {{name}}, {{n}}, {{seed}} or {{id}}.",
            )
        if not pattern.slots and _is_stream(given):
            if detached:
                raise InvalidInput(
                    f"output is {shown(given)}, a pipe or a device, and --detach makes the picture later.",
                    hint="Give --output a file or a folder.",
                )
            return cls(given)
        check_folder(pattern.folder, f"output is {shown(given)}")
        return cls(given, pattern, is_folder)

    @classmethod
    def of_batch(cls, given: str, columns: Mapping[str, str | None]) -> tuple[OutputPattern, bool]:
        """Return the pattern of the pictures of a batch, and whether it is of a folder. Raises InvalidInput."""
        if given == STDOUT:
            raise InvalidInput("output is '-', which takes one picture.", hint="Give a folder, or {name}.png.")
        to = cls.parse(given, count=0, as_json=False, columns=columns)
        assert to.pattern is not None  # noqa: S101 - it has fields
        return to.pattern, to.is_folder

    @property
    def is_stdout(self) -> bool:
        return self.given == STDOUT

    @property
    def format(self) -> PictureFormat | None:
        """The format that the name's suffix asks for."""
        if self.pattern is not None:
            return self.pattern.format
        return None if self.is_stdout else PictureFormat.of_name("output", self.given)

    def place_of(self, plan: "Plan", *, force: bool, ask: bool) -> PlaceOf | None:
        """Return where the pictures of a run go, namesakes numbered; None for what is written to as it is.

        Raises InvalidInput for a name that is too long, and for a file that stands there and is not to be replaced.
        """
        pattern = self.pattern
        if pattern is None:
            return None
        request, means = plan.request, plan.pattern_values
        suffix = f".{request.format.extension}" if self.is_folder else ""

        def path(n: int, id_: str) -> str:
            who = request.persona, request.attributes, request.prompt.base
            values = picture_values(means, *who, name=request.name, seed=plan.seeds[n - 1], n=n, id=id_)
            return pattern.fill(values) + suffix

        numbers = range(1, len(plan.seeds) + 1)
        if "id" in pattern.fields:  # no other picture has it, and no file yet
            for n in numbers:
                is_taken(path(n, _AN_ID), pattern.folder)
            return lambda n, id_: Place(path(n, id_), pattern.folder, force)
        places = Places(pattern)
        paths = [places.place(path(n, "")) for n in numbers]
        replace = _allow_replacing(paths, pattern.folder, force=force, ask=ask)
        return lambda n, _: Place(paths[n - 1], pattern.folder, replace)


def _folder(given: str) -> str:
    """Say how a folder is given; a name that is of none yet is often meant as one."""
    if Path(given).suffix or os.path.lexists(given):
        return "Give a folder"
    return f"Give a folder: mkdir {shlex.quote(visible(given))} makes it"


def _check_stdout(*, count: int, as_json: bool, detached: bool) -> None:
    if detached:
        raise InvalidInput(
            "output is '-', and --detach makes the picture later.", hint="Give --output a file or a folder."
        )
    if sys.stdout.isatty():
        raise InvalidInput("output is '-', and stdout is a terminal.", hint="Redirect it: --output - > picture.jpg")
    if count > 1 or as_json:
        raise InvalidInput(
            f"output is '-', which takes one picture and nothing else on stdout "
            f"({'--json' if as_json else f'--count {count}'} was given).",
            hint="Give --output a folder instead.",
        )


def _is_stream(given: str) -> bool:
    try:
        mode = os.stat(given).st_mode  # noqa: PTH116 - as given
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _allow_replacing(paths: Collection[str], folder: str, *, force: bool, ask: bool) -> bool:
    """Return whether files that stand at the paths are to be replaced; they are where the user says so.

    Raises InvalidInput for one that stands there where nobody is to be asked, or that no picture can be written to,
    Cancelled for "no".
    """
    there = [path for path in paths if is_taken(path, folder)]
    if force or not there:
        return force
    named = ", ".join(map(visible, there[:_NAMED_MOST]))
    named += f" and {len(there) - _NAMED_MOST} more" if len(there) > _NAMED_MOST else ""
    if not ask or not can_ask():
        raise InvalidInput(
            f"output names {named}, which {'is' if len(there) == 1 else 'are'} there already.",
            hint="Give another name, or say --force to replace what is there.",
        )
    confirm(f"Replace {named}?", yes=False, otherwise="Nothing was made, and nothing replaced.")
    return True
