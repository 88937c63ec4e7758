"""What is stored, as the rest of the program and Python users see it. Times are RFC 3339 texts in UTC.

Named tuples and not dataclasses: every command imports them, and these four cost 7 ms less to define.
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.made import Made
from avatar_creator.domain.persona import NAME_LONGEST, Persona

if TYPE_CHECKING:
    from avatar_creator.domain.license import License

PROJECT_NAME_LONGEST = 100
ALT_TEXT_LONGEST = 250  # as IPTC advises
LIMIT_MOST = 10**9  # records of a list; whoever asks for more wants all


class Status(StrEnum):
    """Where a generation stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """What a generation is doing, and from which percent on; waiting leaves the percent as it was."""

    QUEUED = "queued"
    STARTED = "started"
    GENERATING = "generating"
    WAITING = "waiting"
    SAVING = "saving"
    RECORDING = "recording"
    DONE = "done"

    @property
    def percent(self) -> int:
        return _PERCENT[self]


# The marks of the system this follows: 10 started, 20-70 generating, 70-90 saving, 90 recording, 100 done.
_PERCENT = {
    Stage.QUEUED: 0,
    Stage.STARTED: 10,
    Stage.GENERATING: 20,
    Stage.SAVING: 70,
    Stage.RECORDING: 90,
    Stage.DONE: 100,
}


class SourceType(StrEnum):
    """Where an avatar's picture came from."""

    UPLOADED = "uploaded"
    TEXT_TO_IMAGE = "text_to_image"
    FROM_PRESET = "from_preset"
    FROM_REFERENCE = "from_reference"


class Project(NamedTuple):
    """A named set of avatars; ``avatars`` counts them."""

    id: str
    name: str
    description: str | None
    avatars: int
    created_at: str
    updated_at: str

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class EditableText(NamedTuple):
    """Marks a text of an avatar that its user may change.

    The option of `avatar edit`, its check and its column follow; one with a default can be cleared, and has a line on
    the card of a terminal.
    """

    help: str
    longest: int  # characters


class Avatar(NamedTuple):
    """One picture of a persona, with all that is known about it. Paths are absolute.

    ``persona_id`` is the one that a persona file gives its row. One whose row changed is made anew: ``version`` counts
    its pictures, and ``picture_at`` is when this one was made. ``preset`` is the one whose values filled in
    what was not said of it.
    """

    id: str
    generation_id: str | None
    project_id: str
    project_name: str
    name: Annotated[str, EditableText("New name.", NAME_LONGEST)]
    image_path: Path
    thumbnail_path: Path
    source_type: SourceType
    persona: Persona
    attributes: Attributes
    engine: str | None
    model: str | None
    prompt: str | None
    full_prompt: str | None
    negative_prompt: str | None
    seed: int | None
    width_px: int
    height_px: int
    format: str
    bytes: int
    sha256: str
    recipe: Mapping[str, Any]
    credit: str | None
    usage_count: int
    last_used_at: str | None
    created_at: str
    updated_at: str
    alt_text: Annotated[str | None, EditableText("What the picture shows, in words.", ALT_TEXT_LONGEST)] = None
    cost_usd: float | None = None  # None: it is not known
    warnings: tuple[str, ...] = ()  # what to mind of it, a sentence each; neither stored nor in JSON
    persona_id: str | None = None
    version: int = 1
    picture_at: str = ""
    preset: str | None = None
    copy_path: Path | None = None  # where its user has a copy of its picture; not in JSON
    tags: tuple[str, ...] = ()
    starred: bool = False

    @property
    def licenses(self) -> "tuple[License, ...]":
        """The licences of the works it was made with; none where none were recorded."""
        from avatar_creator.domain.license import License  # noqa: PLC0415 - most commands show none

        return tuple(map(License.from_json, (self.recipe.get("made_with") or {}).get("licenses", ())))

    @property
    def not_shown(self) -> tuple[str, ...]:
        """What was asked for and the picture does not show, a sentence each."""
        return tuple(self.recipe.get("not_shown", ()))

    @property
    def drawn(self) -> Mapping[str, str] | None:
        """In words what is seen in it, by part; None where nobody knows, as of photographs."""
        return self.recipe.get("drawn")

    @property
    def made(self) -> Made:
        """How its picture came to be."""
        if self.source_type is SourceType.UPLOADED:
            return Made.UPLOADED
        # Recipes of the first versions do not say what was drawn.
        return Made.DRAWN if self.drawn is not None or self.engine == "offline" else Made.BY_MODEL

    def as_json(self) -> dict[str, Any]:
        values = self._asdict()
        del values["warnings"], values["copy_path"]
        newest = ("persona_id", "version", "picture_at", "cost_usd", "preset", "tags", "starred")
        newer = {name: values.pop(name) for name in newest}
        facts = {
            "licenses": [license_._asdict() for license_ in self.licenses],
            "not_shown": list(self.not_shown),
            "drawn": self.drawn,
            "image_path": str(self.image_path),
            "thumbnail_path": str(self.thumbnail_path),
            "persona": self.persona.as_json(),
            "attributes": self.attributes.as_json(),
        }
        return values | facts | newer | {"tags": list(self.tags)}  # keys keep their order, and what is added comes last


EDITABLE_TEXTS: Mapping[str, EditableText] = {
    name: mark
    for name, annotation in Avatar.__annotations__.items()
    for mark in getattr(annotation, "__metadata__", ())
    if isinstance(mark, EditableText)
}
CLEARABLE_TEXTS = tuple(name for name in EDITABLE_TEXTS if name in Avatar._field_defaults)


class Failure(NamedTuple):
    """Why a generation did not end in a picture: the words a live run showed."""

    code: str
    message: str
    hint: str | None


def cancelled(generation_id: str) -> Failure:
    """Return why a generation ended that a user cancelled."""
    return Failure("cancelled", "Cancelled by the user.", f"To make it after all: avatar retry {generation_id}")


class Standing(NamedTuple):
    """How far a generation is, as its row says: what it waits for or does, and whether every other would fail alike."""

    status: Status
    percent: int
    stage: str
    attempt: int
    waiting_for: str | None
    waiting_until: str | None
    ends_run: bool


class Event(NamedTuple):
    """One thing that happened to a generation."""

    at: str
    event: str
    said: str | None

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class Generation(NamedTuple):
    """One try to make one avatar. ``progress`` is 0..100; ``avatar`` is there once it is completed.

    ``attempt`` counts the calls to a service, ``pictures`` those it made and charges for, lost ones too;
    ``interruptions`` how often its process was killed. Those that are ``detached`` wait for the worker: not before
    a time, after the completion of another, or for the credential of that fingerprint. Those of one ``batch_id`` were
    asked for together. ``not_shown`` says what was asked for and the picture does not show, a sentence each; until it
    is made, as it is expected. One that is ``paid`` is expected to cost ``price_usd``, and what was charged for it cost
    ``cost_usd``: None where that is not known. ``output_path`` is where a copy of its picture is, or will be once it is
    completed; ``output_error`` says why it could not be written. ``name``, ``persona``, ``attributes``, ``persona_id``
    and ``preset`` are those of its avatar. Of one whose details are forgotten is known what its avatar knows: the rest
    is None.
    """

    id: str
    project_id: str
    avatar_id: str | None
    status: Status
    stage: str
    progress: int
    attempt: int | None
    waiting_for: str | None
    waiting_until: str | None
    seed: int
    engine: str
    model: str
    provider: str | None
    pictures: int | None
    prompt: str | None
    full_prompt: str
    negative_prompt: str
    width_px: int
    height_px: int
    error: Failure | None
    created_at: str
    started_at: str | None
    updated_at: str
    finished_at: str | None
    detached: bool | None = None
    priority: int | None = None
    not_before: str | None = None
    after: str | None = None
    credential: str | None = None
    interruptions: int | None = None
    stop_asked: bool = False
    batch_id: str | None = None
    avatar: Avatar | None = None
    not_shown: tuple[str, ...] = ()
    paid: bool | None = None
    price_usd: float | None = None
    cost_usd: float | None = None
    output_path: Path | None = None
    output_error: str | None = None
    name: str | None = None
    persona: Persona = Persona()
    attributes: Attributes = Attributes()
    persona_id: str | None = None
    preset: str | None = None

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {
            "error": self.error._asdict() if self.error else None,
            "avatar": self.avatar.as_json() if self.avatar else None,
            "not_shown": list(self.not_shown),
            "output_path": None if self.output_path is None else str(self.output_path),
            "persona": self.persona.as_json(),
            "attributes": self.attributes.as_json(),
        }
