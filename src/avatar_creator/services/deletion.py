"""Deleting avatars and projects: first the rows, then the files, so that no row points to a missing file."""

from collections.abc import Iterable, Sequence

from avatar_creator.storage.catalog import Catalog, Files
from avatar_creator.storage.pictures.images import PictureStore


class DeletionService:
    """Deletes what was found; a kill between rows and files leaves files that `avatar doctor` names."""

    def __init__(self, catalog: Catalog, pictures: PictureStore) -> None:
        self._catalog = catalog
        self._pictures = pictures

    def delete_avatars(self, avatar_ids: Sequence[str], *, keep_files: bool = False) -> None:
        """Delete avatars, all or none. Raises NotFound."""
        self._remove(self._catalog.remove_avatars(avatar_ids), keep_files)

    def delete_project(self, project_id: str, *, keep_files: bool = False) -> None:
        """Delete a project with its avatars and generations. Raises NotFound.

        Of one with very many, an interrupt may leave some and the project: to delete it again removes the rest.
        """
        for files in self._catalog.thin_project(project_id):
            self._remove(files, keep_files)
        self._remove(self._catalog.remove_project(project_id), keep_files)

    def _remove(self, files: Iterable[Files], keep_files: bool) -> None:
        if not keep_files:
            for pair in files:
                self._pictures.remove(pair.image_path, pair.thumbnail_path)
