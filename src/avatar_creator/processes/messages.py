"""What goes through the pipes: a head in JSON and byte strings behind it, each of a length known before.

Not pickle: a process that a stranger's bytes have taken over must not be able to run anything in ours.
"""

import json
import struct
from collections.abc import Callable, Sequence
from typing import IO, Any, NamedTuple

_LENGTH = struct.Struct(">I")
_HEAD_MOST = 2**16  # bytes
_PARTS_MOST = 2**29  # bytes: more than any picture that may be decoded has


class Message(NamedTuple):
    """One request or reply."""

    head: dict[str, Any]
    parts: Sequence[bytes] = ()


class Broken(Exception):
    """The other side has gone, or sends what ours never would."""


class EndOfStream(Broken):
    """The other side has closed the stream."""


def write(file: IO[bytes], message: Message) -> None:
    """Send a message. Raises OSError."""
    head = json.dumps([message.head, [len(part) for part in message.parts]]).encode()
    for part in (_LENGTH.pack(len(head)) + head, *message.parts):
        rest = memoryview(part)
        while rest:
            rest = rest[file.write(rest) :]


def read(file: IO[bytes], on_part: Callable[[], None] = lambda: None) -> Message:
    """Return the next message. Raises EndOfStream, Broken, OSError.

    ``on_part`` is called with each part of it that comes: a long one may take minutes.
    """
    (length,) = _LENGTH.unpack(_exactly(file, _LENGTH.size, _LENGTH.size, on_part))
    try:
        head, sizes = json.loads(_exactly(file, length, _HEAD_MOST, on_part))
        if not isinstance(head, dict) or sum(sizes) > _PARTS_MOST:
            raise Broken
        return Message(head, tuple(_exactly(file, size, _PARTS_MOST, on_part) for size in sizes))
    except (ValueError, TypeError, RecursionError) as error:
        raise Broken from error


def _exactly(file: IO[bytes], size: int, most: int, on_part: Callable[[], None]) -> bytes:
    if not 0 <= size <= most:
        raise Broken
    parts = []
    while size:
        part = file.read(size)
        if not part:
            raise EndOfStream
        on_part()
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
