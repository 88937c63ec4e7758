"""Which ids were there before: 12 bytes for each, as a file may have a million."""

from array import array

_FULL = 0.6  # part of the places, above which finding a free one takes long
_HASH_BITS = 2**64


class Repeats:
    """Ids by their hashes, and the row in which each was first."""

    def __init__(self) -> None:
        self._count = 0
        self._hashes, self._numbers = _places(1024)

    def first(self, id_: str, number: int) -> int | None:
        """Return the row that has this id already; None, and remember this row for it, where there is none."""
        if self._count > _FULL * len(self._hashes):
            self._grow()
        code = hash(id_) % _HASH_BITS or 1
        place = self._place(code)
        if self._hashes[place]:
            return self._numbers[place]
        self._hashes[place], self._numbers[place] = code, number
        self._count += 1
        return None

    def _place(self, code: int) -> int:
        """Return where a hash stands, or the free place for it."""
        hashes, size = self._hashes, len(self._hashes)
        place = code % size
        while hashes[place] and hashes[place] != code:
            place = (place + 1) % size
        return place

    def _grow(self) -> None:
        hashes, numbers = self._hashes, self._numbers
        self._hashes, self._numbers = _places(len(hashes) * 2)
        for code, number in zip(hashes, numbers, strict=True):
            if code:
                place = self._place(code)
                self._hashes[place], self._numbers[place] = code, number


def _places(size: int) -> tuple["array[int]", "array[int]"]:
    return array("Q", bytes(8 * size)), array("L", bytes(array("L").itemsize * size))
