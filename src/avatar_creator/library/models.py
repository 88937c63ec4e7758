"""Models of the user's own card: which there are, and how they get onto this disk and off it again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.app import App
from avatar_creator.domain.license import License
from avatar_creator.engines.hub_models import HUB_ID, license_of
from avatar_creator.engines.local import cache, stored
from avatar_creator.engines.local.models import MODELS, Model, model_named
from avatar_creator.errors import NotFound
from avatar_creator.library.model_names import PullOf, asked, no_model

if TYPE_CHECKING:
    from avatar_creator.library.pulls import Pull

    Opened = Callable[[App, PullOf, Callable[[str], object]], AbstractContextManager[Pull]]

_BYTES_EACH = 2  # parameter, in bfloat16


class ModelEntry(NamedTuple):
    """A model that is known, or that is here: ``lora`` is the one that it has of its own.

    Bytes are those of the download, those that it takes on this disk, and those of its weights in memory; None where
    that is not known. ``pieces_bytes`` are left of downloads that were interrupted.
    """

    name: str
    repository: str
    lora: str | None
    license: License
    gated: bool | None
    download_bytes: int | None
    weights_bytes: int | None
    largest_part_bytes: int | None
    state: stored.State
    lora_state: stored.State | None
    disk_bytes: int
    pieces_bytes: int
    revision: str | None

    @property
    def id(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        return self.state == "whole" and self.lora_state in {None, "whole"}

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "license": self.license._asdict()}


class Removed(NamedTuple):
    """A model that was removed, and how much that freed."""

    name: str
    repositories: tuple[str, ...]
    freed_bytes: int

    @property
    def id(self) -> str:
        return self.name

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "repositories": list(self.repositories)}


class Removal(NamedTuple):
    """What is removed with a model; ``others`` are names that cannot be used without it."""

    name: str
    repositories: tuple[str, ...]
    bytes: int
    others: tuple[str, ...]

    def remove(self) -> Removed:
        """Remove it. Raises StorageError while a process uses it."""
        return Removed(self.name, self.repositories, sum(stored.remove(each) for each in self.repositories))


class Models:
    """Models of the user's own card."""

    def __init__(self, app: App, opened: "Callable[[], Opened]") -> None:
        """``opened`` returns what opens a download, which loads huggingface_hub."""
        self._app = app
        self._opened = opened

    def find(self) -> Iterator[ModelEntry]:
        """Yield the models that are known by name, then those of the cache that are not. Asks nobody."""
        for name, model in MODELS.items():
            yield _known(name, model)
        known = {model.id for model in MODELS.values()}
        yield from (_unknown(repo) for repo in stored.repositories() if repo not in known)

    def pull(
        self,
        name: str | None = None,
        *,
        lora: str | None = None,
        revision: str | None = None,
        on_wait: Callable[[str], object] = lambda _repo: None,
    ) -> "AbstractContextManager[Pull]":
        """Plan the download of a model, by its name or its id of the Hub, of its LoRA or another one, or of a LoRA.

        Another download of the same waits meanwhile; ``on_wait`` gets the id of what is waited for.
        Raises InvalidInput, NotConfigured where a licence or token is missing, EngineError where the Hub cannot be
        asked and not all is here, StorageError where the disk is too small.
        """
        return self._opened()(self._app, asked(name, lora, revision), on_wait)

    def removal(self, name: str) -> Removal:
        """Return what would be removed with a model. Raises NotFound where nothing of it is here."""
        model = model_named(name)
        if model is None and not HUB_ID.fullmatch(name):
            raise no_model(name)
        repos = [model.id, *([model.lora.id] if model.lora else [])] if model else [name]
        there = tuple(repo for repo in repos if cache.repository_folder(repo).is_dir())
        if not there:
            raise NotFound(f"{name} is not on this disk.", hint="See what is: avatar models list")
        others = tuple(other for other, each in MODELS.items() if each.id in there and each != model)
        return Removal(name, there, sum(map(stored.bytes_of, there)), others)


def _known(name: str, model: Model) -> ModelEntry:
    snapshot = cache.find(model.id)
    repos = [model.id, *([model.lora.id] if model.lora else [])]
    return ModelEntry(
        name,
        model.id,
        model.lora.id if model.lora else None,
        model.license,
        model.gated,
        model.all_bytes,
        model.weights.all,
        model.weights.largest,
        stored.state_of(model.id),
        stored.state_of_lora(model.lora) if model.lora else None,
        sum(map(stored.bytes_of, repos)),
        sum(map(stored.bytes_of_pieces, repos)),
        snapshot.commit if snapshot else None,
    )


def _unknown(repo: str) -> ModelEntry:
    snapshot = cache.find(repo)
    assert snapshot  # noqa: S101 - it is listed because it is there
    parts = [_BYTES_EACH * cache.parameters(snapshot.folder, part) for part in cache.components_of(snapshot.folder)]
    state, used, left = stored.state_of(repo), stored.bytes_of(repo), stored.bytes_of_pieces(repo)
    weights, largest = (sum(parts), max(parts, default=0)) if state == "whole" else (None, None)
    return ModelEntry(
        repo, repo, None, license_of(repo), None, None, weights, largest, state, None, used, left, snapshot.commit
    )
