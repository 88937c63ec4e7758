"""What goes to a process that places pictures, and comes back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.imports.placing.measures import Measures
from avatar_creator.imports.placing.pictures import Files, Origin, Placed
from avatar_creator.processes.messages import Message


class Outcome(NamedTuple):
    """What became of pictures: ``added`` has the paths of new files, and whose they are.

    ``placed`` is as `place` returns it, or the error that it raised.
    """

    placed: Sequence[Placed | InvalidInput] | StorageError
    added: Mapping[str, str]


def request(pictures: Sequence[Files]) -> Message:
    """Return what asks for pictures to be placed."""
    heads = [(*each.origin, len(each.picture), len(each.thumbnail)) for each in pictures]
    # In one piece: each write would wait for the interpreter, which is busy with the next pictures.
    return Message({}, [_packed(heads), b"".join(data for each in pictures for data in each[1:])])


def pictures_of(message: Message) -> list[Files]:
    """Return what `request` was given."""
    heads, data = message.parts
    pictures, at = [], 0
    for *origin, picture, thumbnail in json.loads(heads):
        middle, end = at + picture, at + picture + thumbnail
        pictures.append(Files(Origin(*origin), data[at:middle], data[middle:end]))
        at = end
    return pictures


def reply(outcome: Outcome) -> Message:
    """Return what says what became of pictures."""
    placed = outcome.placed
    said = _error(placed) if isinstance(placed, StorageError) else list(map(_written, placed))
    return Message({}, [_packed([said, outcome.added])])


def outcome_of(message: Message) -> Outcome:
    """Return what `reply` was given."""
    (data,) = message.parts
    said, added = json.loads(data)
    if isinstance(said, dict):
        return Outcome(StorageError(said["message"], hint=said["hint"]), added)
    return Outcome(list(map(_read, said)), added)


def _written(placed: Placed | InvalidInput) -> Any:
    return _error(placed) if isinstance(placed, InvalidInput) else placed


def _read(said: Any) -> Placed | InvalidInput:
    if isinstance(said, dict):
        return InvalidInput(said["message"], hint=said["hint"])
    image_path, thumbnail_path, measures = said
    return Placed(image_path, thumbnail_path, Measures(*measures))


def _error(error: InvalidInput | StorageError) -> dict[str, str | None]:
    return {"message": error.message, "hint": error.hint}


def _packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
