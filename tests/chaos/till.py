"""A service that is paid: each call costs, whoever hears the answer. What it was asked for stands in one file.

A line is one write, so that it is whole whenever its writer is killed.
"""

import io
import os
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.engines import fingerprint
from avatar_creator.engines.base import Engine, EnginePlan, Setup, Watch
from avatar_creator.storage.database import now

POISON = "Poison"  # the name of a persona that kills whoever makes its picture
PLACE = f"{__name__}:Photographer"


class Line(NamedTuple):
    """What happened: ``called``, ``answered`` or ``kept``; for which seed, in which process, paid with what, and when.

    ``at`` is as rows have it.
    """

    what: str
    seed: int
    process: int
    credential: str
    at: str


def read(till: Path) -> list[Line]:
    """Return all that happened."""
    if not till.exists():
        return []
    words = [line.split() for line in till.read_text("utf-8").splitlines()]
    return [Line(what, int(seed), int(process), credential, at) for what, seed, process, credential, at in words]


class Photographer(Engine):
    """Makes every picture for money."""

    name = "huggingface"

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def check(self, options: Mapping[str, Any]) -> None:
        self.credential(options)

    def credential(self, options: Mapping[str, Any]) -> str | None:
        return fingerprint(self.name, options, self._setup)

    def plan(self, request: PictureRequest) -> EnginePlan:
        del request
        return EnginePlan("paid/test", {}, paid=True, provider="till", provider_model="face", made_px=(64, 64))

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        watch.progress(0.0)
        answer = watch.saved_response()
        if answer is None:
            watch.begin_call()
            self._note("called", request)
            if request.persona.name == POISON:
                os.kill(os.getpid(), int(os.environ["CHAOS_POISON"]))
            time.sleep(float(os.environ.get("CHAOS_DELAY_S", "0.05")))
            self._note("answered", request)
            answer = _face()
            watch.save_response(answer)
            self._note("kept", request)
        watch.record_charge("till", "face")
        watch.progress(1.0)
        source = DigitalSourceType.TRAINED
        return Picture(answer, PictureFormat.JPEG, 64, 64, "paid/test", source, {}, provider="till")

    def _note(self, what: str, request: PictureRequest) -> None:
        line = f"{what} {request.seed} {os.getpid()} {self.credential({})} {now()}\n"
        descriptor = os.open(os.environ["CHAOS_TILL"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, line.encode())
        os.close(descriptor)


@cache
def _face() -> bytes:
    from PIL import Image  # noqa: PLC0415 - only who makes pictures pays for it

    file = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save(file, "JPEG")
    return file.getvalue()
