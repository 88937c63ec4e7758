"""The contact sheet of README.md: eight personas of all kinds, made by the offline engine.

usage: python examples/readme_sheet.py docs/sheet.jpg
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from avatar_creator import Attributes, Persona, open_library

SIDE_PX = 240
COLUMNS = 4

PEOPLE = [
    (Persona("Sarah Johnson", 32), Attributes("female", ethnicity="asian", hair_color="black", style="business")),
    (Persona("Kwame Boateng", 41), Attributes("male", ethnicity="african", style="smart-casual")),
    (Persona("Lena Fischer", 27), Attributes("female", hair_style="long", hair_color="auburn", eye_color="green")),
    (Persona("Omar Farouk", 58), Attributes("male", ethnicity="middle-eastern", style="formal")),
    (Persona("Alex Rivera", 24), Attributes("non-binary", ethnicity="hispanic", hair_style="curly")),
    (Persona("Noor Haddad", 33), Attributes("female", ethnicity="middle-eastern", style="business hijab")),
    (Persona("Walter Jensen", 74), Attributes("male", ethnicity="caucasian", style="casual glasses")),
    (Persona("Adaeze Obi", 65), Attributes("female", ethnicity="african", hair_style="afro", style="creative")),
]


def main() -> None:
    rows = -(-len(PEOPLE) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * SIDE_PX, rows * SIDE_PX), "white")
    with tempfile.TemporaryDirectory() as home, open_library(home) as library:
        for n, (persona, attributes) in enumerate(PEOPLE):
            avatar = library.generate(persona=persona, attributes=attributes, seed=n + 1, format="png")
            with Image.open(avatar.image_path) as picture:
                small = picture.convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
            sheet.paste(small, (n % COLUMNS * SIDE_PX, n // COLUMNS * SIDE_PX))
    sheet.save(Path(sys.argv[1]), quality=88)


if __name__ == "__main__":
    main()
