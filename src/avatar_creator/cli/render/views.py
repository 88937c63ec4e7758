"""How records are shown: their tab-separated lines, and their tables and cards on a terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator import domain
from avatar_creator.cli.render.widgets import age, ahead, card, left, nothing, row, short, size, table, text, took
from avatar_creator.domain.records import CLEARABLE_TEXTS, Avatar, Generation, Project, Status
from avatar_creator.errors import NotFound

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.domain.versions import Version
    from avatar_creator.services.upload import Upload

_DAY_S = 86400
STATUS_STYLE = {
    Status.PENDING: "dim",
    Status.PROCESSING: "cyan",
    Status.COMPLETED: "green",
    Status.FAILED: "red",
    Status.CANCELLED: "yellow",
}


class Made(NamedTuple):
    """A generation as `generate` shows it: with what to mind."""

    generation: Generation
    warnings: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.generation.id

    def as_json(self) -> dict[str, Any]:
        return self.generation.as_json() | {"warnings": list(self.warnings)}


class Shown(NamedTuple):
    """An avatar as `show` shows it: with all pictures that it has had, and its generation if that is not forgotten."""

    avatar: Avatar
    versions: "Sequence[Version]"
    generation: Generation | None

    def as_json(self) -> dict[str, Any]:
        made = self.generation.as_json() if self.generation else {}
        return self.avatar.as_json() | {
            "versions": [version.as_json() for version in self.versions],
            **{name: made.get(name) for name in ("output_path", "output_error")},
        }


# -- lines: the fields are documented in docs/output.md and never change their order


def avatar_line(avatar: Avatar) -> Sequence[object]:
    return (
        avatar.id,
        avatar.name,
        avatar.persona.age,
        avatar.attributes.gender,
        avatar.project_name,
        avatar.engine,
        avatar.created_at,
        avatar.image_path,
        avatar.persona_id,
    )


def shown_line(shown: Shown) -> Sequence[object]:
    return avatar_line(shown.avatar)


def upload_line(upload: "Upload") -> Sequence[object]:
    return avatar_line(upload.avatar)


def generation_line(generation: Generation) -> Sequence[object]:
    return (
        generation.id,
        generation.status.value,
        generation.progress,
        generation.stage,
        generation.attempt,
        generation.seed,
        generation.avatar_id,
        generation.avatar.image_path if generation.avatar else None,
        generation.error.message if generation.error else None,
        generation.error.hint if generation.error else None,
        generation.engine,
        generation.created_at,
        generation.provider,
        generation.waiting_for,
        generation.waiting_until,
        generation.pictures,
        generation.priority,
        generation.not_before,
        generation.after,
        generation.credential,
        generation.interruptions,
        generation.output_path,
        generation.output_error,
        generation.cost_usd,
        generation.name,
        generation.persona_id,
    )


def made_line(made: Made) -> Sequence[object]:
    return generation_line(made.generation)


def project_line(project: Project) -> Sequence[object]:
    return project.id, project.name, project.avatars, project.created_at, project.description


# -- terminal


def avatar_table(avatars: Sequence[Avatar], *, also: str | None = None) -> "RenderableType":
    """Return a table of avatars; ``also`` is a column of what the command is about: tags, star or used."""
    about = [] if also is None else [_ALSO[also]]
    rows = table("id", "name", *(heading for heading, _ in about), ">age", "gender", "project", "engine", ">made")
    for avatar in avatars:
        row(
            rows,
            avatar.id,
            avatar.name,
            *(said(avatar) for _, said in about),
            avatar.persona.age,
            avatar.attributes.gender,
            avatar.project_name,
            avatar.engine or avatar.source_type.value,
            age(avatar.created_at),
        )
    return rows


_ALSO: Mapping[str, tuple[str, Callable[[Avatar], object]]] = {
    "tags": ("tags", lambda avatar: ", ".join(avatar.tags)),
    "star": ("star", lambda avatar: "yes" if avatar.starred else "no"),
    "used": (">used", lambda avatar: avatar.usage_count),
}


def none_found(why: NotFound) -> "RenderableType":
    """Say that a list is empty, and how it would not be."""
    return text(f"{why.message} {why.hint}", "dim")


def shown_card(shown: Shown) -> "RenderableType":
    return avatar_card(shown.avatar, shown.versions, shown.generation)


def avatar_card(
    avatar: Avatar, versions: "Sequence[Version]" = (), generation: Generation | None = None
) -> "RenderableType":
    persona = avatar.persona
    return card(
        ("id", avatar.id),
        ("name", avatar.name),
        ("project", f"{avatar.project_name} ({avatar.project_id})"),
        ("picture", avatar.image_path),
        *_output(generation),
        ("thumbnail", avatar.thumbnail_path),
        ("size", f"{avatar.width_px}x{avatar.height_px} {avatar.format}, {size(avatar.bytes)}"),
        None,
        ("persona id", avatar.persona_id),
        ("persona name", persona.name),
        ("persona age", persona.age),
        ("personality", ", ".join(persona.personality)),
        ("background", persona.background),
        *((attribute.label, value) for attribute, value in avatar.attributes.given()),
        *((_label(name), getattr(avatar, name)) for name in CLEARABLE_TEXTS),
        ("tags", ", ".join(avatar.tags)),
        ("star", "yes" if avatar.starred else None),
        ("drawn", _drawn(avatar)),
        *(("not shown", said) for said in avatar.not_shown),
        None,
        ("source", avatar.source_type.value),
        ("preset", avatar.preset),
        ("engine", domain.versions.made_by(avatar.engine, avatar.model, avatar)),
        ("seed", avatar.seed),
        ("prompt", avatar.prompt),
        ("full prompt", avatar.full_prompt),
        ("negative prompt", avatar.negative_prompt),
        ("credit", avatar.credit),
        ("cost", _cost(avatar)),
        *(("licence", license_) for license_ in avatar.licenses),
        ("sha256", avatar.sha256),
        None,
        ("used", f"{avatar.usage_count} x" + (f", last {age(avatar.last_used_at)}" if avatar.last_used_at else "")),
        ("made", f"{avatar.created_at} ({age(avatar.created_at)})"),
        ("generation", avatar.generation_id),
        *(_version_pairs(versions) if len(versions) > 1 else ()),
    )


def _version_pairs(versions: "Sequence[Version]") -> Iterator[tuple[str, str] | None]:
    """Yield for each picture when and by what it was made, its seed, and what it was asked for otherwise."""
    yield None
    for version in versions:
        picture = version.avatar
        by = f" by {picture.engine}" if picture.engine else ""
        made = f"{'shown now, ' if version.is_current else ''}made {age(picture.picture_at)}{by}"
        changed = (_change(name, value) for name, value in version.changed.items() if name not in {"seed", "engine"})
        yield f"version {picture.version}", ", ".join((made, f"seed {picture.seed}", *changed))


def _change(name: str, value: object) -> str:
    said = ", ".join(value) if isinstance(value, list) else value
    return f"no {_label(name)}" if said is None else f"{_label(name)} {said}"


def _drawn(avatar: Avatar) -> str:
    return ", ".join(f"{_label(name)}: {words}" for name, words in (avatar.drawn or {}).items())


def _label(name: str) -> str:
    return name.replace("_", " ")


def upload_card(upload: "Upload") -> "RenderableType":
    return avatar_card(upload.avatar)


def upload_table(uploads: Sequence["Upload"]) -> "RenderableType":
    return avatar_table([upload.avatar for upload in uploads])


def generation_table(generations: Sequence[Generation]) -> "RenderableType":
    rows = table("id", "name", "status", ">%", "avatar, or why not", "engine", ">created")
    for generation in generations:
        row(
            rows,
            generation.id,
            short(whose(generation)),
            text(generation.status.value, STATUS_STYLE[generation.status]),
            generation.progress,
            _avatar_or_why(generation),
            generation.engine,
            age(generation.created_at),
        )
    return rows if generations else nothing("No generations.", "avatar generate --persona-name NAME")


def whose(generation: Generation) -> str | None:
    """Say whose picture it is: the id that a persona file gives the row, and the name."""
    return ": ".join(part for part in (generation.persona_id, generation.name) if part) or None


def _avatar_or_why(generation: Generation) -> str | None:
    if generation.error is not None:
        return generation.error.code if generation.status is Status.FAILED else None
    return generation.avatar_id or doing(generation)


def doing(generation: Generation) -> str:
    """Say in few words what is done for a generation that has not ended, or what it waits for."""
    if generation.stop_asked:
        return f"{generation.stage}, to be cancelled"
    if generation.waiting_for is None:
        return generation.stage
    until = generation.waiting_until
    return f"waits {left(until)}: {generation.waiting_for}" if until else generation.waiting_for


def queued_table(made: Sequence[Made]) -> "RenderableType":
    return generation_table([each.generation for each in made])


def made_table(made: Sequence[Made]) -> "RenderableType":
    """Return what one command made, and where it is, by preference where the user wanted it."""
    rows = table("avatar", "name", ">seed", "picture")
    rows.columns[-1].overflow = "fold"
    for each in made:
        generation, avatar = each.generation, each.generation.avatar
        fallback = avatar.image_path if avatar else generation.error and generation.error.message
        picture = generation.output_path or fallback
        row(rows, avatar and avatar.id, avatar and avatar.name, generation.seed, picture)
    return rows


def made_card(made: Made) -> "RenderableType":
    return generation_card(made.generation._replace(not_shown=()))  # as a warning, just now


def generation_card(generation: Generation) -> "RenderableType":
    avatar, error = generation.avatar, generation.error
    return card(
        ("id", generation.id),
        ("status", text(generation.status.value, STATUS_STYLE[generation.status])),
        ("stage", f"{generation.stage}, {generation.progress} %"),
        ("waiting", _waiting(generation)),
        ("avatar", f"{avatar.id} ({avatar.name})" if avatar else None),
        *(() if avatar else _wanted(generation)),
        ("picture", avatar.image_path if avatar else None),
        *_output(generation),
        *(("not shown", said) for said in generation.not_shown),
        ("error", text(error.message, "red") if error else None),
        ("hint", error.hint if error else None),
        ("attempt", generation.attempt or None),
        ("interrupted", f"{generation.interruptions} x" if generation.interruptions else None),
        ("priority", generation.priority or None),
        ("charged", _charged(generation)),
        ("engine", domain.versions.made_by(generation.engine, generation.model, avatar)),
        ("provider", generation.provider),
        *_limits(avatar),
        ("seed", generation.seed),
        ("batch", generation.batch_id),
        *_times(generation),
        ("took", took(generation)),
    )


def _wanted(generation: Generation) -> Iterator[tuple[str, object]]:
    """Yield whom a picture is to show that there is not yet, or that failed."""
    yield "name", generation.name
    yield "persona id", generation.persona_id
    yield "persona age", generation.persona.age
    yield from ((attribute.label, value) for attribute, value in generation.attributes.given())


def _output(generation: Generation | None) -> Iterator[tuple[str, object]]:
    """Yield where the copy of a picture is, or why it could not be written."""
    if generation is not None and generation.output_error is not None:
        yield "no output", text(generation.output_error, "red")
    elif generation is not None:
        yield "output", generation.output_path


def _cost(avatar: Avatar) -> str | None:
    """Say what a picture cost that was paid for."""
    if avatar.cost_usd is None:
        return "unknown" if avatar.recipe.get("made_with", {}).get("provider") else None
    return f"about {domain.price.dollars(avatar.cost_usd)}" if avatar.cost_usd else None


def _charged(generation: Generation) -> str | None:
    """Say what was charged for a picture, or what it may cost."""
    if generation.pictures:
        usd = generation.cost_usd
        return f"{generation.pictures} x, {'cost unknown' if usd is None else f'about {domain.price.dollars(usd)}'}"
    if generation.paid and generation.status in {Status.PENDING, Status.PROCESSING}:
        usd = generation.price_usd
        return f"nothing yet, {'price unknown' if usd is None else f'will be about {domain.price.dollars(usd)}'}"
    return None


def _limits(avatar: Avatar | None) -> Iterator[tuple[str, object]]:
    """Yield in short the licences that do not allow everything; that of a drawing is no news after each one."""
    limiting = [license_.summary for license_ in avatar.licenses if license_.commercial_use != "yes"] if avatar else ()
    for summary in dict.fromkeys(limiting):
        yield "licence", summary


def _times(generation: Generation) -> Iterator[tuple[str, str | None]]:
    """Yield when it was queued, if it was, and when it was begun."""
    begun: str | None = generation.created_at
    if generation.detached:
        yield "queued", f"{generation.created_at} ({age(generation.created_at)})"
        begun = generation.started_at
    yield "begun", f"{begun} ({age(begun)})" if begun else None


def _waiting(generation: Generation) -> str | None:
    if generation.stop_asked and generation.status is Status.PROCESSING:
        return "to be cancelled at its next step"
    if generation.waiting_until is None:
        return generation.waiting_for
    at = generation.waiting_until
    seconds = ahead(at)
    clock = at[11:19] if seconds < _DAY_S else f"{at[:10]} {at[11:16]}"
    still = f" ({left(at)})" if seconds > 0 else ""
    return f"until {clock} UTC{still}: {generation.waiting_for}"


def project_table(projects: Sequence[Project]) -> "RenderableType":
    rows = table("id", "name", ">avatars", "description", ">made")
    for project in projects:
        row(rows, project.id, project.name, project.avatars, project.description, age(project.created_at))
    return rows if projects else nothing("No projects.", "avatar project create NAME")


def project_card(project: Project) -> "RenderableType":
    return card(
        ("id", project.id),
        ("name", project.name),
        ("description", project.description),
        ("avatars", project.avatars),
        ("made", f"{project.created_at} ({age(project.created_at)})"),
    )
