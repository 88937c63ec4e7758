"""Fonts that tests make: the one that Pillow brings along, its glyph of A for whatever characters they are to have."""

import struct
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import ImageFont


def write_font(path: Path, characters: Iterable[str], *, form: int = 12) -> Path:
    """Write a font that has these characters, its table of them in format 4 or 12."""
    font = ImageFont.load_default(12)
    assert isinstance(font, ImageFont.FreeTypeFont)
    data = bytes(font.font_bytes)
    (count,) = struct.unpack(">H", data[4:6])
    tables = {}
    for name, _, offset, length in struct.iter_unpack(">4sIII", data[12 : 12 + 16 * count]):
        tables[name] = data[offset : offset + length]
    tables[b"cmap"] = table(sorted(map(ord, characters)), form)
    at, directory, body = 12 + 16 * len(tables), b"", b""
    for name, content in sorted(tables.items()):
        directory += struct.pack(">4sIII", name, 0, at + len(body), len(content))
        body += content.ljust(-(-len(content) // 4) * 4, b"\0")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data[:4] + struct.pack(">HHHH", len(tables), 0, 0, 0) + directory + body)
    return path


def table(characters: list[int], form: int) -> bytes:
    """Return a cmap table that gives each of them glyph 5."""
    if form == 12:
        groups = b"".join(struct.pack(">III", each, each, 5) for each in characters)
        body = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(characters)) + groups
        return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + body
    ends = [*characters, 0xFFFF]
    deltas = [(5 - each) % 0x10000 for each in characters] + [1]
    numbers = [*ends, 0, *ends, *deltas, *([0] * len(ends))]
    body = struct.pack(">HHHH", 2 * len(ends), 0, 0, 0) + struct.pack(f">{len(numbers)}H", *numbers)
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(">HHH", 4, 6 + len(body), 0) + body


def only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a machine, on which Linux runs, with no fonts but those in the folder that is returned."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "shared"))
    return tmp_path / "shared/fonts"
