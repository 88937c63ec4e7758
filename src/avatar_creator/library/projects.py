"""The projects of a library."""

from avatar_creator import services
from avatar_creator.app import App
from avatar_creator.domain.records import Project


class Projects:
    """Named sets of avatars; each is given by its name or its id."""

    def __init__(self, app: App) -> None:
        self._app = app

    def find(self) -> list[Project]:
        """Return all, newest first."""
        return self._app.queries.find_projects()

    def get(self, name_or_id: str) -> Project:
        """Return one. Raises NotFound."""
        return self._app.queries.get_project(name_or_id)

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
