"""Whether people can be told apart. Run: python -m benchmarks.faces.

It prints how many heads 1 000 people have of whom only the name is known, and how many of 200 people with the same
attributes have a near twin, in each art style. Targets, of the default art style: 900 heads or more, 3 % twins or less.

A head is what is drawn of it: the color of hair and skin, and all drawings of the recipe but for those of clothes and
earrings. "By hair" are the heads that differ in hair, beard, glasses or those colors, whatever their faces.

A near twin is a person whose face differs in at most 4 of 256 bits. The bits say which of the 256 lowest frequencies
of the face, in gray and of 64 x 64 pixels, lie above the median: the perceptual hash that ImageHash computes.
"""

import argparse
import math
import sys
from collections.abc import Mapping
from io import BytesIO
from itertools import combinations
from operator import mul
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.engines.offline.art import ART_STYLES, DEFAULT_ART_STYLE
from engines.offline.drawings import ENGINE, Quiet, asked, planned

_HEADS, _PEOPLE = 1000, 200
_HEADS_LEAST, _TWINS_MOST = 900, 0.03
_SIDE_PX = 300
_FACE = (0.30, 0.22, 0.72, 0.62)  # left, top, right, bottom: where the art styles draw brows to mouth
_NEAR = 4  # bits
_GRAY_PX, _FREQUENCIES = 64, 16
_COLORS = ("hair", "headContrast", "skin", "base")
_NOT_HEAD = ("cloth", "body", "earring")
_HAIR = ("hair", "beard", "facialhair", "glasses", "accessories", "skin", "base")

SAME: dict[str, dict[str, Any]] = {
    "woman, Asian, long straight black hair, business": {
        "gender": "female",
        "age_range": "30s",
        "ethnicity": "asian",
        "hair_style": "long straight",
        "hair_color": "black",
        "style": "business",
    },
    "man, Caucasian, short brown hair, business": {
        "gender": "male",
        "age_range": "30s",
        "ethnicity": "caucasian",
        "hair_style": "short",
        "hair_color": "brown",
        "style": "business, no beard, no glasses",
    },
    "woman, black, curly hair": {"gender": "female", "ethnicity": "black", "hair_style": "curly"},
}

_COSINES = [
    [math.cos(math.pi * frequency * (2 * at + 1) / (2 * _GRAY_PX)) for at in range(_GRAY_PX)]
    for frequency in range(_FREQUENCIES)
]


def main() -> int:
    given = _arguments()
    missed = False
    print(f"heads of {_HEADS} people with only a name")
    for art_style in given.art_style or ART_STYLES:
        heads, by_hair = _heads(art_style)
        missed |= art_style == DEFAULT_ART_STYLE and heads < _HEADS_LEAST
        print(f"  {art_style:12} {heads:5} heads, {by_hair:4} by hair", flush=True)
    print(f"{given.people} people with the same attributes: who has a near twin, and the median of the nearest in bits")
    for art_style in given.art_style or ART_STYLES:
        for who, attributes in SAME.items():
            nearest = _nearest(attributes, art_style, given.people)
            twins = sum(bits <= _NEAR for bits in nearest) / len(nearest)
            missed |= art_style == DEFAULT_ART_STYLE and twins > _TWINS_MOST
            print(f"  {art_style:12} {twins:6.1%} {median(nearest):4.0f} bits  {who}", flush=True)
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faces", description=__doc__.partition("\n")[0])
    parser.add_argument("--art-style", action="append", choices=[*ART_STYLES], help="this one; may be repeated")
    parser.add_argument("--people", type=int, default=_PEOPLE, help="with the same attributes (default: %(default)s)")
    return parser.parse_args()


def _heads(art_style: str) -> tuple[int, int]:
    """Return how many heads differ in anything, and how many in hair, beard, glasses or colors."""
    options = {"art_style": art_style}
    recipes = [planned(persona=Persona(f"Person {n}"), options=options).sent for n in range(_HEADS)]
    heads = [_head(recipe) for recipe in recipes]
    hair = (*_HAIR, ART_STYLES[art_style].hair_component)
    by_hair = [frozenset(part for part in head if part[0].lower().startswith(hair)) for head in heads]
    return len(set(heads)), len(set(by_hair))


def _head(recipe: Mapping[str, Mapping[str, str]]) -> frozenset[tuple[str, str]]:
    drawings = {name: drawn for name, drawn in recipe["drawings"].items() if not name.lower().startswith(_NOT_HEAD)}
    colors = {f"{name} color": color for name, color in recipe["colors"].items() if name in _COLORS}
    return frozenset((drawings | colors).items())


def _nearest(attributes: Mapping[str, Any], art_style: str, people: int) -> list[int]:
    """Return for each person how many bits the face of the nearest other differs in."""
    hashes = [_hash(_drawn(n, attributes, art_style)) for n in range(people)]
    nearest = [_FREQUENCIES**2] * people
    for one, other in combinations(range(people), 2):
        bits = (hashes[one] ^ hashes[other]).bit_count()
        nearest[one] = min(nearest[one], bits)
        nearest[other] = min(nearest[other], bits)
    return nearest


def _drawn(n: int, attributes: Mapping[str, Any], art_style: str) -> Image.Image:
    person = asked(
        seed=n,
        persona=Persona(f"Person {n}"),
        size=(_SIDE_PX, _SIDE_PX),
        format_=PictureFormat.PNG,
        options={"art_style": art_style},
        **attributes,
    )
    return Image.open(BytesIO(ENGINE.generate(person, Quiet()).data)).convert("RGB")


def _hash(person: Image.Image) -> int:
    left, top, right, bottom = (round(_SIDE_PX * at) for at in _FACE)
    face = person.crop((left, top, right, bottom)).convert("L")
    gray = face.resize((_GRAY_PX, _GRAY_PX), Image.Resampling.LANCZOS).tobytes()
    rows = [gray[at : at + _GRAY_PX] for at in range(0, len(gray), _GRAY_PX)]
    across = [[sum(map(mul, cosine, row)) for row in rows] for cosine in _COSINES]
    frequencies = [sum(map(mul, cosine, column)) for column in across for cosine in _COSINES]
    middle = median(frequencies)
    return sum(1 << bit for bit, value in enumerate(frequencies) if value > middle)


if __name__ == "__main__":
    sys.exit(main())
