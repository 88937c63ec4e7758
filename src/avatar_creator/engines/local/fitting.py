"""Which way of loading a model is taken on this machine, and which one next where memory was too small for it."""

from collections.abc import Collection
from typing import NamedTuple

from avatar_creator.domain.picture import PictureRequest
from avatar_creator.engines.local import cache, devices, libraries, loading, memory
from avatar_creator.engines.local.devices import Device
from avatar_creator.engines.local.inference import made_px
from avatar_creator.engines.local.loading import Way
from avatar_creator.engines.local.memory import GIB, Fit, Memory
from avatar_creator.engines.local.models import AUTO, DEFAULT_MODEL, NONE, Weights
from avatar_creator.engines.local.options import Options, name_of
from avatar_creator.errors import EngineError, NotConfigured

_BYTES = {"float32": 4}  # of a number; others have two


class _Chosen(NamedTuple):
    """A way that was taken, and for how many pixels; ``is_only``: there was no other."""

    way: Way
    weights: Weights
    pixels: int
    is_only: bool


class Fitting:
    """Chooses ways, and remembers those for which memory was too small as long as this process runs."""

    def __init__(self) -> None:
        # By model and device, the last way that did not fit, and the pixels of the picture.
        self._failed: dict[tuple[str, str], tuple[Fit, int]] = {}
        self._last: _Chosen | None = None

    def choose(self, options: Options, device: Device, source: cache.Snapshot, request: PictureRequest) -> Way:
        """Return the best way that fits. Raises NotConfigured where memory is too small for any."""
        precision = devices.precision_of(options.precision, device)
        weights = loading.weights_of(options, source.folder)
        pixels = _pixels(request)
        fits = _fits(options, device)
        fit = fits[0] if len(fits) == 1 else self._fit(options, device, precision, weights, pixels, fits)
        way = Way(device, precision, fit)
        self._last = _Chosen(way, weights, pixels, is_only=len(fits) == 1)
        return way

    def covers(self, options: Options, request: PictureRequest) -> bool:
        """Return whether the model in memory, which was loaded for another picture, leaves enough for this one."""
        last, pixels = self._last, _pixels(request)
        if last is None or last.is_only or pixels <= last.pixels:
            return True
        device, fit = last.way.device, last.way.fit
        failed = self._failed.get((options.model, device.name))
        has = devices.memory_of(device).card + devices.reserved(device)
        if (failed and failed[0] == fit and pixels >= failed[1]) or has < _needed(last.way, last.weights, pixels).card:
            return False
        self._last = last._replace(pixels=pixels)
        return True

    def _fit(
        self, options: Options, device: Device, precision: str, weights: Weights, pixels: int, fits: list[Fit]
    ) -> Fit:
        failed = self._failed.get((options.model, device.name))
        if failed and pixels >= failed[1]:
            fits = list(memory.after(failed[0], fits, weights))
        there = devices.memory_of(device)
        needs = {one: _needed(Way(device, precision, one), weights, pixels) for one in fits}
        for fit, least in needs.items():
            if there.covers(least):
                return fit
        raise _too_small(options, device, there, min(needs.values(), default=there))

    def too_large(self, options: Options) -> EngineError:
        """Return the error of a model for which memory was too small, and take a smaller way next time."""
        if self._last is None:  # before a way was chosen
            return EngineError("Memory is full.", hint="End other programs, then try again.")
        way, weights, pixels, _ = self._last
        devices.release(way.device)
        what = f"{name_of(options.model)} does not fit in memory with {way.fit}, in {way.precision}"
        smaller = "A smaller picture takes less: --width 768 --height 768"
        if way.device.kind != "cuda":
            return EngineError(f"{what}.", hint=f"End other programs, or choose a smaller model. {smaller}")
        self._failed[options.model, way.device.name] = way.fit, pixels
        fits = list(memory.choices(AUTO, AUTO, _usable(), steps=options.steps))
        following = next(memory.after(way.fit, fits, weights), None)
        free = devices.memory_of(way.device).card
        said = f"{what}: {_gib(free)} of {way.device.card} are free without it."
        if following is None:
            return EngineError(said, hint=f"Choose a smaller model, such as --model {DEFAULT_MODEL}. {smaller}")
        is_automatic = AUTO in {options.quantize, options.offload} and not options.gguf
        flags = f"--quantize {following.quantize} --offload {following.offload}"
        first = f"Try again: it is then loaded with {following}" if is_automatic else f"Try {flags}"
        return EngineError(said, hint=f"{first}. {smaller}")


def _fits(options: Options, device: Device) -> list[Fit]:
    """Return the ways that options leave open; one, where the user has chosen it or the device has no other."""
    quantize = "gguf" if options.gguf else options.quantize
    if device.kind != "cuda":  # whose memory is the machine's own: there is nowhere to offload to
        return [Fit(*(NONE if value == AUTO else value for value in (quantize, options.offload)))]
    return list(memory.choices(quantize, options.offload, _usable(), steps=options.steps))


def _needed(way: Way, weights: Weights, pixels: int) -> Memory:
    return memory.needed(weights, way.fit, pixels=pixels, bytes_each=_BYTES.get(way.precision, 2))


def _pixels(request: PictureRequest) -> int:
    width, height = made_px(request)
    return width * height


def _usable() -> Collection[str]:
    return [quantize for quantize in libraries.QUANTIZERS if libraries.has_quantizer(quantize)]


def _too_small(options: Options, device: Device, there: Memory, least: Memory) -> NotConfigured:
    short = "card" if there.card < least.card else "machine"
    has, needs = (there.card, least.card) if short == "card" else (there.ram, least.ram)
    whose = f"{device.card}'s memory" if short == "card" else "the machine's memory"
    more = "" if libraries.has_quantizer("nf4") else f" With nf4 it takes less: {libraries.install_quantizer('nf4')}."
    return NotConfigured(
        f"{name_of(options.model)} needs {_gib(needs)} of {whose} at least, and {_gib(has)} are free.",
        hint=f"End other programs that use it, or choose --model {DEFAULT_MODEL}, a smaller picture, or "
        f"--engine huggingface.{more}",
    )


def _gib(count: int) -> str:
    return f"{count / GIB:.1f} GiB"
