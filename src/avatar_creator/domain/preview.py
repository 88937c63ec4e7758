"""How pictures are shown on a terminal."""

from enum import StrEnum


class Preview(StrEnum):
    """By half blocks, which every terminal with colors can, or by one of the protocols for real pictures."""

    AUTO = "auto"  # what the terminal is known to understand
    BLOCKS = "blocks"
    SIXEL = "sixel"
    KITTY = "kitty"
    ITERM = "iterm"
    NONE = "none"
