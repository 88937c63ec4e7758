"""Pictures placed by another process: what it is asked, and what it replies."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.imports.executor import Task
from avatar_creator.imports.placing.measures import Measures
from avatar_creator.imports.placing.pictures import Files, Origin, Placed, place
from avatar_creator.storage.pictures.images import PictureStore


class PlacePictures(Task[list[Placed | InvalidInput]]):
    """Places pictures as `place` does."""

    name = "place"

    def __init__(self, store: PictureStore, pictures: Sequence[Files], added: Callable[[str, str], None]) -> None:
        self._store = store
        self._pictures = pictures
        self._added = added

    @property
    def size(self) -> int:
        return sum(len(each.picture) + len(each.thumbnail) for each in self._pictures)

    def run(self) -> list[Placed | InvalidInput]:
        return place(self._store, self._pictures, self._added)

    def request(self) -> tuple[Mapping[str, Any], bytes]:
        heads = _packed([(*each.origin, len(each.picture), len(each.thumbnail)) for each in self._pictures])
        data = b"".join(data for each in self._pictures for data in each[1:])
        return {"root": str(self._store.root), "heads_bytes": len(heads)}, heads + data

    @staticmethod
    def serve(head: Mapping[str, Any], data: bytes) -> bytes:
        """Place the pictures of a request."""
        added: dict[str, str] = {}
        try:
            placed = place(_store(head["root"]), _pictures(head["heads_bytes"], data), added.__setitem__)
        except StorageError as error:
            return _packed([_written(error), added])
        return _packed([list(map(_written, placed)), added])

    def result(self, reply: bytes) -> list[Placed | InvalidInput]:
        placed, added = json.loads(reply)
        for path, avatar_id in added.items():
            self._added(path, avatar_id)
        if isinstance(placed, dict):
            raise StorageError(placed["message"], hint=placed["hint"])
        return list(map(_read, placed))


@lru_cache(1)  # it knows which folders are there
def _store(root: str) -> PictureStore:
    return PictureStore(Path(root))


def _pictures(at: int, data: bytes) -> list[Files]:
    pictures = []
    for *origin, picture, thumbnail in json.loads(data[:at]):
        middle, end = at + picture, at + picture + thumbnail
        pictures.append(Files(Origin(*origin), data[at:middle], data[middle:end]))
        at = end
    return pictures


def _written(placed: Placed | InvalidInput | StorageError) -> Any:
    return placed if isinstance(placed, Placed) else {"message": placed.message, "hint": placed.hint}


def _read(said: Any) -> Placed | InvalidInput:
    if isinstance(said, dict):
        return InvalidInput(said["message"], hint=said["hint"])
    image_path, thumbnail_path, measures = said
    return Placed(image_path, thumbnail_path, Measures(*measures))


def _packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
