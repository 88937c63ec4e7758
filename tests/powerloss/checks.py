"""What must hold in a home after the power was cut, whatever was said before.

To add an invariant, add a function to INVARIANTS. To add a command, add to MEANINGS what its lines promise.
"""

import hashlib
import io
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from avatar_creator.errors import AvatarError
from avatar_creator.home import Home
from avatar_creator.storage.database import Connection, connect
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.responses import ResponseStore

from .paid import CALLED, SAFE

_GENERATION, _AVATAR = re.compile(r"gen_[0-9a-z]{13}"), re.compile(r"av_[0-9a-z]{13}")


class Ran(NamedTuple):
    """A command that had been started when the power was cut, and all it had printed by then."""

    arguments: tuple[str, ...]
    said: str


@dataclass(slots=True)
class Promised:
    """What users were told, as ids."""

    generations: set[str] = field(default_factory=set)  # are there
    completed: set[str] = field(default_factory=set)  # are there, and have their avatars
    avatars: set[str] = field(default_factory=set)  # are there, unless being deleted
    deleting: set[str] = field(default_factory=set)  # avatars that may be gone
    deleted: set[str] = field(default_factory=set)  # avatars that are gone
    called: Counter[int] = field(default_factory=Counter)  # how often a service was called for each seed, at least
    answered: set[int] = field(default_factory=set)  # seeds whose answer is safe


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a home that opens."""

    home: Home
    database: Connection
    promised: Promised

    def ids(self, sql: str) -> set[str]:
        return {row[0] for row in self.database.execute(sql)}


def _generated(ran: Ran, promised: Promised) -> None:
    kept = promised.generations if "--detach" in ran.arguments else promised.completed
    kept |= set(_GENERATION.findall(ran.said))
    _paid(ran, promised)


def _paid(ran: Ran, promised: Promised) -> None:
    """Take in what the service says that is paid."""
    promised.called.update(int(seed) for seed in re.findall(rf"{CALLED} (\d+)\.", ran.said))
    promised.answered |= {int(seed) for seed in re.findall(rf"{SAFE} (\d+)\.", ran.said)}


def _uploaded(ran: Ran, promised: Promised) -> None:
    promised.avatars |= set(_AVATAR.findall(ran.said))


def _deleted(ran: Ran, promised: Promised) -> None:
    promised.deleting |= set(_AVATAR.findall(" ".join(ran.arguments)))
    promised.deleted |= set(_AVATAR.findall(ran.said))


def _in_parts(ran: Ran, promised: Promised) -> None:
    if ran.arguments[1] == "merge":
        _uploaded(ran, promised)
    else:
        _paid(ran, promised)


MEANINGS: dict[str, Callable[[Ran, Promised], None]] = {
    "generate": _generated,
    "upload": _uploaded,
    "import": _uploaded,
    "batch": _in_parts,
    "delete": _deleted,
    "worker": _paid,
}


def check(root: Path, ran: Sequence[Ran]) -> list[str]:
    """Return what is wrong with the home at ``root`` after a power cut; it is opened as the next command would."""
    promised = Promised()
    for each in ran:
        MEANINGS[each.arguments[0]](each, promised)
    home = Home(root)
    try:
        home.create()
        with closing(connect(home.database, home.backups)) as database:
            found = Found(home, database, promised)
            return [wrong for invariant in INVARIANTS for wrong in invariant(found)]
    except (AvatarError, sqlite3.Error) as error:
        return [f"does not open: {error}"]


def intact(found: Found) -> Iterator[str]:
    for (wrong,) in found.database.execute("PRAGMA integrity_check").fetchall():
        if wrong != "ok":
            yield f"integrity: {wrong}"
    for orphan in found.database.execute("PRAGMA foreign_key_check").fetchall():
        yield f"a row points to one that is gone: {tuple(orphan)}"


def writable(found: Found) -> Iterator[str]:
    """Write something: what only reads may miss a log that nobody can go on with."""
    if not Generations(found.database, found.home.database).ensure_project("after the cut"):
        yield "nothing can be written"


def remembered(found: Found) -> Iterator[str]:
    """Hold what was said against the rows."""
    promised = found.promised
    generations = found.ids("SELECT id FROM generations")
    completed = found.ids("SELECT id FROM generations WHERE status = 'completed'")
    avatars = found.ids("SELECT id FROM avatars")
    yield from (f"{id_} is forgotten" for id_ in (promised.generations | promised.completed) - generations)
    yield from (f"{id_} is not completed any more" for id_ in (promised.completed & generations) - completed)
    yield from (f"{id_} is forgotten" for id_ in promised.avatars - promised.deleting - avatars)
    yield from (f"{id_} was deleted, and is back" for id_ in promised.deleted & avatars)


def joined(found: Found) -> Iterator[str]:
    for generation, avatar in found.database.execute(
        "SELECT id, avatar_id FROM generations"
        " WHERE status = 'completed' AND avatar_id NOT IN (SELECT id FROM avatars) ORDER BY id"
    ):
        if avatar not in found.promised.deleting:
            yield f"{generation} is completed and has no avatar"


def pictured(found: Found) -> Iterator[str]:
    """Hold the rows of avatars against their files."""
    store = PictureStore(found.home.pictures)
    for row in found.database.execute("SELECT * FROM avatars ORDER BY id"):
        try:
            picture = store.path(row["image_path"]).read_bytes()
            thumbnail = store.path(row["thumbnail_path"]).read_bytes()
        except OSError as error:
            yield f"{row['id']} lacks a file: {error.strerror}"
            continue
        if (len(picture), hashlib.sha256(picture).hexdigest()) != (row["bytes"], row["sha256"]):
            yield f"{row['id']} has another picture than it was given"
        if len(thumbnail) != row["thumbnail_bytes"] or not _is_whole(thumbnail):
            yield f"{row['id']} has a broken thumbnail"


def paid_for(found: Found) -> Iterator[str]:
    """Hold what a service was asked and has answered against what is known of it."""
    responses = ResponseStore(found.home.responses)
    for seed, calls in found.promised.called.items():
        row = found.database.execute("SELECT id, status, attempt FROM generations WHERE seed = ?", (seed,)).fetchone()
        if row is None or row["attempt"] < calls:
            yield f"a call for {seed} is not counted"
        elif seed in found.promised.answered and row["status"] != "completed":
            saved = responses.find(row["id"])
            if saved is None or not _is_whole(saved.data):
                yield f"{row['id']} was answered, and would be paid again"


def _is_whole(picture: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(picture)) as image:
            image.load()
    except (OSError, SyntaxError):
        return False
    return True


INVARIANTS: tuple[Callable[[Found], Iterator[str]], ...] = (
    intact,
    remembered,
    joined,
    pictured,
    paid_for,
    writable,
)
