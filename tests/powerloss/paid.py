"""A service that is paid: it says on stdout when it is called, and when its answer is safe."""

import sys
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import Watch
from avatar_creator.engines.offline.engine import OfflineEngine

CALLED, SAFE = "called for", "has the answer for"


def install() -> None:
    """Let it stand for the offline engine, in a process of a test's own."""
    ENGINES["offline"] = ENGINES["offline"]._replace(place=f"{__name__}:Paid")


class Paid(OfflineEngine):
    """Answers with a picture of one colour, which is charged for."""

    def check(self, _options: Mapping[str, Any], /) -> None:
        pass

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        answer = watch.saved_response()
        if answer != _photograph(request.seed):  # none was saved, or the power was cut before that was said
            watch.begin_call()
            _say(CALLED, request.seed)
            answer = _photograph(request.seed)
            watch.save_response(answer)
            _say(SAFE, request.seed)
        assert answer is not None
        watch.record_charge("fal-ai", "flux/dev")
        return Picture(answer, PictureFormat.JPEG, 64, 64, "flux", DigitalSourceType.TRAINED, {})


def _photograph(seed: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 64), (seed % 256, 128, 128)).save(file, "JPEG")
    return file.getvalue()


def _say(what: str, seed: int) -> None:
    sys.stdout.write(f"{what} {seed}.\n")
    sys.stdout.flush()
