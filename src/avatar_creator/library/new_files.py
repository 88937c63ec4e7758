"""Files that a user names to have something written into them: none that is there is replaced unasked."""

import os
from pathlib import Path

from avatar_creator.domain.choices import path_of
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.home import whole
from avatar_creator.storage.durable import refused, write_over
from avatar_creator.storage.pictures.copies import check_folder

_READABLE = 0o644


def path_to_write(field: str, given: Path | str, *, force: bool) -> Path:
    """Return where a file can be written. Raises InvalidInput where it cannot be, or another file is there."""
    path = path_of(field, given)
    said = f"{field} is {shown(str(given))}"
    path = Path(os.path.realpath(whole(path, said)))  # what a link names is replaced, and not the link
    check_folder(path.parent, said)
    if path.is_dir():
        raise InvalidInput(f"{said}, which is a folder.", hint="Name a file in it.")
    if path.exists() and not (force and path.is_file()):
        raise InvalidInput(
            f"{said}, which is there already.", hint="Give another name, or say --force to replace what is there."
        )
    return path


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole, or not at all. Raises StorageError."""
    try:
        write_over(path, data, _READABLE)
    except OSError as error:
        raise refused("written", path, error) from error
