"""The library: what the command line and Python programs ask for."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from avatar_creator.app import App
from avatar_creator.errors import InvalidInput
from avatar_creator.home import Home, find_home

if TYPE_CHECKING:
    from avatar_creator.domain.attributes import Attributes
    from avatar_creator.domain.choices import UploadChoices
    from avatar_creator.domain.filters import AvatarFilter
    from avatar_creator.domain.persona import Persona
    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.request import GenerationRequest
    from avatar_creator.jobs.choices import GenerateChoices, RequestChoices
    from avatar_creator.jobs.plan import Plan
    from avatar_creator.settings.origins import Origin
    from avatar_creator.storage.pictures.inspection import FileMarks

_WHO = ("persona", "attributes", "prompt")
_PAGE = 100  # generations that are cancelled at once: it takes some milliseconds
_WORDING = ("negative_prompt", "quality_terms", "name_in_prompt")


class Library:
    """All avatars of one home. Use it as a context manager, or call `close`."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.app = App(home)

    def close(self) -> None:
        """Close the database, in all threads; what is asked for afterwards opens it again. For any thread."""
        self.app.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what Python programs use most

    def generate(
        self,
        *,
        persona: "Persona | None" = None,
        attributes: "Attributes | None" = None,
        prompt: str | None = None,
        **choices: "Unpack[GenerateChoices]",
    ) -> "Avatar":
        """Make one avatar; its ``warnings`` say what to mind. Raises AvatarError when it cannot be made."""
        from avatar_creator.domain.choices import check_names
        from avatar_creator.jobs.choices import GenerateChoices

        if "count" in choices:
            raise InvalidInput("generate makes one avatar.", hint="Call it once for each, with a seed for each.")
        check_names(choices, (*_WHO, *GenerateChoices.__annotations__))
        request = self.request(persona=persona, attributes=attributes, prompt=prompt, **choices)
        plan = self.plan(request)
        outcomes = self.app.generation.run(
            plan, default_project=self.app.settings.project, on_progress=lambda _progress: None
        )
        outcome = next(outcomes)
        outcomes.close()
        if outcome.error is not None:
            raise outcome.error
        assert outcome.generation.avatar is not None  # noqa: S101 - it completed
        return outcome.generation.avatar._replace(warnings=tuple(dict.fromkeys((*plan.warnings, *outcome.notices))))

    def upload(self, path: Path | str, **choices: "Unpack[UploadChoices]") -> "Avatar":
        """Add a picture from a file. Raises InvalidInput if it is no picture that can be kept."""
        from avatar_creator.domain.attributes import Attributes
        from avatar_creator.domain.choices import UploadChoices, check_names, path_of
        from avatar_creator.domain.persona import Persona
        from avatar_creator.domain.text import expect

        check_names(choices, UploadChoices.__annotations__)
        for name, kind in (("persona", Persona), ("attributes", Attributes), ("project", str)):
            if choices.get(name) is not None:
                expect(name, choices.get(name), kind, f"{name} as documented")
        return self.app.uploads.add(path_of("path", path), **choices).avatar

    def run_worker(
        self,
        *,
        concurrency: int | None = None,
        idle_s: float | None = None,
        in_line: bool = False,
        place: int | None = None,
    ) -> None:
        """Make what is queued, until told to stop, or nothing came for ``idle_s``. Raises AvatarError if another does.

        ``in_line``: wait for the place of a worker that is about to leave, and leave as the settings say; ``place`` is
        the descriptor of the place in line, if the starter took one.
        """
        from avatar_creator.domain.picture import AT_ONCE_MOST
        from avatar_creator.domain.text import clean_number
        from avatar_creator.jobs.worker_log import keep_journal
        from avatar_creator.jobs.worker_loop import WorkerOptions

        if concurrency is not None:
            clean_number("concurrency", concurrency, least=1, most=AT_ONCE_MOST)
        if idle_s is not None and (type(idle_s) not in {int, float} or not idle_s >= 0):
            raise InvalidInput(f"idle_s is {idle_s!r}.", hint="Give it seconds, 0 or more, or None for no end.")
        settings = self.app.settings
        self.home.create()
        keep_journal(self.home, on_stderr=not in_line)
        at_once = settings.concurrency if concurrency is None else concurrency
        terms = WorkerOptions(at_once, settings.worker_idle_s if in_line else idle_s, settings.retry_attempts)
        self.app.worker.run(terms, in_line=in_line, place=place)

    def cancel(self, ids: "Iterable[str]", *, at_once: bool = False) -> None:
        """Have generations stop: those that wait now, those that are made at their next step or ``at_once``.

        Of very many an interrupt may leave some as they were; each is stopped or not.
        """
        from avatar_creator.domain.text import expect
        from avatar_creator.storage.portions import in_portions

        if isinstance(ids, str) or not isinstance(ids, Iterable):  # a text is one too: of letters
            raise InvalidInput("ids is no list.", hint="Give ids of generations in a list.")
        wanted = list(ids)
        for id_ in wanted:
            expect("id", id_, str, "ids of generations as texts")
        # The newest first: whoever waits for another one is newer, and would fail as soon as that is cancelled.
        newest_first = sorted(wanted, reverse=True)
        pages = (newest_first[first : first + _PAGE] for first in range(0, len(newest_first), _PAGE))
        in_portions(
            pages, self.app.leases.together, lambda page: self.app.generations.cancel_some(page, at_once=at_once)
        )
        self.app.generations.fail_followers()

    def find(self, wanted: "AvatarFilter | None" = None, *, limit: int | None = None) -> "Iterator[Avatar]":
        """Yield the avatars that match, newest first."""
        from avatar_creator.domain.filters import AvatarFilter
        from avatar_creator.domain.records import LIMIT_MOST
        from avatar_creator.domain.text import clean_number, expect

        if wanted is not None:
            expect("wanted", wanted, AvatarFilter, "an AvatarFilter, such as AvatarFilter(text='sarah')")
        if limit is not None:
            clean_number("limit", limit, least=0, most=LIMIT_MOST)
        return self.app.queries.find_avatars(wanted or AvatarFilter(), limit=limit)

    def show(self, id_: str) -> "Avatar":
        """Return the avatar with that id or unique id prefix. Raises NotFound."""
        from avatar_creator.domain.text import expect

        expect("id", id_, str, "an avatar's id as a text")
        return self.app.queries.get_avatar(id_)

    def record_usage(self, id_: str, *, app: str, action: str, reference: str | None = None) -> "Avatar":
        """Record that an app used an avatar; return it with its new count. Raises NotFound, InvalidInput."""
        avatar = self.show(id_)
        self.app.catalog.add_usage(avatar.id, app=app, action=action, reference=reference)
        return self.app.queries.get_avatar(avatar.id)

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
        **choices: "Unpack[RequestChoices]",
    ) -> "GenerationRequest":
        """Return a checked request, what is not given taken from the settings. Raises InvalidInput."""
        from avatar_creator.domain.attributes import Attributes
        from avatar_creator.domain.choices import check_names
        from avatar_creator.domain.persona import NAME_LONGEST, Persona
        from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST
        from avatar_creator.domain.prompt import build_prompt
        from avatar_creator.domain.request import GenerationRequest
        from avatar_creator.domain.text import clean_line, expect
        from avatar_creator.jobs.choices import RequestChoices

        check_names(choices, (*_WHO, *_WORDING, *RequestChoices.__annotations__))
        persona = Persona() if persona is None else persona
        attributes = Attributes() if attributes is None else attributes
        expect("persona", persona, Persona, "a Persona, such as Persona('Sarah')")
        expect("attributes", attributes, Attributes, "Attributes, such as Attributes(gender='female')")
        expect("options", choices.get("options") or {}, Mapping, "a dict of options by name")
        built = build_prompt(
            persona,
            attributes,
            prompt,
            negative=negative_prompt,
            quality_terms=quality_terms,
            name_in_prompt=name_in_prompt,
        )
        settings = self.app.settings
        given: dict[str, Any] = {name: value for name, value in choices.items() if value is not None}
        if "name" in given:  # an empty one is a mistake, where none at all is a default
            given["name"] = clean_line("name", given["name"], longest=NAME_LONGEST)
        engine, why_engine, options = self._choose_engine(given)
        defaults: dict[str, Any] = {
            "project": settings.project,
            "seed": given.get("seed") or int.from_bytes(os.urandom(8)) % SEED_MOST + SEED_LEAST,
            "width_px": settings.width,
            "height_px": settings.height,
            "format": settings.format,
            "jpeg_quality": settings.jpeg_quality,
            "embed": settings.embed,
            "commercial": settings.commercial,
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
        from avatar_creator.engines import AUTO_ENGINE, ENGINES, OPTIONS, automatic

        options = dict(given.pop("options", {})) | {name: given.pop(name) for name in OPTIONS if name in given}
        engine, why = str(given.pop("engine", self.app.settings.engine)).lower(), None
        if engine == AUTO_ENGINE:
            engine, why = automatic(options, self.app.setup)
        settings = self.app.set_options(engine)
        if "model" in options:
            settings = {name: value for name, value in settings.items() if name not in ENGINES[engine].by_model}
        return engine, why, settings | options

    def plan(self, request: "GenerationRequest") -> "Plan":
        """Say what would be made of a request; nothing is made, opened or spent. Raises InvalidInput."""
        from avatar_creator.domain.request import GenerationRequest
        from avatar_creator.domain.text import expect
        from avatar_creator.jobs.plan import plan_generation

        expect("request", request, GenerationRequest, "what request returns")
        return plan_generation(request, self.app.engines.load, self.app.settings.prices)

    # -- files and settings

    @staticmethod
    def inspect(path: Path | str) -> "FileMarks":
        """Return what a picture file says of itself; no home is needed. Raises InvalidInput if it is no picture."""
        from avatar_creator.domain.choices import path_of
        from avatar_creator.storage.pictures.inspection import inspect_file

        return inspect_file(path_of("path", path))

    def write_copy(self, avatar: "Avatar", path: Path | str, *, replace: bool = True) -> None:
        """Write an avatar's picture to ``path`` too, whole or not at all, in the format that the suffix names.

        Not to ``replace`` a file that stands there it raises StorageError. Raises InvalidInput for another suffix
        than .jpg, .jpeg, .png and .webp, StorageError when the disk refuses it.
        """
        from avatar_creator.domain.choices import path_of
        from avatar_creator.storage.pictures.images import write_copy

        write_copy(self.picture(avatar), path_of("path", path), replace=replace)

    def picture(self, avatar: "Avatar") -> bytes:
        """Return the bytes of an avatar's picture. Raises StorageError when its file is gone."""
        from avatar_creator.domain.records import Avatar
        from avatar_creator.domain.text import expect
        from avatar_creator.errors import StorageError

        expect("avatar", avatar, Avatar, "an Avatar, as show and find return it")
        try:
            return avatar.image_path.read_bytes()
        except OSError as error:
            raise StorageError(
                f"The file {avatar.image_path} cannot be read: {error.strerror}.", hint="Run: avatar doctor"
            ) from error

    @staticmethod
    def setting_names() -> list[str]:
        """Return the names of all settings."""
        from avatar_creator.settings.values import KEYS

        return list(KEYS)

    def setting_origins(self) -> "list[Origin]":
        """Return every setting with its value and where it came from."""
        from avatar_creator.settings.origins import origins

        return origins(self.app.settings, self.home.config)

    @staticmethod
    def misspelt_variables() -> list[tuple[str, str]]:
        """Return variables that set nothing, each with the one that may have been meant."""
        from avatar_creator.settings import misspelt_variables

        return misspelt_variables()

    def set_setting(self, key: str, value: str) -> None:
        """Put a setting into config.toml. Raises InvalidInput."""
        from avatar_creator.domain.text import expect
        from avatar_creator.settings.writing import write_setting

        expect("key", key, str, "the name of a setting as a text")
        expect("value", value, str, "the value of a setting as a text")
        self.home.create()
        write_setting(self.home.config, key, value)

    def unset_setting(self, key: str) -> bool:
        """Take one setting out of config.toml; tell whether it was there. Raises InvalidInput."""
        from avatar_creator.domain.text import expect
        from avatar_creator.settings.writing import remove_setting

        expect("key", key, str, "the name of a setting as a text")
        return remove_setting(self.home.config, key)

    @staticmethod
    def setting_variable(key: str) -> str | None:
        """Return the name of the variable that sets a setting; None if none does."""
        from avatar_creator.settings.origins import variable_of

        return variable_of(key)

    def is_secret(self, key: str) -> bool:
        """Tell whether a setting's value is to be given unseen. Raises InvalidInput if none can be given."""
        from avatar_creator.settings.writing import is_secret

        return is_secret(self.home.config, key)


def open_library(home: Path | str | None = None) -> Library:
    """Open the library at ``home``, else the user's own; nothing is made on disk before the first use."""
    if home is None:
        return Library(find_home())
    from avatar_creator.domain.choices import path_of

    return Library(find_home(path_of("home", home)))
