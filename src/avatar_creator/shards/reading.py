"""What was made of shards, as somebody hands it in: of which plan it is, and whether it is whole."""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from avatar_creator.archives.layout import PICTURE_BYTES_MOST, RECORD_BYTES_MOST, RECORDS
from avatar_creator.archives.reading import Archive
from avatar_creator.decoding.reading import open_regular
from avatar_creator.documents.json_values import BrokenJson, JsonReader
from avatar_creator.documents.limits import TooMuch
from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.shards.layout import (
    FAILED,
    LINE_BYTES_MOST,
    RESULT,
    SHARD,
    SHARD_FORMAT,
    SHARDS_MOST,
    VERSION,
    FailedPicture,
    ShardHead,
    ShardResult,
)

_JSON_BYTES_MOST = 2**16
_END = bytes(2 * tarfile.BLOCKSIZE)  # what a TAR file ends with: one that was cut off does not
_MAKE_ANEW = "Make the shard once more, or copy its file once more."
_DAMAGE = (tarfile.TarError, OSError, EOFError, ValueError, OverflowError)


def read_head(path: Path) -> ShardHead:
    """Return which shard a file was made of, by its first bytes and its last.

    Raises InvalidInput for one that is none, was cut off, or is of another version.
    """
    said = f"'{visible(str(path))}'"
    try:
        with io.BufferedReader(open_regular(path)) as file:
            with tarfile.open(fileobj=file, mode="r:") as tar:
                first = tar.next()
                if first is None or first.name != SHARD or not first.isreg() or first.size > _JSON_BYTES_MOST:
                    raise InvalidInput(f"{said} is nothing that was made of a shard.", hint=_MAKE_ANEW)
                file.seek(first.offset_data)
                data = file.read(first.size)
            file.seek(-len(_END), os.SEEK_END)
            if file.read() != _END:
                raise InvalidInput(f"{said} was cut off.", hint=_MAKE_ANEW)
    except tarfile.TarError as error:
        raise InvalidInput(
            f"{said} is no TAR file that can be read: {visible(str(error))}.", hint=_MAKE_ANEW
        ) from error
    except _DAMAGE as error:
        why = visible(getattr(error, "strerror", None) or str(error))
        raise InvalidInput(f"{said} cannot be read: {why}.", hint=_MAKE_ANEW) from error
    values = _values(data, said)
    if values.get("format") != SHARD_FORMAT or values.get("version") != VERSION:
        raise InvalidInput(
            f"{said} was written by another version of avatar, {shown(values.get('program'))}.",
            hint="Use the same version of avatar everywhere.",
        )
    said_of_it = [values.get(name) for name in ShardHead._fields]
    is_one = [type(each) for each in said_of_it] == [str, int, int, int, str]
    head = ShardHead(*said_of_it)  # type: ignore[arg-type]
    if not is_one or not 0 <= head.shard < head.shards <= SHARDS_MOST:
        raise InvalidInput(f"{said} says of no shard what it is.", hint=_MAKE_ANEW)
    return head


def read_result(archive: Archive) -> ShardResult:
    """Return what is in an archive of a shard, once its lists are as they were written. Raises InvalidInput."""
    values = _values(archive.read(RESULT, _JSON_BYTES_MOST), archive.said)
    result = ShardResult(*(values.get(name) for name in ShardResult._fields))  # type: ignore[arg-type]
    if type(result.made) is not int or type(result.failed) is not int:
        raise InvalidInput(f"{archive.said} says of no shard how many pictures are in it.", hint=_MAKE_ANEW)
    for name, expected in ((RECORDS, result.records_sha256), (FAILED, result.failed_sha256)):
        found = hashlib.sha256()
        for block in archive.blocks(name):
            found.update(block)
        if found.hexdigest() != expected:
            raise InvalidInput(f"{archive.said}: {name} is not as it was written.", hint=_MAKE_ANEW)
    return result


def has_whole_pictures(archive: Archive) -> bool:
    """Return whether each picture is as it was written, in an archive whose lists are. Raises InvalidInput."""
    files = (
        each
        for line in archive.lines(RECORDS, RECORD_BYTES_MOST)
        for each in _values(line, archive.said).get("files", ())
    )
    try:
        return all(
            hashlib.sha256(archive.read(each[name], PICTURE_BYTES_MOST)).hexdigest() == each[f"{name}_sha256"]
            for each in files
            for name in ("picture", "thumbnail")
        )
    except (KeyError, TypeError, AttributeError):  # somebody else wrote it
        return False


def read_failed(archive: Archive) -> Iterator[FailedPicture]:
    """Yield the pictures of a shard that could not be made. Raises InvalidInput."""
    for line in archive.lines(FAILED, LINE_BYTES_MOST):
        values = _values(line, f"{archive.said}: {FAILED}")
        failed = FailedPicture(*(values.get(name) for name in FailedPicture._fields))  # type: ignore[arg-type]
        texts = (failed.recipe, failed.name or "", failed.persona_id or "", failed.code, failed.message)
        if type(failed.row) is not int or type(failed.n) is not int or not all(isinstance(t, str) for t in texts):
            raise InvalidInput(f"{archive.said}: a line of {FAILED} is none that avatar wrote.", hint=_MAKE_ANEW)
        yield failed


def _values(data: bytes, said: str) -> Mapping[str, Any]:
    try:
        value, _ = JsonReader("object").value(1, data.decode())
    except (BrokenJson, UnicodeDecodeError) as error:
        raise InvalidInput(f"{said} {visible(str(error))}.", hint=_MAKE_ANEW) from error
    if not isinstance(value, dict) or isinstance(value, TooMuch):
        raise InvalidInput(f"{said} holds a line that is no object.", hint=_MAKE_ANEW)
    return value
