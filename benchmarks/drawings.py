"""What the benchmarks of words and faces ask of the offline engine, in this process."""

import io
from typing import Any

from PIL import Image

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.engines.base import Setup
from avatar_creator.engines.offline.engine import OfflineEngine

ENGINE = OfflineEngine(Setup())


class Unwatched:
    """Follows a drawing, and reports nothing of it: no service is asked for one."""

    is_last_attempt = False

    def progress(self, fraction: float, /) -> None:
        pass

    def phase(self, what: str, /) -> None:
        raise AssertionError(what)

    def begin_call(self) -> None:
        raise AssertionError

    def save_response(self, response: bytes | None, /) -> None:
        raise AssertionError(response)

    def saved_response(self) -> bytes | None:
        raise AssertionError

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        raise AssertionError(provider, model, reroll)

    def wait(self, seconds: float, why: str) -> None:
        raise AssertionError(seconds, why)


def request(
    persona: Persona | None = None,
    attributes: Attributes | None = None,
    *,
    prompt: str | None = None,
    negative: str | None = None,
    seed: int = 7,
    side_px: int = 64,
    art_style: str | None = None,
) -> PictureRequest:
    person, looks = persona or Persona(), attributes or Attributes()
    options: dict[str, Any] = {"art_style": art_style} if art_style else {}
    built = build_prompt(person, looks, prompt, negative=negative)
    return PictureRequest(person, looks, built, seed, side_px, side_px, PictureFormat.PNG, options=options)


def picture(asked: PictureRequest) -> Image.Image:
    return Image.open(io.BytesIO(ENGINE.generate(asked, Unwatched()).data)).convert("RGB")
