"""Which files of a repository are downloaded: what diffusers loads of them, and none that can run code."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from avatar_creator.domain.text import counted, shown, visible
from avatar_creator.engines.local.cache import INDEX, TRUSTED
from avatar_creator.errors import EngineRefused, InvalidInput

FILE_BYTES_MOST = 50_000_000_000  # the Hub serves no larger one without hf_xet
_BYTES_MOST = 500_000_000_000  # of a model; the largest that are known have a tenth of it
_FILES_MOST = 1_000
_NAME_LONGEST = 200  # characters; with the folders of the cache, systems take no more than about 260
_READ = (".safetensors", ".json", ".txt", ".model")  # weights, configurations, vocabularies; no reader runs them
_RUN = (".py", ".bin", ".pt", ".pth", ".ckpt", ".pkl")  # programs, and pickles, which are programs as well
_WEIGHTS = ".safetensors"
_PLAIN = re.compile(r"[\w+-][\w .+-]*(/[\w+-][\w .+-]*)*", re.ASCII)
_VARIANT = re.compile(r"(?:model|diffusion_pytorch_model)\.[\w-]+?(-\d{5}-of-\d{5})?\.safetensors", re.ASCII)
_NAMED = 3


class RemoteFile(NamedTuple):
    """A file of a repository; ``digest`` is the SHA-256 of a large one, Git's SHA-1 of a small one."""

    path: str
    bytes: int
    digest: str


def total_bytes(files: Iterable[RemoteFile]) -> int:
    return sum(each.bytes for each in files)


def of_model(repo: str, files: Sequence[RemoteFile], index: Mapping[str, Any]) -> tuple[RemoteFile, ...]:
    """Return the files of a pipeline, the small ones first; ``index`` is what its `INDEX` holds.

    Raises EngineRefused for a repository that holds none, needs code of its own, or is out of all bounds.
    """
    parts = _parts_of(repo, index)
    chosen = [each for each in files if each.path == INDEX]
    for part in parts:
        within = [each for each in files if each.path.startswith(f"{part}/")]
        chosen += _of_part(repo, part, within)
    return _checked(repo, chosen)


def of_lora(repo: str, files: Sequence[RemoteFile], named: str | None) -> tuple[RemoteFile, ...]:
    """Return the file of a LoRA: the one that is ``named``, or the only one. Raises InvalidInput, EngineRefused."""
    if named is not None:
        _refuse_code(repo, named)
        found = [each for each in files if each.path == named]
    else:
        found = [each for each in files if each.path.endswith(_WEIGHTS) and "/" not in each.path]
    if len(found) > 1:
        raise InvalidInput(
            f"lora is {repo}, which has {len(found)} files of weights: {_names(found)}.",
            hint=f"Say which: --lora {repo}/{visible(found[0].path)}",
        )
    if not found:
        others = [each for each in files if each.path.endswith(_WEIGHTS)]
        there = f" It has: {_names(others)}." if others else ""
        what = f"file {shown(named)}" if named else "file of weights (.safetensors)"
        raise EngineRefused(
            f"{repo} has no {what}.{there}", hint="Check the LoRA: --lora owner/name, or owner/name/file.safetensors"
        )
    return _checked(repo, found)


def left_out(files: Iterable[RemoteFile], chosen: Iterable[RemoteFile]) -> list[str]:
    """Return the paths of files that can run code, in the folders of those that are chosen."""
    folders = {each.path.rpartition("/")[0] for each in chosen}
    return [each.path for each in files if each.path.endswith(_RUN) and each.path.rpartition("/")[0] in folders]


def _parts_of(repo: str, index: Mapping[str, Any]) -> list[str]:
    class_ = index.get("_class_name")
    parts: list[str] = []
    for name, value in index.items():
        match value:
            case [str(library), str()] if not name.startswith("_"):
                if library not in TRUSTED:
                    raise EngineRefused(
                        f"{repo} needs code of its own for its {shown(name)} ({shown(library)}), which is never run.",
                        hint="Choose a model of diffusers' own classes, such as those of: avatar models list",
                    )
                parts.append(name)
    if not isinstance(class_, str) or not parts:
        raise EngineRefused(
            f"The {INDEX} of {repo} names no pipeline of diffusers.",
            hint="Choose a model in the layout of diffusers, such as those of: avatar models list",
        )
    return parts


def _of_part(repo: str, part: str, within: Sequence[RemoteFile]) -> list[RemoteFile]:
    """Return the files of one part. Weights of other precisions, which nobody asks for, are left out."""
    read = [each for each in within if each.path.endswith(_READ)]
    weights = [each for each in read if each.path.endswith(_WEIGHTS)]
    plain = [each for each in weights if not _VARIANT.fullmatch(each.path.rpartition("/")[2])]
    if not read:
        raise EngineRefused(
            f"{repo} lacks its part {shown(part)}: there is no file of it.", hint="See its page on the Hub."
        )
    pickled = [each.path for each in within if each.path.endswith(_RUN[1:])]
    if pickled and not weights:
        _refuse_code(repo, pickled[0])
    if weights and not plain:
        raise EngineRefused(
            f"{repo} has the weights of its {shown(part)} in a variant alone: {_names(weights)}.",
            hint="Choose a model that has them without one.",
        )
    return [each for each in read if each not in weights or each in plain]


def _refuse_code(repo: str, path: str) -> None:
    """Raise EngineRefused for a file that can run code."""
    if not path.endswith(_WEIGHTS):
        raise EngineRefused(
            f"{repo} has its weights as {shown(path)}, which can run code: it is neither downloaded nor loaded.",
            hint="Choose one whose weights are .safetensors files.",
        )


def _checked(repo: str, files: Sequence[RemoteFile]) -> tuple[RemoteFile, ...]:
    """Return files, the small ones first. Raises EngineRefused for names, numbers and sizes that no model has."""
    for each in files:
        if not _PLAIN.fullmatch(each.path) or ".." in each.path or len(each.path) > _NAME_LONGEST:
            raise _unfit(repo, f"has a file {shown(each.path)}, a name that is not taken")
        if each.bytes > FILE_BYTES_MOST:
            raise _unfit(repo, f"has a file of {each.bytes / 1e9:.1f} GB, {visible(each.path)}; 50 GB are the most")
    if len(files) > _FILES_MOST:
        raise _unfit(repo, f"has {counted(len(files), 'file')}; {_FILES_MOST:,} are the most")
    if (total := total_bytes(files)) > _BYTES_MOST:
        raise _unfit(repo, f"has {total / 1e9:,.0f} GB; {_BYTES_MOST / 1e9:.0f} GB are the most")
    return tuple(sorted(files, key=lambda each: (each.path.endswith(_WEIGHTS), each.path)))


def _unfit(repo: str, what: str) -> EngineRefused:
    return EngineRefused(f"{repo} {what}.", hint="Choose another model, such as those of: avatar models list")


def _names(files: Sequence[RemoteFile]) -> str:
    return ", ".join(visible(each.path) for each in files[:_NAMED]) + (", ..." if len(files) > _NAMED else "")
