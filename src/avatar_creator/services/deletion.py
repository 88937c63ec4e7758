"""Deleting avatars and projects: first the rows, then the files, so that no row points to a missing file.

A kill between rows and files leaves files that `avatar doctor` names.
"""

from collections.abc import Iterable, Sequence

from avatar_creator.storage.catalog import Catalog, Files
from avatar_creator.storage.pictures.images import PictureStore


def delete_avatars(
    catalog: Catalog, pictures: PictureStore, avatar_ids: Sequence[str], *, keep_files: bool = False
) -> None:
    """Delete avatars, all or none. Raises NotFound."""
    _remove(pictures, catalog.remove_avatars(avatar_ids), keep_files)


def delete_project(catalog: Catalog, pictures: PictureStore, project_id: str, *, keep_files: bool = False) -> None:
    """Delete a project with its avatars and generations. Raises NotFound.

    Of one with very many, an interrupt may leave some and the project: to delete it again removes the rest.
    """
    for files in catalog.thin_project(project_id):
        _remove(pictures, files, keep_files)
    _remove(pictures, catalog.remove_project(project_id), keep_files)


def _remove(pictures: PictureStore, files: Iterable[Files], keep_files: bool) -> None:
    if not keep_files:
        for pair in files:
            pictures.remove(pair.image_path, pair.thumbnail_path)
