"""Puts the parts together: the one composition root, for the command line and for Python programs.

Parts are made on first use and import what they need only then, so that a command pays for what it does.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from avatar_creator.errors import InvalidInput
from avatar_creator.home import Home, find_home

if TYPE_CHECKING:
    import sqlite3

    from avatar_creator.domain.attributes import Attributes
    from avatar_creator.domain.filters import AvatarFilter
    from avatar_creator.domain.persona import Persona
    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.request import GenerationRequest
    from avatar_creator.engines.base import Engine, Setup
    from avatar_creator.services.deletion import DeletionService
    from avatar_creator.services.generation import GenerationService, Plan
    from avatar_creator.services.health import HealthService
    from avatar_creator.services.upload import UploadService
    from avatar_creator.settings.origins import Origin
    from avatar_creator.settings.values import Settings
    from avatar_creator.storage.catalog import Catalog
    from avatar_creator.storage.figures import Figures
    from avatar_creator.storage.pictures.images import PictureStore
    from avatar_creator.storage.pictures.inspection import FileMarks
    from avatar_creator.storage.queue import Queue
    from avatar_creator.storage.reading import Reading


class Library:
    """All avatars of one home. Use it as a context manager, or call `close`."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._engines: dict[str, Engine] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; parts asked for afterwards open it again."""
        for name in ("catalog", "_connection"):
            part = self.__dict__.pop(name, None)
            if part is not None:
                part.close()
        for name in ("reading", "figures", "queue", "generation", "uploads", "deletion", "health"):
            self.__dict__.pop(name, None)

    # -- what Python programs use most

    def generate(
        self,
        *,
        persona: "Persona | None" = None,
        attributes: "Attributes | None" = None,
        prompt: str | None = None,
        **choices: Any,
    ) -> "Avatar":
        """Make one avatar. ``choices`` are those of `request`. Raises AvatarError when it cannot be made."""
        if "count" in choices:
            raise InvalidInput("generate makes one avatar.", hint="Call it once for each, with a seed for each.")
        request = self.request(persona=persona, attributes=attributes, prompt=prompt, **choices)
        plan = self.plan(request)
        outcomes = self.generation.run(plan, default_project=self.settings.project, on_progress=lambda _progress: None)
        outcome = next(outcomes)
        outcomes.close()
        if outcome.error is not None:
            raise outcome.error
        assert outcome.generation.avatar is not None  # noqa: S101 - it completed
        return outcome.generation.avatar

    def upload(self, path: Path | str, **choices: Any) -> "Avatar":
        """Add a picture from a file. ``choices`` are those of `UploadService.add`. Raises InvalidInput."""
        return self.uploads.add(Path(path), **choices).avatar

    def find(self, wanted: "AvatarFilter | None" = None, *, limit: int | None = None) -> "Iterator[Avatar]":
        """Yield the avatars that match, newest first."""
        from avatar_creator.domain.filters import AvatarFilter

        return self.reading.find_avatars(wanted or AvatarFilter(), limit=limit)

    def show(self, id_: str) -> "Avatar":
        """Return the avatar with that id or unique id prefix. Raises NotFound."""
        return self.reading.get_avatar(id_)

    # -- requests

    def request(
        self,
        *,
        persona: "Persona | None" = None,
        attributes: "Attributes | None" = None,
        prompt: str | None = None,
        negative_prompt: str | None = None,
        quality_terms: bool = True,
        name_in_prompt: bool = True,
        **choices: Any,
    ) -> "GenerationRequest":
        """Return a checked request, what is not given taken from the settings.

        ``choices`` are the other fields of `GenerationRequest`, and the options of engines, such as ``art_style``
        or ``steps``; None counts as not given. Raises InvalidInput.
        """
        import secrets

        from avatar_creator.domain.attributes import Attributes
        from avatar_creator.domain.persona import NAME_LONGEST, Persona
        from avatar_creator.domain.picture import SEED_MOST
        from avatar_creator.domain.prompt import build_prompt
        from avatar_creator.domain.request import GenerationRequest
        from avatar_creator.domain.text import clean_line

        persona, attributes = persona or Persona(), attributes or Attributes()
        built = build_prompt(
            persona,
            attributes,
            prompt,
            negative=negative_prompt,
            quality_terms=quality_terms,
            name_in_prompt=name_in_prompt,
        )
        settings = self.settings
        given = {name: value for name, value in choices.items() if value is not None}
        if "name" in given:  # an empty one is a mistake, where none at all is a default
            given["name"] = clean_line("name", given["name"], longest=NAME_LONGEST)
        engine, why_engine, options = self._choose_engine(given)
        defaults: dict[str, Any] = {
            "project": settings.project,
            "seed": given.get("seed") or secrets.randbelow(SEED_MOST) + 1,
            "width_px": settings.width,
            "height_px": settings.height,
            "format": settings.format,
            "jpeg_quality": settings.jpeg_quality,
            "embed": settings.embed,
        }
        return GenerationRequest(
            persona=persona,
            attributes=attributes,
            prompt=built,
            engine=engine,
            why_engine=why_engine,
            options=options,
            **(defaults | given),
        )

    def _choose_engine(self, given: dict[str, Any]) -> "tuple[str, str | None, dict[str, Any]]":
        """Take the engine and the options of engines out of what is given.

        Return the engine, why it if the user did not choose it, and all its options: those given, else those set.
        """
        from avatar_creator.engines import ENGINES, automatic
        from avatar_creator.settings.values import AUTO_ENGINE

        known = {option for entry in ENGINES.values() for option in entry.options}
        options = dict(given.pop("options", {})) | {name: given.pop(name) for name in known & given.keys()}
        engine, why = given.pop("engine", self.settings.engine), None
        if engine == AUTO_ENGINE:
            engine, why = automatic(options, self._setup)
        settings = self._set_options(engine)
        if "model" in options:
            settings = {name: value for name, value in settings.items() if name not in ENGINES[engine].by_model}
        return engine, why, settings | options

    def _set_options(self, engine: str) -> dict[str, Any]:
        """Return the options of an engine that the user has set."""
        from avatar_creator.engines import ENGINES

        own = ENGINES[engine].options if engine in ENGINES else ()
        settings = {name: getattr(self.settings, name, None) for name in own}
        return {name: value for name, value in settings.items() if value is not None}

    def plan(self, request: "GenerationRequest") -> "Plan":
        """Say what would be made of a request; nothing is made, opened or spent. Raises InvalidInput."""
        from avatar_creator.services.generation import plan_generation

        return plan_generation(request, self._load_engine, self.settings.prices)

    def interrupted(self, generation_id: str) -> bool:
        """Tell whether the process that made a generation was killed before its end."""
        from avatar_creator.storage import runners

        running = {each.id: each.runner for each in self.queue.find_running()}
        runner = running.get(generation_id)
        return runner is not None and not runners.alive(self.home.runners, runner)

    # -- files and settings

    def inspect(self, path: Path | str) -> "FileMarks":
        """Return what a picture file says of itself. Raises InvalidInput if it is no picture."""
        from avatar_creator.storage.pictures.inspection import inspect_file

        return inspect_file(Path(path))

    def write_copy(self, avatar: "Avatar", path: Path | str) -> None:
        """Write an avatar's picture to ``path`` too, whole or not at all. Raises StorageError."""
        from avatar_creator.storage.pictures.images import write_copy

        write_copy(self.picture(avatar), Path(path))

    def picture(self, avatar: "Avatar") -> bytes:
        """Return the bytes of an avatar's picture. Raises StorageError when its file is gone."""
        from avatar_creator.errors import StorageError

        try:
            return avatar.image_path.read_bytes()
        except OSError as error:
            raise StorageError(
                f"The file {avatar.image_path} cannot be read: {error.strerror}.", hint="Run: avatar doctor"
            ) from error

    def setting_names(self) -> list[str]:
        """Return the names of all settings."""
        from avatar_creator.settings.values import Settings

        return list(Settings._fields)

    def setting_origins(self) -> "list[Origin]":
        """Return every setting with its value and where it came from."""
        from avatar_creator.settings.origins import origins

        return origins(self.settings, self.home.config)

    def set_setting(self, key: str, value: str) -> None:
        """Put a setting into config.toml. Raises InvalidInput."""
        from avatar_creator.settings.writing import write_setting

        self.home.create()
        write_setting(self.home.config, key, value)

    def unset_setting(self, key: str) -> bool:
        """Take one setting out of config.toml; tell whether it was there. Raises InvalidInput."""
        from avatar_creator.settings.writing import remove_setting

        return remove_setting(self.home.config, key)

    def is_secret(self, key: str) -> bool:
        """Tell whether a setting's value is to be given unseen. Raises InvalidInput if none can be given."""
        from avatar_creator.settings.writing import is_secret

        return is_secret(self.home.config, key)

    # -- parts

    @cached_property
    def settings(self) -> "Settings":
        from avatar_creator.settings import load_settings

        return load_settings(self.home.config)

    @cached_property
    def _setup(self) -> "Setup":
        from avatar_creator.engines.base import Retry, Setup

        settings = self.settings
        return Setup(
            cache=self.home.cache,
            retry=Retry(settings.retry_attempts, settings.retry_base_s, settings.retry_max_s),
            hf_token=settings.hf_token,
        )

    def _load_engine(self, name: str) -> "Engine":
        from avatar_creator.engines import load_engine

        if name not in self._engines:  # one for all: it knows what the network told it, and shares its connections
            self._engines[name] = load_engine(name, self._setup)
        return self._engines[name]

    @cached_property
    def _connection(self) -> "sqlite3.Connection":
        from avatar_creator.storage.database import connect

        self.home.create()
        return connect(self.home.database, self.home.backups)

    @cached_property
    def reading(self) -> "Reading":
        from avatar_creator.storage.reading import Reading

        return Reading(self._connection, self.home.database, self.home.pictures)

    @cached_property
    def figures(self) -> "Figures":
        from avatar_creator.storage.figures import Figures

        return Figures(self._connection, self.home.database)

    @cached_property
    def queue(self) -> "Queue":
        from avatar_creator.storage.queue import Queue

        return Queue(self._connection, self.home.database)

    @cached_property
    def catalog(self) -> "Catalog":
        from avatar_creator.storage.catalog import Catalog

        self.home.create()
        return Catalog(self.home.database, self.home.backups)

    @cached_property
    def pictures(self) -> "PictureStore":
        from avatar_creator.storage.pictures.images import PictureStore

        return PictureStore(self.home.pictures)

    @cached_property
    def generation(self) -> "GenerationService":
        from avatar_creator.services.generation import GenerationService

        return GenerationService(self._load_engine, self.reading, self.queue, self.pictures, self.home.runners)

    @cached_property
    def uploads(self) -> "UploadService":
        from avatar_creator.services.upload import UploadService

        return UploadService(
            self.reading, self.queue, self.catalog, self.pictures, self.home.runners, self.settings.project
        )

    @cached_property
    def deletion(self) -> "DeletionService":
        from avatar_creator.services.deletion import DeletionService

        return DeletionService(self.catalog, self.pictures)

    @cached_property
    def health(self) -> "HealthService":
        from avatar_creator.engines import automatic
        from avatar_creator.services.health import HealthService

        return HealthService(
            self.home,
            self._load_engine,
            self.pictures,
            read_settings=lambda: self.settings,
            automatic=lambda: automatic((), self._setup),
            set_options=self._set_options,
        )


def open_library(home: Path | str | None = None) -> Library:
    """Open the library at ``home``, else the user's own; nothing is made on disk before the first use."""
    return Library(find_home(home))
