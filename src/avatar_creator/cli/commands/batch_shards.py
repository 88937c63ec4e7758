"""avatar batch run|merge|status: the shards of a plan."""

from collections import deque
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.commands.batch_run import make_batch
from avatar_creator.cli.commands.outcomes import stoppable
from avatar_creator.cli.options.counting import counting
from avatar_creator.cli.options.making import Batching, ConcurrencyOption, Making, MaxImagesOption
from avatar_creator.cli.options.schedule import NOW
from avatar_creator.cli.options.shared import FilePath, JsonOption, ProjectOption, QuietOption, YesOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import counted, visible
from avatar_creator.errors import AvatarError, EngineError, Incomplete
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from avatar_creator.imports.shards import Merged
    from avatar_creator.library.shard_runs import ShardRun
    from avatar_creator.shards.layout import ShardResult

_run, _merge, _status = (typer.Typer(add_completion=False) for _ in range(3))
APPS = {"batch run": _run, "batch merge": _merge, "batch status": _status}

_FilesArgument = Annotated[
    list[Path],
    typer.Argument(
        click_type=FilePath(), metavar="DIR|TAR...", help="What was made: files, folders of them, or that of the plan."
    ),
]


@_run.command()
def run(
    plan: Annotated[Path, typer.Argument(click_type=FilePath(), metavar="PLAN", help="Folder of avatar batch plan.")],
    *,
    shard: Annotated[int, typer.Option("--shard", help="Number of the shard, from 0: $SLURM_ARRAY_TASK_ID.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            click_type=FilePath(),
            help="Folder that the file of the shard is written into.",
            show_default="done, in that of the plan",
        ),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            "--work",
            click_type=FilePath(),
            help="Folder for what is made until the file is whole; on a disk of this machine.",
            show_default="beside the file",
        ),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed on its own before.")
    ] = False,
    concurrency: ConcurrencyOption = None,
    max_images: MaxImagesOption = None,
    yes: YesOption = False,
    json_: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the path of the file alone.")] = False,
) -> None:
    """Make one shard of a plan, anywhere, into one file.

    Killed, the same command goes on. Once the file is there, it makes nothing.
    """
    out = Output(as_json=json_, quiet=quiet)
    batching = Batching(concurrency=concurrency, max_images=max_images, yes=yes, retry_failed=retry_failed)
    with open_library() as library:
        found = library.shards.open(plan, shard, output=output, work=work, retry_failed=retry_failed)
        result = found.made
        if result is None:
            if found.wrong:
                out.warn(f"{found.said} is made anew: {found.wrong}")
            result = _make(found, batching, out)
            out.note(f"{found.said} is in {visible(str(found.path))}.")
        else:
            found.discard_left()
            out.note(f"{found.said} is made already: {visible(str(found.path))}")
    made = render.shards.MadeShard(shard, str(found.path), result.made, result.failed)
    out.record(made, lambda each: each, None)
    if result.failed:
        raise EngineError(
            f"{counted(result.failed, 'picture')} of {found.said} failed.",
            hint="To try them again, add --retry-failed to the same command. The others are in its file.",
        )


def _make(found: "ShardRun", batching: Batching, out: Output) -> "ShardResult":
    """Make a shard in its home and write its file, unless another process just has; return what is in it."""
    with stoppable("what was made stays.", "The same command goes on from there."), found.claimed() as run:
        result = run.made
        if result is None:
            with Library(run.home) as here:
                result = _make_here(here, run, batching, out)
        if not result.failed:
            run.discard()
        return result


def _make_here(here: Library, run: "ShardRun", batching: Batching, out: Output) -> "ShardResult":
    opened = here.shards.begin(run)
    error: AvatarError | None = None
    try:
        make_batch(here, opened, Making(None, {}, NOW), batching, out, is_listed=False)
    except EngineError as raised:  # some failed, or nothing more can be made: what is left says which
        error = raised
    written = here.shards.write(run, opened)
    if written.result is not None:
        return written.result
    raise error or EngineError(
        f"{counted(written.left, 'picture is', 'pictures are')} left of {run.said}, which others make.",
        hint="Run the same command again.",
    )


@_merge.command()
def merge(
    files: _FilesArgument,
    *,
    project: ProjectOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take in what was made of a plan, and say what is missing of it.

    Each picture is known by its recipe and taken in once, whoever made it and however often. Give the folder of the
    plan, too, and what was merged before is not missing.
    """
    out = Output(as_json=json_, quiet=quiet)
    with open_library() as library:
        handed = library.shards.handed_in(*files)
        merging = library.shards.merge(handed, project=project)
        pictures = sum(each.head.pictures for each in handed.files if each.head)

        def taken() -> "Iterator[Merged]":
            for each in merged:
                done()
                if not (quiet and each.result == "damaged"):  # it is not here
                    yield each

        with (
            stoppable("what was taken in stays.", "The same command takes in the others."),
            closing(merging.run()) as merged,
            counting(out, "Merging", pictures) as done,
        ):
            if json_:
                deque(taken(), maxlen=0)
            else:
                out.records(taken(), lambda each: (each.id, each.name, each.result), None)
    report = merging.report
    if json_:
        out.record(report, lambda _: (), None)
    for said in render.shards.merged(report):
        out.note(said)
    for said in render.shards.wrong(report):
        out.warn(said)
    if not report.is_complete:
        raise Incomplete(render.shards.incomplete(report), hint=render.shards.way_on(report, handed.plan))


@_status.command()
def status(
    files: _FilesArgument,
    *,
    missing: Annotated[
        bool, typer.Option("--missing", help="Print the missing shards alone, as an array: 3,7,12-14.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Say which shards of a plan are made, and which are missing."""
    out = Output(as_json=json_)
    with open_library() as library:
        handed = library.shards.handed_in(*files)
    shown = render.shards.ShardsStatus(handed)
    if missing:
        if shown.missing:
            out.line((shown.array,))
        return
    out.record(shown, lambda each: (each.shards, each.made, each.array), None)
    for said in shown.said():
        out.note(said)
