"""Where copies of pictures may go."""

from pathlib import Path

from avatar_creator import storage


def check_folder(folder: str, said: str) -> None:
    """Raise InvalidInput, which begins with ``said``, if a folder that is to be written to is not there."""
    storage.pictures.copies.check_folder(Path(folder), said)


def is_taken(path: str, folder: str) -> bool:
    """Return whether a file stands where a copy is to go, below a ``folder`` that has to be there.

    Raises InvalidInput for what can be no picture's place.
    """
    return storage.pictures.copies.check_place(Path(path), Path(folder))
