"""avatar generate."""

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from avatar_creator.cli import options, render
from avatar_creator.cli.commands.batch_run import make_batch
from avatar_creator.cli.options.making import (
    Batching,
    ConcurrencyOption,
    Crossing,
    Making,
    MaxImagesOption,
    with_crossing,
    with_making,
)
from avatar_creator.cli.options.persona import with_preset
from avatar_creator.cli.options.picture import picture_option
from avatar_creator.cli.options.shared import (
    FileText,
    JsonLinesOption,
    JsonOption,
    PreviewOption,
    ProjectOption,
    QuietOption,
    YesOption,
)
from avatar_creator.cli.render.output import Output, no_word_lost
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from avatar_creator.cli.options.schedule import Later
    from avatar_creator.cli.render.views import Made
    from avatar_creator.jobs.plan import Plan

app = typer.Typer(add_completion=False)
APPS = {"generate": app}


@app.command()
@with_preset
@with_making
@with_crossing
def generate(
    *,
    persona: Persona,
    attributes: Attributes,
    preset: str | None,
    cleared: list[str],
    making: Making,
    crossing: Crossing,
    seed: Annotated[
        int | None,
        picture_option(
            help="1 to 2147483647; the same seed makes the same picture.", show_default="drawn, and recorded"
        ),
    ] = None,
    count: Annotated[int, picture_option(help="How many, with different seeds.")] = 1,
    name: Annotated[str | None, typer.Option(help="Avatar's name.", show_default="persona's name")] = None,
    project: ProjectOption = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            click_type=FileText(),
            metavar="PATH",
            help="Also write the picture there: a file, a folder, a pattern such as {name}-{n:03}.png with any field, "
            "or - for stdout.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that --output names.")] = False,
    concurrency: ConcurrencyOption = None,
    max_images: MaxImagesOption = None,
    yes: YesOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent; make and spend nothing.")
    ] = False,
    preview: PreviewOption = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make avatars from a persona and visual attributes.

    Each picture is kept with its thumbnail and its full record; see them with: avatar list
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    later = making.later
    later.check(preview=preview, concurrency=concurrency)
    _note_nobody_named(out, name, persona, preset)
    if crossing.is_given:
        own = {"name": name, "seed": seed, "count": None if count == 1 else count}
        batching = Batching(crossing, output, force, project, concurrency, max_images, yes, dry_run, preset=preset)
        _make_crossed(persona, attributes, own, cleared, making, batching, out)
        return
    to = _destination(output, count=count, as_json=out.as_json, detached=later.detach)
    with open_library() as library:
        request = library.request(
            persona=persona,
            attributes=attributes,
            prompt=making.prompt,
            preset=preset,
            cleared=cleared,
            seed=seed,
            count=count,
            name=name,
            project=project,
            **making.choices | {"format": _format(making.choices["format"], to)},
        )
        plan = library.plan(request)
        if to:
            plan = plan._replace(place_of=to.place_of(plan, force=force, ask=not dry_run and not yes))
        _say(out, plan, dry_run=dry_run)
        if dry_run:
            out.report(plan, render.reports.plan_lines, render.reports.plan_card)
            if plan.makers.run_apart:
                with out.lacks_as_warnings():
                    library.check(plan)
            return
        library.check(plan, detached=later.detach, concurrency=concurrency, on_done=later.schedule.on_done)
        agreed = options.spending.allow(
            plan.most, most=max_images, yes=yes, unasked_left=library.generations.unasked_left
        )
        plan = plan._replace(unasked=not agreed)
        if later.detach:
            _queue(library, plan, later, out)
            return
        from avatar_creator.cli.commands.run import Run

        run = Run(library, plan, to)
        made: list[Made] = []
        with (
            render.progress.generation_progress(request.name, count, shown=not quiet) as on_progress,
            closing(
                library.make(
                    plan,
                    concurrency=concurrency,
                    on_done=later.schedule.on_done,
                    on_progress=out.with_notices(on_progress),
                )
            ) as outcomes,  # whatever comes, before the library is
        ):
            if count > 1 and not out.drawn:
                with render.printer.Printer(
                    lambda ended: out.records(ended, render.views.made_line, render.views.made_table)
                ) as print_:
                    run.take(outcomes, print_)  # each as it ends
            else:
                run.take(outcomes, made.append)
    if made and count > 1:
        out.records(made, render.views.made_line, render.views.made_table)
    elif made and not (to and to.is_stdout) and not (run.errors and out.drawn):
        _show(library, out, made[0], preview=preview)
    run.raise_worst(out)


def _say(out: Output, plan: "Plan", *, dry_run: bool) -> None:
    """Say what is to be known before anything is made."""
    if plan.request.why_engine and not dry_run:
        out.note(plan.request.why_engine)
    if plan.makers.sharers:
        out.note(render.reports.shared_by(plan.makers.sharers))
    for warning in plan.warnings:
        out.warn(warning)
    if not dry_run:
        options.spending.note_most(out, plan.cost, plan.most)


def _make_crossed(
    persona: Persona,
    attributes: Attributes,
    own: dict[str, Any],
    cleared: list[str],
    making: Making,
    batching: Batching,
    out: Output,
) -> None:
    """Make what is crossed, as the rows of a file are made: each picture once."""
    with open_library() as library:
        opened = library.batches.open_one(
            persona, attributes, making.prompt, own, cleared=cleared, **batching.arguments(), **making.choices
        )
        make_batch(library, opened, making, batching, out)


def _note_nobody_named(out: Output, name: str | None, persona: Persona, preset: str | None) -> None:
    if name is not None and persona.name is None and preset is None:
        out.note(f"--name names the avatar alone. To name the person: --persona-name {shown(name)}")


def _queue(library: Library, plan: "Plan", later: "Later", out: Output) -> None:
    ids: list[str] = []
    try:
        library.submit(plan, later.schedule, on_submitted=ids.extend)
    finally:  # whatever went wrong then: who asked again would get, and pay, them twice
        if ids:
            with no_word_lost(ids):
                _show_queued(library, ids, plan, out)
    if out.drawn:
        one = ids[0] if len(ids) == 1 else None
        out.note(f"See it: avatar status {one} --watch" if one else "See them: avatar queue")
        out.note(f"Wait for its picture: avatar wait {one}" if one else "Wait for their pictures: avatar wait ID...")


def _show_queued(library: Library, ids: Sequence[str], plan: "Plan", out: Output) -> None:
    if out.quiet:
        for id_ in ids:
            out.line((id_,))
        return
    if len(ids) == 1:
        (explained,) = library.status(ids)
        out.record(render.views.Made(explained, plan.warnings), render.views.made_line, render.views.made_card)
    else:
        out.records(
            (render.views.Made(each, plan.warnings) for each in library.generations.find(ids)),
            render.views.made_line,
            render.views.queued_table,
        )


def _show(library: Library, out: Output, made: "Made", *, preview: bool) -> None:
    avatar = made.generation.avatar
    if preview and out.coloured and avatar:
        render.preview.Previews(library.config.preview).show(out, avatar)
    out.record(made, render.views.made_line, render.views.made_card)


def _destination(
    output: str | None, *, count: int, as_json: bool, detached: bool
) -> "options.output_path.Destination | None":
    if output is None:
        return None
    return options.output_path.Destination.parse(output, count=count, as_json=as_json, detached=detached)


def _format(given: PictureFormat | None, to: "options.output_path.Destination | None") -> PictureFormat | None:
    """Return the format asked for, by --format or by the suffix of --output. Raises InvalidInput on both."""
    by_name = to.format if to else None
    if given and by_name and given is not by_name:
        raise InvalidInput(
            f"format is {given.value}, and output {shown(to.given if to else '')} names a {by_name.value}.",
            hint="Leave out --format, or change the suffix.",
        )
    return given or by_name
