"""The functions of `pixels`, run in another process, with the same names and arguments.

They raise Damaged and TooMuch as those do, TooMuch also where time or memory ran out, and StorageError where no process
can be started.
"""

from typing import Any

from avatar_creator.decoding import Asked, Damaged, Normalized, TooMuch
from avatar_creator.decoding.processes import POOL
from avatar_creator.processes.messages import Message

# Ten times what the slowest honest picture takes, for machines that are slower than any of ours.
_CPU_S = 1.5
_CPU_S_A_MEGAPIXEL = 0.2
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


def normalize(data: bytes, asked: Asked) -> Normalized:
    match _ask("normalize", data, list(asked), asked.pixels_most):
        case Message({"made_px": [int(width), int(height)]}, [made, thumbnail]):
            return Normalized((width, height), made, thumbnail)
        case Message({"made_px": [int(width), int(height)]}, []):
            return Normalized((width, height), None, None)
    raise Damaged(_NONSENSE)


def _made(task: str, data: bytes, arguments: list[Any], pixels: int) -> bytes:
    match _ask(task, data, arguments, pixels).parts:
        case [made]:
            return made
    raise Damaged(_NONSENSE)


def _ask(task: str, data: bytes, arguments: list[Any], pixels: int) -> Message:
    cpu_s = _CPU_S + _CPU_S_A_MEGAPIXEL * pixels / 10**6
    reply = POOL.ask(Message({"task": task, "arguments": arguments, "cpu_s": cpu_s}, [data]))
    match reply.head.get("error"):
        case None:
            return reply
        case "TooMuch":
            raise TooMuch(str(reply.head.get("what")))
    raise Damaged(str(reply.head.get("what")))
