"""The functions of `pixels`, run in another process, with the same names and arguments.

They raise Damaged and TooMuch as those do, TooMuch also where time or memory ran out, and StorageError where no process
can be started.
"""

import math
from importlib.util import find_spec
from typing import Any

from avatar_creator.decoding import FACES_PACKAGE, Asked, Damaged, Face, Measures, Normalized, Renditions, TooMuch
from avatar_creator.decoding.processes import DETECTING, POOL, Pool
from avatar_creator.domain.framing import CENTER, Point
from avatar_creator.domain.text import visible
from avatar_creator.errors import NotConfigured
from avatar_creator.processes.messages import Message

# Ten times what the slowest honest picture takes, for machines that are slower than any of ours.
_CPU_S = 1.5
_CPU_S_A_MEGAPIXEL_MADE = 2.0  # cut down, and encoded as PNG or WebP
_CPU_S_A_MEGAPIXEL = 0.2
_FACES_S = 5.0  # of CPU, for the detector: it is asked ten times for a picture at most
_NONSENSE = "makes its decoder return nonsense"


def examine(data: bytes, orientation: int, pixels_most: int) -> tuple[bytes, int]:
    match _ask("examine", data, [orientation, pixels_most], pixels_most):
        case Message({"excess": int(excess)}, [made]):
            return made, excess
    raise Damaged(_NONSENSE)


def convert(data: bytes, wanted: str, quality: int, pixels_most: int) -> bytes:
    return _made("convert", data, [wanted, quality, pixels_most], pixels_most)


def cells(data: bytes, side_px: int, pixels_most: int) -> bytes:
    return _made("cells", data, [side_px, pixels_most], pixels_most)


def preview(data: bytes, side_px: int, quality: int, pixels_most: int) -> bytes:
    return _made("preview", data, [side_px, quality, pixels_most], pixels_most)


def perceptual_hash(data: bytes, orientation: int, pixels_most: int) -> bytes:
    return _made("perceptual_hash", data, [orientation, pixels_most], pixels_most)


def square(data: bytes, orientation: int, side_px: int, pixels_most: int, middle: Point = CENTER) -> bytes:
    made = _made("square", data, [orientation, side_px, pixels_most, middle], pixels_most)
    return _exactly(3 * side_px**2, made)


def paletted(data: bytes, side_px: int, colors: int, pixels_most: int) -> bytes:
    made = _made("paletted", data, [side_px, colors, pixels_most], pixels_most)
    return _exactly(3 * colors + side_px**2, made)


def normalize(data: bytes, asked: Asked) -> Normalized:
    match _ask("normalize", data, list(asked), asked.pixels_most):
        case Message({"made_px": [int(width), int(height)]}, [made, thumbnail]):
            return Normalized((width, height), made, thumbnail)
        case Message({"made_px": [int(width), int(height)]}, []):
            return Normalized((width, height), None, None)
    raise Damaged(_NONSENSE)


def has_faces() -> bool:
    """Return whether the extra is installed that finds faces. Nothing is loaded."""
    return find_spec(FACES_PACKAGE) is not None and find_spec("cv2") is not None


def measure(data: bytes, pixels_most: int, *, with_faces: bool = False) -> Measures:
    """Return what is measured in a picture. Raises NotConfigured where faces are asked for, and cannot be found."""
    if with_faces:
        require_faces()
    pool, more_s = (DETECTING, _FACES_S) if with_faces else (POOL, 0.0)
    reply = _ask("measure", data, [pixels_most, with_faces], pixels_most, pool=pool, more_s=more_s)
    try:
        head = reply.head
        faces = None if head["faces"] is None else tuple(Face(*map(_number, _fields(each))) for each in head["faces"])
        width, height = int(head["width_px"]), int(head["height_px"])
        thumbnail = next(iter(reply.parts), None)
        return Measures(width, height, _number(head["bright"]), _number(head["spread"]), faces, thumbnail)
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged(_NONSENSE) from error


def require_faces() -> None:
    """Raise NotConfigured where the extra is not installed that finds faces."""
    if not has_faces():
        raise _without_faces("is not installed")


def _fields(face: Any) -> list[Any]:
    return [face[name] for name in Face._fields]


def _number(value: Any) -> float:
    number = float(value)
    if math.isnan(number):
        raise ValueError(value)
    return number


def _without_faces(why: str) -> NotConfigured:
    return NotConfigured(f"What finds faces {why}.", hint="Install it: pip install 'avatar-creator[faces]'")


def renditions(data: bytes, asked: Renditions) -> list[bytes]:
    pixels = sum(side**2 for side in asked.sides_px) or asked.pixels_most
    more_s = _CPU_S_A_MEGAPIXEL_MADE * pixels / 10**6
    made = _ask("renditions", data, list(asked), asked.pixels_most, more_s=more_s).parts
    if len(made) != max(len(asked.sides_px), 1):
        raise Damaged(_NONSENSE)
    return list(made)


def _exactly(size: int, made: bytes) -> bytes:
    if len(made) != size:
        raise Damaged(_NONSENSE)
    return made


def _made(task: str, data: bytes, arguments: list[Any], pixels: int) -> bytes:
    match _ask(task, data, arguments, pixels).parts:
        case [made]:
            return made
    raise Damaged(_NONSENSE)


def _ask(
    task: str, data: bytes, arguments: list[Any], pixels: int, *, pool: Pool = POOL, more_s: float = 0.0
) -> Message:
    cpu_s = _CPU_S + more_s + _CPU_S_A_MEGAPIXEL * pixels / 10**6
    reply = pool.ask(Message({"task": task, "arguments": arguments, "cpu_s": cpu_s}, [data]))
    match reply.head.get("error"):
        case None:
            return reply
        case "TooMuch":
            raise TooMuch(str(reply.head.get("what")))
        case "NotConfigured":
            raise _without_faces(f"cannot be loaded: {visible(str(reply.head.get('what')))}")
    raise Damaged(str(reply.head.get("what")))
