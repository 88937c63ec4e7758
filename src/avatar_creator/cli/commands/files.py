"""avatar path|open|inspect: an avatar's files, and any picture file."""

from pathlib import Path
from typing import Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.shared import AvatarArgument, FilePath, JsonOption, VersionOption
from avatar_creator.cli.render import reports
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import StorageError
from avatar_creator.library import Library, open_library

_path, _open, _inspect = (typer.Typer(add_completion=False) for _ in range(3))
APPS = {"path": _path, "open": _open, "inspect": _inspect}

ThumbnailOption = Annotated[bool, typer.Option("--thumbnail", help="The 300x300 thumbnail instead.")]


@_path.command()
def path(id_: AvatarArgument, *, version: VersionOption = None, thumbnail: ThumbnailOption = False) -> None:
    """Print the path of an avatar's picture."""
    with open_library() as library:
        avatar = _with_picture(library, id_, version)
    print(avatar.thumbnail_path if thumbnail else avatar.image_path)


@_open.command("open")
def open_(id_: AvatarArgument, *, version: VersionOption = None, thumbnail: ThumbnailOption = False) -> None:
    """Open an avatar's picture in the system's viewer."""
    with open_library() as library:
        avatar = _with_picture(library, id_, version)
    picture = avatar.thumbnail_path if thumbnail else avatar.image_path
    if not picture.is_file():
        raise StorageError(f"The file {picture} is missing.", hint="Run: avatar doctor")
    if not render.viewer.is_shown(picture):
        raise StorageError(f"No viewer opened {picture}.", hint="Open that path with a program of yours.")


def _with_picture(library: Library, id_: str, version: int | None) -> Avatar:
    return library.show(id_) if version is None else library.versions.get(id_, version)


@_inspect.command()
def inspect(
    file: Annotated[
        Path, typer.Argument(click_type=FilePath(), help="A JPEG, PNG or WebP file, made by this tool or not.")
    ],
    *,
    json_: JsonOption = False,
) -> None:
    """Show what a picture file says of itself."""
    Output(as_json=json_).report(Library.inspect(file), reports.marks_lines, reports.marks_card)
