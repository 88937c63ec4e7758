"""Which way of loading a model fits the memory that there is: no torch, no card, only numbers.

Weights are counted in bytes of bfloat16; what pictures need besides was measured: docs/local.md has the figures.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from avatar_creator.engines.local.models import AUTO, NONE, Weights

GIB = 2**30
_WORKING = 26 * GIB // 10  # beside the weights, up to a megapixel: 2.5 at most were measured
_WORKING_MEGAPIXEL = 2 * GIB  # for each one more
_MEGAPIXEL = 1024 * 1024
_LEAST_GROUPS = GIB  # of the weights that are on the card at once, group by group
_RAM_BESIDE = 4 * GIB  # for everything else in memory while a model is loaded
# Bytes that are left of one in bfloat16. Norms and what modulates them stay as they are: in FLUX.1 a quarter. Those of
# a GGUF file are counted as they are in it.
_LEFT = {NONE: 1.0, "fp8": 0.64, "int8": 0.53, "nf4": 0.282, "gguf": 1.0}


class Memory(NamedTuple):
    """Bytes: free ones of a card's memory, and available ones of the machine's."""

    card: int
    ram: int

    def covers(self, other: "Memory") -> bool:
        return self.card >= other.card and self.ram >= other.ram


class Fit(NamedTuple):
    """How a model is loaded: how its weights are quantized, and what is kept off the card until it is used."""

    quantize: str
    offload: str

    def __str__(self) -> str:
        return f"quantize {self.quantize}, offload {self.offload}"


# The best first: of what changes pixels the least, what is fastest.
_LADDER = tuple(Fit(quantize, offload) for quantize in (NONE, "fp8", "nf4") for offload in (NONE, "model"))
_GROUPS = Fit(NONE, "group")
# Groups go to the card anew in each step, parts once a picture, and back: as long as 24 steps of groups take.
_FEW_STEPS = 20


def needed(weights: Weights, fit: Fit, *, pixels: int = _MEGAPIXEL, bytes_each: int = 2) -> Memory:
    """Return the memory that a model takes, loaded like that, to make a picture of so many pixels.

    ``bytes_each`` are those of a parameter that is not quantized.
    """
    transformer = int(weights.transformer * _LEFT[fit.quantize])
    encoders, unquantized = weights.text_encoders, weights.unquantized
    if fit.quantize == "nf4":
        encoders = unquantized + int((encoders - unquantized) * _LEFT["nf4"])
    left = Weights(*(part * bytes_each // 2 for part in (transformer, encoders, weights.vae)))
    on_card = {NONE: left.all, "model": left.largest, "group": _LEAST_GROUPS}[fit.offload]
    working = _WORKING + max(pixels - _MEGAPIXEL, 0) * _WORKING_MEGAPIXEL // _MEGAPIXEL
    # bitsandbytes quantizes weight by weight on the card; all else is loaded as it is, and then changed.
    in_ram = left.all if fit.quantize in {"nf4", "gguf"} else weights.all * bytes_each // 2
    return Memory(on_card + working, in_ram + _RAM_BESIDE)


def choices(quantize: str, offload: str, usable: Collection[str], *, steps: int) -> Iterator[Fit]:
    """Yield the ways that are asked for, the best first; of `auto` those for which libraries are ``usable``."""
    if AUTO not in {quantize, offload}:
        yield Fit(quantize, offload)
        return
    place = 1 if steps <= _FEW_STEPS else len(_LADDER)
    ladder = (*_LADDER[:place], _GROUPS, *_LADDER[place:])
    for fit in ladder if quantize in {AUTO, NONE, "fp8", "nf4"} else (Fit(quantize, each) for each in (NONE, "model")):
        is_asked = quantize in {AUTO, fit.quantize} and offload in {AUTO, fit.offload}
        if is_asked and (quantize != AUTO or fit.quantize in {NONE, "fp8"} or fit.quantize in usable):
            yield fit


def after(fit: Fit, among: list[Fit], weights: Weights) -> Iterator[Fit]:
    """Yield the ways that come after one which did not fit, and take less of the card."""
    most = needed(weights, fit).card
    later = among[among.index(fit) + 1 :] if fit in among else among
    return (each for each in later if needed(weights, each).card < most)
