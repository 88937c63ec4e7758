"""Exceptions of torch, diffusers and the quantizers, and what they mean to the user.

Each row was seen with torch 2.13, diffusers 0.42 and transformers 5.24, is quoted by their users, or is what CUDA calls
an error.
"""

import errno
import traceback
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError

from avatar_creator.domain.text import visible, without_tokens
from avatar_creator.engines.local import libraries
from avatar_creator.errors import AvatarError, EngineError, NotConfigured

_LIBRARIES = {*libraries.NEEDED, *libraries.QUANTIZERS.values(), "huggingface_hub", "tokenizers"}
_SHOWN = 200  # characters of what a library says
_FULL = (
    "out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "DefaultCPUAllocator: can't allocate memory",
    "DefaultCPUAllocator: not enough memory",  # on Windows
)
_SHAPES = ("mat1 and mat2 shapes", "size mismatch", "must match the size of tensor", "shape mismatch")


class DeviceLost(EngineError):
    """The card's driver has given up on this process: no further picture can be made in it."""


_INSTALL_TORCH = "Install the torch that https://pytorch.org/get-started/locally/ names for this machine and its card."
_LOST = (
    DeviceLost,
    "The card's driver gave up on the process that made the picture.",
    "Try again: another process makes it. If it happens often, the card may be too hot or damaged.",
)
_NOT_BUILT = (NotConfigured, "torch was not built for this card.", _INSTALL_TORCH)
_OLD_DRIVER = (
    NotConfigured,
    "The card's driver is too old for torch.",
    "Upgrade it, or install an older torch.",
)
_SAYINGS = (
    ("illegal memory access", *_LOST),
    ("device-side assert", *_LOST),
    ("unspecified launch failure", *_LOST),
    ("CUDA error: unknown error", *_LOST),
    ("illegal instruction", *_LOST),
    ("misaligned address", *_LOST),
    ("uncorrectable ECC error", *_LOST),
    ("launch timed out", *_LOST),
    (
        "busy or unavailable",
        EngineError,
        "Another program has the card for itself.",
        "End it: nvidia-smi shows which it is. Or choose another card: --device cuda:1",
    ),
    ("driver version is insufficient", *_OLD_DRIVER),
    ("NVIDIA driver on your system is too old", *_OLD_DRIVER),
    ("no kernel image is available", *_NOT_BUILT),
    ("is not compatible with the current PyTorch", *_NOT_BUILT),
    (
        "No GPU found. A GPU is needed for quantization",  # of bitsandbytes, by diffusers
        NotConfigured,
        "quantize nf4 needs a card of NVIDIA's.",
        "Give --quantize fp8, int8 or none.",
    ),
    ("Torch not compiled with CUDA", NotConfigured, "torch is built without CUDA.", _INSTALL_TORCH),
)


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an exception says that the card's memory is full, or the machine's."""
    return any(
        isinstance(each, MemoryError)
        or (isinstance(each, OSError) and each.errno == errno.ENOMEM)
        or type(each).__name__ == "OutOfMemoryError"
        or (isinstance(each, RuntimeError) and any(words in str(each) for words in _FULL))
        for each in _chain(error)
    )


def forget_frames(error: BaseException) -> None:
    """Let go of what the functions held that an exception came through: it may be a model."""
    for each in _chain(error):
        for frame, _ in traceback.walk_tb(each.__traceback__):
            with suppress(RuntimeError):  # of a function that has not ended
                frame.clear()
                frame.f_locals  # noqa: B018 - or what `locals()` gave there stays; pipelines call it after each step


def translate(error: BaseException, *, model: str, lora: str | None = None) -> AvatarError | None:
    """Return what an exception of loading or running a model means; None for one that is a bug.

    What says that memory is full is left to the caller, which knows how the model was loaded.
    """
    if isinstance(error, AvatarError):
        return error
    chain = list(_chain(error))
    for each in chain:
        found = _by_kind(each) or _by_words(str(each), model=model, lora=lora)
        if found:
            return found
    if any(type(each).__name__ == "SafetensorError" or isinstance(each, OSError) for each in chain):
        return _damaged(model, chain[-1])
    return _refused(model, error) if _is_of_libraries(error) else None


def _by_kind(error: BaseException) -> AvatarError | None:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return EngineError("The disk is full.", hint="Free some space, then try again.", ends_run=True)
    if isinstance(error, PackageNotFoundError | ImportError):
        text = f"{getattr(error, 'name', '') or ''} {error}"
        for quantize, package in libraries.QUANTIZERS.items():
            if package in text:
                return NotConfigured(
                    f"quantize {quantize} needs {package}, which cannot be loaded: {_said(error)}",
                    hint=f"Install it: {libraries.install_quantizer(quantize)}. Without it: --quantize fp8 or none",
                )
        return NotConfigured(
            f"The local engine cannot load what it needs: {_said(error)}",
            hint=f"Install it anew: {libraries.INSTALL} --force-reinstall",
        )
    return None


def _by_words(text: str, *, model: str, lora: str | None) -> AvatarError | None:
    if any(words in text for words in _SHAPES):
        return _of_shapes(text, model, lora)
    if "has no attribute" in text and "diffusers" in text:
        return NotConfigured(
            f"{model} needs a pipeline that the installed diffusers does not have: {_short(text)}",
            hint=f"Upgrade it: {libraries.INSTALL} --upgrade",
        )
    for words, kind, message, hint in _SAYINGS:
        if words in text:
            return kind(message, hint=hint)
    return None


def _of_shapes(text: str, model: str, lora: str | None) -> AvatarError:
    if lora is None:
        return _damaged(model, RuntimeError(text))
    return EngineError(
        f"{lora} is a LoRA for another model: its weights have another shape than those of {model}.",
        hint="Choose a LoRA that was trained on this model, or: --lora none",
        ends_run=True,
    )


def _damaged(model: str, error: BaseException) -> EngineError:
    return EngineError(
        f"The files of {model} cannot be read: {_said(error)}",
        hint="Download what is missing or damaged: avatar models pull",
        ends_run=True,
    )


def _refused(model: str, error: BaseException) -> EngineError:
    return EngineError(
        f"{model} cannot be run: {_said(error)}",
        hint="Choose another --model; known ones: avatar models list",
        ends_run=True,
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, and those that it was raised from."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__


def _is_of_libraries(error: BaseException) -> bool:
    """Return whether an exception was raised in code of others: what is raised in ours is a bug."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return at is not None and str(at.tb_frame.f_globals.get("__name__")).split(".")[0] in _LIBRARIES


def _said(error: BaseException) -> str:
    return _short(str(error)) or type(error).__name__


def _short(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return visible(without_tokens(first))[:_SHOWN]
