"""The projects of a library."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator import services
from avatar_creator.app import App
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.records import Project
from avatar_creator.domain.text import expect, nearest, shown
from avatar_creator.errors import NotFound

if TYPE_CHECKING:
    from avatar_creator.domain.coverage import Coverage


class Projects:
    """Named sets of avatars; each is given by its name or its id."""

    def __init__(self, app: App) -> None:
        self._app = app

    def find(self) -> list[Project]:
        """Return all, newest first."""
        return self._app.queries.find_projects()

    def get(self, name_or_id: str) -> Project:
        """Return one. Raises NotFound."""
        expect("project", name_or_id, str, "a project's name or id as a text")
        try:
            return self._app.queries.get_project(name_or_id)
        except NotFound as error:
            near = nearest(name_or_id, [project.name for project in self.find()])
            said = f"Did you mean {shown(near)}? " if near else ""
            raise NotFound(error.message, hint=f"{said}{error.hint or ''}") from None

    def coverage(
        self,
        of: str | Path | None = None,
        *,
        balance: Sequence[str] = (),
        quota: Path | str | None = None,
        named: str | None = None,
    ) -> "Coverage":
        """Return how balanced people are: those of a project, by name or id, or of the persona file at a Path.

        What they are compared with is even over the axes of ``balance``, or as the file ``quota`` says; without both
        it is what the casts of the project were asked for, else even over the values that people have. Without ``of``
        it is the project of the settings; ``named`` is what its user calls a file. Raises NotFound, InvalidInput.
        """
        from avatar_creator.library import coverage  # noqa: PLC0415 - the other verbs know nothing of quotas

        given = coverage.given_quotas(balance, None if quota is None else path_of("quota", quota))
        if isinstance(of, Path):
            return coverage.cover_file(of, named or str(of), given)
        project = self.get(self._app.settings.project if of is None else of)
        return coverage.cover_project(self._app, project, given)

    def create(self, name: str, description: str | None = None) -> Project:
        """Make one. Raises InvalidInput for a name that is taken or cannot be one."""
        return self.get(self._app.catalog.add_project(name, description))

    def edit(self, name_or_id: str, *, name: str | None = None, description: str | None = None) -> Project:
        """Change what is given; an empty description removes it. Raises NotFound, InvalidInput."""
        id_ = self.get(name_or_id).id
        self._app.catalog.edit_project(id_, name=name, description=description)
        return self.get(id_)

    def delete(self, name_or_id: str, *, keep_files: bool = False) -> None:
        """Delete one with its avatars and generations, and their files too unless ``keep_files``. Raises NotFound."""
        services.deletion.delete_project(
            self._app.catalog, self._app.pictures, self.get(name_or_id).id, keep_files=keep_files
        )
