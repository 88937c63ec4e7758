"""Where `cast --plan` writes: a persona file, or stdout."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.cli.options.making import Batching, Making
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput

if TYPE_CHECKING:
    from avatar_creator.library import Library
    from avatar_creator.library.casts import Cast

_STDOUT = "-"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Checked before people are made. ``path`` is None for stdout, where the format is that of ``suffix``."""

    given: str
    path: Path | None
    suffix: str

    @classmethod
    def of(cls, library: "Library", given: str, batching: Batching, making: Making, suffix: str) -> "PlanFile":
        """Raises InvalidInput for what cannot be written, and for options of pictures: none is made."""
        vain = {
            "--output": batching.output,
            "--manifest": batching.manifest,
            "--dry-run": batching.dry_run,
            "--again": batching.again,
            "--retry-failed": batching.retry_failed,
            "--detach": making.later.detach,
        }
        for option, value in vain.items():
            if value:
                raise InvalidInput(
                    f"--plan makes no pictures, and {option} is for those.",
                    hint=f"Give {option} to the command that makes them: avatar batch {_quoted(given)}",
                )
        path = None if given == _STDOUT else library.casts.check_path(given, force=batching.force)
        return cls(given, path, suffix)

    def write(self, library: "Library", cast: "Cast", out: Output) -> None:
        """Write the people, and say where they are. Raises StorageError."""
        if self.path is None:
            out.data(library.casts.written(cast, self.suffix))
            return
        library.casts.write(cast, self.path)
        people = cast.rows.spec.people
        out.note(
            f"{'One person is' if people == 1 else f'{people:,} people are'} in {visible(self.given)}."
            f" To make {'the picture' if people == 1 else 'their pictures'}: avatar batch {_quoted(self.given)}"
        )


def _quoted(path: str) -> str:
    return shlex.quote(visible(path))
