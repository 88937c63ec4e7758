"""avatar batch."""

from typing import Annotated

import typer

from avatar_creator.cli import options
from avatar_creator.cli.commands.batch_run import make_batch
from avatar_creator.cli.options.making import Batching, Making, with_batching, with_making
from avatar_creator.cli.options.shared import FileText, JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.render.output import Output
from avatar_creator.library import open_library

app = typer.Typer(add_completion=False)
APPS = {"batch": app}


@app.command()
@with_making
@with_batching
def batch(
    file: Annotated[
        str, typer.Argument(click_type=FileText(), metavar="FILE", help="Table of personas, or - for one from stdin.")
    ],
    *,
    making: Making,
    batching: Batching,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column means; each with its own option."),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="What all rows say; each with its own option."),
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Make the other rows where some are bad.")] = False,
    keep_duplicates: Annotated[
        bool, typer.Option("--keep-duplicates", help="Make a picture of each of several equal rows.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="From which the seeds of rows follow that have none.", show_default="1")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of which ages by dates of birth are.", show_default="2026-01-01"),
    ] = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make an avatar of each row of a table of personas.

    Run it again after an edit: only what changed is made, and nothing is paid twice.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    making.later.check(concurrency=batching.concurrency)
    for_all = options.persona_file.pairs("set", given)
    if making.prompt is not None:
        for_all.setdefault("prompt", making.prompt)
    with options.persona_file.given_file(file) as path, open_library() as library:
        opened = library.batches.open(
            path,
            named=file,
            mapped=options.persona_file.pairs("map", mapped),
            given=for_all,
            as_of=None if as_of is None else options.persona_file.day("as of", as_of),
            seed=seed,
            skip_bad=skip_bad,
            keep_duplicates=keep_duplicates,
            **batching.arguments(),
            **making.choices,
        )
        make_batch(library, opened, making, batching, out)
