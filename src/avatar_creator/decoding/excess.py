"""Bytes behind the last coded pixel. Decoders skip them, so anything may hide there.

They are found in PNG, and in a JPEG of one scan, but for the eight bytes that its decoder reads ahead.
"""

import zlib
from io import BytesIO
from typing import Self

from PIL import ImageFile

_BLOCK = ImageFile.MAXBLOCK  # bytes that Pillow reads at once of coded data, and of nothing else
_LAST = 2**8  # bytes that are given one by one
_END = 2  # bytes of EOI


def excess_of(data: bytes, source: object) -> int:
    """Return how many bytes can go, of a picture that was decoded from ``source``."""
    if data.startswith(b"\x89PNG"):
        return _png_excess(data)
    if not isinstance(source, CountingReader):
        return 0
    again = source.finer()
    if again is not None:
        from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415 - next to no picture is decoded twice

        image = JpegImageFile(again)
        image.draft(None, (1, 1))
        image.load()
    return (again or source).excess


class CountingReader(BytesIO):
    """A JPEG whose last bytes are given one by one, so that afterwards it is known how many were read."""

    def __init__(self, data: bytes, fine_from: int | None = None) -> None:
        super().__init__(data)
        self._data = data
        self._fine_from = len(data) - _LAST if fine_from is None else fine_from

    def read(self, size: int | None = -1, /) -> bytes:
        if size == _BLOCK:
            size = max(1, min(_BLOCK, self._fine_from - self.tell()))
        return super().read(size)

    @property
    def excess(self) -> int:
        """Return how many bytes before the end mark were not asked for, once all is decoded."""
        return max(len(self._data) - self.tell() - _END, 0)

    def finer(self) -> Self | None:
        """Return the file again, given one by one from the last block on; None where it was given so."""
        return type(self)(self._data, self.tell() - _BLOCK) if self.tell() <= self._fine_from else None


def _png_excess(data: bytes) -> int:
    """Return how many bytes of the IDAT chunks follow the end of the compressed stream."""
    stream, excess, at = zlib.decompressobj(), 0, 8
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        if stream.eof:
            excess += len(body)
        while body and not stream.eof:
            stream.decompress(body, _BLOCK)
            body = stream.unconsumed_tail
            excess = len(stream.unused_data)
        at += size + 12
    return excess
