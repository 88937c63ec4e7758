"""The rows, typed: the one description of the columns. migrations.py makes them; a test compares the two as sets."""

from typing import TYPE_CHECKING, Any

from pydantic import create_model
from sqlalchemy import REAL, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.records import CLEARABLE_TEXTS


class ProjectRow(SQLModel, table=True):
    __tablename__ = "projects"
    __table_args__ = (Index("projects_by_name", "name", unique=True),)

    id: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_column=Column(Text(collation="NOCASE"), nullable=False))
    description: str | None = Field(default=None, sa_type=Text)
    created_at: str = Field(sa_type=Text)
    updated_at: str = Field(sa_type=Text)


# The texts that the domain has a table of: their columns are made from it, and typed nowhere.
_FIELDS: dict[str, Any] = {
    name: (str | None, Field(default=None, sa_type=Text))
    for name in (*(attribute.name for attribute in ATTRIBUTES), *CLEARABLE_TEXTS)
}
if TYPE_CHECKING:
    _Described = SQLModel
else:
    _Described = create_model("_Described", __base__=SQLModel, **_FIELDS)


class AvatarRow(_Described, table=True):
    __tablename__ = "avatars"
    __table_args__ = (
        Index("avatars_by_generation", "generation_id", unique=True),
        Index("avatars_by_original", "project_id", "original_sha256", unique=True),
        Index("avatars_by_project", "project_id", "id"),
        Index("avatars_by_uses", "usage_count", "id"),
        Index("avatars_by_age", text("coalesce(persona_age, 1000)"), "id"),
        Index("avatars_by_update", "updated_at", "id"),
        Index("avatars_by_usage", "usage_count", "id", sqlite_where=text("usage_count > 0")),
        Index(
            "avatars_by_project_usage",
            "project_id",
            "usage_count",
            "id",
            sqlite_where=text("usage_count > 0"),
        ),
        Index("avatars_by_recipe", "project_id", "recipe_hash", sqlite_where=text("recipe_hash IS NOT NULL")),
        Index(
            "avatars_by_persona",
            "project_id",
            "persona_id",
            unique=True,
            sqlite_where=text("persona_id IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True, sa_type=Text)
    project_id: str = Field(foreign_key="projects.id", sa_type=Text)
    generation_id: str | None = Field(default=None, sa_type=Text)
    name: str = Field(sa_type=Text)
    persona_name: str | None = Field(default=None, sa_type=Text)
    persona_age: int | None = None
    persona_personality: str = Field(sa_type=Text)  # a JSON list of texts
    persona_background: str | None = Field(default=None, sa_type=Text)
    source_type: str = Field(sa_type=Text)
    engine: str | None = Field(default=None, sa_type=Text)
    model: str | None = Field(default=None, sa_type=Text)
    prompt: str | None = Field(default=None, sa_type=Text)  # as the user gave it
    full_prompt: str | None = Field(default=None, sa_type=Text)
    negative_prompt: str | None = Field(default=None, sa_type=Text)
    seed: int | None = None
    width_px: int
    height_px: int
    format: str = Field(sa_type=Text)
    bytes: int
    thumbnail_bytes: int
    sha256: str = Field(sa_type=Text)  # of the stored picture
    original_sha256: str | None = Field(default=None, sa_type=Text)  # of the file as it was uploaded
    image_path: str = Field(sa_type=Text)  # below the pictures folder, so that a home can be moved
    thumbnail_path: str = Field(sa_type=Text)
    recipe: str = Field(sa_type=Text)  # a JSON object
    credit: str | None = Field(default=None, sa_type=Text)
    usage_count: int = 0
    last_used_at: str | None = Field(default=None, sa_type=Text)
    created_at: str = Field(sa_type=Text)
    updated_at: str = Field(sa_type=Text)
    recipe_hash: str | None = Field(default=None, sa_type=Text)
    persona_id: str | None = Field(default=None, sa_type=Text)  # that a persona file gives its row
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})  # of its picture
    picture_at: str | None = Field(default=None, sa_type=Text)  # when its picture was made; NULL: with the row
    cost_usd: float | None = Field(default=None, sa_type=REAL)  # of its picture; NULL: none, or no price is known
    details_hash: str | None = Field(default=None, sa_type=Text)  # of what its row says and no picture shows
    preset: str | None = Field(default=None, sa_type=Text)  # that it was made from
    fell_back: int | None = None  # its picture was made by another engine than the one asked for; 1: others are, too
    replaces: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # 1: a picture of the same person
    copy_path: str | None = Field(default=None, sa_type=Text)  # where its user has a copy of its picture
    starred: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    perceptual_hash: str | None = Field(default=None, sa_type=Text)  # of its picture; NULL: none was made yet


class GenerationRow(SQLModel, table=True):
    __tablename__ = "generations"
    __table_args__ = (
        Index("generations_by_avatar", "avatar_id", "version", unique=True),
        Index("generations_by_project", "project_id", "id"),
        Index("generations_running", "runner", sqlite_where=text("status = 'processing'")),
        Index("generations_owned", "owner", "id", sqlite_where=text("status = 'pending' AND owner IS NOT NULL")),
        Index(
            "generations_kinds",
            text(
                "engine || ' ' || coalesce(credential, '') || ' ' || reserved || ' '"
                " || coalesce(json_extract(fallback, '$[0].shared'), '')"
            ),
            text("priority DESC"),
            "id",
            "not_before",
            "after_id",
            sqlite_where=text("status = 'pending' AND owner IS NULL"),
        ),
        Index("generations_after", "after_id", sqlite_where=text("status = 'pending'")),
        Index("generations_hooks", "id", sqlite_where=text("on_done IS NOT NULL AND NOT hook_started")),
        Index("generations_ended", "status", "finished_at"),
        Index("generations_by_batch", "batch_id", sqlite_where=text("batch_id IS NOT NULL")),
        Index("generations_by_recipe", "project_id", "recipe_hash", sqlite_where=text("recipe_hash IS NOT NULL")),
        Index("generations_by_persona", "project_id", "persona_id", sqlite_where=text("persona_id IS NOT NULL")),
        Index(
            "generations_outputs",
            "id",
            sqlite_where=text(
                "status = 'completed' AND output_path IS NOT NULL AND NOT output_written AND output_error IS NULL"
            ),
        ),
    )

    id: str = Field(primary_key=True, sa_type=Text)
    project_id: str = Field(foreign_key="projects.id", sa_type=Text)
    avatar_id: str = Field(sa_type=Text)  # given at the start, so that file names are known before the row
    status: str = Field(sa_type=Text)
    stage: str = Field(sa_type=Text)
    progress: int
    attempt: int
    engine: str = Field(sa_type=Text)
    model: str = Field(sa_type=Text)
    seed: int
    request: str = Field(sa_type=Text)  # a JSON object
    runner: str | None = Field(default=None, sa_type=Text)  # the process that works on it
    error_code: str | None = Field(default=None, sa_type=Text)
    error_message: str | None = Field(default=None, sa_type=Text)
    error_hint: str | None = Field(default=None, sa_type=Text)
    created_at: str = Field(sa_type=Text)
    started_at: str | None = Field(default=None, sa_type=Text)
    updated_at: str = Field(sa_type=Text)
    finished_at: str | None = Field(default=None, sa_type=Text)
    provider: str | None = Field(default=None, sa_type=Text)  # who runs the model
    waiting_for: str | None = Field(default=None, sa_type=Text)
    waiting_until: str | None = Field(default=None, sa_type=Text)
    pictures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # made, and charged for
    fence: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # how often it was taken up
    priority: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    not_before: str | None = Field(default=None, sa_type=Text)
    after_id: str | None = Field(default=None, sa_type=Text)  # the generation that must be completed first
    credential: str | None = Field(default=None, sa_type=Text)  # fingerprint of what it is to be paid with
    interruptions: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # killed in the middle
    stop_asked: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    on_done: str | None = Field(default=None, sa_type=Text)  # a JSON list: the command to start
    hook_started: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # 1: the command was
    owner: str | None = Field(default=None, sa_type=Text)  # the only process that may claim it; NULL: any worker
    batch_id: str | None = Field(default=None, sa_type=Text)  # those that were asked for together
    not_shown: str | None = Field(default=None, sa_type=Text)  # a JSON list of sentences; NULL: none
    recipe_hash: str | None = Field(default=None, sa_type=Text)  # of all that was asked of the picture
    persona_id: str | None = Field(default=None, sa_type=Text)  # that a persona file gives its row
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})  # that its avatar's picture gets
    paid: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # whether it is charged for
    price_usd: float | None = Field(
        default=None, sa_type=REAL
    )  # what one picture is expected to cost; NULL: no price is known
    cost_usd: float | None = Field(default=None, sa_type=REAL)  # what was charged; NULL: nothing, or no price is known
    again: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # 1: it was made before
    unasked: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # 1: nobody has agreed to pay
    reserved: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # one more may be charged
    call_open: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # and it was asked for
    error_ends_run: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # others would fail alike
    output_path: str | None = Field(default=None, sa_type=Text)  # where the user wants a copy of the picture
    output_folder: str | None = Field(default=None, sa_type=Text)  # has to be there; missing ones below it are made
    output_replace: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    output_written: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    output_error: str | None = Field(default=None, sa_type=Text)  # why it could not be written
    preset: str | None = Field(default=None, sa_type=Text)  # that it is made from
    fallback: str | None = Field(default=None, sa_type=Text)  # a JSON list: engines that are asked when its own fails
    fell_back: int | None = None  # one of them makes it; 1: the first one failed as it would for every other picture
    replaces: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # the picture of an avatar alone
    rejected: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # pictures that failed a check


class UsageEventRow(SQLModel, table=True):
    __tablename__ = "usage_events"
    __table_args__ = (Index("usage_events_by_avatar", "avatar_id", "id"),)

    id: str = Field(primary_key=True, sa_type=Text)
    avatar_id: str = Field(foreign_key="avatars.id", ondelete="CASCADE", sa_type=Text)
    app: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    reference: str | None = Field(default=None, sa_type=Text)
    created_at: str = Field(sa_type=Text)
