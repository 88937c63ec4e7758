"""What tests of the huggingface engine ask for, who answers, and who follows."""

import atexit
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import close_session
from huggingface_hub.inference._providers import wavespeed
from PIL import Image

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Picture, PictureFormat, PictureRequest
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.engines.base import Retry, Setup
from avatar_creator.engines.huggingface import retry
from avatar_creator.engines.huggingface.engine import HuggingFaceEngine
from avatar_creator.errors import AvatarError
from standin import SD3, Seen, StandIn

# What is asserted of failures again and again.
JITTER = 1.25  # the longest a wait of our own grows by chance
BUSY, ERROR, REFUSED, SETUP = "engine_busy", "engine", "engine_refused", "not_configured"
OFFLINE = "or draw it: --engine offline"
TRY_LATER = f"Try again later, {OFFLINE}"
ANOTHER = "Try again; if it stays so, choose another provider with --provider."
TOKENS = "https://huggingface.co/settings/tokens"
LONGER = "Give it longer with --timeout, or ask for less: --steps, --width, --height."
BILLED = "Each try may have been billed."
CHARGED = "It was charged, and may be at https://"

WAYS: dict[str, dict[str, Any]] = {
    "fal-ai": {"provider": "fal-ai"},
    "replicate": {"provider": "replicate"},
    "wavespeed": {"provider": "wavespeed"},
    "together": {"provider": "together", "model": "flux-schnell"},
    "nscale": {"provider": "nscale", "model": "flux-schnell"},
    "hf-inference": {"provider": "hf-inference", "model": SD3},
}


class Clock:
    """The gate's clock, which a watch that waits puts forward."""

    def __init__(self) -> None:
        self._skipped_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._skipped_s

    def skip(self, seconds: float) -> None:
        self._skipped_s += seconds


CLOCK = Clock()


class Watch:
    """Follows a picture, keeps what it is told, and waits for nothing.

    ``before`` is the response that an interrupted attempt saved, ``saved`` the one that is saved in the end.
    """

    def __init__(self, before: bytes | None = None) -> None:
        self.before = self.saved = before
        self._lock = threading.Lock()
        self.fractions: list[float] = []
        self.attempts = 0
        self.charges: list[tuple[str, str, bool]] = []
        self.waits: list[tuple[float, str]] = []
        self.busy: list[str] = []
        self.phases: list[str] = []
        self.events: list[str] = []  # in which order: save, remove, charged

    def progress(self, fraction: float, /) -> None:
        self.fractions.append(fraction)

    is_last_attempt = False

    def phase(self, what: str, /) -> None:
        self.phases.append(what)

    def begin_call(self) -> None:
        self.attempts += 1

    def save_response(self, response: bytes | None, /) -> None:
        self.events.append("remove" if response is None else "save")
        self.saved = response

    def saved_response(self) -> bytes | None:
        return self.before

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        self.events.append("charged")
        self.charges.append((provider, model, reroll))

    def record_doubt(self) -> None:
        self.events.append("in doubt")

    def pause(self, seconds: float, /) -> None:
        time.sleep(min(seconds, 0.01))  # between two polls of a task

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
        with self._lock:
            self.waits.append((seconds, why))
            self.busy += [busy] if busy else []
            CLOCK.skip(seconds)

    @property
    def seconds(self) -> list[float]:
        return [seconds for seconds, _ in self.waits]


@cache
def stand_in() -> StandIn:
    """Start the one stand-in of this process."""
    folder = tempfile.TemporaryDirectory()
    hub = StandIn(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(hub.close)
    return hub


@contextmanager
def standing_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Lead this process to a stand-in that knows of nothing that was; what polls and waits, does so at once."""
    hub = stand_in()
    hub.reset()
    for name, value in hub.environment().items():
        if name != "HF_HOME":  # read when the client was imported
            monkeypatch.setenv(name, value)
    monkeypatch.delenv("HUGGING_FACE_HUB_TOKEN", raising=False)
    monkeypatch.setattr(retry, "time", CLOCK)
    monkeypatch.setattr(wavespeed, "_POLLING_INTERVAL", 0.01)
    close_session()
    yield hub
    for thread in threading.enumerate():
        if thread.name == "huggingface":  # a call that was given up: its next request would begin in another test
            thread.join(10)
    close_session()


def engine(cache_at: Path | None = None, *, attempts: int = 3, base_s: float = 1.0, max_s: float = 120.0) -> Any:
    return HuggingFaceEngine(Setup(cache_at, Retry(attempts, base_s, max_s)))


def asked(
    size: tuple[int, int] = (512, 512),
    *,
    seed: int = 7,
    negative: str | None = None,
    format_: PictureFormat = PictureFormat.JPEG,
    **options: Any,
) -> PictureRequest:
    """Return a request for a photograph; options are the engine's."""
    persona, looks = Persona("Ann", 32), Attributes(gender="female")
    prompt = build_prompt(persona, looks, negative=negative)
    return PictureRequest(persona, looks, prompt, seed, *size, format_, options=options)


def photographed(size: tuple[int, int] = (512, 512), watch: Watch | None = None, **wishes: Any) -> Picture:
    """Return the photograph that an engine of its own makes."""
    made: Picture = engine().generate(asked(size, **wishes), watch or Watch())
    return made


def refused(request: PictureRequest, watch: Watch | None = None, by: Any = None) -> AvatarError:
    """Return the failure that a request ends with."""
    with pytest.raises(AvatarError) as raised:
        (by or engine()).generate(request, watch or Watch())
    return raised.value


def pixels(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        image.load()
        return image


def seen(hub: StandIn, kind: str) -> list[Seen]:
    return [each for each in hub.requests if each.kind == kind]
