"""What a program did to files, in the order in which the system did it.

A node is one file or folder whatever its names, as an inode is; its number is of the recording's own.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

ROOT = 0  # the folder below which all is recorded
SECTOR_BYTES = 512  # what a disk writes whole or not at all


class Entry(NamedTuple):
    """What one name in a folder means from now: a node, or nothing."""

    folder: int
    name: str
    node: int | None


class Named(NamedTuple):
    """Entries changed: one for a file that is made, linked or unlinked, two for a rename."""

    entries: tuple[Entry, ...]


class Changed(NamedTuple):
    """Bytes of a file changed, or only its size, which is ``size`` afterwards."""

    node: int
    at: int
    data: bytes
    size: int


class Synced(NamedTuple):
    """A file or folder was synced; None: everything was."""

    node: int | None


class Said(NamedTuple):
    """A command, by its place, wrote to stdout or stderr: whoever reads it may rely on it from now on."""

    command: int
    text: str


class Began(NamedTuple):
    """A command, by its place, was started."""

    command: int


Operation = Named | Changed | Synced | Said | Began


@dataclass(frozen=True, slots=True)
class Recording:
    """The operations of commands run one after the other, and what was there before the first.

    ``folders`` holds the entries before, also of folders that were made on the way: none.
    """

    commands: tuple[tuple[str, ...], ...]
    folders: dict[int, dict[str, int]]
    files: dict[int, bytes]
    operations: list[Operation] = field(default_factory=list)


class RecordingError(Exception):
    """What was recorded cannot be relied on."""
