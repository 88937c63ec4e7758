"""What lies in a store of pictures: files of avatars, and what was left half written."""

from avatar_creator.storage.durable import is_temporary
from avatar_creator.storage.pictures.images import PictureStore


def stored_files(store: PictureStore) -> list[str]:
    return [path for path in _all(store) if not is_temporary(path)]


def half_written(store: PictureStore) -> list[str]:
    return [path for path in _all(store) if is_temporary(path)]


def _all(store: PictureStore) -> list[str]:
    return [path for folder in store.folders() for path, _ in store.files_in(folder)]
