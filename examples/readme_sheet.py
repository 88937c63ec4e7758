"""The contact sheet of README.md: eight personas of all kinds, made by the offline engine.

usage: python examples/readme_sheet.py docs/sheet.jpg
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from avatar_creator import Attributes, Avatar, Persona, open_library

SIDE_PX = 240
COLUMNS = 4

# Seed, persona, attributes; the first one is the persona of README's first command.
PEOPLE = [
    (42, Persona("Sarah Johnson", 32), Attributes("female", ethnicity="asian", hair_color="black")),
    (2, Persona("Kwame Boateng", 41), Attributes("male", ethnicity="african", style="smart-casual, short beard")),
    (6, Persona("Lena Fischer", 27), Attributes("female", ethnicity="white", hair_color="auburn", eye_color="green")),
    (
        4,
        Persona("Harpreet Singh", 47),
        Attributes("male", eye_color="brown", skin_tone="medium", style="business, turban, beard"),
    ),
    (5, Persona("Alex Rivera", 24), Attributes("non-binary", ethnicity="hispanic", hair_style="curly")),
    (6, Persona("Noor Haddad", 33), Attributes("female", ethnicity="middle-eastern", style="business, hijab")),
    (7, Persona("Hiroshi Tanaka", 74), Attributes("male", ethnicity="east-asian", style="casual, glasses")),
    (8, Persona("Adaeze Obi", 62), Attributes("female", ethnicity="black", hair_style="afro", style="red sweater")),
]


def tile(avatars: Sequence[Avatar], *, columns: int, side_px: int) -> Image.Image:
    """Return the pictures side by side, row after row."""
    rows = -(-len(avatars) // columns)
    sheet = Image.new("RGB", (columns * side_px, rows * side_px), "white")
    for n, avatar in enumerate(avatars):
        with Image.open(avatar.image_path) as picture:
            small = picture.convert("RGB").resize((side_px, side_px), Image.Resampling.LANCZOS)
        sheet.paste(small, (n % columns * side_px, n // columns * side_px))
    return sheet


def main() -> None:
    with tempfile.TemporaryDirectory() as home, open_library(home) as library:
        avatars = [
            library.generate(
                persona=persona,
                attributes=attributes,
                seed=seed,
                width_px=2 * SIDE_PX,
                height_px=2 * SIDE_PX,
                format="png",
            )
            for seed, persona, attributes in PEOPLE
        ]
        tile(avatars, columns=COLUMNS, side_px=SIDE_PX).save(Path(sys.argv[1]), quality=88)


if __name__ == "__main__":
    main()
