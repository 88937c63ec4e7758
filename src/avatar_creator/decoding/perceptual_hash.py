"""The perceptual hash of a picture: pictures that look alike have hashes that differ in few bits.

It is a difference hash (dHash) of all three colors: a bit says whether a color grows by more than a shade from one cell
of a grid to the next, to the right or downwards. People who are drawn in one style differ in colors and in small parts,
which hashes of 64 or 256 bits of gray do not tell from what saving a picture again does.
"""

from PIL import Image, ImageChops

SIDE = 17  # cells: each but the last is compared with the next
_SHADE = 6  # of 255: what an encoder changes in an even area stays below
_BIT = bytes(b"01"[shade > _SHADE] for shade in range(256))


def difference_hash(square: Image.Image) -> bytes:
    """Return the hash of a picture that was made ``SIDE`` x ``SIDE`` px, in RGB."""
    last = SIDE - 1
    here = square.crop((0, 0, last, last))
    steps = (
        ImageChops.subtract(square.crop((1, 0, SIDE, last)), here),
        ImageChops.subtract(square.crop((0, 1, last, SIDE)), here),
    )
    digits = b"".join(step.tobytes() for step in steps).translate(_BIT)
    return int(digits, 2).to_bytes(len(digits) // 8)
