"""What a behaviour is: one way for a request to be answered badly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .pictures import Encoded, Wish
from .wire import Answer, Wire, json_answer

# What becomes of a picture that was asked for: some providers answer before it is made.
Outcome = Literal["made", "late", "failed", "never"]
Spoil = Callable[[Wish, Encoded], Encoded]


@dataclass(frozen=True)
class Behaviour:
    """A way to answer: an answer instead of the right one, a worse way for it to travel, or another picture."""

    name: str
    paid: bool = False
    answer: Callable[[], Answer] | None = None
    wire: Wire = "whole"
    spoil: Spoil | None = None
    outcome: Outcome = "made"
    error: str = ""
    flagged: bool = False
    at_connect: bool = False


def says(name: str, status: int, body: Any, *, paid: bool = False, **headers: str) -> Behaviour:
    """Return one that answers with this status and JSON."""
    return Behaviour(name, paid, lambda: json_answer(body, status, **headers))


def shows(name: str, status: int, page: str, *, paid: bool = False) -> Behaviour:
    """Return one that answers with a web page."""
    answer = Answer(status, page.encode(), {"content-type": "text/html; charset=utf-8"})
    return Behaviour(name, paid, lambda: answer)
