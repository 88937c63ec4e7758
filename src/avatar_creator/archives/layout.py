"""How a library stands in an archive: what an export writes and an import reads.

Pictures stand where people look for them, all else in one folder:

    ana-costa.jpg              the picture of an avatar, by the names that were asked for
    manifest.csv               who is in which file
    library/records.jsonl      rows, a JSON object a line: head, projects, presets, avatars, rejects, end
    library/versions/...       other pictures of avatars
    library/thumbnails/...     their thumbnails
    library/pictures/...       pictures of which others were made: smaller ones, or in another format
    library/rejects/...        pictures that failed their check, and their thumbnails

A delivery is for those who are to have pictures alone: it has no folder `library`, and instead

    export.jsonl               what was made of which picture, a JSON object a line: head, files

In a folder, any export has lines there for files of earlier ones that are still there and not its own: stale.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

FORMAT = "avatar-library"
VERSION = 1  # of this layout
FOLDER = "library"
RECORDS = f"{FOLDER}/records.jsonl"
VERSIONS, THUMBNAILS = f"{FOLDER}/versions", f"{FOLDER}/thumbnails"
ORIGINALS, REJECTS = f"{FOLDER}/pictures", f"{FOLDER}/rejects"
DELIVERY = "export.jsonl"
BACKUP = "backup.json"  # only in the backup of a home
RECORD_BYTES_MOST = 16 * 2**20  # of an avatar with thousands of uses
PICTURE_BYTES_MOST = 64 * 2**20  # as of any copy; the largest picture that is made has about 20 MB

Row = Mapping[str, Any]


class Head(NamedTuple):
    """The first line. ``schema`` is that of the rows: a program of an earlier one cannot read them."""

    schema: int
    program: str

    def as_json(self) -> dict[str, Any]:
        return {"kind": "head", "format": FORMAT, "version": VERSION, **self._asdict()}


class StoredFile(NamedTuple):
    """Where a file of a row is in the archive, by the column that has its path."""

    column: str
    name: str
    sha256: str


class AvatarRecord(NamedTuple):
    """A line of an avatar: its rows, and where the files of each picture are; the current one's come first."""

    avatar: Row
    versions: Sequence[Row]
    tags: Sequence[str]
    uses: Sequence[Row]
    files: Sequence[Mapping[str, str]]  # of a picture: picture, thumbnail, and the SHA-256 of both

    def as_json(self) -> dict[str, Any]:
        return {"kind": "avatar", **self._asdict()}


class RejectRecord(NamedTuple):
    """A line of a reject: its row, and where its files are. Its avatar may be in no archive: it was never completed."""

    reject: Row
    files: Sequence[Mapping[str, str]]  # as of an avatar, of one picture

    def as_json(self) -> dict[str, Any]:
        return {"kind": "reject", **self._asdict()}
