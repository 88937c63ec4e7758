"""What is wrong with a picture, by what was measured of it.

Each limit says where it comes from. Measured, by YuNet of 2023: portraits that Python packages ship, photographs of
people, groups and things, 30 in all, and some of them blurred, turned, cut and scaled.
"""

from collections.abc import Iterator, Sequence

from avatar_creator.decoding import Face, Measures
from avatar_creator.domain.check import Fault
from avatar_creator.domain.twins import BITS, OTHERS_MOST

BRIGHT_LEAST = 24  # of 255: what a filter holds back is 0, and up to 8 after JPEG; a portrait at night has lights
SPREAD_LEAST = 10.0  # of 255: one color is 0, noise 7, the least of a picture 26
SIDE_LEAST_PX = 256  # smaller ones are enlarged by what shows avatars on today's screens
RATIO_MOST = 2.0  # 16:9 is 1.78; what is longer loses more than half where avatars are square
SCORE_LEAST = 0.7  # a face: all single portraits have one such and no more, groups as many as are seen
SIZE_LEAST = 0.12  # of the shorter side: portraits of one person 0.15 to 0.7
EDGE_LEAST = 0.01  # of the picture, between face and edge: what is cut has 0.01 at most, what is whole 0.12 or more
TURN_MOST = 0.33  # of the distance of the eyes: up to 0.31 in portraits, 0.34 to 0.79 in heads that are turned
SHARPNESS_LEAST = 25.0  # portraits 65 or more; with a blur that is seen at the size of an avatar 17 or less


def twin(name: str, id_: str, bits: int) -> tuple[Fault, ...]:
    """Return what is wrong with a picture that differs so little from that of another avatar."""
    if bits > OTHERS_MOST:
        return ()
    return (Fault("twin", f"It looks like {name} ({id_}): {bits} of {BITS} bits differ (limit {OTHERS_MOST})."),)


def judge(measures: Measures, *, asked_px: tuple[int, int] | None = None) -> tuple[Fault, ...]:
    """Return what is wrong, the first thing first. ``asked_px``: these sides were asked for, so they are not wrong."""
    if measures.bright < BRIGHT_LEAST:
        return (Fault("black", f"99 % of it is no brighter than {measures.bright:.0f} of 255 (limit {BRIGHT_LEAST})."),)
    faces = [face for face in measures.faces or () if face.score >= SCORE_LEAST]
    if measures.spread < SPREAD_LEAST and not faces:
        flat = f"Its tones are {measures.spread:.1f} of 255 apart (limit {SPREAD_LEAST:g})."
        return (Fault("flat", flat),)
    shape = tuple(_shape(measures, asked_px or (SIDE_LEAST_PX, SIDE_LEAST_PX), is_asked=asked_px is not None))
    return shape if measures.faces is None else (*_of_faces(faces), *shape)  # who cuts a face off cuts the picture


def _shape(measures: Measures, asked_px: tuple[int, int], *, is_asked: bool) -> Iterator[Fault]:
    least = min(SIDE_LEAST_PX, *asked_px)
    width, height = measures.width_px, measures.height_px
    if min(width, height) < least:
        yield Fault("small", f"It has {width} x {height} px (limit {least} px a side).")
    most = max(RATIO_MOST, max(asked_px) / min(asked_px)) if is_asked else RATIO_MOST
    ratio = max(width, height) / min(width, height)
    if ratio > most * 1.01:  # sides are whole pixels
        yield Fault("aspect", f"Its longer side is {ratio:.1f} times the other one (limit {most:.1f}).")


def _of_faces(faces: Sequence[Face]) -> Iterator[Fault]:
    if not faces:
        yield Fault("faceless", f"It shows no face (certainty limit {SCORE_LEAST:g}).")
    elif len(faces) > 1:
        yield Fault("crowded", f"It shows {len(faces)} faces (limit 1).")
    else:
        yield from _of_face(faces[0])


def _of_face(face: Face) -> Iterator[Fault]:
    edge = min(face.left, face.top, 1 - face.right, 1 - face.bottom)
    if face.tilt:
        yield Fault("turned", f"The face is tilted by {abs(face.tilt):.0f} degrees (limit 30).")
        return  # nothing else of it can be compared
    if edge < EDGE_LEAST:
        yield Fault(
            "cut", f"The face is cut off by an edge: {edge:.2f} of the picture is between (limit {EDGE_LEAST})."
        )
    if face.size < SIZE_LEAST:
        yield Fault("tiny", f"The face takes {face.size:.2f} of the picture's height (limit {SIZE_LEAST}).")
    if abs(face.turn) > TURN_MOST:
        turn = (
            f"The head is turned: the nose is {abs(face.turn):.2f} of the eyes' distance aside (limit {TURN_MOST:.2f})."
        )
        yield Fault("turned", turn)
    if face.sharpness < SHARPNESS_LEAST:
        yield Fault("blurred", f"The face's sharpness is {face.sharpness:.0f} (limit {SHARPNESS_LEAST:.0f}).")
