"""avatar backup [home] FILE, and create|list|restore."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from avatar_creator.cli.options.confirm import confirm
from avatar_creator.cli.options.counting import counting
from avatar_creator.cli.options.shared import FilePath, JsonLinesOption, JsonOption, YesOption
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.widgets import age, nothing, row, size, table
from avatar_creator.domain.text import counted, visible
from avatar_creator.errors import StorageError
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.services.backup import Backup, Restored

_PACKED = (".zip", ".tar")
_NAMED = 3  # files of those that were missing, and of those that were damaged


class FileGroup(TyperGroup):
    """Its commands, and `home` where a file is named instead of one: avatar backup FILE.zip."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        word = next((arg for arg in args if not arg.startswith("-")), "")
        is_file = word.lower().endswith(_PACKED) or "/" in word or (word != "" and Path(word).exists())
        if word not in self.commands and (is_file or "--verify" in args):
            args = ["home", *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(add_completion=False, cls=FileGroup, help="Back up the home, or its database, and put that back.")
APPS = {"backup": app}


@app.command()
def home(
    file: Annotated[Path, typer.Argument(click_type=FilePath(), metavar="FILE.zip", help="Where to, or from.")],
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check a backup that is there: every file, and its database.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    json_: JsonOption = False,
) -> None:
    """Write the whole home into a ZIP file, also while others write; avatar backup FILE.zip does the same.

    That is the database, every picture, settings without tokens, and logs.
    """
    out = Output(as_json=json_)
    with open_library() as library, counting(out, "Checking" if verify else "Copying", None) as done:
        whole = library.whole_backups
        made = whole.verify(file, done=done) if verify else whole.write(file, force=force, done=done)
    for name in made.missing[:_NAMED]:
        out.warn(f"{visible(name)} is not in it: it was missing in the home.")
    for name in made.damaged[:_NAMED]:
        out.warn(f"{visible(name)} has other bytes than its row says: it was damaged in the home.")
    lacking = len(made.missing) + len(made.damaged)
    said = f"{counted(made.avatars, 'avatar')}, {counted(made.files, 'file')}, {size(made.bytes)}"
    if out.as_json:
        print(json.dumps(made.as_json(), ensure_ascii=False))
    if lacking:
        what = f"{file} is not damaged itself" if verify else f"Backed up to {file}"
        raise StorageError(
            f"{what}, but {counted(lacking, 'file is', 'files are')} missing or damaged: {said}.",
            hint="See which in the home: avatar verify. Put them back from an earlier backup.",
        )
    out.note(f"{file} is whole: {said}." if verify else f"Backed up to {file}: {said}.")


@app.command()
def create(
    file: Annotated[
        Path | None,
        typer.Argument(click_type=FilePath(), help="Where to; else into backups/ of the home.", show_default=False),
    ] = None,
) -> None:
    """Copy the database, also while others write, and print the path of the copy. Pictures are not in it."""
    with open_library() as library:
        print(library.backups.create(file))


@app.command("list")
def list_(*, json_: JsonOption = False, jsonl: JsonLinesOption = False) -> None:
    """List the copies in backups/ of the home, newest first."""
    with open_library() as library:
        Output(as_json=json_, as_lines=jsonl).records(library.backups.find(), _line, _table)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(click_type=FilePath(), help="A backup that avatar made.")],
    *,
    yes: YesOption = False,
) -> None:
    """Put a copy in the place of the database, while no other command runs. What was there is set aside.

    A backup of a whole home makes an empty home what that one was.
    """
    with open_library() as library:
        if library.whole_backups.is_whole(file):
            with counting(Output(), "Restoring", None) as done:
                restored = library.whole_backups.restore(file, done=done)
            _say(restored)
            return
        confirm(f"Put {file} in the place of {library.home.database}?", yes=yes, otherwise="Nothing was restored.")
        restored = library.backups.restore(file)
    _say(restored)


def _say(restored: "Restored") -> None:
    out = Output()
    out.note(f"Restored: {counted(restored.avatars, 'avatar')}. See whether all pictures are there: avatar doctor")
    if restored.set_aside is not None:
        out.note(f"What was there is in {restored.set_aside}")
    if restored.waiting:
        waiting = counted(restored.waiting, "generation waits", "generations wait")
        out.warn(
            f"{waiting} in it, and the next worker makes what waits, perhaps a second time. "
            "To stop that: avatar cancel --all"
        )


def _line(backup: "Backup") -> Sequence[object]:
    return backup.path, backup.made_at, backup.bytes, backup.schema


def _table(backups: Sequence["Backup"]) -> "RenderableType":
    rows = table("file", ">size", ">schema", ">made", folds=True)
    for backup in backups:
        row(rows, backup.path, size(backup.bytes), backup.schema, age(backup.made_at))
    return rows if backups else nothing("No backups.", "avatar backup create")
