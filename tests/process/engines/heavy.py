"""An engine that is always apart: what it would load fits in memory once."""

import io
import os
import time
from pathlib import Path

from PIL import Image

from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.engines.base import Engine, EnginePlan, Watch


class Heavy(Engine):
    """Notes in a file which process makes a picture, and takes a while over it: as the environment says."""

    name = "heavy"
    most_at_once = 1

    def plan(self, _request: PictureRequest) -> EnginePlan:
        return EnginePlan("tiny", {})

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        with Path(os.environ["HEAVY_LOG"]).open("a", encoding="utf-8") as log:
            log.write(f"{os.getpid()} {request.seed}\n")
        until_s = time.monotonic() + float(os.environ.get("HEAVY_S", "0"))
        while time.monotonic() < until_s:
            time.sleep(0.01)
            watch.progress(0.5)
        file = io.BytesIO()
        Image.new("RGB", (request.width_px, request.height_px), (request.seed % 256, 90, 90)).save(file, "PNG")
        return Picture(
            file.getvalue(),
            PictureFormat.PNG,
            request.width_px,
            request.height_px,
            "tiny",
            DigitalSourceType.TRAINED,
            {},
        )
