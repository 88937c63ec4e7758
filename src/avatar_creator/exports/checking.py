"""Whether the files of an export are still what was written: by the SHA-256 that its own lists say of each."""

import hashlib
import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from avatar_creator.archives.layout import DELIVERY, RECORD_BYTES_MOST, RECORDS
from avatar_creator.archives.reading import Archive
from avatar_creator.domain.text import shown
from avatar_creator.domain.verification import Verdict
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.datasets.imagefolder import SPLITS, metadata_of

_LISTS = (RECORDS, DELIVERY, *map(metadata_of, SPLITS))
_INTACT = "Its bytes are those that were written."


class CheckedFile(NamedTuple):
    """What is found of a file. ``said`` is a sentence."""

    file: str
    verdict: Verdict
    said: str

    @property
    def id(self) -> str:
        return self.file

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "result": self.verdict.value, "said": self.said}


def check(archive: Archive) -> Generator[CheckedFile, None, None]:
    """Yield each file that the lists of an export name, as it is read.

    Raises InvalidInput for what is no export, or whose lists are damaged or cut off.
    """
    found = [(archive.within(name), name) for name in _LISTS if _has(archive, name)]
    if not found:
        archive.within(RECORDS)  # raises, with what it is instead
    written: dict[str, str] = {}  # of a file that was made again, what was made last
    for place, name in found:
        written.update(_named(place, name))
    for file, sha256 in written.items():
        yield _checked(found[0][0], file, sha256)


def _has(archive: Archive, name: str) -> bool:
    with suppress(InvalidInput):
        archive.within(name)
        return True
    return False


def _named(archive: Archive, list_: str) -> Iterator[tuple[str, str]]:
    """Yield names and SHA-256. Raises InvalidInput for lines that are not what an export writes."""
    is_whole = list_ != RECORDS  # the others have no last line
    for number, line in enumerate(archive.lines(list_, RECORD_BYTES_MOST), 1):
        if not line:
            continue  # before what was added after a kill
        try:
            said = json.loads(line)
            is_whole |= said.get("kind") == "end"
            pairs = list(_pairs(list_, said))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InvalidInput(
                f"{archive.said}: line {number} of {shown(list_)} is damaged.", hint="Export it once more."
            ) from error
        yield from pairs
    if not is_whole:
        raise InvalidInput(f"{archive.said}: {shown(list_)} is cut off.", hint="Run the same export again: it goes on.")


def _pairs(list_: str, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if list_ == RECORDS:
        for files in said.get("files", ()):
            yield from ((files[kind], files[f"{kind}_sha256"]) for kind in ("picture", "thumbnail"))
    elif list_ == DELIVERY:
        if said["kind"] == "file":
            yield said["file"], said["sha256"]
    else:
        yield str(PurePosixPath(list_).parent / said["file_name"]), said["sha256"]


def _checked(archive: Archive, file: str, sha256: str) -> CheckedFile:
    digest = hashlib.sha256()
    try:
        for block in archive.blocks(file):
            digest.update(block)
    except InvalidInput as error:
        return CheckedFile(file, Verdict.MISSING, error.message)
    if digest.hexdigest() != sha256:
        return CheckedFile(file, Verdict.CHANGED, "It has other bytes than were written.")
    return CheckedFile(file, Verdict.INTACT, _INTACT)
