"""avatar path|open|inspect: an avatar's files, and any picture file."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from avatar_creator.cli.options.shared import AvatarArgument, FilePath, JsonOption, VersionOption
from avatar_creator.cli.render import reports
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import StorageError
from avatar_creator.library import Library, open_library

_path, _open, _inspect = (typer.Typer(add_completion=False) for _ in range(3))
_UNTIL_SHOWN_S = 5.0  # a viewer that ends by then has failed if it says so
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
    if not _is_shown(picture):
        raise StorageError(f"No viewer opened {picture}.", hint="Open that path with a program of yours.")


def _with_picture(library: Library, id_: str, version: int | None) -> Avatar:
    return library.show(id_) if version is None else library.versions.get(id_, version)


def _is_shown(picture: Path) -> bool:
    """Have the system's viewer show a picture; return whether one does, or has not failed so far."""
    import subprocess

    if sys.platform == "win32":
        os.startfile(picture)  # noqa: S606 - the user's own picture
        return True
    if sys.platform == "darwin":
        viewer = "open"
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        viewer = "xdg-open"
    else:
        return False  # without a screen it would look for a browser of the terminal
    try:  # in a session of its own: whatever it starts gets no hold of this terminal
        started = subprocess.Popen(
            [viewer, picture],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return started.wait(_UNTIL_SHOWN_S) == 0
    except subprocess.TimeoutExpired:  # some viewers are waited for until they are closed
        started.returncode = 0  # but not by us, and Python need not warn of it
        return True
    except OSError:
        return False


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
