"""The other process, which places pictures: it reads requests from its standard input, and writes replies."""

import os
import sys
from contextlib import suppress
from io import FileIO
from pathlib import Path

from avatar_creator.errors import StorageError
from avatar_creator.imports.placing.messages import Outcome, pictures_of, reply
from avatar_creator.imports.placing.pictures import Files, place
from avatar_creator.processes import messages
from avatar_creator.storage.pictures.images import PictureStore


def main() -> None:
    """Serve until the pipes are closed."""
    store = PictureStore(Path(sys.argv[1]))
    requests, replies = FileIO(0), FileIO(1, "w")
    with suppress(messages.Broken, OSError):
        while True:
            messages.write(replies, reply(_placed(store, pictures_of(messages.read(requests)))))
    os._exit(0)  # nothing is to be cleaned up


def _placed(store: PictureStore, pictures: list[Files]) -> Outcome:
    added: dict[str, str] = {}
    try:
        return Outcome(place(store, pictures, added.__setitem__), added)
    except StorageError as error:
        return Outcome(error, added)
