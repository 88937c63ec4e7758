"""Real pictures on terminals: which of them understands which protocol, and what is written to it.

A terminal is known by its variables. Asking it would stall for seconds where nothing answers.
"""

import struct
import zlib
from base64 import standard_b64encode
from collections.abc import Iterator, Mapping

from avatar_creator.domain.preview import Preview

_KITTY_CHUNK = 4096
_SIXEL = 6  # pixels above each other in one character
_MULTIPLEXED = ("screen", "tmux")
_BY_TERM = {
    "xterm-kitty": Preview.KITTY,
    "xterm-ghostty": Preview.KITTY,
    "foot": Preview.SIXEL,
    "mlterm": Preview.SIXEL,
    "contour": Preview.SIXEL,
    "yaft": Preview.SIXEL,
}
_BY_PROGRAM = {
    "ghostty": Preview.KITTY,
    "iTerm.app": Preview.ITERM,
    "WezTerm": Preview.ITERM,
    "mintty": Preview.SIXEL,
    "rio": Preview.SIXEL,
}
# Each is set by one terminal alone, in all shells that it runs.
_BY_VARIABLE = {
    "KITTY_WINDOW_ID": Preview.KITTY,
    "GHOSTTY_RESOURCES_DIR": Preview.KITTY,
    "WEZTERM_PANE": Preview.ITERM,
    "ITERM_SESSION_ID": Preview.ITERM,
}


def protocol_of(environ: Mapping[str, str]) -> Preview:
    """Return what the terminal of these variables is known to understand; half blocks where nothing is known.

    Within tmux and screen the variables are those of the terminal outside, which pictures do not reach.
    """
    term = environ.get("TERM", "")
    if "TMUX" in environ or "STY" in environ or term.startswith(_MULTIPLEXED):
        return Preview.BLOCKS
    known = _BY_TERM.get(term) or _BY_TERM.get(term.partition("-")[0])
    # iTerm2 sends LC_TERMINAL through ssh, which passes on variables of that name.
    program = _BY_PROGRAM.get(environ.get("TERM_PROGRAM", ""))
    remote = Preview.ITERM if environ.get("LC_TERMINAL") == "iTerm2" else None
    variable = next((found for name, found in _BY_VARIABLE.items() if name in environ), None)
    return known or program or variable or remote or Preview.BLOCKS


def kitty(png: bytes, columns: int, lines: int) -> str:
    """Return what shows a PNG over so many cells; the terminal is told to answer nothing."""
    data = standard_b64encode(png).decode("ascii")
    chunks = [data[at : at + _KITTY_CHUNK] for at in range(0, len(data), _KITTY_CHUNK)]
    parts = []
    for n, chunk in enumerate(chunks):
        first = f"a=T,f=100,c={columns},r={lines},q=2,C=1," if not n else ""
        parts.append(f"\x1b_G{first}m={int(n < len(chunks) - 1)};{chunk}\x1b\\")
    return "".join(parts)


def iterm(png: bytes, columns: int, lines: int) -> str:
    """Return what shows a PNG over so many cells."""
    how = f"inline=1;size={len(png)};width={columns};height={lines};preserveAspectRatio=1;doNotMoveCursor=1"
    return f"\x1b]1337;File={how}:{standard_b64encode(png).decode('ascii')}\a"


def sixel(palette: bytes, pixels: bytes, side_px: int) -> str:
    """Return what shows a square picture, of which there are three bytes a color, and a color's number a pixel."""
    colors = [palette[at : at + 3] for at in range(0, len(palette), 3)]
    defined = "".join(
        f"#{n};2;{red * 100 // 255};{green * 100 // 255};{blue * 100 // 255}"
        for n, (red, green, blue) in enumerate(colors)
    )
    bands = "-".join("$".join(_band(pixels, top, side_px)) for top in range(0, side_px, _SIXEL))
    return f'\x1bP0;1q"1;1;{side_px};{side_px}{defined}{bands}\x1b\\'


def _band(pixels: bytes, top: int, side_px: int) -> Iterator[str]:
    """Yield, color by color, where a band of six lines has it."""
    of_color: dict[int, bytearray] = {}
    for line in range(min(_SIXEL, side_px - top)):
        start = (top + line) * side_px
        for x, color in enumerate(pixels[start : start + side_px]):
            bits = of_color.get(color)
            if bits is None:
                bits = of_color[color] = bytearray(side_px)
            bits[x] |= 1 << line
    for color, bits in of_color.items():
        yield f"#{color}{_shortened(bits)}"


def _shortened(bits: bytearray) -> str:
    """Return the characters of a line of sixels, repeated ones counted."""
    parts, at = [], 0
    while at < len(bits):
        end = at + 1
        while end < len(bits) and bits[end] == bits[at]:
            end += 1
        character = chr(63 + bits[at])
        parts.append(f"!{end - at}{character}" if end - at > 3 else character * (end - at))  # noqa: PLR2004 - "!4?" is shorter
        at = end
    return "".join(parts)


def png_of(pixels: bytes, side_px: int) -> bytes:
    """Return a PNG of a square picture's pixels, three bytes each."""
    lines = b"".join(b"\0" + pixels[at : at + 3 * side_px] for at in range(0, len(pixels), 3 * side_px))
    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    body = [(b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in body)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
