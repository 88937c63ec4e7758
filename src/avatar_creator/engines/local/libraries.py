"""The libraries that the local engine needs: which of them lack, and the line that installs it. None is loaded."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from importlib.util import find_spec
from typing import NamedTuple

from avatar_creator.errors import NotConfigured

NEEDED = ("torch", "diffusers", "transformers", "accelerate", "peft", "safetensors")
INSTALL = "pip install 'avatar-creator[local]'"
QUANTIZERS = {"nf4": "bitsandbytes", "int8": "torchao", "gguf": "gguf"}  # by the value of --quantize
_ASK_S, _ENDED_S = 10.0, 1.0
_OLDEST = {"diffusers": (0, 42)}  # the first with FLUX.2 klein's and dtype


class Card(NamedTuple):
    """A card as its driver knows it: bytes of memory, all and free."""

    name: str
    memory: int
    free: int
    driver: str


def lacking() -> list[str]:
    """Return the names of needed packages that are not installed."""
    return [name for name in NEEDED if find_spec(name) is None]


def require() -> None:
    """Raise NotConfigured for packages that lack or are too old."""
    names = lacking()
    if names:
        verb = "are" if len(names) > 1 else "is"
        raise NotConfigured(
            f"The local engine needs {', '.join(names)}, which {verb} not installed.", hint=f"Install it: {INSTALL}"
        )
    for name, oldest in _OLDEST.items():
        found = version_of(name) or ""
        if tuple(int(part) for part in found.split(".")[:2] if part.isdigit()) < oldest:
            least = ".".join(map(str, oldest))
            raise NotConfigured(
                f"The local engine needs {name} {least} or newer, and {found or 'an unknown version'} is installed.",
                hint=f"Upgrade it: {INSTALL} --upgrade",
            )


def has_quantizer(quantize: str) -> bool:
    """Return whether the package is installed that quantizes like that; some ways need none."""
    name = QUANTIZERS.get(quantize)
    return name is None or find_spec(name) is not None


def require_quantizer(quantize: str) -> None:
    """Raise NotConfigured where the package that quantizes like that is not installed."""
    if not has_quantizer(quantize):
        raise NotConfigured(
            f"quantize {quantize} needs {QUANTIZERS[quantize]}, which is not installed.",
            hint=f"Install it: {install_quantizer(quantize)}. Without it: --quantize fp8 or none",
        )


def install_quantizer(quantize: str) -> str:
    """Return the command that installs the package."""
    return f"pip install 'avatar-creator[local-{quantize}]'"


def version_of(package: str) -> str | None:
    """Return the version of a package, None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def versions(quantize: str = "none") -> dict[str, str]:
    """Return the versions of what decides pixels, by package."""
    names = (*NEEDED, QUANTIZERS[quantize]) if quantize in QUANTIZERS else NEEDED
    return {name: version for name in names if (version := version_of(name))}


def device() -> str:
    """Return what this process has to make pictures on, as far as that is known without torch."""
    if "+rocm" in (version_of("torch") or ""):
        return "AMD GPU"
    is_apple = (sys.platform, platform.machine()) == ("darwin", "arm64")
    return ", ".join(card.name for card in cards()) or ("Apple GPU" if is_apple else "cpu")


def cards() -> list[Card]:
    """Return the cards of NVIDIA that the driver's own tool finds, whatever torch is able to use; none without it.

    Those that CUDA_VISIBLE_DEVICES hides from this process are left out.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    query = "--query-gpu=index,uuid,name,memory.total,memory.free,driver_version"
    try:
        said = _said_by([tool, query, "--format=csv,noheader,nounits"])
    except (OSError, subprocess.SubprocessError, ValueError):  # no driver, or none that answers
        return []
    return _visible(list(_cards(said)))


def _said_by(command: list[str]) -> str:
    """Return what a command says. One that hangs in its driver, where no signal reaches it, is not waited for."""
    asked = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        said, _ = asked.communicate(timeout=_ASK_S)
    finally:
        asked.kill()
        with suppress(subprocess.TimeoutExpired):
            asked.wait(_ENDED_S)
        if asked.stdout is not None:
            asked.stdout.close()
    if asked.returncode:
        raise subprocess.CalledProcessError(asked.returncode, command)
    return said


def _cards(said: str) -> Iterator[tuple[str, str, Card]]:
    for line in said.splitlines():
        head = [part.strip() for part in line.split(",", 2)]
        match [*head[:2], *(part.strip() for part in head[-1].rsplit(",", 3))]:
            case [index, uuid, name, total, free, driver] if total.isdigit() and free.isdigit():
                yield index, uuid, Card(name, int(total) * 2**20, int(free) * 2**20, driver)


def _visible(found: list[tuple[str, str, Card]]) -> list[Card]:
    """Return the cards that CUDA shows to this process, in its order: up to the first that is named and not there."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is None or "MIG-" in named:  # which parts of a card are not told from here
        return [card for _, _, card in found]
    shown = []
    for each in map(str.strip, named.split(",")):
        card = next((card for index, uuid, card in found if each and (index == each or uuid.startswith(each))), None)
        if card is None:
            break
        shown.append(card)
    return shown
