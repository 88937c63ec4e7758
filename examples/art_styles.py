"""The same personas in every art style of the offline engine, a row for each style: docs/art-styles.jpg.

usage: python examples/art_styles.py PICTURE [CSV]

The personas are four, or the rows of a CSV file with the columns of `twelve.csv`; what an art style does not draw of
them is counted on stdout.
"""

import csv
import sys
import tempfile
from pathlib import Path

from avatar_creator import Attributes, Persona, open_library
from avatar_creator.engines.offline.art import ART_STYLES
from sheets import tile

SIDE_PX = 150

PEOPLE = [
    (Persona("Sarah Johnson", 32), Attributes("female", ethnicity="asian", hair_color="black", hair_style="long")),
    (Persona("Erik Holm", 61), Attributes("male", ethnicity="white", hair_style="balding", style="business")),
    (Persona("Amara Okafor", 29), Attributes("female", ethnicity="african", hair_style="curly bun")),
    (Persona("Mateo Rivera", 45), Attributes("male", ethnicity="hispanic", style="glasses and a beard")),
]


def people_of(path: str) -> list[tuple[Persona, Attributes]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as rows:
        return [
            (
                Persona(row.pop("name"), int(row.pop("age") or 0) or None),
                Attributes(**{k: v or None for k, v in row.items()}),
            )
            for row in csv.DictReader(rows)
        ]


def main() -> None:
    people = people_of(sys.argv[2]) if sys.argv[2:] else PEOPLE
    avatars = []
    with tempfile.TemporaryDirectory() as home, open_library(home) as library:
        for art_style in ART_STYLES:
            row = [
                library.generate(
                    persona=persona,
                    attributes=attributes,
                    seed=seed,
                    art_style=art_style,
                    width_px=2 * SIDE_PX,
                    height_px=2 * SIDE_PX,
                    format="png",
                )
                for seed, (persona, attributes) in enumerate(people, start=1)
            ]
            print(f"{art_style}: {sum(len(avatar.warnings) for avatar in row)}")
            avatars += row
        tile(avatars, columns=len(people), side_px=SIDE_PX).save(Path(sys.argv[1]), quality=88)


if __name__ == "__main__":
    main()
