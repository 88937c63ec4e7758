"""A model from the disk into memory, in the way that fits. Nothing is downloaded, and no code of a model is run."""

import hashlib
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.text import visible
from avatar_creator.engines.local import cache, devices, libraries, lora
from avatar_creator.engines.local.devices import Device
from avatar_creator.engines.local.memory import Fit
from avatar_creator.engines.local.models import NONE, Weights, name_here
from avatar_creator.engines.local.options import Options, is_path, name_of
from avatar_creator.engines.local.texts import Texts
from avatar_creator.errors import EngineError, InvalidInput, NotConfigured

# Weights of text encoders that bitsandbytes leaves alone: embeddings, and what T5 asks to be kept in its precision.
_UNQUANTIZED = re.compile(r"embed|lm_head|(^|\.)shared\.|\.wo\.")
_MAIN = ("transformer", "unet")  # what pipelines call the part that is called in each step
_SMALL = 1_000_000  # bytes of files that are fingerprinted whole
_SAMPLES, _SAMPLE = 16, 65_536  # of larger ones


class Way(NamedTuple):
    """How a model is loaded, and onto which device."""

    device: Device
    precision: str
    fit: Fit


class Loaded(NamedTuple):
    """A model in memory, how it was loaded, and what a recipe says of both."""

    pipeline: Any
    way: Way
    lora: lora.Used | None
    lora_name: str | None  # as in the options
    texts: Texts
    record: dict[str, Any]


def find(options: Options) -> cache.Snapshot:
    """Return where a model lies. Raises NotConfigured where it was not downloaded whole, InvalidInput for no model."""
    name = name_of(options.model)
    if is_path(options.model):
        found: cache.Snapshot | None = cache.Snapshot(Path(options.model))
        if not Path(options.model).is_dir():
            raise InvalidInput(
                f"model is '{visible(options.model)}', where there is no folder.", hint="Give a folder that is there."
            )
    else:
        found = cache.find(options.model)
    if found is None:
        raise _not_downloaded(options)
    lacks = cache.missing(found.folder)
    if lacks == [cache.INDEX]:
        raise EngineError(
            f"{name} is no model that diffusers can load: it has no {cache.INDEX} that can be read.",
            hint="Choose one in the layout of diffusers, such as those of: avatar models list",
            ends_run=True,
        )
    if lacks:
        raise NotConfigured(
            f"{name} is on this disk in part: {len(lacks)} files are missing, such as {visible(lacks[0])}.",
            hint=f"Download the rest: {_pull(options)}",
        )
    _check_trusted(name, found.folder)
    if options.gguf and not Path(options.gguf).is_file():
        raise InvalidInput(
            f"quantize is '{visible(options.gguf)}', where there is no file.", hint="Give a file that is there."
        )
    if options.gguf and "transformer" not in cache.components_of(found.folder):
        raise InvalidInput(
            f"quantize is a file that holds a transformer, and {name} has none.",
            hint="Give --quantize fp8, int8 or none, or the --model whose transformer it holds.",
        )
    return found


def weights_of(options: Options, tree: Path) -> Weights:
    """Return the bytes that the parts of a model take in memory, in bfloat16."""
    parts = {name: 2 * cache.parameters(tree, name) for name in cache.components_of(tree)}
    encoders = {name: count for name, count in parts.items() if name.startswith(("text_encoder", "image_encoder"))}
    of_four_bits = _of_four_bits(tree)
    unquantized = sum(
        2 * cache.parameters(tree, name, named=_UNQUANTIZED) if name in of_four_bits else count
        for name, count in encoders.items()
    )
    vae, encoding = parts.get("vae", 0), sum(encoders.values())
    main = Path(options.gguf).stat().st_size if options.gguf else sum(parts.values()) - encoding - vae
    return Weights(main, encoding, vae, unquantized)


def _of_four_bits(tree: Path) -> list[str]:
    """Return the text encoders that nf4 makes smaller: CLIP is small."""
    parts = cache.components_of(tree)
    return [name for name in parts if name.startswith("text_encoder") and "CLIP" not in parts[name][1]]


def load(options: Options, source: cache.Snapshot, way: Way) -> Loaded:
    """Load a model with its LoRA. Raises what the libraries do: `error_map.translate` knows it."""
    device, precision, fit = way
    _check_main(options, source.folder, fit)
    over = lora.find(options.lora) if options.lora else None
    devices.use(device)
    import torch

    with quiet():
        from diffusers import DiffusionPipeline

        dtype = getattr(torch, precision)
        arguments: dict[str, Any] = {"dtype": dtype, "local_files_only": True, "use_safetensors": True}
        arguments |= _quantized(fit, source.folder, dtype)
        if options.gguf:
            arguments["transformer"] = _from_gguf(options.gguf, source.folder, dtype)
        pipeline = DiffusionPipeline.from_pretrained(source.folder, **arguments)
        pipeline.set_progress_bar_config(disable=True)
        used = lora.load(pipeline, over, options.lora_scale) if over else None
        if fit.quantize == "fp8":  # after the LoRA, which cannot be put over weights of eight bits
            _main(pipeline).enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype)
        _place(pipeline, device, fit)
        if options.compile:
            _main(pipeline).compile_repeated_blocks()
    texts = pipeline.encode_prompt = Texts(pipeline.encode_prompt)
    return Loaded(pipeline, way, used, options.lora, texts, _record(options, source, way, used))


def can_change_lora(loaded: Loaded, options: Options) -> bool:
    """Return whether a model takes another LoRA, or none, as it lies in memory, and makes the same picture then.

    Weights of eight bits take none, and those that are quantized, compiled or moved in groups are loaded anew, too. So
    are those of a model of which a LoRA has changed the shape.
    """
    is_plain = loaded.way.fit.quantize == NONE and loaded.way.fit.offload != "group" and not options.compile
    main = _main(loaded.pipeline)
    return is_plain and main is not None and not getattr(main, "_overwritten_params", None)


def change_lora(loaded: Loaded, options: Options) -> Loaded:
    """Put another LoRA over a model in memory, or none. Raises what `load` does; the model is then of no more use."""
    over = lora.find(options.lora) if options.lora else None
    pipeline = loaded.pipeline
    with quiet():
        if loaded.lora:
            pipeline.unload_lora_weights()
        used = lora.load(pipeline, over, options.lora_scale) if over else None
    loaded.texts.forget()
    record = loaded.record | {"lora": used.record if used else None}
    return Loaded(pipeline, loaded.way, used, options.lora, loaded.texts, record)


@contextmanager
def quiet() -> Iterator[None]:
    """Have the libraries say nothing: what matters of it is said by errors and notices."""
    for name in ("TRANSFORMERS_VERBOSITY", "DIFFUSERS_VERBOSITY"):
        os.environ.setdefault(name, "error")  # read while they are imported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from diffusers.utils import logging as of_diffusers
        from transformers.utils import logging as of_transformers

        for logging in (of_diffusers, of_transformers):
            logging.set_verbosity_error()
            logging.disable_progress_bar()
        yield


def _main(pipeline: Any) -> Any:
    """Return the part of a pipeline that is called in each step; None where it goes by a name of its own."""
    return getattr(pipeline, "transformer", None) or getattr(pipeline, "unet", None)


def _check_main(options: Options, tree: Path, fit: Fit) -> None:
    """Raise EngineError for a model without the part that is to be made smaller, or compiled."""
    chosen = f"quantize {fit.quantize}" if fit.quantize in {"fp8", "int8"} else "compile" if options.compile else None
    if chosen and not any(name in cache.components_of(tree) for name in _MAIN):
        raise EngineError(
            f"{name_of(options.model)} has neither a transformer nor a unet, to which {chosen} applies.",
            hint="Leave out --compile: avatar config unset compile" if chosen == "compile" else "Give --quantize none.",
            ends_run=True,
        )


def _quantized(fit: Fit, tree: Path, dtype: Any) -> dict[str, Any]:
    """Return the arguments that have weights quantized while they are loaded."""
    if fit.quantize not in {"nf4", "int8"}:
        return {}
    libraries.require_quantizer(fit.quantize)
    from diffusers import PipelineQuantizationConfig

    parts = cache.components_of(tree)
    main = [name for name in _MAIN if name in parts]
    if fit.quantize == "nf4":
        config = PipelineQuantizationConfig(
            quant_backend="bitsandbytes_4bit",
            quant_kwargs={"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": dtype},
            components_to_quantize=main + _of_four_bits(tree),
        )
    else:
        from diffusers import TorchAoConfig
        from torchao.quantization import Int8WeightOnlyConfig

        config = PipelineQuantizationConfig(
            quant_mapping={name: TorchAoConfig(Int8WeightOnlyConfig()) for name in main}
        )
    return {"quantization_config": config}


def _from_gguf(path: str, tree: Path, dtype: Any) -> Any:
    """Return the transformer of a GGUF file, shaped as the model's configuration says."""
    libraries.require_quantizer("gguf")
    import diffusers

    class_ = getattr(diffusers, cache.components_of(tree)["transformer"][1])
    return class_.from_single_file(
        path,
        config=str(tree),
        subfolder="transformer",
        quantization_config=diffusers.GGUFQuantizationConfig(compute_dtype=dtype),
        dtype=dtype,
        local_files_only=True,
    )


def _place(pipeline: Any, device: Device, fit: Fit) -> None:
    """Move a pipeline onto its device, or have its parts moved there while they are used."""
    import torch

    if fit.offload == "model":
        pipeline.enable_model_cpu_offload(device=device.name)
    elif fit.offload == "group":
        # Never to the disk: pictures change, or are black (diffusers 0.42).
        is_cuda = device.kind == "cuda"
        pipeline.enable_group_offload(
            onload_device=torch.device(device.name),
            offload_device=torch.device("cpu"),
            offload_type="leaf_level",
            use_stream=is_cuda,
            low_cpu_mem_usage=is_cuda,
        )
    else:
        pipeline.to(device.name)


def _check_trusted(name: str, tree: Path) -> None:
    """Raise EngineError for a model that is made of more than diffusers and transformers."""
    parts = cache.components_of(tree)
    others = sorted({library for library, _ in parts.values()} - cache.TRUSTED)
    if others or cache.class_of(tree) is None:
        what = f"needs {visible(', '.join(others))}" if others else "names no pipeline of diffusers"
        raise EngineError(
            f"{name} {what}: it would run code of its own, which this engine never does.",
            hint="Choose another --model; known ones: avatar models list",
            ends_run=True,
        )
    method = cache.quantization_of(tree, "transformer") or ""
    if "nunchaku" in method or method == "svdquant":
        raise EngineError(
            f"{name} is quantized for Nunchaku, which this engine does not run.",
            hint="Choose the model itself, and --quantize nf4. The nunchaku of PyPI is another package.",
            ends_run=True,
        )


def _not_downloaded(options: Options) -> NotConfigured:
    known = options.known
    if Path(options.model).is_dir():
        return NotConfigured(
            f"{options.model} is not on this disk as a model of the Hub.",
            hint=f"The folder of that name is ./{options.model}. To download the model: {_pull(options)}",
        )
    if known is None:
        return NotConfigured(f"{options.model} is not on this disk.", hint=f"Download it: {_pull(options)}")
    size = f"{known.download_bytes / 1e9:.1f} GB, licence {known.license.name}"
    return NotConfigured(f"{options.model} is not on this disk ({size}).", hint=f"Download it: {_pull(options)}")


def _pull(options: Options) -> str:
    return f"avatar models pull {name_here(options.model, options.lora)}"


def _record(options: Options, source: cache.Snapshot, way: Way, used: lora.Used | None) -> dict[str, Any]:
    """Return what a recipe says of a loaded model. It names no path of this machine."""
    import torch

    record: dict[str, Any] = {"name": name_of(options.model)}
    record |= {"revision": source.commit} if source.commit else {"sha256": fingerprint(source.folder)}
    return {
        "model_files": record,
        "lora": used.record if used else None,
        "device": way.device.card or way.device.name,
        "precision": way.precision,
        "quantize": way.fit.quantize,
        "gguf_sha256": lora.sha256_of(Path(options.gguf)) if options.gguf else None,
        "offload": way.fit.offload,
        "compiled": options.compile,
        "versions": libraries.versions(way.fit.quantize) | {"torch": str(torch.__version__)},  # with that of CUDA
    }


def fingerprint(tree: Path) -> str:
    """Return a SHA-256 that tells a model from another one: of names and sizes, small files, and samples of others."""
    digest = hashlib.sha256()
    for path in sorted(each for each in tree.rglob("*") if each.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(tree).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= _SMALL:
                digest.update(file.read())
                continue
            for n in range(_SAMPLES):
                file.seek(n * (size - _SAMPLE) // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
