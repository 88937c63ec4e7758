"""All presets that come with avatar, drawn, category by category: docs/presets.jpg.

usage: python examples/preset_sheet.py PICTURE
"""

import sys
import tempfile
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw

from avatar_creator import Avatar, Library, open_library
from sheets import LABEL_PX, tile

SIDE_PX = 110
SIDE_BY_SIDE = 2  # categories
SEED = 1


def draw(library: Library, preset: str) -> Avatar:
    return library.generate(
        preset=preset, engine="offline", seed=SEED, width_px=2 * SIDE_PX, height_px=2 * SIDE_PX, format="png"
    )


def row_of(library: Library, category: str, names: list[str]) -> Image.Image:
    """Return the presets of a category side by side, its name above them."""
    people = tile([draw(library, name) for name in names], columns=len(names), side_px=SIDE_PX, labels=names)
    row = Image.new("RGB", (people.width, people.height + LABEL_PX), "white")
    ImageDraw.Draw(row).text((4, 3), category.upper(), "black")
    row.paste(people, (0, LABEL_PX))
    return row


def main() -> None:
    with tempfile.TemporaryDirectory() as home, open_library(home) as library:
        presets = [entry.preset for entry in library.presets.find()]
        rows = [
            row_of(library, category, [preset.name for preset in of_one])
            for category, of_one in groupby(presets, key=lambda preset: preset.category)
        ]
    width, height = max(row.width for row in rows), rows[0].height
    sheet = Image.new("RGB", (width * SIDE_BY_SIDE, height * -(-len(rows) // SIDE_BY_SIDE)), "white")
    for n, row in enumerate(rows):
        sheet.paste(row, (n % SIDE_BY_SIDE * width, n // SIDE_BY_SIDE * height))
    sheet.save(Path(sys.argv[1]), quality=85)
    print(f"{len(presets)} presets")


if __name__ == "__main__":
    main()
