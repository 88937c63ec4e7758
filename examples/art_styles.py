"""The same four personas in every art style of the offline engine, a row for each style: docs/art-styles.jpg.

usage: python examples/art_styles.py docs/art-styles.jpg
"""

import sys
import tempfile
from pathlib import Path

from readme_sheet import tile

from avatar_creator import Attributes, Persona, open_library
from avatar_creator.engines.offline.art import ART_STYLES

SIDE_PX = 150

PEOPLE = [
    (Persona("Sarah Johnson", 32), Attributes("female", ethnicity="asian", hair_color="black", hair_style="long")),
    (Persona("Erik Holm", 61), Attributes("male", ethnicity="white", hair_style="balding", style="business")),
    (Persona("Amara Okafor", 29), Attributes("female", ethnicity="african", hair_style="curly bun")),
    (Persona("Mateo Rivera", 45), Attributes("male", ethnicity="hispanic", style="glasses and a beard")),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as home, open_library(home) as library:
        avatars = [
            library.generate(
                persona=persona,
                attributes=attributes,
                seed=seed,
                art_style=art_style,
                width_px=2 * SIDE_PX,
                height_px=2 * SIDE_PX,
                format="png",
            )
            for art_style in ART_STYLES
            for seed, (persona, attributes) in enumerate(PEOPLE, start=1)
        ]
        tile(avatars, columns=len(PEOPLE), side_px=SIDE_PX).save(Path(sys.argv[1]), quality=88)


if __name__ == "__main__":
    main()
