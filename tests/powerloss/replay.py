"""What a disk may hold after the power was cut at some moment of a recording.

What was synced is there. Of the rest, each part may be there or not, as of any moment since:

- of a file, each sector and the size by themselves; a sector never holds half of one write and then all of a later
- of a folder, strictly after POSIX: each name by itself, until that folder is synced
- of all folders, where a journal orders them: whatever was made, linked, renamed and removed up to some moment, at
  least as much as the last sync of a file or folder forced into the journal: all up to its own last change there

A size is part of the file and no journal orders it among names: that is harsher than most disks are.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum, StrEnum
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import NamedTuple

from .operations import ROOT, SECTOR_BYTES, Changed, Entry, Named, Recording, Synced


class Model(StrEnum):
    """How durable names are."""

    STRICT = "strict"
    ORDERED = "ordered"


class _Kept(Enum):
    """How much of what was not synced is there, and how often that is tried."""

    NOTHING = 1
    EVERYTHING = 1.5
    EARLIER = 2  # all up to one moment, nothing after it
    APART = 2.5  # each name or file up to a moment of its own
    TORN = 4  # each sector, too


_TURNS = 0.5  # the share of moments beside an operation on which much depends


class State(NamedTuple):
    """What a disk holds: the nodes that names in folders mean, and the content of files."""

    folders: dict[int, dict[str, int]]
    files: dict[int, bytes]

    def walk(self, folder: int = ROOT, before: str = "") -> Iterator[tuple[str, int]]:
        """Yield all paths with their nodes, folders before what is in them."""
        for name, node in self.folders[folder].items():
            yield before + name, node
            if node in self.folders:
                yield from self.walk(node, f"{before}{name}/")

    def write(self, to: Path) -> None:
        """Make the files and folders, in an empty folder."""
        placed: dict[int, Path] = {}
        for path, node in self.walk():
            target = to / path
            if node in self.folders:
                target.mkdir(0o700)
            elif node in placed:
                target.hardlink_to(placed[node])
            else:
                placed[node] = target
                target.write_bytes(self.files[node])


class Replay:
    """Makes states of one recording. A moment is how many of its operations had happened."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.moments = len(recording.operations)
        self._names: list[tuple[int, Named | Synced]] = []
        self._journal: list[tuple[int, set[int]]] = []  # when which nodes were changed in it
        self._changes: dict[int, list[tuple[int, Changed]]] = defaultdict(list)
        self._syncs: dict[int, list[int]] = defaultdict(list)
        self._contents: dict[tuple[int, int], bytes] = {}
        sizes = {node: len(content) for node, content in recording.files.items()}
        turns: set[int] = set()
        for at, operation in enumerate(recording.operations):
            match operation:
                case Named(entries):
                    self._names.append((at, operation))
                    nodes = {entry.folder for entry in entries} | {entry.node for entry in entries}
                    self._journal.append((at, {node for node in nodes if node is not None}))
                case Changed(node, _, _, size):
                    self._changes[node].append((at, operation))
                    if size != sizes.get(node, 0):
                        self._journal.append((at, {node}))
                    sizes[node] = size
                case Synced(synced):
                    self._names.append((at, operation))
                    for node in sizes if synced is None else (synced,):
                        self._syncs[node].append(at)
            if not isinstance(operation, Changed):
                turns |= {at, at + 1}
        self._turns = sorted(turns)

    def moment(self, chance: Random) -> int:
        """Choose a moment: any, or one beside an operation on which much depends."""
        if self._turns and chance.random() < _TURNS:
            return chance.choice(self._turns)
        return chance.randint(0, self.moments)

    def state(self, moment: int, model: Model, chance: Random) -> State:
        """Return what may be left when the power is cut at a moment."""
        luck = _Luck(moment, chance)
        folders = {node: dict(entries) for node, entries in self.recording.folders.items()}
        names = self._strict(luck, folders) if model is Model.STRICT else self._ordered(luck)
        _apply(folders, names)
        luck = _Luck(moment, chance)
        nodes = {node for _, node in State(folders, {}).walk() if node not in folders}
        return State(folders, {node: self._torn(node, luck) for node in sorted(nodes)})

    def end(self) -> dict[str, bytes | None]:
        """Return what is there if the power is not cut: content by path, None for a folder."""
        folders = {node: dict(entries) for node, entries in self.recording.folders.items()}
        for _, operation in self._names:
            if isinstance(operation, Named):
                _apply(folders, operation.entries)
        return {
            path: None if node in folders else self._content(node, self.moments)
            for path, node in State(folders, {}).walk()
        }

    def _strict(self, luck: "_Luck", folders: dict[int, dict[str, int]]) -> list[Entry]:
        """Return what becomes of the names: first those of synced folders, then of each other what luck left."""
        kept: list[Entry] = []
        open_: dict[int, dict[str, list[tuple[int, Entry]]]] = {node: {} for node in folders}
        for at, operation in self._names[: bisect_left(self._names, luck.moment, key=itemgetter(0))]:
            if isinstance(operation, Named):
                for entry in operation.entries:
                    open_[entry.folder].setdefault(entry.name, []).append((at, entry))
                continue
            for node in open_ if operation.node is None else (operation.node,):
                if node in open_:
                    kept += [versions[-1][1] for versions in open_[node].values()]
                    open_[node] = {}
        for names in open_.values():
            for versions in names.values():
                until = luck.until(versions[0][0])
                kept += [entry for at, entry in versions if at < until]
        return kept

    def _ordered(self, luck: "_Luck") -> list[Entry]:
        """Return what becomes of the names, up to what was forced into the journal or further."""
        last: dict[int, int] = {}
        forced = 0
        journal = iter([*self._journal, (self.moments, set[int]())])
        changed_at, nodes = next(journal)
        for at, operation in self._names:
            if at >= luck.moment:
                break
            if isinstance(operation, Synced):
                while changed_at < at:
                    last |= dict.fromkeys(nodes, changed_at + 1)
                    changed_at, nodes = next(journal)
                forced = max(forced, at if operation.node is None else last.get(operation.node, 0))
        until = luck.until(forced)
        named = (operation for at, operation in self._names if at < until)
        return [entry for operation in named if isinstance(operation, Named) for entry in operation.entries]

    def _content(self, node: int, moment: int) -> bytes:
        """Return all that a file held at a moment."""
        if (node, moment) not in self._contents:
            content = bytearray(self.recording.files.get(node, b""))
            for at, change in self._changes[node]:
                if at < moment:
                    _overwrite(content, change.at, change.data)
                    _resize(content, change.size)
            self._contents[node, moment] = bytes(content)
        return self._contents[node, moment]

    def _torn(self, node: int, luck: "_Luck") -> bytes:
        """Return what is left of a file."""
        syncs, changes = self._syncs[node], self._changes[node]
        before = bisect_left(syncs, luck.moment)
        synced = syncs[before - 1] if before else 0
        durable = self._content(node, synced)
        first, end = (bisect_left(changes, moment, key=itemgetter(0)) for moment in (synced, luck.moment))
        if first == end:
            return durable
        content, size, begun = bytearray(durable), len(durable), changes[first][0]
        file_until = luck.until(begun)
        until: defaultdict[int, int] = defaultdict(lambda: luck.until(begun) if luck.tears else file_until)
        for at, change in changes[first:end]:
            if at < until[-1]:  # the size, as if it were a sector of its own
                size = change.size
            for start, data in _sectors(change):
                if at < until[start // SECTOR_BYTES]:
                    _overwrite(content, start, data)
        _resize(content, size)
        return bytes(content)


class _Luck:
    """How much of what was not synced is left when the power is cut."""

    def __init__(self, moment: int, chance: Random) -> None:
        self.moment = moment
        self._chance = chance
        self._kept = chance.choices(tuple(_Kept), [kept.value for kept in _Kept])[0]
        self._common = chance.randint(0, moment)
        self._likely = chance.choice((0.1, 0.5, 0.9))
        self.tears = self._kept is _Kept.TORN

    def until(self, least: int) -> int:
        """Return up to which moment one more thing is left, of which all before ``least`` is."""
        match self._kept:
            case _Kept.NOTHING:
                return least
            case _Kept.EVERYTHING:
                return self.moment
            case _Kept.EARLIER:
                return max(least, self._common)
        if self._chance.random() < self._likely:
            return self.moment
        return self._chance.randint(least, self.moment)


def _apply(folders: dict[int, dict[str, int]], names: Iterable[Entry]) -> None:
    for folder, name, node in names:
        if node is None:
            folders[folder].pop(name, None)
        else:
            folders[folder][name] = node


def _sectors(change: Changed) -> Iterator[tuple[int, bytes]]:
    """Cut a change where the disk's sectors begin."""
    start, end = change.at, change.at + len(change.data)
    while start < end:
        stop = min(end, start - start % SECTOR_BYTES + SECTOR_BYTES)
        yield start, change.data[start - change.at : stop - change.at]
        start = stop


def _overwrite(content: bytearray, at: int, data: bytes) -> None:
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
