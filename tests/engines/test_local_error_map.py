"""What exceptions of torch and its friends mean, without any of them: fakes have their names and say what they say."""

import errno
import weakref
from importlib.metadata import PackageNotFoundError
from types import FunctionType, ModuleType

import pytest

from avatar_creator.engines.local import error_map
from avatar_creator.engines.local.error_map import DeviceLost, forget_frames, is_out_of_memory, translate
from avatar_creator.errors import AvatarError, Cancelled, EngineError, NotConfigured


class OutOfMemoryError(RuntimeError):
    """torch's, by its name."""


class AcceleratorError(RuntimeError):
    """torch's of 2.8 and newer."""


class SafetensorError(Exception):
    """safetensors' own."""


SAID = {  # what was raised, and the beginning of what the user is told
    "CUDA error: an illegal memory access was encountered": (DeviceLost, "The card's driver gave up"),
    "CUDA error: device-side assert triggered": (DeviceLost, "The card's driver gave up"),
    "CUDA error: unspecified launch failure": (DeviceLost, "The card's driver gave up"),
    "CUDA error: unknown error": (DeviceLost, "The card's driver gave up"),
    "CUDA error: an illegal instruction was encountered": (DeviceLost, "The card's driver gave up"),
    "CUDA error: misaligned address": (DeviceLost, "The card's driver gave up"),
    "CUDA error: uncorrectable ECC error encountered": (DeviceLost, "The card's driver gave up"),
    "CUDA error: the launch timed out and was terminated": (DeviceLost, "The card's driver gave up"),
    "CUDA error: CUDA-capable device(s) is/are busy or unavailable": (EngineError, "Another program has the card for"),
    "CUDA driver version is insufficient for CUDA runtime version": (NotConfigured, "The card's driver is too old"),
    "The NVIDIA driver on your system is too old (found version 11040)": (
        NotConfigured,
        "The card's driver is too old",
    ),
    "CUDA error: no kernel image is available for execution on the device": (NotConfigured, "torch was not built for"),
    "NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.": (
        NotConfigured,
        "torch was not built for",
    ),
    "No GPU found. A GPU is needed for quantization.": (NotConfigured, "quantize nf4 needs a card of NVIDIA's"),
    "Torch not compiled with CUDA enabled": (NotConfigured, "torch is built without CUDA"),
    "module diffusers has no attribute Flux9Pipeline": (NotConfigured, "tiny needs a pipeline that the installed"),
}


def meaning(error: BaseException, lora: str | None = None) -> AvatarError | None:
    return translate(error, model="tiny", lora=lora)


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("kind", [RuntimeError, AcceleratorError, AssertionError])
def test_what_libraries_say_is_told_with_a_way_out(said: str, kind: type[Exception]) -> None:
    meant = meaning(kind(f"{said}\nCUDA kernel errors might be asynchronously reported."))
    expected, message = SAID[said]
    assert meant is not None
    assert type(meant) is expected
    assert meant.message.startswith(message)
    assert meant.hint


def test_each_row_of_the_map_has_a_test() -> None:
    assert [row[0] for row in error_map._SAYINGS if not any(row[0] in said for said in SAID)] == []


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("MPS backend out of memory (MPS allocated: 17.00 GB)"),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: you tried to"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 77 bytes."),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
    ],
    ids=str,
)
def test_a_full_memory_is_known_however_it_is_wrapped(error: Exception) -> None:
    assert is_out_of_memory(error)
    assert is_out_of_memory(raised(ValueError("cannot load"), error))


@pytest.mark.parametrize("error", [ValueError("out of memory"), OSError(errno.ENOENT, "no such file"), KeyError(1)])
def test_other_words_are_no_full_memory(error: Exception) -> None:
    assert not is_out_of_memory(error)


def test_a_full_disk_is_told() -> None:
    meant = meaning(raised(RuntimeError("while it was saved"), OSError(errno.ENOSPC, "No space left on device")))
    assert isinstance(meant, EngineError)
    assert meant.message == "The disk is full."
    assert meant.ends_run


@pytest.mark.parametrize(
    ("error", "package", "install"),
    [
        (PackageNotFoundError("bitsandbytes"), "quantize nf4 needs bitsandbytes", "local-nf4"),
        (ImportError("libcudart.so.13 is missing", name="torchao.kernel"), "quantize int8 needs torchao", "local-int8"),
        (ImportError("Please install gguf>=0.10.0"), "quantize gguf needs gguf", "local-gguf"),
        (
            ImportError("cannot import name 'x' from 'peft'"),
            "The local engine cannot load",
            "--force-reinstall",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_package_that_cannot_be_loaded_is_named_with_its_extra(error: Exception, package: str, install: str) -> None:
    meant = meaning(error)
    assert type(meant) is NotConfigured
    assert meant.message.startswith(package)
    assert install in (meant.hint or "")


@pytest.mark.parametrize(
    "said",
    [
        "mat1 and mat2 shapes cannot be multiplied (4608x32 and 64x64)",
        "Error(s) in loading state_dict: size mismatch for x.weight",
        "The size of tensor a (32) must match the size of tensor b (64) at non-singleton dimension 1",
        "shape mismatch: value tensor of shape [2] cannot be broadcast",
    ],
)
def test_shapes_that_do_not_fit_are_of_the_lora_if_there_is_one(said: str) -> None:
    with_lora, without = meaning(RuntimeError(said), lora="a.safetensors"), meaning(RuntimeError(said))
    assert with_lora is not None
    assert without is not None
    assert with_lora.message.startswith("a.safetensors is a LoRA for another model")
    assert without.message.startswith("The files of tiny cannot be read:")


@pytest.mark.parametrize(
    "error", [SafetensorError("Error while deserializing header: InvalidHeader"), OSError("no file named config.json")]
)
def test_files_that_cannot_be_read_are_told_by_the_first_cause(error: Exception) -> None:
    meant = meaning(raised(RuntimeError("cannot load"), error))
    assert meant is not None
    assert meant.message == f"The files of tiny cannot be read: {error}"


def test_what_libraries_raise_is_refused_and_what_is_raised_here_is_a_bug() -> None:
    theirs = raised_in("diffusers.models.fake", ValueError("Expected 3 dimensions.\nAnd more."))
    meant = meaning(theirs)
    assert isinstance(meant, EngineError)
    assert meant.message == "tiny cannot be run: Expected 3 dimensions."
    assert meaning(raised_in("avatar_creator.engines.local.fake", ValueError("a bug"))) is None
    assert meaning(ValueError("never raised")) is None


def test_what_is_said_already_stays_and_a_long_saying_is_cut() -> None:
    ours = Cancelled("Cancelled.")
    assert meaning(ours) is ours
    meant = meaning(OSError("x" * 5_000))
    assert meant is not None
    assert len(meant.message) < 300


class Model:
    """What a function holds that fails."""


@pytest.mark.parametrize("asks", [False, True])
def test_what_functions_held_is_let_go(asks: bool) -> None:
    held: list[weakref.ref[Model]] = []

    def load() -> None:
        model = Model()
        held.append(weakref.ref(model))
        if asks:
            locals()  # as pipelines do after each step
        raise OutOfMemoryError

    with pytest.raises(OutOfMemoryError) as caught:
        load()
    assert held[0]() is not None
    forget_frames(raised(RuntimeError(), caught.value))
    assert held[0]() is None


def raised(error: Exception, cause: Exception) -> Exception:
    """Return an exception as if it were raised from another one."""
    error.__cause__ = cause
    return error


def raised_in(module: str, error: Exception) -> Exception:
    """Return an exception that a function of a module has raised."""
    place = ModuleType(module)

    def fail(error: Exception) -> None:
        raise error

    try:
        FunctionType(fail.__code__, vars(place))(error)
    except Exception as caught:  # noqa: BLE001 - whatever is given
        return caught
    raise AssertionError
