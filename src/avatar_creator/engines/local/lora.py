"""A LoRA over a model: its file, and how many of its weights the model took.

diffusers says nothing of one that it loads in part or not at all: the pictures are then those of the model alone.
"""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.text import visible
from avatar_creator.engines.hub_models import REALISM
from avatar_creator.engines.local import cache
from avatar_creator.engines.local.error_map import DeviceLost, is_out_of_memory, translate
from avatar_creator.engines.local.models import MODELS
from avatar_creator.engines.local.options import is_path, name_of, split_lora
from avatar_creator.errors import EngineError, InvalidInput, NotConfigured

ADAPTER = "avatar"
_DOWN = (".lora_A.weight", ".lora_down.weight", ".lora.down.weight")  # one for each layer that it changes
_BLOCK = 2**20
_NAMED_MOST = 5
_FILES = {model.lora.id.lower(): model.lora.file for model in MODELS.values() if model.lora}


class LoraFile(NamedTuple):
    """A LoRA on this disk: its name in records, the file of its weights, and the Hub's commit."""

    name: str
    path: Path
    commit: str | None = None


class Used(NamedTuple):
    """What a model took of a LoRA: of so many weights in the file, so many."""

    file: LoraFile
    sha256: str
    in_file: int
    used: int

    @property
    def notice(self) -> str | None:
        """What is to be said of it, None if all of it is used."""
        if self.used == self.in_file:
            return None
        return (
            f"{self.file.name} fits the model in part: {self.used} of its {self.in_file} weights are used, and the "
            "picture shows it less, or not as it should."
        )

    @property
    def record(self) -> dict[str, Any]:
        return {
            "name": self.file.name,
            "revision": self.file.commit,
            "sha256": self.sha256,
            "weights": self.in_file,
            "weights_used": self.used,
        }


def find(lora: str) -> LoraFile:
    """Return where a LoRA lies. Raises NotConfigured for one that was not downloaded, InvalidInput for no file."""
    if is_path(lora):
        path = Path(lora)
        if not path.is_file():
            raise InvalidInput(f"lora is '{visible(lora)}', where there is no file.", hint="Give a file that is there.")
        return LoraFile(name_of(lora), path)
    repo, file = split_lora(lora)
    found = cache.find(repo)
    if found is None:
        raise not_downloaded(lora)
    path = found.folder / (file or _FILES.get(repo.lower()) or _only_file(found.folder, repo))
    if not path.is_file():
        raise not_downloaded(lora)
    return LoraFile(lora, path, found.commit)


def not_downloaded(lora: str) -> NotConfigured:
    pull = "avatar models pull flux-realism" if lora.lower() == REALISM.lower() else f"avatar models pull --lora {lora}"
    return NotConfigured(f"The LoRA {lora} is not on this disk.", hint=f"Download it: {pull}")


def _only_file(folder: Path, repo: str) -> str:
    names = sorted(path.name for path in folder.glob("*.safetensors"))
    if len(names) == 1:
        return names[0]
    if not names:
        raise not_downloaded(repo)
    named = ", ".join(map(visible, names[:_NAMED_MOST]))
    raise InvalidInput(
        f"lora is {repo}, which has {len(names)} files of weights: {named}.",
        hint=f"Say which: --lora {repo}/{visible(names[0])}",
    )


def load(pipeline: Any, file: LoraFile, scale: float) -> Used:
    """Put a LoRA over a pipeline's model. Raises EngineError for one of which the model takes no weight."""
    kind = type(pipeline)
    if not hasattr(kind, "lora_state_dict"):
        raise EngineError(
            f"{kind.__name__} takes no LoRA.", hint="Leave out --lora, or give: --lora none", ends_run=True
        )
    from safetensors import SafetensorError

    # Without a name nothing is found offline, and a file that is damaged would be read as a pickle.
    place = {"weight_name": file.path.name, "local_files_only": True, "use_safetensors": True}
    try:
        state = kind.lora_state_dict(str(file.path.parent), **place)
        state = state[0] if isinstance(state, tuple) else state  # with the scales that a file may have
        in_file = sum(name.endswith(_DOWN) for name in state)
        pipeline.load_lora_weights(str(file.path.parent), **place, adapter_name=ADAPTER)
    except SafetensorError as error:
        raise EngineError(
            f"{file.name} holds no weights that can be read: {visible(str(error))}",
            hint="Download it again, or choose another one: --lora none",
            ends_run=True,
        ) from error
    except (ValueError, KeyError, RuntimeError) as error:  # each converter has its own for names that it cannot read
        if is_out_of_memory(error) or isinstance(translate(error, model=file.name), DeviceLost):
            raise
        raise no_match(file.name, kind.__name__) from error
    used = sum(
        f".lora_A.{ADAPTER}." in name
        for part in pipeline.components.values()
        if hasattr(part, "named_parameters")
        for name, _ in part.named_parameters()
    )
    if used == 0:
        raise no_match(file.name, kind.__name__)
    pipeline.set_adapters([ADAPTER], [scale])
    return Used(file, sha256_of(file.path), max(in_file, used), used)


def no_match(lora: str, pipeline: str) -> EngineError:
    return EngineError(
        f"{lora} is a LoRA for another model: {pipeline} takes none of its weights.",
        hint="Choose a LoRA that was trained on this model, or: --lora none",
        ends_run=True,
    )


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
