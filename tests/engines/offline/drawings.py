"""What tests of the offline engine ask for."""

from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.engines.base import EnginePlan, Setup
from avatar_creator.engines.offline.art.avataaars import AVATAAARS
from avatar_creator.engines.offline.engine import OfflineEngine

ENGINE = OfflineEngine(Setup())


class Quiet:
    """Follows a picture, and hears only how far it is."""

    def __init__(self, fractions: list[float] | None = None) -> None:
        self.progress = (fractions if fractions is not None else []).append

    is_last_attempt = False

    def phase(self, what: str, /) -> None:
        raise AssertionError(f"a drawing needs nothing first: {what}")

    def begin_call(self) -> None:
        pass

    def save_response(self, response: bytes | None, /) -> None:
        raise AssertionError(f"nobody is asked, and nothing to be kept: {response!r}")

    def saved_response(self) -> bytes | None:
        return None

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        raise AssertionError(f"a drawing costs nothing: {provider}, {model}, {reroll}")

    def record_doubt(self) -> None:
        raise AssertionError("a drawing costs nothing")

    def pause(self, seconds: float, /) -> None:
        raise AssertionError(seconds)

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
        raise AssertionError(f"waits {seconds} s: {why} {busy}")


def asked(
    *,
    seed: int = 7,
    persona: Persona | None = None,
    age: int | None = None,
    traits: tuple[str, ...] = (),
    base: str | None = None,
    negative: str | None = None,
    size: tuple[int, int] = (64, 64),
    format_: PictureFormat = PictureFormat.JPEG,
    options: dict[str, Any] | None = None,
    **attributes: str,
) -> PictureRequest:
    """Return a request; what is not given is left to chance."""
    person = persona or Persona(age=age, personality=traits)
    looks = Attributes(**attributes)
    prompt = build_prompt(person, looks, base, negative=negative)
    return PictureRequest(person, looks, prompt, seed, *size, format_, options=options or {})


def planned(**fields: Any) -> EnginePlan:
    return ENGINE.plan(asked(**fields))


def drawn(**fields: Any) -> dict[str, str]:
    """Return the names of the drawings that were chosen, by component."""
    drawings: dict[str, str] = planned(**fields).sent["drawings"]
    return drawings


def colored(**fields: Any) -> dict[str, str]:
    """Return the colors that were chosen, by the art style's names of them."""
    colors: dict[str, str] = planned(**fields).sent["colors"]
    return colors


def notices(**fields: Any) -> tuple[str, ...]:
    return planned(**fields).notices


def mouths(expression: str) -> set[str]:
    """Return the mouths that the default art style has for an expression."""
    (part,) = (part for part in AVATAAARS.parts if part.component == "mouth")
    return set(part.drawings[expression].split())
