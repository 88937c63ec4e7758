"""The other process: it reads requests from its standard input, and writes replies to its standard output.

A hostile picture may have taken it over. So it holds no secret, and the system limits the memory and time it can take.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import FileIO
from typing import IO, Any

from avatar_creator.decoding import Asked, Damaged, Renditions, TooMuch, pixels
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Message

# Loaded by those that need them: few pictures are measured, and OpenCV takes 100 MB.
_MEASURING, _FACES = "avatar_creator.decoding.measuring", "avatar_creator.decoding.faces"
_OF_ONE_PART: dict[str, Callable[..., bytes]] = {
    "convert": pixels.convert,
    "cells": pixels.cells,
    "preview": pixels.preview,
    "perceptual_hash": pixels.perceptual_hash,
    "square": pixels.square,
    "paletted": pixels.paletted,
}
_STATM_MOST = 200  # bytes
_MEMORY_MOST = 240 * 2**20  # bytes beyond what the interpreter and its modules take


class _Unavailable(Exception):
    """What finds faces cannot be loaded."""


def main(*, with_faces: bool = False) -> None:
    """Serve until the pipes are closed; ``with_faces``: those requests, too, for which the detector is loaded."""
    if with_faces:
        with suppress(_Unavailable):  # said when it is asked for
            _load_detector()
    _limit_memory()
    with suppress(messages.Broken, OSError):
        serve(FileIO(0), FileIO(1, "w"))
    os._exit(0)  # nothing is to be cleaned up


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Write a reply to each request. Raises Broken when they end, and OSError."""
    while True:
        asked = messages.read(requests)
        _limit_time(asked.head["cpu_s"])
        try:
            reply = _reply(asked)
        except (Damaged, TooMuch) as error:
            reply = Message({"error": type(error).__name__, "what": str(error)})
        except _Unavailable as error:
            reply = Message({"error": "NotConfigured", "what": str(error)})
        except MemoryError:
            reply = Message({"error": "TooMuch", "what": "takes too much memory"})
        _limit_time(0)
        messages.write(replies, reply)
        del asked, reply  # frees their memory for the next picture


def _reply(asked: Message) -> Message:
    (data,) = asked.parts
    arguments: list[Any] = asked.head["arguments"]
    match asked.head["task"]:
        case "examine":
            thumbnail, excess = pixels.examine(data, *arguments)
            return Message({"excess": excess}, [thumbnail])
        case "measure":
            pixels_most, with_faces = arguments
            find = _load_detector() if with_faces else None
            measured, thumbnail = import_module(_MEASURING).measure(data, pixels_most, find)
            return Message(measured, [] if thumbnail is None else [thumbnail])
        case str(task) if task in _OF_ONE_PART:
            return Message({}, [_OF_ONE_PART[task](data, *arguments)])
        case "renditions":
            return Message({}, pixels.renditions(data, Renditions(*arguments)))
        case _:
            made = pixels.normalize(data, Asked(*arguments))
            parts = [part for part in (made.data, made.thumbnail) if part is not None]
            return Message({"made_px": made.made_px}, parts)


def _load_detector() -> Any:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each of its threads would take memory
    try:
        return import_module(_FACES).find
    except Exception as error:  # of OpenCV's own, too
        raise _Unavailable(str(error) or type(error).__name__) from error


def _limit_memory() -> None:
    """Limit the memory beyond what is taken already, on systems that can."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with FileIO("/proc/self/statm") as file:  # pages of addresses first
            pages = int((file.read(_STATM_MOST) or b"").split()[0])
        most = pages * resource.getpagesize() + _MEMORY_MOST
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _limit_time(cpu_s: float) -> None:
    """Have the system end this process after so much CPU time; 0 removes the limit.

    RLIMIT_CPU would count whole seconds, of all requests together.
    """
    with suppress(AttributeError):  # Windows has no such timer
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
