"""Which project a new avatar goes into."""

import shlex

from avatar_creator.domain.text import fold, trimmed, visible
from avatar_creator.errors import NotFound
from avatar_creator.storage.queue import Queue
from avatar_creator.storage.reading import Reading


def project_for(reading: Reading, queue: Queue, project: str, *, default: str) -> str:
    """Return the id of a project given by name or id; the default one is made on first use.

    Raises NotFound for any other that does not exist.
    """
    try:
        return reading.get_project(project).id
    except NotFound as error:
        if fold(trimmed(project)) == fold(default):
            return queue.ensure_project(default)
        name = visible(shlex.quote(project))
        raise NotFound(error.message, hint=f"Make it with: avatar project create {name}") from None
