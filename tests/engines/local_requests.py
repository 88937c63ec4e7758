"""Requests for the local engine, and who watches over them."""

from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.errors import Cancelled


def asked(base: str | None = None, negative: str | None = None, **changes: Any) -> PictureRequest:
    persona, attributes = Persona("Ann", 32), Attributes(gender="female")
    prompt = build_prompt(persona, attributes, base, negative=negative)
    return PictureRequest(persona, attributes, prompt, 7, format=PictureFormat.PNG)._replace(**changes)


class Watching:
    """Hears what an engine reports; wants the picture no more at a fraction of ``until``."""

    is_last_attempt = False

    def __init__(self, until: float = 2.0) -> None:
        self.fractions: list[float] = []
        self.phases: list[str] = []
        self._until = until

    def progress(self, fraction: float, /) -> None:
        self.fractions.append(fraction)
        if fraction >= self._until:
            raise Cancelled("Cancelled.")

    def phase(self, what: str, /) -> None:
        self.phases.append(what)

    def begin_call(self) -> None:
        raise AssertionError("nothing is asked of a service")

    def save_response(self, response: bytes | None, /) -> None:
        raise AssertionError(response)

    def saved_response(self) -> bytes | None:
        return None

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        raise AssertionError(provider, model, reroll)

    def record_doubt(self) -> None:
        raise AssertionError

    def pause(self, seconds: float, /) -> None:
        raise AssertionError(seconds)

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
        raise AssertionError(seconds, why, busy)
