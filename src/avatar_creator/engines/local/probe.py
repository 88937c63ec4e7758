"""What `avatar doctor` says of the local engine: its libraries, the card, and whether the model is on this disk."""

import sys
from collections.abc import Iterator

from avatar_creator.domain.text import visible
from avatar_creator.engines.base import Probe
from avatar_creator.engines.local import devices, libraries, loading, lora
from avatar_creator.engines.local.memory import GIB
from avatar_creator.engines.local.options import Options, name_of
from avatar_creator.errors import AvatarError

_ROCM, _CPU = "+rocm", "+cpu"


def check_card(options: Options) -> None:
    """Raise NotConfigured where no card is found that torch could use. It does not load torch, which takes seconds."""
    torch = libraries.version_of("torch") or ""
    if options.device in {"cpu", "mps"} or sys.platform == "darwin" or _ROCM in torch:
        return
    if _CPU in torch or not libraries.cards():
        raise devices.unusable(options.device, torch)


def probe(options: Options) -> Iterator[Probe]:
    """Yield what there is. It asks nobody."""
    try:
        libraries.require()
    except AvatarError as error:
        yield Probe(False, "libraries", error.message, error.hint)
        return
    versions = ", ".join(f"{name} {version}" for name, version in libraries.versions().items())
    yield Probe(True, "libraries", f"{versions}.")
    for quantize, package in libraries.QUANTIZERS.items():
        if libraries.has_quantizer(quantize):
            yield Probe(True, quantize, f"{package} {libraries.version_of(package)}.")
        else:
            hint = f"Install it: {libraries.install_quantizer(quantize)}"
            yield Probe(True, quantize, f"needs {package}, which is not installed, if you want it.", hint)
    for card in libraries.cards():
        memory = f"{card.memory / GIB:.1f} GiB of memory, {card.free / GIB:.1f} of them free"
        yield Probe(True, "card", f"{visible(card.name)}: {memory}, driver {visible(card.driver)}.")
    yield _device(options)
    yield from _files(options)


def _device(options: Options) -> Probe:
    try:
        device = devices.find(options.device)
    except AvatarError as error:
        return Probe(False, "device", error.message, error.hint)
    precision = devices.precision_of(options.precision, device)
    free = devices.memory_of(device)
    return Probe(
        True,
        "device",
        f"{device.name}, in {precision}: {free.card / GIB:.1f} GiB free, and {free.ram / GIB:.1f} of the machine's.",
    )


def _files(options: Options) -> Iterator[Probe]:
    try:
        weights = loading.weights_of(options, loading.find(options).folder)
        yield Probe(True, "model", f"{name_of(options.model)}: on this disk, {weights.all / 1e9:.1f} GB in memory.")
        if options.lora:
            yield Probe(True, "LoRA", f"{lora.find(options.lora).name}: on this disk.")
    except AvatarError as error:
        yield Probe(False, "model", error.message, error.hint)
