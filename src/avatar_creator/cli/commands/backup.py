"""avatar backup create|list|restore."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.options.confirm import confirm
from avatar_creator.cli.options.shared import FilePath, JsonLinesOption, JsonOption, YesOption
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.widgets import age, nothing, row, size, table
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.services.backup import Backup

app = typer.Typer(add_completion=False, help="Copy the database, and put a copy back.")
APPS = {"backup": app}


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
    file: Annotated[Path, typer.Argument(click_type=FilePath(), help="A copy that avatar made.")],
    *,
    yes: YesOption = False,
) -> None:
    """Put a copy in the place of the database, while no other command runs. What was there is set aside."""
    with open_library() as library:
        confirm(f"Put {file} in the place of {library.home.database}?", yes=yes, otherwise="Nothing was restored.")
        restored = library.backups.restore(file)
    out = Output()
    out.note(f"Restored: {restored.avatars} avatars. See whether all pictures are there: avatar doctor")
    if restored.set_aside is not None:
        out.note(f"What was there is in {restored.set_aside}")
    if restored.waiting:
        out.warn(
            f"{restored.waiting} generations wait in it, and the next worker makes them, perhaps a second time. "
            "To stop that: avatar cancel --all"
        )


def _line(backup: "Backup") -> Sequence[object]:
    return backup.path, backup.made_at, backup.bytes, backup.schema


def _table(backups: Sequence["Backup"]) -> "RenderableType":
    rows = table("file", ">size", ">schema", ">made")
    for backup in backups:
        row(rows, backup.path, size(backup.bytes), backup.schema, age(backup.made_at))
    return rows if backups else nothing("No backups.", "avatar backup create")
