"""The other process, which does tasks of an import: it reads them from its standard input, and writes replies."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import FileIO
from typing import Any

from avatar_creator.imports.checking import CheckLines
from avatar_creator.imports.placing.task import PlacePictures
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Message

_SERVED: Mapping[str, Callable[[Mapping[str, Any], bytes], bytes]] = {
    task.name: task.serve for task in (CheckLines, PlacePictures)
}


def main() -> None:
    """Serve until the pipes are closed."""
    requests, replies = FileIO(0), FileIO(1, "w")
    with suppress(messages.Broken, OSError):
        while True:
            head, (data,) = messages.read(requests)
            messages.write(replies, Message({}, [_SERVED[head["task"]](head, data)]))
    os._exit(0)  # nothing is to be cleaned up
