"""Pictures spoilt: bits, bytes and lengths, and whole parts of the format taken out, doubled, moved and mixed."""

import random
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence

_PNG, _RIFF = b"\x89PNG\r\n\x1a\n", b"RIFF"
_ODD = (0, 1, 2, 3, 4, 7, 8, 127, 128, 255, 256, 2**15 - 1, 2**15, 2**16 - 1, 2**16, 2**31 - 1, 2**31, 2**32 - 16)
_TIMES = (1, 1, 1, 2, 3, 6)  # mutations of one file
_HEAD = 700  # bytes in which most of what can be misread stands
_LEAST = 20


class Mutator:
    """Spoils pictures; the same chance makes the same ones."""

    def __init__(self, chance: random.Random, seeds: Mapping[str, bytes]) -> None:
        self._chance = chance
        self._seeds = [*seeds.values()]
        self._ways: Sequence[Callable[[bytearray], None]] = (
            *(self._byte,) * 6,
            *(self._bit,) * 2,
            *(self._number,) * 3,
            self._cut_out,
            self._put_in,
            self._cut_off,
            *(self._part,) * 4,
            self._mix,
        )

    def spoilt(self, data: bytes) -> bytes:
        work = bytearray(data)
        for _ in range(self._chance.choice(_TIMES)):
            if len(work) >= _LEAST:
                self._chance.choice(self._ways)(work)
        if work.startswith(_RIFF) and self._chance.random() < 0.7:
            work[4:8] = struct.pack("<I", max(len(work) - 8, 0))
        return _with_checksums(bytes(work)) if self._chance.random() < 0.8 else bytes(work)

    def _place(self, work: bytearray) -> int:
        return self._chance.randrange(len(work) if self._chance.random() < 0.5 else min(len(work), _HEAD))

    def _byte(self, work: bytearray) -> None:
        work[self._place(work)] = self._chance.randrange(256)

    def _bit(self, work: bytearray) -> None:
        work[self._place(work)] ^= 1 << self._chance.randrange(8)

    def _number(self, work: bytearray) -> None:
        size = self._chance.choice((1, 2, 4))
        value = self._chance.choice(_ODD) % 256**size
        at = self._place(work)
        work[at : at + size] = value.to_bytes(size, "big" if self._chance.random() < 0.5 else "little")

    def _cut_out(self, work: bytearray) -> None:
        at = self._place(work)
        del work[at : at + self._chance.choice((1, 2, 4, 8, 64, 1000))]

    def _put_in(self, work: bytearray) -> None:
        at = self._place(work)
        work[at:at] = self._chance.randbytes(self._chance.choice((1, 2, 4, 8, 64)))

    def _cut_off(self, work: bytearray) -> None:
        del work[self._place(work) :]

    def _mix(self, work: bytearray) -> None:
        other = self._chance.choice(self._seeds)
        start, at = self._chance.randrange(len(other)), self._place(work)
        size = self._chance.choice((4, 16, 64, 512))
        work[at : at + size] = other[start : start + size]

    def _part(self, work: bytearray) -> None:
        parts = _parts(bytes(work))
        if not parts:
            return
        start, end = self._chance.choice(parts)
        match self._chance.randrange(4):
            case 0:
                del work[start:end]
            case 1:
                work[start:start] = work[start:end] * self._chance.choice((1, 1, 2, 50))
            case 2:
                other, _ = self._chance.choice(parts)
                work[other:other] = work[start:end]
            case _:
                self._lengthen(work, start, end)

    def _lengthen(self, work: bytearray, start: int, end: int) -> None:
        """Let a part say a length that is not its own."""
        value = self._chance.choice((*_ODD, end - start, end - start - 12, end - start - 8, len(work)))
        if work.startswith(_PNG):
            work[start : start + 4] = struct.pack(">I", max(value, 0))
        elif work.startswith(_RIFF):
            work[start + 4 : start + 8] = struct.pack("<I", max(value, 0))
        else:
            work[start + 2 : start + 4] = struct.pack(">H", max(value, 0) % 2**16)


def _parts(data: bytes) -> list[tuple[int, int]]:
    """Return where the chunks or segments stand, as far as they can be followed."""
    found: list[tuple[int, int]] = []
    at = 8 if data.startswith(_PNG) else 12 if data.startswith(_RIFF) else 2
    while at + 12 <= len(data):
        if data.startswith(_PNG):
            size = int.from_bytes(data[at : at + 4], "big") + 12
        elif data.startswith(_RIFF):
            length = int.from_bytes(data[at + 4 : at + 8], "little")
            size = 8 + length + length % 2
        elif data[at] != 0xFF or data[at + 1] in {0xD9, 0xDA}:
            return [*found, (at, len(data))]
        else:
            size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((at, min(at + size, len(data))))
        at += size
    return found


def _with_checksums(data: bytes) -> bytes:
    """Return a PNG whose checksums hold, so that more than they is tested."""
    if not data.startswith(_PNG):
        return data
    fixed = bytearray(data)
    for start, end in _parts(data):
        if end - start >= 12:
            fixed[end - 4 : end] = struct.pack(">I", zlib.crc32(data[start + 4 : end - 4]))
    return bytes(fixed)
