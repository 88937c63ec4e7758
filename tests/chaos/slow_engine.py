"""An engine process whose pictures take a while: python -m chaos.slow_engine SECONDS. More arguments are to be seen."""

import sys
import time

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines.base import Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.jobs.engine_processes.child import main

_STEPS = 10


def slow_down(seconds: float) -> None:
    """Have each drawing of this process take so long; it is told that it is unwanted meanwhile."""
    draw = OfflineEngine.generate

    def generate(self: OfflineEngine, request: PictureRequest, watch: Watch) -> Picture:
        for step in range(_STEPS):
            watch.progress(step / _STEPS)
            time.sleep(seconds / _STEPS)
        return draw(self, request, watch)

    OfflineEngine.generate = generate  # type: ignore[method-assign]


if __name__ == "__main__":
    slow_down(float(sys.argv[1]))
    main()
