"""Which project a new avatar goes into."""

from avatar_creator.domain.text import fold, shown, trimmed, visible
from avatar_creator.errors import NotFound
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.queries import Queries


def project_for(queries: Queries, generations: Generations, project: str, *, default: str) -> str:
    """Return the id of a project given by name or id; the default one is made on first use.

    Raises NotFound for any other that does not exist.
    """
    found = find_project(queries, project, default=default)
    return generations.ensure_project(default) if found is None else found


def find_project(queries: Queries | None, project: str, *, default: str) -> str | None:
    """Return the id of a project, None for the default one where it is missing. Raises NotFound for any other.

    ``queries`` is None where there is no home yet.
    """
    message = f"There is no project {shown(project)}."
    if queries is not None:
        try:
            return queries.get_project(project).id
        except NotFound as error:
            message = error.message
    if fold(trimmed(project)) == fold(default):
        return None
    import shlex  # noqa: PLC0415 - most projects are there

    name = visible(shlex.quote(project))
    raise NotFound(message, hint=f"Make it with: avatar project create {name}")
