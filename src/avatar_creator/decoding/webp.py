"""The sides that a WebP file states, read without a decoder."""

_SIDE_BITS = 0x3FFF
_X_SIZE, _LOSSLESS_SIZE, _LOSSY_SIZE = 10, 5, 10  # bytes up to the end of the sides


def sides(name: bytes, body: bytes) -> tuple[int, int] | None:
    """Return the sides (px) that a chunk states by its name and body; None where it states none, or is cut."""
    if name == b"VP8X" and len(body) >= _X_SIZE:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8L" and len(body) >= _LOSSLESS_SIZE:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & _SIDE_BITS) + 1, (bits >> 14 & _SIDE_BITS) + 1
    if name == b"VP8 " and len(body) >= _LOSSY_SIZE:
        return int.from_bytes(body[6:8], "little") & _SIDE_BITS, int.from_bytes(body[8:10], "little") & _SIDE_BITS
    return None
