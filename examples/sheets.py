"""Contact sheets of what the offline engine draws: docs/sheet.jpg, docs/ages.jpg, and others to look at.

usage: python examples/sheets.py FOLDER [NAME ...]

Without names it makes all: the eight personas of README.md, ages, body types, dress, expressions, genders, hair styles,
hair colors, origins, skin tones, and 48 people of one description.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw

from avatar_creator import Attributes, Avatar, Library, Persona, open_library
from avatar_creator.domain.attributes import ATTRIBUTES

SIDE_PX = 110
LABEL_PX = 18


class Portrait(NamedTuple):
    persona: Persona
    attributes: Attributes
    seed: int
    label: str = ""


# The first one is the persona of README's first command.
README = [
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
AGES = (5, 10, 15, 20, 25, 35, 45, 55, 65, 75, 85)
DRESS = (
    *("casual", "business", "smart-casual", "sporty", "workwear", "creative", "traditional", "red dress", "black suit"),
    *("white shirt", "green hoodie", "overalls", "scrubs", "kimono", "navy sweater", "lab coat", "beanie", "red cap"),
    *("teal hijab", "black turban", "headband", "glasses", "sunglasses", "gold earrings", "straw hat", "flower crown"),
)
EXPRESSIONS = (
    *("smiling", "laughing", "serious", "sad", "angry", "surprised", "calm", "proud", "tired", "curious", "worried"),
    *("confused", "winking", "eyes closed"),
)
HAIR_COLORS = (
    *("black", "dark-brown", "brown", "light-brown", "auburn", "red", "strawberry blonde", "blonde", "platinum"),
    *("gray", "silver", "white", "burgundy", "pink", "blue"),
)
SKIN_TONES = ("very light", "light", "medium-light", "olive", "medium", "medium-dark", "dark", "deep")
ONE_DESCRIPTION = Attributes(
    "female", "30s", "asian", hair_style="long straight", hair_color="black", style="business, no glasses"
)


GENDERS = ("female", "male")
OFFERED = {attribute.name: attribute.known for attribute in ATTRIBUTES}
VALUES = {
    "body-types": ("body_type", OFFERED["body_type"]),
    "dress": ("style", DRESS),
    "genders": ("gender", OFFERED["gender"]),
    "hair-colors": ("hair_color", HAIR_COLORS),
    "hair-styles": ("hair_style", OFFERED["hair_style"]),
    "origins": ("ethnicity", OFFERED["ethnicity"]),
    "skin-tones": ("skin_tone", SKIN_TONES),
}
SHEETS = ("sheet", "ages", "one-description", "expressions", *VALUES)
SIDES_PX = {"sheet": 240, "ages": 90, "one-description": 120}  # the others are as `SIDE_PX`


def rows_of(sheet: str) -> Iterator[list[Portrait]]:
    """Yield the portraits of a sheet, row by row."""
    if sheet == "sheet":
        people = [Portrait(persona, attributes, seed) for seed, persona, attributes in README]
        yield from (people[:4], people[4:])
    elif sheet == "ages":
        for seed, (gender, ethnicity) in enumerate([("female", "white"), ("male", "black"), ("female", "asian")], 1):
            attributes = Attributes(gender, ethnicity=ethnicity)
            yield [Portrait(Persona(f"P{seed}", age), attributes, seed, str(age)) for age in AGES]
    elif sheet == "one-description":
        for row in range(6):
            yield [Portrait(Persona(f"P{n}"), ONE_DESCRIPTION, n) for n in range(8 * row + 1, 8 * row + 9)]
    elif sheet == "expressions":
        for gender in ("female", "male"):
            attributes = Attributes(gender, skin_tone="light", hair_style="short")
            yield [Portrait(Persona("P", personality=(e,)), attributes, 3, e) for e in EXPRESSIONS]
    else:
        name, values = VALUES[sheet]
        for value in values:
            looks = [Attributes(**({"gender": GENDERS[n % 2]} | {name: value})) for n in range(8)]
            yield [Portrait(Persona(f"P{n}"), attributes, n, value) for n, attributes in enumerate(looks, 1)]


def draw(library: Library, portrait: Portrait, side_px: int) -> Avatar:
    return library.generate(
        persona=portrait.persona,
        attributes=portrait.attributes,
        seed=portrait.seed,
        width_px=2 * side_px,
        height_px=2 * side_px,
        format="png",
    )


def tile(avatars: Sequence[Avatar], *, columns: int, side_px: int, labels: Sequence[str] = ()) -> Image.Image:
    """Return the pictures side by side, row after row, with what stands below each."""
    height = side_px + (LABEL_PX if any(labels) else 0)
    rows = -(-len(avatars) // columns)
    sheet = Image.new("RGB", (columns * side_px, rows * height), "white")
    for n, avatar in enumerate(avatars):
        left, top = n % columns * side_px, n // columns * height
        with Image.open(avatar.image_path) as picture:
            small = picture.convert("RGB").resize((side_px, side_px), Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top))
        if any(labels):
            ImageDraw.Draw(sheet).text((left + 4, top + side_px + 2), labels[n], "black")
    return sheet


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:] or SHEETS
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, open_library(home) as library:
        for name in names:
            side_px = SIDES_PX.get(name, SIDE_PX)
            rows = [*rows_of(name)]
            people = [one for row in rows for one in row]
            avatars = [draw(library, one, side_px) for one in people]
            labels = [one.label for one in people]
            tile(avatars, columns=len(rows[0]), side_px=side_px, labels=labels).save(folder / f"{name}.jpg", quality=88)
            print(f"{name}: {len(people)}")


if __name__ == "__main__":
    main()
