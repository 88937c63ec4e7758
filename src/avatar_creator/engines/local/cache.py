"""Which models lie on this disk, and whether they are whole: the Hub's cache, read without its client.

Quick to import. `avatar models` writes there through the client, and removes by `discard` what is damaged.
"""

import json
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

TRUSTED = {"diffusers", "transformers"}  # whose classes a model may be made of: another one brings code of its own
INDEX = "model_index.json"  # names the parts of a pipeline, a folder each
_WEIGHTS = (".safetensors", ".bin")
_INDEX_MOST = 1_000_000  # bytes of a file of names; those of models have some thousand
_HEADER_MOST = 16_000_000  # bytes of the header of a file of weights
_A_BYTE_MOST = 8  # parameters: none has less than a bit
_REVISION = "main"
_ANY = re.compile("")


class Snapshot(NamedTuple):
    """A model or LoRA on this disk; ``commit`` is that of the Hub, None for a folder of the user's own."""

    folder: Path
    commit: str | None = None


def folder() -> Path:
    """Return the folder of the Hub's cache, which may not exist. It is where its client has it; a test compares."""
    named = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    path = os.path.expanduser(named or Path(home) / "hub")  # noqa: PTH111 - Path's raises where there is no such home
    return Path(os.path.expandvars(path))


def repository_folder(repo: str) -> Path:
    """Return where the cache has a repository: its files by hash, and the trees of its commits."""
    return folder() / f"models--{repo.replace('/', '--')}"


def discard(path: Path) -> None:
    """Remove a file of a tree, and the one by its hash that it leads to. One elsewhere is the user's own: it stays."""
    target = path.resolve()
    if target.is_relative_to(folder().resolve()):
        target.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def find(repo: str) -> Snapshot | None:
    """Return the newest state of a repository that was downloaded, whole or not; None where nothing was."""
    place = repository_folder(repo)
    try:
        commit = (place / "refs" / _REVISION).read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    tree = place / "snapshots" / commit
    return Snapshot(tree, commit) if commit and tree.is_dir() else None


def class_of(tree: Path) -> str | None:
    """Return the name of the pipeline's class that a model's index has, None if it has no index that can be read."""
    name = _json(tree / INDEX).get("_class_name")
    return name if isinstance(name, str) else None


def is_distilled(tree: Path) -> bool:
    """Return whether a model's index says that it needs no guidance."""
    return _json(tree / INDEX).get("is_distilled") is True


def components_of(tree: Path) -> dict[str, tuple[str, str]]:
    """Return the parts of a pipeline by their folders: library and class of each."""
    found = {}
    for name, value in _json(tree / INDEX).items():
        match value:
            case [str(library), str(class_)] if not name.startswith("_"):
                found[name] = (library, class_)
    return found


def missing(tree: Path) -> list[str]:
    """Return which files a model lacks, by their paths below it, as far as its indexes tell; none: it is whole."""
    if not components_of(tree):
        return [INDEX]
    return [each for name in components_of(tree) for each in _missing_of(tree, name)]


def _missing_of(tree: Path, component: str) -> Iterator[str]:
    part = tree / component
    names = sorted(path.name for path in part.iterdir()) if part.is_dir() else []
    if not names:
        yield f"{component}/"
        return
    indexes = [name for name in names if name.endswith(".safetensors.index.json")]
    for index in indexes:
        shards = _json(part / index).get("weight_map")
        named = sorted({str(each) for each in shards.values()}) if isinstance(shards, dict) else [index]
        yield from (f"{component}/{name}" for name in named if not _is_file(part / name))
    # Schedulers and tokenizers have no weights; a model has them beside its configuration.
    is_model = "config.json" in names and not indexes
    if is_model and not any(name.endswith(_WEIGHTS) and _is_file(part / name) for name in names):
        yield f"{component}/*.safetensors"


def parameters(tree: Path, component: str, *, named: re.Pattern[str] = _ANY) -> int:
    """Return how many parameters the files of a part hold, as their headers say; of those ``named`` like that."""
    part = tree / component
    names = _of_variant(part) if part.is_dir() else []
    return sum(_parameters_of(part / name, named) for name in names)


def _of_variant(part: Path) -> list[str]:
    """Return the files of weights that are loaded: not those of a variant, such as fp16, beside them."""
    names = sorted(path.name for path in part.glob("*.safetensors"))
    index = next(iter(sorted(part.glob("*.safetensors.index.json"))), None)
    shards = _json(index).get("weight_map") if index else None
    if isinstance(shards, dict):
        return sorted({str(name) for name in shards.values()} & set(names))
    return [name for name in names if name.count(".") == 1] or names[:1]


def _parameters_of(path: Path, named: re.Pattern[str]) -> int:
    """Return the number in a file of safetensors, which begins with the length of a header in JSON."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length)) if length <= _HEADER_MOST else {}
        shapes = [tensor["shape"] for name, tensor in header.items() if name != "__metadata__" and named.search(name)]
        count = sum(math.prod(map(int, shape)) for shape in shapes)
        return count if 0 <= count <= _A_BYTE_MOST * path.stat().st_size else 0
    except (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError):
        return 0


def quantization_of(tree: Path, component: str) -> str | None:
    """Return by which method the weights of a part are quantized in their files, None if they are not."""
    config = _json(tree / component / "config.json").get("quantization_config")
    method = config.get("quant_method") if isinstance(config, dict) else None
    return method if isinstance(method, str) else None


def _is_file(path: Path) -> bool:
    """Return whether a file is there; a link of the cache may lead to none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _INDEX_MOST:
            return {}
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
