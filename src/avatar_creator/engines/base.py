"""What every engine is: the protocol."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from avatar_creator.domain.picture import Picture, PictureRequest

Progress = Callable[[float], None]
"""Told how much of the picture is made, 0.0 to 1.0; an engine calls it as often as it likes."""


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """What an engine would do with a request.

    ``model`` names who makes the picture, ``sent`` is what it would be asked with, as JSON; ``notices`` say, a
    sentence each, what the request asks for and this engine cannot express.
    """

    model: str
    sent: Mapping[str, Any]
    notices: tuple[str, ...] = ()


class Engine(Protocol):
    """Makes pictures from requests; holds no state of any one request."""

    name: str

    def check(self) -> None:
        """Raise NotConfigured if the engine lacks something it needs before its first picture."""

    def plan(self, request: PictureRequest) -> EnginePlan:
        """Say what `generate` would do, without doing it. Raises InvalidInput for options it does not know."""

    def generate(self, request: PictureRequest, progress: Progress) -> Picture:
        """Make the picture. Raises InvalidInput as `plan` does, and EngineError or a subclass of it."""
