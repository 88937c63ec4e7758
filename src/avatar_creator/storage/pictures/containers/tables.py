"""Which segments of a JPEG its decoder needs: the frame, its scans, and of the tables those that a scan uses.

Each of these has a length that follows from its content, so nothing else can be hidden in one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures.containers.metadata import damaged, take

_KNOWN = PictureFormat.JPEG
_DHT, _DAC, _SOS, _DQT, _DRI = 0xC4, 0xCC, 0xDA, 0xDB, 0xDD
FRAMES = frozenset(range(0xC0, 0xD0)) - {_DHT, 0xC8, _DAC}  # SOF0 to SOF15
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ARITHMETIC = range(0xC9, 0xD0)
_TABLES = frozenset({_DHT, _DAC, _DQT, _DRI})
_AC = 0x10  # in the number of a Huffman table: of the AC coefficients
_SYMBOLS_MOST = 256
_FRAME_HEAD, _COMPONENT = 6, 3  # bytes of SOF


@dataclass(slots=True)
class _Table:
    """One of those that a segment defines; ``number`` is what scans call it by, with its class in the high bits."""

    number: int
    raw: bytes
    used: bool = False


def sides(frame: bytes) -> tuple[int, int]:
    """Return width and height as the body of a frame's segment says."""
    head = take(frame, 0, _FRAME_HEAD, _KNOWN)
    return int.from_bytes(head[3:5], "big"), int.from_bytes(head[1:3], "big")


def needed(segments: Sequence[tuple[int, bytes, object]]) -> list[bytes | None]:
    """Return of each segment, given as marker and body, as much of the body as decoders need; None of the others.

    Raises StorageError for what they could not read either.
    """
    tables: list[list[_Table]] = []
    current: dict[tuple[int, int], _Table] = {}
    frame: tuple[int, dict[int, int]] | None = None
    for marker, body, _ in segments:
        tables.append([*_tables(marker, body)])
        current |= {(marker, table.number): table for table in tables[-1]}
        if marker in FRAMES:
            if frame:
                raise damaged(_KNOWN, "it has two frames")
            frame = marker, _components(body)
        elif marker == _SOS:
            for key in _used(body, *(frame or (0, {}))):
                if key in current:
                    current[key].used = True
    return [
        b"".join(table.raw for table in defined if table.used) or None
        if defined
        else body
        if marker == _SOS or marker in FRAMES
        else None
        for (marker, body, _), defined in zip(segments, tables, strict=True)
    ]


def _components(frame: bytes) -> dict[int, int]:
    """Return the number of each component's quantization table."""
    count = take(frame, 0, _FRAME_HEAD, _KNOWN)[-1]
    if len(frame) != _FRAME_HEAD + count * _COMPONENT:
        raise damaged(_KNOWN, "its frame has a wrong length")
    return {frame[at]: frame[at + 2] for at in range(_FRAME_HEAD, len(frame), _COMPONENT)}


def _used(scan: bytes, frame: int, components: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the kinds and numbers of the tables that a scan uses."""
    count = take(scan, 0, 1, _KNOWN)[0]
    if len(scan) != 1 + 2 * count + 3:
        raise damaged(_KNOWN, "a scan has a wrong length")
    first, _, approximation = scan[-3:]
    yield _DRI, 0
    for at in range(1, 1 + 2 * count, 2):
        dc, ac = scan[at + 1] >> 4, scan[at + 1] & 0xF
        yield _DQT, components.get(scan[at], 0)
        if frame in _ARITHMETIC:
            yield from ((_DAC, dc), (_DAC, _AC | ac))
            continue
        refines = bool(approximation >> 4)
        if frame not in _PROGRESSIVE or (first == 0 and not refines):
            yield _DHT, dc
        if frame not in _PROGRESSIVE or first:
            yield _DHT, _AC | ac


def _tables(marker: int, body: bytes) -> Iterator[_Table]:
    """Yield the tables that a segment defines."""
    at = 0
    while marker in _TABLES and at < len(body):
        number = body[at] if marker != _DRI else 0
        match marker:
            case 0xDB:  # DQT: 64 values of one byte or two
                number, size = number & 0xF, 1 + 64 * (1 + (number >> 4 & 1))
            case 0xC4:  # DHT: how many symbols of each length, and the symbols
                symbols = sum(take(body, at + 1, 16, _KNOWN))
                if symbols > _SYMBOLS_MOST:
                    raise damaged(_KNOWN, "a table has too many symbols")
                size = 17 + symbols
            case _:  # DRI and DAC: an interval; a table's number and value
                size = 2
        yield _Table(number, take(body, at, size, _KNOWN))
        at += size
        if marker == _DRI and at < len(body):
            raise damaged(_KNOWN, "an interval has a wrong length")
