"""The device that a model runs on, and the memory that there is. Loads torch inside of its functions."""

import gc
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from avatar_creator.domain.text import counted, visible
from avatar_creator.engines.local import libraries
from avatar_creator.engines.local.memory import Memory
from avatar_creator.engines.local.models import AUTO
from avatar_creator.errors import NotConfigured

_CONTAINER = Path("/sys/fs/cgroup")
_SLOW = (
    "A picture takes many minutes on a processor: for that give --device cpu. Or choose --engine huggingface, or "
    "--engine offline for drawings."
)


class Device(NamedTuple):
    """What a model runs on: torch's name of it, the name that a card has in its driver, and which card it is.

    ``id`` is the same for every process that uses the card. A processor has none: it is shared.
    """

    name: str
    card: str | None = None
    id: str | None = None

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]


def find(asked: str) -> Device:
    """Return the device for a value of --device. Raises NotConfigured where there is none that torch can use."""
    import torch

    kind, _, index = asked.partition(":")
    if kind in {AUTO, "cuda"} and torch.cuda.is_available():
        number = int(index or 0)
        if number >= torch.cuda.device_count():
            raise NotConfigured(
                f"device is {asked}, and torch finds {counted(torch.cuda.device_count(), 'card')}.",
                hint="They are counted from cuda:0, as CUDA_VISIBLE_DEVICES names them.",
            )
        card = torch.cuda.get_device_properties(number)
        return Device(f"cuda:{number}", visible(card.name), str(getattr(card, "uuid", number)))
    if kind in {AUTO, "mps"} and torch.backends.mps.is_available():
        return Device("mps", "Apple GPU", "mps")
    if kind == "cpu":
        return Device("cpu")
    raise unusable(asked, torch.__version__)


def unusable(asked: str, version: str) -> NotConfigured:
    """Return why there is no device: torch cannot use the card that there is, or there is no card."""
    found = libraries.cards()
    if found and "+cpu" in version:
        return _without_cuda(found[0], version, "is built without CUDA")
    if found:
        return _without_cuda(found[0], version, "cannot use it")
    if asked == "mps":
        return NotConfigured("device is mps, and torch finds no GPU of Apple here.", hint=_SLOW)
    return NotConfigured("There is no card here that torch can use, and a model needs one.", hint=_SLOW)


def _without_cuda(card: libraries.Card, version: str, why: str) -> NotConfigured:
    return NotConfigured(
        f"There is a {visible(card.name)} (driver {visible(card.driver)}), and torch {version} {why}.",
        hint="Install torch again with the command that https://pytorch.org/get-started/locally/ gives for your system "
        "and CUDA, or with uv: uv pip install --reinstall torch --torch-backend=auto. If it is that already, upgrade "
        "the card's driver.",
    )


def precision_of(asked: str, device: Device) -> str:
    """Return the precision for a device: half of it where the device calculates with that."""
    import torch

    if asked != AUTO:
        return asked
    if device.kind == "cpu":
        return "float32"  # with half precision a processor takes longer
    if device.kind == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return "float16"
    return "bfloat16"


def memory_of(device: Device) -> Memory:
    """Return what memory is free: that of a device which shares the machine's is that."""
    ram = ram_available()
    if device.kind != "cuda":
        return Memory(ram, ram)
    import torch

    free, _total = torch.cuda.mem_get_info(device.name)
    return Memory(int(free), ram)


def reserved(device: Device) -> int:
    """Return the bytes of a card's memory that this process has taken, used or not."""
    import torch

    return int(torch.cuda.memory_reserved(device.name))


def use(device: Device) -> None:
    """Have libraries that ask for no device take this one."""
    import torch

    if device.kind == "cuda":
        torch.cuda.set_device(device.name)  # bitsandbytes quantizes on the current one


def release(device: Device | None) -> None:
    """Give memory back that nothing uses any more."""
    import torch

    gc.collect()  # pipelines refer to themselves
    if device is not None and device.kind == "cuda":
        with suppress(RuntimeError):  # of a driver that gave up
            torch.cuda.empty_cache()
    if device is not None and device.kind == "mps":
        torch.mps.empty_cache()


def ram_available() -> int:
    """Return the bytes of memory that a process may still take: of the machine, and at most its container's limit."""
    import psutil

    available = int(psutil.virtual_memory().available)
    with suppress(OSError, ValueError, KeyError):  # no container, or no limit: "max"
        limit = int((_CONTAINER / "memory.max").read_text("ascii"))
        # Files that were read are counted as taken, and given up for what a process needs.
        said = dict(line.split() for line in (_CONTAINER / "memory.stat").read_text("ascii").splitlines())
        taken = int((_CONTAINER / "memory.current").read_text("ascii")) - int(said["inactive_file"])
        available = min(available, max(limit - taken, 0))
    return available
