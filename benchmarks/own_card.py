"""What the local engine costs over the bare pipeline of diffusers. Run: python -m benchmarks.own_card.

It needs the extra `local`, and no card: a tiny random FLUX on the processor makes one picture by the engine and one by
the pipeline itself, in turns. Both encode a PNG of 256 px. Target: 1.02 of the pipeline's CPU time or less. It prints,
too, how often the engine has loaded the model for all of its pictures: once.
"""

import argparse
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import tiny_models
from avatar_creator.engines.base import Setup
from avatar_creator.engines.local import libraries, loading
from avatar_creator.engines.local.engine import LocalEngine
from benchmarks.measure import Cost, Measure, Pair, compare
from engines.local_requests import Watching, asked

_TARGET = 1.02
_STEPS, _SIDE_PX = 8, 256


def main(rounds: int) -> int:
    """Print the ratio. Returns 1 where it is over the target, or the model was loaded more than once."""
    libraries.require()
    with tempfile.TemporaryDirectory() as place:
        tiny_models.flux(Path(place) / "flux")
        loads, pair = _pair(Path(place) / "flux")
        result = compare(pair, Measure.CPU, rounds)
    print(f"CPU: {result.ratio:.3f} of the bare pipeline ({result.ratio_low:.3f} to {result.ratio_high:.3f}).")
    print(f"{result.ours_s * 1000:.0f} and {result.other_s * 1000:.0f} ms a picture, {rounds} pairs.")
    print(f"Loaded {loads()} times.")
    return int(result.ratio > _TARGET or loads() != 1)


def _pair(model: Path) -> tuple[Callable[[], int], Pair]:
    import torch
    from diffusers import DiffusionPipeline

    torch.set_num_threads(1)  # several wait for each other, and that counts as time of the processor
    engine, counted = LocalEngine(Setup()), _Counted(loading.load)
    loading.load = counted  # type: ignore[assignment]
    options = {"model": str(model), "device": "cpu", "steps": _STEPS}
    request = asked(width_px=_SIDE_PX, height_px=_SIDE_PX, options=options)
    pipeline = DiffusionPipeline.from_pretrained(model, local_files_only=True, dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)

    def bare() -> None:
        generator = torch.Generator("cpu").manual_seed(request.seed)
        sides = {"width": _SIDE_PX, "height": _SIDE_PX}
        made = pipeline(prompt=request.prompt.full, num_inference_steps=_STEPS, generator=generator, **sides)
        made.images[0].save(io.BytesIO(), "PNG")

    return lambda: counted.times, Pair(_timed(lambda: engine.generate(request, Watching())), _timed(bare))


class _Counted:
    def __init__(self, what: Callable[..., Any]) -> None:
        self.times = 0
        self._what = what

    def __call__(self, *arguments: Any) -> Any:
        self.times += 1
        return self._what(*arguments)


def _timed(make: Callable[[], Any]) -> Callable[[], Cost]:
    def run() -> Cost:
        wall_s, before = time.perf_counter(), os.times()
        make()
        after = os.times()
        return Cost(time.perf_counter() - wall_s, after.user - before.user + after.system - before.system)

    return run


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="how many pairs")
    sys.exit(main(parser.parse_args().rounds))
