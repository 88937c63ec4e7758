"""avatar path|open|inspect: an avatar's files, and any picture file."""

from pathlib import Path
from typing import Annotated

import typer

from avatar_creator.cli import reports
from avatar_creator.cli.options import AvatarArgument, JsonOption
from avatar_creator.cli.output import Output
from avatar_creator.errors import StorageError
from avatar_creator.library import open_library

_path, _open, _inspect = (typer.Typer(add_completion=False) for _ in range(3))
APPS = {"path": _path, "open": _open, "inspect": _inspect}

ThumbnailOption = Annotated[bool, typer.Option("--thumbnail", help="The 300x300 thumbnail instead.")]


@_path.command()
def path(id_: AvatarArgument, *, thumbnail: ThumbnailOption = False) -> None:
    """Print the path of an avatar's picture."""
    with open_library() as library:
        avatar = library.show(id_)
    print(avatar.thumbnail_path if thumbnail else avatar.image_path)


@_open.command("open")
def open_(id_: AvatarArgument, *, thumbnail: ThumbnailOption = False) -> None:
    """Open an avatar's picture in the system's viewer."""
    with open_library() as library:
        avatar = library.show(id_)
    picture = avatar.thumbnail_path if thumbnail else avatar.image_path
    if typer.launch(str(picture)) != 0:
        raise StorageError(f"No viewer opened {picture}.", hint="Open that path with a program of yours.")


@_inspect.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A JPEG, PNG or WebP file, made by this tool or not.", readable=False)],
    *,
    json_: JsonOption = False,
) -> None:
    """Show what a picture file says of itself."""
    with open_library() as library:
        marks = library.inspect(file)
    Output(as_json=json_).report(marks, reports.marks_lines, reports.marks_card)
