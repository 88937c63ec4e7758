"""An ICC profile with wider colours than sRGB, made by hand: Display P3 with a plain gamma."""

import struct

_WHITE = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
}
_GAMMA = 2.2
_HEAD_BYTES = 128
NAME = "Wide colours"


def wide_profile() -> bytes:
    """Return the profile: a matrix and three curves, version 2."""
    curve = b"curv" + struct.pack(">4xIHxx", 1, round(_GAMMA * 256))
    name = NAME.encode() + b"\0"
    tags = {
        b"desc": b"desc" + struct.pack(">4xI", len(name)) + name + bytes(78),
        b"cprt": b"text" + bytes(4) + b"nobody\0",
        b"wtpt": _xyz(_WHITE),
        **{tag: _xyz(colour) for tag, colour in _PRIMARIES.items()},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, data = b"", b""
    start = _HEAD_BYTES + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    size = start + len(data)
    head = struct.pack(
        ">I4xI4s4s4s6H4s28x3i48x",
        size,
        0x02100000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        *(2026, 1, 1, 0, 0, 0),
        b"acsp",
        *_fixed(_WHITE),
    )
    return head + struct.pack(">I", len(tags)) + table + data


def _xyz(colour: tuple[float, float, float]) -> bytes:
    return b"XYZ " + struct.pack(">4x3i", *_fixed(colour))


def _fixed(colour: tuple[float, float, float]) -> list[int]:
    return [round(part * 65536) for part in colour]
