"""avatar generate."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import completion, reports, views
from avatar_creator.cli.destination import Destination
from avatar_creator.cli.options import JsonOption, PreviewOption, ProjectOption, QuietOption, with_persona
from avatar_creator.cli.output import Output
from avatar_creator.cli.preview import thumbnail
from avatar_creator.cli.progress import generation_progress
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.records import Avatar, Generation
from avatar_creator.domain.text import shown
from avatar_creator.engines import ENGINES
from avatar_creator.engines.offline.styles import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from avatar_creator.services.generation import OnProgress, Plan

app = typer.Typer(add_completion=False)
APPS = {"generate": app}

_PROMPT = "Prompt"
_PICTURE = "Picture"


@app.command()
@with_persona
def generate(
    *,
    persona: Persona,
    attributes: Attributes,
    prompt: Annotated[
        str | None,
        typer.Option("--prompt", "-p", help="What else to see.", show_default=False, rich_help_panel=_PROMPT),
    ] = None,
    negative_prompt: Annotated[
        str | None,
        typer.Option(help="What not to see; replaces the usual terms.", show_default=False, rich_help_panel=_PROMPT),
    ] = None,
    no_quality_terms: Annotated[
        bool,
        typer.Option("--no-quality-terms", help="Leave out the terms of a studio portrait.", rich_help_panel=_PROMPT),
    ] = False,
    no_name_in_prompt: Annotated[
        bool,
        typer.Option(
            "--no-name-in-prompt", help="Leave out the name: a famous one pulls the face.", rich_help_panel=_PROMPT
        ),
    ] = False,
    engine: Annotated[
        str | None,
        typer.Option(
            help=f"Who makes the picture: auto, {', '.join(ENGINES)}.",
            show_default="auto",
            rich_help_panel=_PICTURE,
            autocompletion=completion.known_values(("auto", *ENGINES)),
        ),
    ] = None,
    art_style: Annotated[
        str | None,
        typer.Option(
            help=f"Style the offline engine draws in: {', '.join(ART_STYLES)}.",
            show_default=DEFAULT_ART_STYLE,
            rich_help_panel=_PICTURE,
            autocompletion=completion.known_values(tuple(ART_STYLES)),
        ),
    ] = None,
    width: Annotated[
        int | None, typer.Option(help="64 to 2048 px.", show_default="1024", rich_help_panel=_PICTURE)
    ] = None,
    height: Annotated[
        int | None, typer.Option(help="64 to 2048 px.", show_default="1024", rich_help_panel=_PICTURE)
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="1 to 2147483647; the same seed makes the same picture.",
            show_default="drawn, and recorded",
            rich_help_panel=_PICTURE,
        ),
    ] = None,
    count: Annotated[int, typer.Option(help="How many, with different seeds.", rich_help_panel=_PICTURE)] = 1,
    format_: Annotated[
        PictureFormat | None,
        typer.Option("--format", show_default="jpeg", rich_help_panel=_PICTURE, help="Format of the file."),
    ] = None,
    embed: Annotated[
        Embed | None,
        typer.Option(help="What the file says of itself.", show_default="recipe", rich_help_panel=_PICTURE),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Avatar's name.", show_default="persona's name")] = None,
    project: ProjectOption = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="Also write the picture there: a file, a folder, a pattern with {name} {id} {seed} {n}, "
            "or - for stdout.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent; make and spend nothing.")
    ] = False,
    preview: PreviewOption = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make avatars from a persona and visual attributes.

    Each picture is kept with its thumbnail and its full record; see them with: avatar list
    """
    out = Output(as_json=json_, quiet=quiet)
    to = Destination.parse(output, count=count, as_json=json_) if output is not None else None
    with open_library() as library:
        request = library.request(
            persona=persona,
            attributes=attributes,
            prompt=prompt,
            negative_prompt=negative_prompt,
            quality_terms=not no_quality_terms,
            name_in_prompt=not no_name_in_prompt,
            engine=engine,
            art_style=art_style,
            width_px=width,
            height_px=height,
            seed=seed,
            count=count,
            format=_format(format_, to),
            embed=embed,
            name=name,
            project=project,
        )
        plan = library.plan(request)
        reason = library.why_engine(engine)
        if reason and not dry_run:
            out.note(reason)
        for warning in plan.warnings:
            out.warn(warning)
        if dry_run:
            out.report(plan, reports.plan_lines, reports.plan_card)
            return
        errors: list[AvatarError] = []
        with generation_progress(request.name, count, shown=not quiet) as on_progress:
            made: Iterable[Generation] = _make(library, plan, to, on_progress, errors)
            if count > 1 and not out.drawn:
                out.records(made, views.generation_line, views.generation_table)  # each as it ends
            made = list(made)
    if count > 1 and out.drawn:
        out.records(made, views.generation_line, views.made_table)
    elif count == 1 and not (to and to.is_stdout) and not (errors and out.drawn):
        if preview and out.coloured and made[0].avatar:
            out.draw(thumbnail(made[0].avatar))
        out.record(made[0], views.generation_line, views.generation_card)
    if errors:
        raise errors[-1]


def _make(
    library: Library,
    plan: "Plan",
    to: Destination | None,
    on_progress: "OnProgress",
    errors: list[AvatarError],
) -> Iterator[Generation]:
    """Yield each generation as it ends, its picture written to where it was asked for."""
    outcomes = library.generation.run(plan, default_project=library.settings.project, on_progress=on_progress)
    for n, outcome in enumerate(outcomes, start=1):
        if outcome.error is not None:
            errors.append(outcome.error)
        avatar = outcome.generation.avatar
        if to is not None and avatar is not None:
            try:
                _deliver(library, avatar, to, n)
            except AvatarError as error:  # the avatar is kept all the same, and so are those after it
                errors.append(type(error)(error.message, hint=f"The avatar is kept: avatar path {avatar.id}"))
        yield outcome.generation
        sys.stdout.flush()  # whoever reads the pipe gets each as it is made


def _deliver(library: Library, avatar: Avatar, to: Destination, n: int) -> None:
    if to.is_stdout:
        Output().data(avatar.image_path.read_bytes())
    else:
        library.write_copy(avatar, to.path(avatar, n))


def _format(given: PictureFormat | None, to: Destination | None) -> PictureFormat | None:
    """Return the format asked for, by --format or by the suffix of --output. Raises InvalidInput on both."""
    by_name = to.format if to else None
    if given and by_name and given is not by_name:
        raise InvalidInput(
            f"format is {given.value}, and output {shown(to.given if to else '')} names a {by_name.value}.",
            hint="Leave out --format, or change the suffix.",
        )
    return given or by_name
