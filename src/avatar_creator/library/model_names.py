"""What is meant by the name of a model or LoRA that is to be downloaded."""

from typing import NamedTuple

from avatar_creator.domain.text import nearest, shown
from avatar_creator.engines.hub_models import HUB_ID, NO_LORA
from avatar_creator.engines.local.models import MODELS, Lora, model_named
from avatar_creator.errors import InvalidInput


class PullOf(NamedTuple):
    """A model and a LoRA as they were asked for; one of both may be None."""

    name: str
    repository: str | None
    lora: str | None
    lora_file: str | None
    revision: str | None = None

    @property
    def repositories(self) -> list[str]:
        return [each for each in (self.lora, self.repository) if each]


def asked(name: str | None, lora: str | None, revision: str | None) -> PullOf:
    """Return what is to be downloaded. Raises InvalidInput."""
    if name is None and lora is None:
        raise InvalidInput("No model is named.", hint="See which there are: avatar models list")
    model = None if name is None else model_named(name)
    if name is not None and model is None and not HUB_ID.fullmatch(name):
        raise no_model(name)
    own = model.lora if model else None
    lora_id, file = (own.id, own.file) if own else (None, None)
    if lora is not None and lora.lower() == NO_LORA:
        lora_id = file = None
    elif lora is not None:
        lora_id, file = _lora_named(lora)
    repo = model.id if model else name
    return PullOf(name or lora_id or "", repo, lora_id, file, revision)


def _lora_named(lora: str) -> tuple[str, str | None]:
    """Return the repository and the file that a LoRA is given by: owner/name, or owner/name/file.safetensors."""
    owner, _, rest = lora.partition("/")
    name, _, file = rest.partition("/")
    repo = f"{owner}/{name}"
    if not HUB_ID.fullmatch(repo):
        raise InvalidInput(
            f"lora is {shown(lora)}, which cannot be one.",
            hint="Give owner/name, owner/name/file.safetensors, or none.",
        )
    own = _lora_of(repo)
    return (own.id, file or own.file) if own else (repo, file or None)


def _lora_of(repo: str) -> Lora | None:
    loras = (model.lora for model in MODELS.values() if model.lora)
    return next((each for each in loras if each.id.lower() == repo.lower()), None)


def no_model(name: str) -> InvalidInput:
    """Return the error of a name that no model has, and that is no id of the Hub."""
    close = nearest(name.lower(), tuple(MODELS))
    meant = f"Did you mean {close}? " if close else ""
    hint = f"{meant}Give {', '.join(MODELS)}, or owner/name. Folders of yours are left as they are."
    return InvalidInput(f"model is {shown(name)}, which is not known.", hint=hint)
